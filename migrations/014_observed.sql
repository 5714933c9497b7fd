-- +goose Up
-- What contracts change without an event, as views told it at a block. A row that only views told of has no transaction.
alter table staking_config
    alter column min_stake_consumer drop not null,
    alter column reward_apy_bps drop not null,
    alter column changed_at drop not null,
    alter column tx_hash drop not null,
    add column if not exists observed_min_stake_consumer numeric(78,0),
    add column if not exists observed_reward_apy_bps bigint,
    add column if not exists min_stake_workstation numeric(78,0),
    add column if not exists min_stake_datacenter numeric(78,0),
    add column if not exists min_stake_enterprise numeric(78,0),
    add column if not exists min_stake_frontier numeric(78,0),
    add column if not exists slash_invalid_proof_bps bigint,
    add column if not exists slash_timeout_bps bigint,
    add column if not exists slash_repeated_failures_bps bigint,
    add column if not exists slash_malicious_bps bigint,
    add column if not exists slash_benchmark_fraud_bps bigint,
    add column if not exists unstake_lockup_seconds bigint,
    add column if not exists max_consecutive_failures bigint,
    add column if not exists observed_since timestamptz;
alter table pairs
    alter column tx_hash drop not null,
    add column if not exists base_token text,
    add column if not exists observed_quote_token text,
    add column if not exists observed_min_order_size numeric(78,0),
    add column if not exists tick_size numeric(78,0),
    add column if not exists is_active boolean,
    add column if not exists observed_since timestamptz;
alter table proposals
    add column if not exists description text,
    add column if not exists observed_target_address text,
    add column if not exists observed_value numeric(78,0),
    add column if not exists calldata text,
    add column if not exists voting_starts_at timestamptz,
    add column if not exists observed_voting_ends_at timestamptz,
    add column if not exists observed_executable_at timestamptz;

-- The tables of closed versions have the same columns, and the version's end.
alter table staking_config_versions
    alter column min_stake_consumer drop not null,
    alter column reward_apy_bps drop not null,
    alter column changed_at drop not null,
    alter column tx_hash drop not null,
    add column if not exists observed_min_stake_consumer numeric(78,0),
    add column if not exists observed_reward_apy_bps bigint,
    add column if not exists min_stake_workstation numeric(78,0),
    add column if not exists min_stake_datacenter numeric(78,0),
    add column if not exists min_stake_enterprise numeric(78,0),
    add column if not exists min_stake_frontier numeric(78,0),
    add column if not exists slash_invalid_proof_bps bigint,
    add column if not exists slash_timeout_bps bigint,
    add column if not exists slash_repeated_failures_bps bigint,
    add column if not exists slash_malicious_bps bigint,
    add column if not exists slash_benchmark_fraud_bps bigint,
    add column if not exists unstake_lockup_seconds bigint,
    add column if not exists max_consecutive_failures bigint,
    add column if not exists observed_since timestamptz;
alter table pairs_versions
    alter column tx_hash drop not null,
    add column if not exists base_token text,
    add column if not exists observed_quote_token text,
    add column if not exists observed_min_order_size numeric(78,0),
    add column if not exists tick_size numeric(78,0),
    add column if not exists is_active boolean,
    add column if not exists observed_since timestamptz;
alter table proposals_versions
    add column if not exists description text,
    add column if not exists observed_target_address text,
    add column if not exists observed_value numeric(78,0),
    add column if not exists calldata text,
    add column if not exists voting_starts_at timestamptz,
    add column if not exists observed_voting_ends_at timestamptz,
    add column if not exists observed_executable_at timestamptz;

-- The rules of the treasury's proposals.
create table if not exists governance_config (
    contract_name           text          primary key,
    voting_delay_seconds    bigint,
    voting_period_seconds   bigint,
    execution_delay_seconds bigint,
    quorum_threshold        numeric(78,0),
    proposal_threshold      numeric(78,0),
    observed_since          timestamptz,
    created_block           bigint        not null,
    valid_from              bigint        not null,
    log_offset              bigint        not null
);
create index if not exists governance_config_by_change on governance_config (valid_from);
create table if not exists governance_config_versions (like governance_config, valid_to bigint not null);
create index if not exists governance_config_versions_by_key on governance_config_versions (contract_name, valid_from);
create index if not exists governance_config_versions_by_end on governance_config_versions (valid_to);

-- As before, but that the rate from the beginning, before any event told one, is what a view told.
create or replace view claimable_rewards as
with rates as (
    select coalesce(changed_at, '-infinity') as changed_at, coalesce(reward_apy_bps, observed_reward_apy_bps) as reward_apy_bps from staking_config
    union all
    select coalesce(changed_at, '-infinity'), coalesce(reward_apy_bps, observed_reward_apy_bps) from staking_config_versions
),
newest as (
    select number, time from blocks order by number desc limit 1
)
select r.address,
       case
           when r.settled_stake_seconds = 0 then 0
           when not exists (select 1 from rates c where c.changed_at between r.unclaimed_since and r.earning_since)
               then trunc(r.settled_stake_seconds * coalesce(
                   (select c.reward_apy_bps from rates c where c.changed_at < r.unclaimed_since order by c.changed_at desc limit 1),
                   1500) / (10000 * 31536000::numeric))
       end
       + trunc(r.earning_amount * coalesce((select coalesce(c.reward_apy_bps, c.observed_reward_apy_bps) from staking_config c), 1500)
           * (extract(epoch from date_trunc('second', newest.time)) - extract(epoch from date_trunc('second', r.earning_since)))
           / (10000 * 31536000::numeric)) as claimable_amount,
       r.claimed_amount,
       newest.number as block_number,
       newest.time   as block_timestamp
from rewards r
cross join newest;
