-- +goose Up
-- Read models of payments, stakes, proofs, trading, governance and consensus: entities with their versions and journals, as
-- 001 has them. A journal's row stands at its event's place in the log, and event_id leads to blockchain_events.

-- What workers were paid. ProofGatedPayment's PaymentReleased is not here: it moves no tokens.
create table if not exists payments (
    block_number    bigint        not null,
    log_offset      bigint        primary key,
    event_id        text          not null,
    tx_hash         text          not null,
    block_timestamp timestamptz   not null,
    payment_type    text          not null,
    job_id          numeric(78,0) not null,
    worker_address  text          not null,
    amount          numeric(78,0),
    token           text,
    privacy_enabled boolean
);
create index if not exists payments_by_worker on payments (worker_address, block_timestamp desc);
create index if not exists payments_by_time on payments (block_timestamp);
create index if not exists payments_by_job on payments (job_id);
create index if not exists payments_by_block on payments (block_number);

-- How far each job's payment has come: promised, ready, released, paid. What is promised and not paid is pending.
create table if not exists job_payments (
    job_id              numeric(78,0) primary key,
    worker_address      text,
    status              text          not null, -- registered, ready, released, paid
    promised_amount     numeric(78,0),
    paid_amount         numeric(78,0) not null,
    verification_source text,
    privacy_enabled     boolean,
    registered_at       timestamptz,
    ready_at            timestamptz,
    released_at         timestamptz,
    paid_at             timestamptz,
    tx_hash             text          not null,
    created_block       bigint        not null,
    valid_from          bigint        not null,
    log_offset          bigint        not null
);
create index if not exists job_payments_by_worker on job_payments (worker_address, status);
create index if not exists job_payments_by_change on job_payments (valid_from);
create table if not exists job_payments_versions (like job_payments, valid_to bigint not null);
create index if not exists job_payments_versions_by_key on job_payments_versions (job_id, valid_from);
create index if not exists job_payments_versions_by_end on job_payments_versions (valid_to);

-- Every change of every stake; contract_name tells whose. Sums make sense within one contract.
create table if not exists staking_events (
    block_number    bigint        not null,
    log_offset      bigint        primary key,
    event_id        text          not null,
    tx_hash         text          not null,
    block_timestamp timestamptz   not null,
    contract_name   text          not null,
    event_type      text          not null,
    worker_address  text,
    worker_id       text,
    amount          numeric(78,0) not null,
    total_stake     numeric(78,0),
    gpu_tier        text,
    has_tee         boolean,
    reason          text,
    unlocks_at      timestamptz
);
create index if not exists staking_events_by_worker on staking_events (worker_address, log_offset desc);
create index if not exists staking_events_by_type on staking_events (event_type, log_offset desc);
create index if not exists staking_events_by_block on staking_events (block_number);

-- What everybody has at stake at each contract. stake_id is <contract>/<account or worker id>.
create table if not exists stakes (
    stake_id       text          primary key,
    contract_name  text          not null,
    worker_address text,
    worker_id      text,
    amount         numeric(78,0),
    exact          boolean       not null, -- false where it may be less: CDCPool slashes without an event
    locked_amount  numeric(78,0) not null,
    unlocks_at     timestamptz,
    slashed_amount numeric(78,0) not null,
    gpu_tier       text,
    has_tee        boolean,
    staked_at      timestamptz,
    tx_hash        text          not null,
    created_block  bigint        not null,
    valid_from     bigint        not null,
    log_offset     bigint        not null
);
create index if not exists stakes_by_worker on stakes (worker_address);
create index if not exists stakes_by_contract on stakes (contract_name, amount desc nulls last);
create index if not exists stakes_by_change on stakes (valid_from);
create table if not exists stakes_versions (like stakes, valid_to bigint not null);
create index if not exists stakes_versions_by_key on stakes_versions (stake_id, valid_from);
create index if not exists stakes_versions_by_end on stakes_versions (valid_to);

-- Stake that was taken, each slash once.
create table if not exists slashing_events (
    block_number    bigint        not null,
    log_offset      bigint        primary key,
    event_id        text          not null,
    tx_hash         text          not null,
    block_timestamp timestamptz   not null,
    contract_name   text          not null,
    worker_address  text,
    worker_id       text,
    amount          numeric(78,0) not null,
    reason          text,
    job_id          numeric(78,0),
    to_challenger   numeric(78,0),
    to_burn         numeric(78,0),
    to_treasury     numeric(78,0)
);
create index if not exists slashing_events_by_worker on slashing_events (worker_address, log_offset desc);
create index if not exists slashing_events_by_block on slashing_events (block_number);

-- Rewards that contracts say they paid.
create table if not exists reward_claims (
    block_number     bigint        not null,
    log_offset       bigint        primary key,
    event_id         text          not null,
    tx_hash          text          not null,
    block_timestamp  timestamptz   not null,
    contract_name    text          not null,
    claim_type       text          not null,
    address          text          not null,
    amount           numeric(78,0) not null,
    job_id           numeric(78,0),
    vesting_entry_id bigint
);
create index if not exists reward_claims_by_address on reward_claims (address, block_timestamp desc);
create index if not exists reward_claims_by_block on reward_claims (block_number);

-- Every change of a score at the ReputationManager. requested_delta was asked for before the score was kept within 0 to 1000.
create table if not exists reputation_events (
    block_number    bigint        not null,
    log_offset      bigint        primary key,
    event_id        text          not null,
    tx_hash         text          not null,
    block_timestamp timestamptz   not null,
    worker_id       text          not null,
    event_type      text          not null,
    old_score       bigint,
    new_score       bigint        not null,
    requested_delta bigint,
    reason          text,
    job_id          numeric(78,0)
);
create index if not exists reputation_events_by_worker on reputation_events (worker_id, log_offset desc);
create index if not exists reputation_events_by_block on reputation_events (block_number);

-- Proofs, and results that stand for one. proof_id is <contract>/<job, hash or number>.
create table if not exists proofs (
    proof_id           text          primary key,
    contract_name      text          not null,
    proof_type         text          not null,
    status             text          not null,
    job_id             numeric(78,0),
    worker_id          text,
    prover_address     text,
    proof_hash         text,
    security_bits      bigint,
    challenger_address text,
    reject_reason      text,
    submitted_at       timestamptz,
    challenge_deadline timestamptz,
    verified_at        timestamptz,
    rejected_at        timestamptz,
    rejections         bigint        not null,
    tx_hash            text          not null,
    created_block      bigint        not null,
    valid_from         bigint        not null,
    log_offset         bigint        not null
);
create index if not exists proofs_by_job on proofs (job_id);
create index if not exists proofs_by_worker on proofs (worker_id);
create index if not exists proofs_by_prover on proofs (prover_address);
create index if not exists proofs_by_status on proofs (status, contract_name);
create index if not exists proofs_by_change on proofs (valid_from);
create table if not exists proofs_versions (like proofs, valid_to bigint not null);
create index if not exists proofs_versions_by_key on proofs_versions (proof_id, valid_from);
create index if not exists proofs_versions_by_end on proofs_versions (valid_to);

-- Orders of the OTCOrderbook. An order past expires_at still trades: the contract does not look.
create table if not exists orders (
    order_id         numeric(78,0) primary key,
    maker_address    text,
    pair_id          bigint,
    side             text,
    order_type       text,
    price            numeric(78,0),
    amount           numeric(78,0),
    filled_amount    numeric(78,0),
    remaining_amount numeric(78,0),
    status           text          not null,
    placed_at        timestamptz,
    expires_at       timestamptz,
    ended_at         timestamptz,
    tx_hash          text          not null,
    created_block    bigint        not null,
    valid_from       bigint        not null,
    log_offset       bigint        not null
);
create index if not exists orders_by_book on orders (pair_id, side, status, price);
create index if not exists orders_by_maker on orders (maker_address, placed_at desc nulls last);
create index if not exists orders_by_change on orders (valid_from);
create table if not exists orders_versions (like orders, valid_to bigint not null);
create index if not exists orders_versions_by_key on orders_versions (order_id, valid_from);
create index if not exists orders_versions_by_end on orders_versions (valid_to);

-- Trading pairs. Pair 0 has no event of its own: quote_token is unknown there.
create table if not exists pairs (
    pair_id        numeric(78,0) primary key,
    quote_token    text,
    min_order_size numeric(78,0),
    added_at       timestamptz,
    orders_placed  bigint        not null,
    last_order_at  timestamptz,
    tx_hash        text          not null,
    created_block  bigint        not null,
    valid_from     bigint        not null,
    log_offset     bigint        not null
);
create index if not exists pairs_by_change on pairs (valid_from);
create table if not exists pairs_versions (like pairs, valid_to bigint not null);
create index if not exists pairs_versions_by_key on pairs_versions (pair_id, valid_from);
create index if not exists pairs_versions_by_end on pairs_versions (valid_to);

-- Every trade. Fees are told in the quote token, although the buyer's is taken in SAGE.
create table if not exists trades (
    block_number    bigint        not null,
    log_offset      bigint        primary key,
    event_id        text          not null,
    tx_hash         text          not null,
    block_timestamp timestamptz   not null,
    trade_id        numeric(78,0) not null,
    maker_order_id  numeric(78,0) not null,
    taker_order_id  numeric(78,0) not null,
    maker_address   text          not null,
    taker_address   text          not null,
    price           numeric(78,0) not null,
    amount          numeric(78,0) not null,
    quote_amount    numeric(78,0) not null,
    maker_fee       numeric(78,0) not null,
    taker_fee       numeric(78,0) not null
);
create index if not exists trades_by_id on trades (trade_id);
create index if not exists trades_by_maker_order on trades (maker_order_id);
create index if not exists trades_by_taker_order on trades (taker_order_id);
create index if not exists trades_by_time on trades (block_timestamp);
create index if not exists trades_by_block on trades (block_number);

-- Proposals of the treasury, the token and the timelock. proposal_id is <contract>/<number>.
create table if not exists proposals (
    proposal_id        text          primary key,
    contract_name      text          not null,
    number             numeric(78,0) not null,
    proposer_address   text,
    title              text,
    proposal_type      text,
    status             text          not null,
    votes_for          numeric(78,0) not null,
    votes_against      numeric(78,0) not null,
    votes              bigint        not null,
    quorum_required    numeric(78,0),
    approvals          bigint,
    approvals_required bigint,
    target_address     text,
    value              numeric(78,0),
    created_at         timestamptz,
    voting_ends_at     timestamptz,
    executable_at      timestamptz,
    ended_at           timestamptz,
    ended_by           text,
    tx_hash            text          not null,
    created_block      bigint        not null,
    valid_from         bigint        not null,
    log_offset         bigint        not null
);
create index if not exists proposals_by_status on proposals (status, created_at desc nulls last);
create index if not exists proposals_by_change on proposals (valid_from);
create table if not exists proposals_versions (like proposals, valid_to bigint not null);
create index if not exists proposals_versions_by_key on proposals_versions (proposal_id, valid_from);
create index if not exists proposals_versions_by_end on proposals_versions (valid_to);

-- Every vote on a proposal.
create table if not exists votes (
    block_number    bigint        not null,
    log_offset      bigint        primary key,
    event_id        text          not null,
    tx_hash         text          not null,
    block_timestamp timestamptz   not null,
    proposal_id     text          not null,
    contract_name   text          not null,
    voter_address   text          not null,
    support         boolean       not null,
    voting_power    numeric(78,0)
);
create index if not exists votes_by_proposal on votes (proposal_id, log_offset desc);
create index if not exists votes_by_voter on votes (voter_address, log_offset desc);
create index if not exists votes_by_block on votes (block_number);

-- Epochs of the ValidatorRegistry.
create table if not exists consensus_rounds (
    epoch         numeric(78,0) primary key,
    started_at    timestamptz,
    validators    bigint,
    total_weight  numeric(78,0),
    tx_hash       text          not null,
    created_block bigint        not null,
    valid_from    bigint        not null,
    log_offset    bigint        not null
);
create index if not exists consensus_rounds_by_change on consensus_rounds (valid_from);
create table if not exists consensus_rounds_versions (like consensus_rounds, valid_to bigint not null);
create index if not exists consensus_rounds_versions_by_key on consensus_rounds_versions (epoch, valid_from);
create index if not exists consensus_rounds_versions_by_end on consensus_rounds_versions (valid_to);

-- Challenges and disputes. case_id is <contract>/<challenge, job or dispute>.
create table if not exists fraud_cases (
    case_id            text          primary key,
    contract_name      text          not null,
    status             text          not null,
    job_id             numeric(78,0),
    slash_id           text,
    worker_id          text,
    worker_address     text,
    challenger_address text,
    deposit            numeric(78,0),
    votes_for          numeric(78,0) not null,
    votes_against      numeric(78,0) not null,
    votes              bigint        not null,
    winner_address     text,
    reward             numeric(78,0),
    upheld             boolean,
    bond_returned      boolean,
    reason             text,
    opened_at          timestamptz,
    deadline           timestamptz,
    resolved_at        timestamptz,
    tx_hash            text          not null,
    created_block      bigint        not null,
    valid_from         bigint        not null,
    log_offset         bigint        not null
);
create index if not exists fraud_cases_by_status on fraud_cases (status, opened_at desc nulls last);
create index if not exists fraud_cases_by_job on fraud_cases (job_id);
create index if not exists fraud_cases_by_change on fraud_cases (valid_from);
create table if not exists fraud_cases_versions (like fraud_cases, valid_to bigint not null);
create index if not exists fraud_cases_versions_by_key on fraud_cases_versions (case_id, valid_from);
create index if not exists fraud_cases_versions_by_end on fraud_cases_versions (valid_to);

-- Every vote on a fraud case; one account may vote more than once.
create table if not exists consensus_votes (
    block_number        bigint        not null,
    log_offset          bigint        primary key,
    event_id            text          not null,
    tx_hash             text          not null,
    block_timestamp     timestamptz   not null,
    case_id             text          not null,
    voter_address       text          not null,
    supports_challenger boolean       not null,
    voting_power        numeric(78,0) not null
);
create index if not exists consensus_votes_by_case on consensus_votes (case_id, log_offset desc);
create index if not exists consensus_votes_by_block on consensus_votes (block_number);

-- ProverStaking's rules as far as its events tell them; no row means its defaults.
create table if not exists staking_config (
    contract_name      text          primary key,
    min_stake_consumer numeric(78,0) not null,
    reward_apy_bps     bigint        not null,
    changed_at         timestamptz   not null,
    tx_hash            text          not null,
    created_block      bigint        not null,
    valid_from         bigint        not null,
    log_offset         bigint        not null
);
create index if not exists staking_config_by_change on staking_config (valid_from);
create table if not exists staking_config_versions (like staking_config, valid_to bigint not null);
create index if not exists staking_config_versions_by_key on staking_config_versions (contract_name, valid_from);
create index if not exists staking_config_versions_by_end on staking_config_versions (valid_to);

-- The terms of what a stake at ProverStaking earns; the view claimable_rewards puts them together.
create table if not exists rewards (
    address               text          primary key,
    earning_amount        numeric(78,0),
    earning_since         timestamptz,
    settled_stake_seconds numeric(78,0),
    unclaimed_since       timestamptz,
    claimed_amount        numeric(78,0) not null,
    claims                bigint        not null,
    last_claim_at         timestamptz,
    tx_hash               text          not null,
    created_block         bigint        not null,
    valid_from            bigint        not null,
    log_offset            bigint        not null
);
create index if not exists rewards_by_change on rewards (valid_from);
create table if not exists rewards_versions (like rewards, valid_to bigint not null);
create index if not exists rewards_versions_by_key on rewards_versions (address, valid_from);
create index if not exists rewards_versions_by_end on rewards_versions (valid_to);

-- Trades with what their orders say: the pair, and the side that took.
create or replace view trades_in_pairs as
select t.*, o.pair_id, o.side as taker_side
from trades t
left join orders o on o.order_id = t.taker_order_id;

-- What could be claimed at the newest block, in wei: what was settled, at the rate of its day, and what the stake earned since
-- then, at today's rate. It is null where the log does not have the terms: a stake whose beginning came before the log, or a
-- rate that changed while the settled part was earned.
create or replace view claimable_rewards as
with rates as (
    select changed_at, reward_apy_bps from staking_config
    union all
    select changed_at, reward_apy_bps from staking_config_versions
),
newest as (
    select number, time from blocks order by number desc limit 1
)
select r.address,
       case
           when r.settled_stake_seconds = 0 then 0
           when not exists (select 1 from rates c where c.changed_at between r.unclaimed_since and r.earning_since)
               then trunc(r.settled_stake_seconds * coalesce(
                   (select c.reward_apy_bps from rates c where c.changed_at < r.unclaimed_since order by c.changed_at desc limit 1),
                   1500) / (10000 * 31536000::numeric))
       end
       + trunc(r.earning_amount * coalesce((select c.reward_apy_bps from staking_config c), 1500)
           * (extract(epoch from date_trunc('second', newest.time)) - extract(epoch from date_trunc('second', r.earning_since)))
           / (10000 * 31536000::numeric)) as claimable_amount,
       r.claimed_amount,
       newest.number as block_number,
       newest.time   as block_timestamp
from rewards r
cross join newest;
