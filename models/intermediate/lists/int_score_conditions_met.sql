-- One row per different second-stage fact and condition of a list that it meets.
with facts as (

    select distinct
        fact_key,
        field,
        value
    from {{ ref('int_score_facts') }}

),

{{ conditions_met('facts') }}

select * from final
