-- One row per user agent of a known scanner or crawler. Worked out anew in every run, so that a
-- better list also corrects the past.
with user_agents as (

    select
        user_agent,
        {{ fold_text('user_agent') }} as compared_agent
    from {{ ref('stg_event_log') }}
    where user_agent is not null
    group by user_agent

),

final as (

    select distinct user_agents.user_agent
    from user_agents
    inner join {{ ref('bot_user_agents') }} as patterns
        on contains(user_agents.compared_agent, {{ fold_text('patterns.pattern') }})

)

select * from final
