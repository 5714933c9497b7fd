-- +goose Up
-- The processes that share the partitions of telemetry; each says again and again that it lives. The leases are in readers.
create table if not exists projectors (
    id         text        primary key,
    seen_until timestamptz not null
);
