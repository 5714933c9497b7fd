-- +goose Up

-- A payment whose job's result was challenged and found wrong is promised no more.
alter table job_payments add column if not exists cancelled_at timestamptz;
alter table job_payments_versions add column if not exists cancelled_at timestamptz;
