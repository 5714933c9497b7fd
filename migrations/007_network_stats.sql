-- +goose Up
-- The network's numbers by the hour.

-- What the chain added to them in each hour of block time.
create table if not exists network_hours (
    network_hour    text          primary key, -- the hour in RFC 3339
    hour            timestamptz   not null,
    jobs_submitted  bigint        not null,
    jobs_completed  bigint        not null,
    jobs_cancelled  bigint        not null,
    paid_amount     numeric(78,0) not null, -- wei, like all amounts
    staked_amount   numeric(78,0) not null,
    unstaked_amount numeric(78,0) not null,
    slashed_amount  numeric(78,0) not null,
    minted_amount   numeric(78,0) not null,
    burned_amount   numeric(78,0) not null,
    trades          bigint        not null,
    traded_amount   numeric(78,0) not null,
    frauds_detected bigint        not null,
    created_block   bigint        not null,
    valid_from      bigint        not null,
    log_offset      bigint        not null
);
create index if not exists network_hours_by_hour on network_hours (hour);
create index if not exists network_hours_by_change on network_hours (valid_from);
create table if not exists network_hours_versions (like network_hours, valid_to bigint not null);
create index if not exists network_hours_versions_by_key on network_hours_versions (network_hour, valid_from);
create index if not exists network_hours_versions_by_end on network_hours_versions (valid_to);

-- Hour by hour from the first indexed block to the newest: the chain's numbers as of the last block of the hour, and those of the hour's
-- telemetry, the sums of the partitions' shares. Numbers of the chain count from the first indexed block. is_whole says that a block after
-- the hour is indexed, so that the chain's part of the row is final but for a reorganisation.
create or replace view network_stats as
with hours as (
    select generate_series(date_trunc('hour', e.first, 'UTC'), date_trunc('hour', e.newest, 'UTC'), interval '1 hour') as hour, e.newest
    from (select min(time) as first, max(time) as newest from blocks) e
), registered as (
    select date_trunc('hour', registered_at, 'UTC') as hour, count(*) as workers from workers where registered_at is not null group by 1
), reported as (
    select hour, sum(heartbeats) as heartbeats, sum(utilization_sum) as utilization_sum, sum(utilization_count) as utilization_count
    from telemetry_hour group by 1
), heard as (
    select hour, count(*) as workers from uptime_hour group by 1
)
select h.hour,
       h.newest >= h.hour + interval '1 hour' as is_whole,
       b.number as block_number,
       b.hash as block_hash,
       coalesce(sum(w.workers) over upto, 0)::bigint as workers,
       coalesce(sum(n.jobs_submitted) over upto, 0)::bigint as jobs_submitted,
       coalesce(sum(n.jobs_completed) over upto, 0)::bigint as jobs_completed,
       coalesce(sum(n.jobs_cancelled) over upto, 0)::bigint as jobs_cancelled,
       coalesce(sum(n.paid_amount) over upto, 0) as paid_amount,
       coalesce(sum(n.staked_amount - n.unstaked_amount - n.slashed_amount) over upto, 0) as staked_amount,
       coalesce(sum(n.slashed_amount) over upto, 0) as slashed_amount,
       coalesce(sum(n.minted_amount - n.burned_amount) over upto, 0) as supply_amount,
       coalesce(sum(n.burned_amount) over upto, 0) as burned_amount,
       coalesce(sum(n.trades) over upto, 0)::bigint as trades,
       coalesce(sum(n.traded_amount) over upto, 0) as traded_amount,
       coalesce(sum(n.frauds_detected) over upto, 0)::bigint as frauds_detected,
       coalesce(a.workers, 0) as reporting_workers,
       coalesce(t.heartbeats, 0)::bigint as heartbeats,
       (t.utilization_sum / nullif(t.utilization_count, 0) / 100)::float8 as gpu_utilization_avg
from hours h
cross join lateral (
    select number, hash from blocks where time < h.hour + interval '1 hour' order by time desc, number desc limit 1
) b
left join network_hours n on n.hour = h.hour
left join registered w on w.hour = h.hour
left join reported t on t.hour = h.hour
left join heard a on a.hour = h.hour
window upto as (order by h.hour);
