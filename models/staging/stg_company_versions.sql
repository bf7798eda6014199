-- One row per company and version of it that a run has observed in raw, with the days from which
-- and before which it counts. The memory of what was known when: macros/versions.sql says how.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='company_key',
    on_schema_change='fail',
    full_refresh=false,
) }}

{{ versions(
    rows=ref('stg_company_rows'),
    kind='company',
    key='company_key',
    ids=['company_id'],
    columns=[
        'company_name', 'domain', 'industry', 'employee_count', 'annual_revenue', 'company_type',
        'country', 'updated_at',
    ],
) }}
