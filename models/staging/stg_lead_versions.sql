-- One row per lead and version of it that a run has observed in raw, with the days from which
-- and before which it counts. The memory of what was known when: macros/versions.sql says how.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='lead_key',
    on_schema_change='fail',
    full_refresh=false,
) }}

{{ versions(
    rows=ref('stg_lead_rows'),
    kind='lead',
    key='lead_key',
    ids=['lead_id'],
    columns=[
        'email', 'full_name', 'job_title', 'company_id', 'company_name', 'country', 'region',
        'city', 'lead_source', 'origin', 'audience', 'lifecycle_stage', 'is_customer',
        'consent_status', 'birth_date', 'gender', 'purchasing_power', 'lifestyle', 'education',
        'experience_years', 'created_at', 'updated_at',
    ],
) }}
