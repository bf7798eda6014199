{#
    Fails with every way in which a table is not as its contract says, and an example of each. One
    query a table: dbt's own tests would be one a column, and each costs more than its query.

    unique: columns, or lists of them, of which no two rows may have the same values; nulls are
    equal. not_null: columns that may not be null. accepted_values: by column, the values that it
    may have beside null.

    Rows are compared by a key first, and by their values only where keys are equal: millions of
    rows then fit into little memory.
#}
{% test well_formed(model, unique=[], not_null=[], accepted_values={}) %}
{%- set text = dbt.type_string() -%}
{%- set checks = [] -%}
{%- for key in unique -%}
    {%- set columns = [key] if key is string else key -%}
    {%- set spelled = [] -%}
    {%- for column in columns -%}
        {%- do spelled.append("coalesce(cast(" ~ column ~ " as " ~ text ~ "), 'null')") -%}
    {%- endfor -%}
    {%- set row_key = integer_key(columns) -%}
    {%- do checks.append(
        "select '" ~ columns | join(', ') ~ " stands in several rows' as problem, min("
        ~ spelled | join(" || ', ' || ") ~ ") as example from " ~ model ~ " where " ~ row_key
        ~ " in (select " ~ row_key ~ " from " ~ model ~ " group by " ~ row_key
        ~ " having count(*) > 1) group by " ~ columns | join(', ') ~ " having count(*) > 1"
    ) -%}
{%- endfor -%}
{%- for column in not_null -%}
    {%- do checks.append(
        "select '" ~ column ~ " is null' as problem, cast(null as " ~ text ~ ") as example from "
        ~ model ~ " where " ~ column ~ " is null"
    ) -%}
{%- endfor -%}
{%- for column, values in accepted_values.items() -%}
    {%- do checks.append(
        "select '" ~ column ~ " is none of " ~ values | join(', ') ~ "' as problem, cast("
        ~ column ~ " as " ~ text ~ ") as example from " ~ model ~ " where cast(" ~ column
        ~ " as " ~ text ~ ") not in ('" ~ values | join("', '") ~ "')"
    ) -%}
{%- endfor -%}
with problems as (

    {{ checks | join('\n    union all\n    ') }}

)

select
    problem,
    min(example) as example,
    count(*) as found_count
from problems
group by problem

{% endtest %}
