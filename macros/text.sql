{#
    The words of a text, without case, accents and punctuation, with single spaces between: how
    vocabularies compare. Initials are one word (U.S.A. is usa). Null if no word is left.
#}
{% macro plain_words(expression) -%}
    {{ adapter.dispatch('plain_words')(expression) }}
{%- endmacro %}

{% macro duckdb__plain_words(expression) -%}
    nullif(trim(regexp_replace(
        regexp_replace({{ fold_text(expression) }}, '\b(\pL)\.', '\1', 'g'), '[^\pL\pN]+', ' ', 'g'
    )), '')
{%- endmacro %}


{# The text after a regular expression (RE2) is replaced wherever it matches. #}
{% macro replace_pattern(expression, pattern, replacement) -%}
    {{ adapter.dispatch('replace_pattern')(expression, pattern, replacement) }}
{%- endmacro %}

{% macro duckdb__replace_pattern(expression, pattern, replacement) -%}
    regexp_replace({{ expression }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}


{#
    One row per row of a relation and word of its text: the key columns, position (from 1), word and,
    if wanted, words_from_here: the word and all that follow; of a text that long, only a hundred
    words are read. A word is what the regular expression (RE2) finds; by default, all but spaces.
#}
{% macro split_words(relation, keys, text, pattern='[^ ]+', and_rest=false) -%}
    {{ adapter.dispatch('split_words')(relation, keys, text, pattern, and_rest) }}
{%- endmacro %}

{% macro duckdb__split_words(relation, keys, text, pattern, and_rest) -%}
    select
        {{ keys | join(', ') }},
        unnest(generate_series(1, len(words))) as position,
        unnest(words) as word
        {%- if and_rest %},
        unnest(list_transform(
            generate_series(1, len(words)), lambda i: array_to_string(words[i:], ' ')
        )) as words_from_here
        {%- endif %}
    from (
        select
            {{ keys | join(', ') }},
            regexp_extract_all({{ text }}, '{{ pattern }}'){{ '[:100]' if and_rest }} as words
        from {{ relation }}
    ) as texts
{%- endmacro %}


{#
    One row per row of a relation and place where its text may be cut in two: the text, and front
    and tail of at least so many letters.
#}
{% macro cuts_in_two(relation, text, shortest_front, shortest_tail) -%}
    {{ adapter.dispatch('cuts_in_two')(relation, text, shortest_front, shortest_tail) }}
{%- endmacro %}

{% macro duckdb__cuts_in_two(relation, text, shortest_front, shortest_tail) -%}
    select
        {{ text }},
        left({{ text }}, cut) as front,
        substr({{ text }}, cut + 1) as tail
    from (
        select
            {{ text }},
            unnest(
                generate_series({{ shortest_front }}, length({{ text }}) - {{ shortest_tail }})
            ) as cut
        from {{ relation }}
    ) as places
{%- endmacro %}
