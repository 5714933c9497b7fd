-- +goose Up
-- Claims that name no transaction, and an index of those that wait: a claim is marked with the block of its newest verdict.
alter table reward_claim_requests
    alter column tx_hash drop not null,
    add column if not exists judged_block bigint;
update reward_claim_requests r set judged_block = v.block_number from reward_claim_verdicts v where v.claim_id = r.claim_id and r.judged_block is null;
create index if not exists reward_claim_requests_waiting on reward_claim_requests (requested_at, claim_id) where judged_block is null;
create index if not exists reward_claim_verdicts_by_block on reward_claim_verdicts (block_number);
create index if not exists reward_claim_verdicts_by_reward on reward_claim_verdicts (reward_event_id);

-- As before: every reward once. A claim without a transaction is that of the reward that its verdict names.
create or replace view reward_claims_by_status as
select c.address, c.amount, c.claim_type, c.tx_hash, 'confirmed' as status, null::text as reason, c.contract_name, c.block_number,
       c.block_timestamp as paid_at, r.claim_id, r.requested_at
from reward_claims c
left join lateral (
    (select r.claim_id, r.requested_at from reward_claim_requests r
     where r.tx_hash = c.tx_hash and r.address = c.address and r.amount = c.amount and r.claim_type = c.claim_type)
    union all
    (select r.claim_id, r.requested_at from reward_claim_verdicts v join reward_claim_requests r using (claim_id)
     where v.reward_event_id = c.event_id and r.tx_hash is null)
    limit 1
) r on true
union all
select r.address, r.amount, r.claim_type, r.tx_hash, case when b.number is not null and v.status = 'rejected' then 'rejected' else 'pending' end,
       case when b.number is not null then v.reason end, null, null, null, r.claim_id, r.requested_at
from reward_claim_requests r
left join reward_claim_verdicts v on v.claim_id = r.claim_id
left join blocks b on b.number = v.block_number and b.hash = v.block_hash
where not exists (
    select from reward_claims c
    where c.tx_hash = r.tx_hash and c.address = r.address and c.amount = r.amount and c.claim_type = r.claim_type
) and not (r.tx_hash is null and v.status = 'confirmed' and b.number is not null);
