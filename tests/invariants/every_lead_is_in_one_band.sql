-- What: every score falls into exactly one band of its scorecard, or is disqualified by a veto.
-- When it fails: bands.csv has a gap or an overlap on whole numbers between floor and ceiling.
-- How to resolve: mend lower and upper in bands.csv; leadscore check names the lines.
select
    lead_id,
    scorecard_id,
    score,
    band
from {{ ref('lead_scores') }}
where
    band is null
    or (is_vetoed and band <> 'disqualified')
