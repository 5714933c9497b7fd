-- +goose Up
-- Records of telemetry that could not be folded, and the later ones of their keys, as they came. Who reads the partition folds those whose
-- retry is set before it reads on.
create table if not exists parked_records (
    topic      text        not null,
    part       int         not null,
    log_offset bigint      not null,
    event_key  text        not null, -- empty where the record has none
    event_id   text        not null,
    event_type text        not null,
    reason     text        not null,
    headers    jsonb       not null, -- pairs of a name and a value
    value      bytea       not null,
    parked_at  timestamptz not null default now(),
    retry      boolean     not null default false,
    primary key (topic, part, log_offset)
);
create index if not exists parked_records_by_key on parked_records (event_key);
