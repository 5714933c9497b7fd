-- +goose Up
-- What the chain read models are after each block that changed anything, and of which versions they are.

-- A hash chain over the changes of each block: sha-256, 32 bytes.
create table if not exists state_digests (
    block_number bigint primary key,
    digest       bytea  not null
);

-- The versions of the read models that the reader's rows were made by; null before the first.
alter table readers add column if not exists versions jsonb;
