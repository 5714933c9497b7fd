-- +goose Up
-- Read models of what workers report.

-- Every heartbeat that the log holds, by its place there. heartbeat_time is the time of ingestion.
create table if not exists heartbeats (
    part                   integer     not null,
    log_offset             bigint      not null,
    worker_address         text        not null,
    worker_id              text,
    heartbeat_time         timestamptz not null,
    gpu_count              bigint,
    gpu_utilization_avg    double precision, -- percent
    memory_utilization_avg double precision, -- percent
    jobs_in_progress       bigint,
    latency_ms             bigint,
    version                text,
    event_id               text        not null,
    primary key (part, log_offset)
);
create index if not exists heartbeats_by_worker on heartbeats (worker_address, heartbeat_time desc);
create index if not exists heartbeats_by_time on heartbeats (heartbeat_time);

-- The newest heartbeat of each worker.
create table if not exists heartbeats_latest (
    worker_address         text        primary key,
    part                   integer     not null,
    log_offset             bigint      not null,
    worker_id              text,
    heartbeat_time         timestamptz not null,
    gpu_count              bigint,
    gpu_utilization_avg    double precision,
    memory_utilization_avg double precision,
    jobs_in_progress       bigint,
    latency_ms             bigint,
    version                text,
    event_id               text        not null
);
