{#
    A job title ready to be taken into words: lower case, no accents, `|` where one title ends and
    another begins, `,` between items of a list. A border needs spaces or a sign of its own, so
    CEO/CFO and Marketing-Leiter are not parted. Initials are joined by dots (R&D), and so are words with their other gender in brackets; brackets with nothing but genders (m/w/d) are left out.
#}
{% macro marked_title(expression) -%}
    {{ adapter.dispatch('marked_title')(expression) }}
{%- endmacro %}

{% macro duckdb__marked_title(expression) -%}
    {%- set folded = fold_text("replace(" ~ expression ~ ", chr(10), ' | ')") -%}
    {%- set gender = '(?:[mwfdhxivugn*]|gn|div|all|alle)' -%}
    {%- set without_genders = replace_pattern(
        folded, '\\( ?' ~ gender ~ '(?: ?[/|,.:;* -] ?' ~ gender ~ ')* ?\\)', ' '
    ) -%}
    {%- set without_brackets = replace_pattern(
        without_genders, '(\\pL)\\((\\pL{1,6})\\)|\\((\\pL{1,6})\\)(\\pL)', '\\1 \\2\\3\\4'
    ) -%}
    {%- set initials = replace_pattern(
        without_brackets, '\\b(\\pL) ?[&+] ?(\\pL)\\b', '\\1.\\2'
    ) -%}
    {%- set parted = replace_pattern(
        initials, '[()\\[\\]{}|;•…]+| [-–—·~>]+ ?|: |[-–—] +$', ' | '
    ) -%}
    {{ replace_pattern(
        "replace(replace(replace(" ~ parted ~ ", 'ß', 'ss'), 'œ', 'oe'), 'æ', 'ae')",
        ' [/+\\\\] |,', ' , '
    ) }}
{%- endmacro %}


{#
    Titles (title_key, title) that were read in a wrong encoding or come from a web page, as they
    were meant: strange letters, entities and tags are looked up in text_repairs.
#}
{% macro repaired_titles(relation) -%}
    select
        pieces.title_key,
        {{ dbt.listagg(
            "coalesce(repairs.meant, case when pieces.word like '<%>' then ' ' else pieces.word end)",
            "''", 'order by pieces.position'
        ) }} as title
    from (
        {{ split_words(
            relation, ['title_key'], 'title',
            '&#?[a-zA-Z0-9]+;|</?[a-zA-Z][^>]*>|[â‚][^\\x00-\\x7f]{2}|[ÂÃÅË¬√≈∆][^\\x00-\\x7f]|(?s:.)'
        ) }}
    ) as pieces
    left join {{ ref('text_repairs') }} as repairs
        on pieces.word = repairs.found
    group by pieces.title_key
{%- endmacro %}


{# May a title need repair? Cheap, and seldom true where it does not. #}
{% macro looks_broken(expression) -%}
    {{ adapter.dispatch('looks_broken')(expression) }}
{%- endmacro %}

{% macro duckdb__looks_broken(expression) -%}
    regexp_matches(
        {{ expression }},
        '[â‚][^\x00-\x7f]{2}|[ÂÃÅË¬√≈∆][^\x00-\x7f]|&#?[a-zA-Z0-9]+;|</?[a-zA-Z]'
    )
{%- endmacro %}


{#
    A word with an ending of title_endings in place of what the row replaces; `takes_ending` says
    whether it has that, and enough before it.
#}
{% macro with_ending(word, endings) -%}
    substr(
        {{ word }}, 1, length({{ word }}) - length(coalesce({{ endings }}.replacement, ''))
    ) || coalesce({{ endings }}.ending, '')
{%- endmacro %}

{% macro takes_ending(word, endings) -%}
    {{ ends_with(word, "coalesce(" ~ endings ~ ".replacement, '')") }}
    and length({{ word }}) - length(coalesce({{ endings }}.replacement, '')) >= 3
{%- endmacro %}


{# Does a text have no two different letters (4a, aaa, -)? #}
{% macro is_one_letter(text) -%}
    {%- set letters = replace_pattern("lower(" ~ text ~ ")", '[^\\pL]+', '') -%}
    replace({{ letters }}, substr({{ letters }}, 1, 1), '') = ''
{%- endmacro %}
