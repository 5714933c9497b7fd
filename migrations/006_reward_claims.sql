-- +goose Up
-- Rewards that workers say they were paid, and what the chain says to that. What contracts say they paid is in reward_claims.

-- Every claim, as it was first made.
create table if not exists reward_claim_requests (
    claim_id     text          primary key,
    address      text          not null,
    amount       numeric(78,0) not null, -- wei
    claim_type   text          not null,
    tx_hash      text          not null,
    block_number bigint,                 -- as the claimer says
    epoch_number bigint,                 -- likewise
    requested_at timestamptz   not null,
    part         integer       not null,
    log_offset   bigint        not null,
    event_id     text          not null
);
create index if not exists reward_claim_requests_by_address on reward_claim_requests (address, requested_at desc);
create index if not exists reward_claim_requests_by_tx on reward_claim_requests (tx_hash);

-- The newest verdict on each claim. It holds while its block stands: a claim whose block was taken back waits again.
create table if not exists reward_claim_verdicts (
    claim_id        text        primary key,
    address         text        not null,
    status          text        not null, -- confirmed or rejected
    reason          text,                 -- of a rejection
    contract_name   text,
    reward_event_id text,
    block_number    bigint      not null, -- that the verdict follows from
    block_hash      text        not null,
    judged_at       timestamptz not null,
    part            integer     not null,
    log_offset      bigint      not null,
    event_id        text        not null
);

create index if not exists reward_claims_by_tx on reward_claims (tx_hash);
create index if not exists blockchain_events_by_tx on blockchain_events (tx_hash);
create index if not exists blocks_by_time on blocks (time);

-- Every reward once: those that contracts say they paid, each with the claim that named it, and the claims that the chain does not bear out,
-- or not yet.
create or replace view reward_claims_by_status as
select c.address, c.amount, c.claim_type, c.tx_hash, 'confirmed' as status, null::text as reason, c.contract_name, c.block_number,
       c.block_timestamp as paid_at, r.claim_id, r.requested_at
from reward_claims c
left join reward_claim_requests r
  on r.tx_hash = c.tx_hash and r.address = c.address and r.amount = c.amount and r.claim_type = c.claim_type
union all
select r.address, r.amount, r.claim_type, r.tx_hash, case when b.number is not null and v.status = 'rejected' then 'rejected' else 'pending' end,
       case when b.number is not null then v.reason end, null, null, null, r.claim_id, r.requested_at
from reward_claim_requests r
left join reward_claim_verdicts v on v.claim_id = r.claim_id
left join blocks b on b.number = v.block_number and b.hash = v.block_hash
where not exists (
    select from reward_claims c
    where c.tx_hash = r.tx_hash and c.address = r.address and c.amount = r.amount and c.claim_type = r.claim_type
);
