-- One row per lead, own property and version of it that a run has observed in raw, with the days
-- from which and before which it counts. The memory of what was known when: macros/versions.sql
-- says how.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='attribute_key',
    on_schema_change='fail',
    full_refresh=false,
) }}

{{ versions(
    rows=ref('stg_lead_attribute_rows'),
    kind='attribute',
    key='attribute_key',
    ids=['lead_id', 'field'],
    columns=[
        'value', 'updated_at',
    ],
) }}
