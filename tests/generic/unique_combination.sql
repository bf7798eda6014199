{#
    Fails with every combination of values that stands in more than one row; nulls are equal here.
    Rows are compared by a key first, and by their values only where keys are equal: millions of rows
    then fit into little memory.
#}
{% test unique_combination(model, columns) %}

with suspects as (

    select {{ integer_key(columns) }} as row_key
    from {{ model }}
    group by {{ integer_key(columns) }}
    having count(*) > 1

)

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
where {{ integer_key(columns) }} in (select suspects.row_key from suspects)
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
