-- What: what a day's history holds agrees with the days before it, even if they were run later.
-- When it fails, which is a warning: a day was run late, and something of a later one could not be
-- worked out anew with it; or a run broke off. See audit.days_to_run_again.
-- How to resolve: run the days below again, in order.
{{ config(severity='warn') }}
select
    as_of_date,
    reason
from {{ ref('days_to_run_again') }}
