-- +goose Up
-- What the lists and the sums of the API are found by. An order of a list is an expression that is never null, with the key after it.

create index if not exists jobs_by_submission_time on jobs (submitted_at);
create index if not exists jobs_by_end on jobs (coalesce(completed_at, '-infinity'), job_id);
create index if not exists jobs_by_payment on jobs (coalesce(payment_amount, -1), job_id);
create index if not exists jobs_open on jobs (worker_address) where status = 'assigned';
create index if not exists jobs_by_type on jobs (job_type) where job_type is not null;
create index if not exists jobs_numbers on jobs (status) include (assigned_at, completed_at, payment_amount, paid_amount);
drop index if exists jobs_by_completion;

create index if not exists workers_by_work on workers (jobs_completed, address);
create index if not exists workers_by_stake on workers (staked_amount, address);
create index if not exists workers_by_earnings on workers (total_earnings, address);
create index if not exists workers_by_registration on workers (coalesce(registered_at, '-infinity'), address);
create index if not exists workers_numbers on workers (registered_at) include (gpu_tier, staked_amount);
create index if not exists workers_stakes on workers (gpu_tier) include (stake_active, staked_amount);

create index if not exists proofs_by_hash on proofs (proof_hash);
create index if not exists proofs_by_verification on proofs (coalesce(verified_at, '-infinity'), proof_id);
create index if not exists proofs_by_verdict on proofs (coalesce(verified_at, rejected_at)) include (status);
create index if not exists proofs_numbers on proofs (contract_name, proof_type, status);

create index if not exists staking_events_numbers on staking_events (contract_name, event_type) include (block_timestamp, amount, block_number);
create index if not exists payments_of_worker on payments (worker_address, log_offset);
create index if not exists payments_numbers on payments (payment_type) include (amount, block_number);
create index if not exists reward_claims_of_address on reward_claims (address, log_offset);
create index if not exists telemetry_hour_by_hour on telemetry_hour (hour);
