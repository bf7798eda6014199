-- One row per day of loading (of occurring, where loaded_at is missing), with a fingerprint of all
-- rows that raw.events has of it and of how they are read. Days with the fingerprint of the last
-- run have not changed, in whatever way the table was filled since, and stg_event_log does not read
-- them again. A release that reads rows differently reads all of them once.
{% set rows = ref('stg_event_rows') -%}

with reading as (

    select max(view_definition) as definition
    from information_schema.views
    where
        table_catalog = '{{ rows.database }}'
        and table_schema = '{{ rows.schema }}'
        and table_name = '{{ rows.identifier }}'

),

loads as (

    select
        load_date,
        count(*) as row_count,
        sum(row_key) as row_key_sum
    from {{ rows }}
    group by load_date

),

final as (

    select
        loads.load_date,
        {{ integer_key(['reading.definition', 'loads.row_count', 'loads.row_key_sum']) }}
            as load_key
    from loads
    cross join reading

)

select * from final
