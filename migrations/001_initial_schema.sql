-- +goose Up
-- Read models of the chain topic, and where each reader of the log stands.
--
-- Every statement may run again on a database that already has its result: these files also run under plain psql and in a
-- Postgres image's init folder, and `sage-coordinator migrate` then accepts what they made.

-- One row a reader of one partition. Rows and offset commit in one transaction, by compare-and-set on next_offset and
-- owner_epoch; the lease says who may.
create table if not exists readers (
    reader       text        not null,
    topic        text        not null,
    part         integer     not null,
    next_offset  bigint      not null default 0,
    state        jsonb       not null default '{}', -- the reader's rule (term, position, branch) on the chain topic
    fingerprint  text,                              -- id of the last record applied; tells another log from this one
    log_time     timestamptz,                       -- the log's own time at next_offset
    moved_at     timestamptz,
    owner        text,
    owner_epoch  bigint      not null default 0,
    backend_pid  integer,
    lease_until  timestamptz,
    primary key (reader, topic, part)
);

-- The blocks that this log holds: every sealed one, and those with events inside a chunk (sealed is then false).
create table if not exists blocks (
    number     bigint      primary key,
    hash       text        not null,
    parent     text,
    time       timestamptz not null,
    sealed     boolean     not null,
    events     integer     not null,
    log_offset bigint      not null -- of the seal, or of the block's last event
);

-- Every contract event, decoded or not.
create table if not exists blockchain_events (
    block_number     bigint      not null,
    tx_index         bigint      not null,
    event_index      bigint      not null,
    event_id         text        not null,
    contract_address text        not null,
    contract_name    text        not null,
    event_name       text        not null, -- empty where the selector is unknown
    event_type       text        not null,
    event_data       jsonb,                -- null where no ABI could read the event
    undecoded_reason text,
    raw              jsonb       not null, -- keys and data felts
    tx_hash          text        not null,
    block_hash       text        not null,
    block_timestamp  timestamptz not null,
    log_offset       bigint      not null,
    primary key (block_number, tx_index, event_index)
);
create index if not exists blockchain_events_by_contract on blockchain_events (contract_address, block_number desc);
create index if not exists blockchain_events_by_name on blockchain_events (contract_name, event_name, block_number desc);

-- Entities keep their current row, and closed versions beside it in <table>_versions: a version holds from valid_from up to,
-- and without, valid_to. That gives the state as of any block, and takes a reorganisation back.

create table if not exists workers (
    address         text          primary key,
    worker_id       text,                     -- felt, as JobManager registered it
    pool_worker_id  text,                     -- felt, CDCPool's own count
    registered_at   timestamptz,
    staked_amount   numeric(78,0) not null,
    locked_amount   numeric(78,0) not null,   -- asked back, still at stake
    unlocks_at      timestamptz,
    slashed_amount  numeric(78,0) not null,
    gpu_tier        text,
    stake_active    boolean       not null,
    failures        bigint        not null,   -- slashes in a row, as the contract counts them
    jobs_assigned   bigint        not null,
    jobs_completed  bigint        not null,
    total_earnings  numeric(78,0) not null,
    rewards_claimed numeric(78,0) not null,
    last_claim_at   timestamptz,
    created_block   bigint        not null,
    valid_from      bigint        not null,
    log_offset      bigint        not null
);
create index if not exists workers_by_worker_id on workers (worker_id);
create index if not exists workers_by_change on workers (valid_from);
create table if not exists workers_versions (like workers, valid_to bigint not null);
create index if not exists workers_versions_by_key on workers_versions (address, valid_from);
create index if not exists workers_versions_by_end on workers_versions (valid_to);

create table if not exists jobs (
    job_id         numeric(78,0) primary key,
    client_address text,
    worker_address text,
    status         text          not null, -- pending, assigned, completed, cancelled, or unknown
    job_type       text,                   -- the chain's events do not say it
    payment_amount numeric(78,0),          -- promised at submission
    paid_amount    numeric(78,0),
    refund_amount  numeric(78,0),
    submitted_at   timestamptz,
    assigned_at    timestamptz,
    completed_at   timestamptz,
    paid_at        timestamptz,
    cancelled_at   timestamptz,
    cancel_reason  text,
    tx_hash        text          not null, -- of the event that last shaped the job
    created_block  bigint        not null,
    valid_from     bigint        not null,
    log_offset     bigint        not null
);
create index if not exists jobs_by_submission on jobs (submitted_at desc nulls last, job_id desc);
create index if not exists jobs_by_status on jobs (status, submitted_at desc nulls last, job_id desc);
create index if not exists jobs_by_worker on jobs (worker_address, submitted_at desc);
create index if not exists jobs_by_completion on jobs (completed_at);
create index if not exists jobs_by_change on jobs (valid_from);
create table if not exists jobs_versions (like jobs, valid_to bigint not null);
create index if not exists jobs_versions_by_key on jobs_versions (job_id, valid_from);
create index if not exists jobs_versions_by_end on jobs_versions (valid_to);

create table if not exists reputations (
    worker_id     text        primary key, -- felt; workers.worker_id
    score         bigint      not null,    -- 0 to 1000
    updated_at    timestamptz not null,
    created_block bigint      not null,
    valid_from    bigint      not null,
    log_offset    bigint      not null
);
create index if not exists reputations_by_change on reputations (valid_from);
create table if not exists reputations_versions (like reputations, valid_to bigint not null);
create index if not exists reputations_versions_by_key on reputations_versions (worker_id, valid_from);
create index if not exists reputations_versions_by_end on reputations_versions (valid_to);

create table if not exists indexed_contracts (
    contract_address text        primary key,
    contract_name    text        not null,
    events           bigint      not null,
    undecoded        bigint      not null,
    last_event_at    timestamptz not null,
    created_block    bigint      not null,
    valid_from       bigint      not null, -- the block of its last event
    log_offset       bigint      not null
);
create index if not exists indexed_contracts_by_change on indexed_contracts (valid_from);
create table if not exists indexed_contracts_versions (like indexed_contracts, valid_to bigint not null);
create index if not exists indexed_contracts_versions_by_key on indexed_contracts_versions (contract_address, valid_from);
create index if not exists indexed_contracts_versions_by_end on indexed_contracts_versions (valid_to);

-- How far the chain is indexed. All contracts advance together, so the block is the same for each.
create or replace view indexer_state as
select c.contract_address,
       c.contract_name,
       (select max(number) from blocks) as last_indexed_block,
       r.moved_at                       as last_indexed_at,
       c.valid_from                     as last_event_block,
       c.last_event_at,
       c.events,
       c.undecoded
from indexed_contracts c
left join readers r on r.reader = 'chain';
