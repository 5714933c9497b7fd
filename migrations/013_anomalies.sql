-- +goose Up
-- Events that cannot be, by what the log held before them; with the read model and the row that they do not fit.
create table if not exists anomalies (
    block_number    bigint      not null,
    log_offset      bigint      not null,
    event_id        text        not null,
    tx_hash         text        not null,
    block_timestamp timestamptz not null,
    contract_name   text        not null,
    event_type      text        not null,
    read_model      text        not null,
    entity_key      text        not null,
    reason          text        not null,
    primary key (log_offset, read_model, entity_key)
);
create index if not exists anomalies_by_block on anomalies (block_number);
