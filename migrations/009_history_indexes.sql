-- +goose Up
-- What lists as of any block are found by: an order that no event changes, (created_block, key), and for each column that a list is
-- filtered by a history index.

-- The fork of a version's life, which is the first block of the life on the way from the root of the binary tree of all blocks. All
-- versions under a fork held at that block, and those that held at any other one are under the few dozen forks on the way to it.
create or replace function version_fork(valid_from bigint, valid_to bigint) returns bigint language sql immutable parallel safe
return ((valid_to - 1) >> greatest(length(ltrim((valid_from # (valid_to - 1))::bit(64)::text, '0')) - 1, 0))
                       << greatest(length(ltrim((valid_from # (valid_to - 1))::bit(64)::text, '0')) - 1, 0);

create index if not exists jobs_by_creation on jobs (created_block, job_id);
create index if not exists proofs_by_creation on proofs (created_block, proof_id);
create index if not exists orders_by_creation on orders (created_block, order_id);
create index if not exists job_payments_by_creation on job_payments (created_block, job_id);
create index if not exists stakes_by_creation on stakes (created_block, stake_id);
create index if not exists workers_by_creation on workers (created_block, address);
create index if not exists proposals_by_creation on proposals (created_block, proposal_id);
create index if not exists fraud_cases_by_creation on fraud_cases (created_block, case_id);

create index if not exists jobs_history_of_status on jobs (status, created_block, job_id);
create index if not exists jobs_versions_history_of_status on jobs_versions (status, version_fork(valid_from, valid_to), created_block, job_id);
create index if not exists jobs_history_of_worker on jobs (worker_address, created_block, job_id);
create index if not exists jobs_versions_history_of_worker on jobs_versions (worker_address, version_fork(valid_from, valid_to), created_block, job_id);
create index if not exists jobs_history_of_client on jobs (client_address, created_block, job_id);
create index if not exists jobs_versions_history_of_client on jobs_versions (client_address, version_fork(valid_from, valid_to), created_block, job_id);
drop index if exists jobs_by_status;
drop index if exists jobs_by_worker;
drop index if exists jobs_by_submission;
