-- One row per two rules of a scorecard that fire for some of the same leads or companies: for how
-- many, and what share of all those of either that is (Jaccard). Each rule is a string of bits, one
-- a lead: rules are then put side by side without a row per lead and pair.
with lines as (

    select scorecard_id, lead_id as subject_id, rule_id
    from marts.lead_score_ledger
    where line_type = 'rule' and scorecard_id = ?
    union all
    select scorecard_id, company_id as subject_id, rule_id
    from marts.company_score_ledger
    where line_type = 'rule' and scorecard_id = ?

),

numbers as (

    select subject_id, row_number() over () as number
    from (select distinct subject_id from lines)

),

fired as (

    select
        lines.rule_id,
        bitstring_agg(numbers.number, 1, ?) as subjects,
        count(*) as subject_count
    from lines
    inner join numbers using (subject_id)
    group by lines.rule_id

),

pairs as (

    select
        one.rule_id,
        other.rule_id as other_rule_id,
        bit_count(one.subjects & other.subjects) as both_count,
        one.subject_count + other.subject_count as sum_count
    from fired as one
    inner join fired as other on one.rule_id <> other.rule_id

)

select
    rule_id, other_rule_id, both_count,
    round(both_count / (sum_count - both_count), 4) as share
from pairs
where both_count > 0
order by rule_id, share desc, other_rule_id
