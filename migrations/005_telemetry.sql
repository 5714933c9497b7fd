-- +goose Up
-- What workers report, divided by days, so that old days can go at once; and what is kept of it for good.

-- heartbeats becomes a table of days. Its partitions are made by whoever writes to it, and ahead.
-- +goose StatementBegin
do $$
declare
    day   timestamp;
    share text;
begin
    if (select relkind from pg_class where oid = 'heartbeats'::regclass) = 'p' then
        return;
    end if;
    alter table heartbeats rename to heartbeats_whole;
    alter table heartbeats_whole drop constraint heartbeats_pkey;
    drop index heartbeats_by_worker, heartbeats_by_time;
    create table heartbeats (like heartbeats_whole including defaults, primary key (part, log_offset, heartbeat_time))
        partition by range (heartbeat_time);
    create index heartbeats_by_worker on heartbeats (worker_address, heartbeat_time desc);
    create index heartbeats_by_time on heartbeats (heartbeat_time);
    for day in select distinct date_trunc('day', heartbeat_time at time zone 'UTC') from heartbeats_whole order by 1 loop
        execute format('create table %I partition of heartbeats for values from (%L) to (%L)', 'heartbeats_' || to_char(day, 'YYYYMMDD'),
            day at time zone 'UTC', (day + interval '1 day') at time zone 'UTC');
    end loop;
    insert into heartbeats select * from heartbeats_whole;
    for share in
        select format('grant %s on heartbeats to %s', a.privilege_type, case when a.grantee = 0 then 'public' else quote_ident(g.rolname) end)
        from pg_class c, aclexplode(c.relacl) a left join pg_roles g on g.oid = a.grantee
        where c.oid = 'heartbeats_whole'::regclass and a.grantee <> c.relowner
    loop
        execute share;
    end loop;
    drop table heartbeats_whole;
end $$;
-- +goose StatementEnd

-- Every report of a GPU that the log holds.
create table if not exists gpu_metrics_history (
    worker_address      text        not null,
    gpu_index           bigint      not null,
    topic               text        not null, -- heartbeats may tell of GPUs as well
    part                integer     not null,
    log_offset          bigint      not null,
    recorded_at         timestamptz not null, -- of ingestion
    gpu_model           text,
    gpu_tier            text,
    vram_total_gb       double precision, -- GiB
    vram_used_gb        double precision, -- GiB
    compute_utilization double precision, -- percent
    temperature_celsius double precision,
    power_watts         double precision,
    has_tee             boolean,
    current_job_id      text,
    event_id            text        not null,
    primary key (topic, part, log_offset, gpu_index, recorded_at)
) partition by range (recorded_at);
create index if not exists gpu_metrics_history_by_gpu on gpu_metrics_history (worker_address, gpu_index, recorded_at desc);
create index if not exists gpu_metrics_history_by_time on gpu_metrics_history (recorded_at);

-- The newest report of each GPU.
create table if not exists gpu_latest (
    worker_address      text        not null,
    gpu_index           bigint      not null,
    topic               text        not null,
    part                integer     not null,
    log_offset          bigint      not null,
    recorded_at         timestamptz not null,
    gpu_model           text,
    gpu_tier            text,
    vram_total_gb       double precision,
    vram_used_gb        double precision,
    compute_utilization double precision,
    temperature_celsius double precision,
    power_watts         double precision,
    has_tee             boolean,
    current_job_id      text,
    event_id            text        not null,
    primary key (worker_address, gpu_index)
);

-- The minutes of an hour that a worker reported in. The first bit is the hour's first minute.
create table if not exists uptime_hour (
    worker_address text        not null,
    hour           timestamptz not null,
    bits           bit(60)     not null,
    part           integer     not null,
    log_offset     bigint      not null, -- of the last heartbeat
    primary key (worker_address, hour)
) with (fillfactor = 70);
create index if not exists uptime_hour_by_hour on uptime_hour (hour);

-- The minutes of an hour that somebody listened to a partition of workers in: those with a tick.
create table if not exists listened_hour (
    part       integer     not null,
    hour       timestamptz not null,
    bits       bit(60)     not null,
    log_offset bigint      not null, -- of the last tick
    primary key (part, hour)
) with (fillfactor = 70);

-- One partition's share of the network's numbers of an hour: the network's are the sums.
create table if not exists telemetry_hour (
    part              integer     not null,
    hour              timestamptz not null,
    heartbeats        bigint      not null,
    utilization_sum   bigint      not null, -- of GPUs, hundredths of a percent
    utilization_count bigint      not null, -- of the heartbeats that tell it
    log_offset        bigint      not null, -- of the last heartbeat
    primary key (part, hour)
) with (fillfactor = 70);

-- What earlier versions stored tells the same of the hours before. They did not keep the ticks: that somebody listened is known of the
-- minutes that any worker of the partition was heard in.
-- +goose StatementBegin
do $$
begin
    if exists (select from telemetry_hour) or exists (select from uptime_hour) then
        return;
    end if;
    insert into uptime_hour (worker_address, hour, bits, part, log_offset)
    select worker_address, date_trunc('hour', heartbeat_time, 'UTC'),
           bit_or((1::bigint << (59 - extract(minute from heartbeat_time at time zone 'UTC')::int))::bit(60)), min(part), max(log_offset)
    from heartbeats group by 1, 2;
    insert into listened_hour (part, hour, bits, log_offset)
    select part, hour, bit_or(bits), max(log_offset) from uptime_hour group by 1, 2;
    insert into telemetry_hour (part, hour, heartbeats, utilization_sum, utilization_count, log_offset)
    select part, date_trunc('hour', heartbeat_time, 'UTC'), count(*), coalesce(sum(floor(100 * gpu_utilization_avg + 0.5)), 0),
           count(gpu_utilization_avg), max(log_offset)
    from heartbeats group by 1, 2;
end $$;
-- +goose StatementEnd

-- The minutes of an hour that lie wholly between two times, as bits.
create or replace function minutes_between(hour timestamptz, since timestamptz, until timestamptz) returns bit(60)
language sql immutable as $$
select ((~ 0::bit(60)) >> least(60, greatest(0, ceil(extract(epoch from since - hour) / 60)))::int)
     & ((~ 0::bit(60)) << (60 - least(60, greatest(0, floor(extract(epoch from until - hour) / 60)))::int))
$$;

-- Minute by minute, whether a worker reported. reported is null where nobody listened: unknown is not no. The time before a worker's
-- registration is left out; of a worker that never registered, the hours before its first heartbeat.
create or replace view uptime_minute as
select h.worker_address,
       l.hour + make_interval(mins => n) as minute,
       case when get_bit(l.bits, n) = 1 then get_bit(coalesce(u.bits, 0::bit(60)), n) = 1 end as reported
from heartbeats_latest h
join readers r on r.reader = 'heartbeats' and r.part = h.part
join listened_hour l on l.part = h.part
left join uptime_hour u on u.worker_address = h.worker_address and u.hour = l.hour
left join workers w on w.address = h.worker_address
cross join lateral (select coalesce(w.registered_at, (select min(f.hour) from uptime_hour f where f.worker_address = h.worker_address)) as since) b
cross join generate_series(0, 59) n
where l.hour > b.since - interval '1 hour'
  and get_bit(minutes_between(l.hour, b.since, r.log_time), n) = 1;

-- By day: the minutes that a worker was expected to report in, those of a whole minute that somebody listened, and those in which it did.
create or replace view uptime_day as
select h.worker_address,
       date_trunc('day', l.hour, 'UTC') as day,
       sum(bit_count(e.bits))::bigint as expected_minutes,
       sum(bit_count(e.bits & coalesce(u.bits, 0::bit(60))))::bigint as reported_minutes,
       100 * sum(bit_count(e.bits & coalesce(u.bits, 0::bit(60))))::float8 / nullif(sum(bit_count(e.bits)), 0)::float8 as uptime_percent
from heartbeats_latest h
join readers r on r.reader = 'heartbeats' and r.part = h.part
join listened_hour l on l.part = h.part
left join uptime_hour u on u.worker_address = h.worker_address and u.hour = l.hour
left join workers w on w.address = h.worker_address
cross join lateral (select coalesce(w.registered_at, (select min(f.hour) from uptime_hour f where f.worker_address = h.worker_address)) as since) b
cross join lateral (select l.bits & minutes_between(l.hour, b.since, r.log_time) as bits) e
where l.hour > b.since - interval '1 hour'
group by 1, 2;
