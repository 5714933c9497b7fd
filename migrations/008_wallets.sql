-- +goose Up
-- Movements of SAGE, and the faucet.

-- Every movement of SAGE that its contract told, as it told it: see the view wallet_transfers.
create table if not exists transfers (
    block_number    bigint        not null,
    log_offset      bigint        primary key,
    event_id        text          not null,
    tx_hash         text          not null,
    block_timestamp timestamptz   not null,
    event_index     bigint        not null,
    kind            text          not null, -- transfer, mint, large_initiated, large_executed
    from_address    text          not null,
    to_address      text          not null,
    amount          numeric(78,0) not null
);
create index if not exists transfers_by_sender on transfers (from_address, log_offset desc);
create index if not exists transfers_by_receiver on transfers (to_address, log_offset desc);
create index if not exists transfers_executed on transfers (tx_hash, event_index) where kind = 'large_executed';
create index if not exists transfers_by_block on transfers (block_number);

-- Each movement once. A large transfer takes its amount from the sender when it is initiated and once more when it is executed; the
-- event right after the execution tells that second move again.
create or replace view wallet_transfers as
select t.*
from transfers t
where t.kind <> 'large_executed'
  and not exists (
      select 1 from transfers e
      where e.kind = 'large_executed' and e.tx_hash = t.tx_hash and e.event_index = t.event_index - 1
        and e.block_number = t.block_number and e.from_address = t.from_address and e.to_address = t.to_address and e.amount = t.amount);

-- The faucet, one row. What is null was set by its constructor, which has no event.
create table if not exists faucets (
    contract_name      text          primary key,
    drip_amount        numeric(78,0),
    cooldown_seconds   bigint,
    paused             boolean,
    claims             bigint        not null,
    distributed_amount numeric(78,0) not null,
    tx_hash            text          not null,
    created_block      bigint        not null,
    valid_from         bigint        not null,
    log_offset         bigint        not null
);
create index if not exists faucets_by_change on faucets (valid_from);
create table if not exists faucets_versions (like faucets, valid_to bigint not null);
create index if not exists faucets_versions_by_key on faucets_versions (contract_name, valid_from);
create index if not exists faucets_versions_by_end on faucets_versions (valid_to);

-- What each account got of the faucet.
create table if not exists faucet_accounts (
    address        text          primary key,
    claims         bigint        not null,
    claimed_amount numeric(78,0) not null,
    last_claim_at  timestamptz   not null,
    tx_hash        text          not null,
    created_block  bigint        not null,
    valid_from     bigint        not null,
    log_offset     bigint        not null
);
create index if not exists faucet_accounts_by_change on faucet_accounts (valid_from);
create table if not exists faucet_accounts_versions (like faucet_accounts, valid_to bigint not null);
create index if not exists faucet_accounts_versions_by_key on faucet_accounts_versions (address, valid_from);
create index if not exists faucet_accounts_versions_by_end on faucet_accounts_versions (valid_to);

-- Every claim of the faucet.
create table if not exists faucet_claims (
    block_number    bigint        not null,
    log_offset      bigint        primary key,
    event_id        text          not null,
    tx_hash         text          not null,
    block_timestamp timestamptz   not null,
    address         text          not null,
    amount          numeric(78,0) not null,
    claim_number    numeric(78,0) not null
);
create index if not exists faucet_claims_by_address on faucet_claims (address, log_offset desc);
create index if not exists faucet_claims_by_block on faucet_claims (block_number);
