package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// NetworkHours returns the network at the end of each hour, the newest first: those that began after a time, and no more than limit.
func (q *Questions) NetworkHours(ctx context.Context, as projections.AsOf, window time.Duration, limit int) ([]projections.NetworkHourView, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) ([]projections.NetworkHourView, error) {
		reporting, gpu := "null::bigint", "null::float8"
		if tx.telemetry {
			reporting = "(select count(*) from uptime_hour u where u.hour = h.hour)"
			gpu = "(select (sum(t.utilization_sum) / nullif(sum(t.utilization_count), 0) / 100)::float8 from telemetry_hour t where t.hour = h.hour)"
		}
		hours, err := collect[projections.NetworkHourView](ctx, tx, fmt.Sprintf(`
from (
    select h.*, h.hour + interval '1 hour' <= $1 as is_whole, %[3]s as reporting, %[4]s as gpu_utilization_avg
    from (
        select s.hour, coalesce(sum(w.workers) over upto, 0)::bigint as workers, coalesce(sum(n.jobs_submitted) over upto, 0)::bigint as jobs_submitted,
               coalesce(sum(n.jobs_completed) over upto, 0)::bigint as jobs_completed, coalesce(sum(n.jobs_submitted) over day, 0)::bigint as jobs_day,
               greatest(0, coalesce(sum(n.staked_amount - n.unstaked_amount - n.slashed_amount) over upto, 0)) as staked, coalesce(sum(n.paid_amount) over day, 0) as paid_day
        from generate_series(date_trunc('hour', (select min(time) from blocks), 'UTC'), date_trunc('hour', $1::timestamptz, 'UTC'), interval '1 hour') as s (hour)
        left join %[1]s n on n.hour = s.hour
        left join (
            select date_trunc('hour', registered_at, 'UTC') as hour, count(*) as workers from %[2]s w where registered_at is not null group by 1
        ) w on w.hour = s.hour
        window upto as (order by s.hour), day as (order by s.hour rows 23 preceding)
    ) h
    where h.hour > $2
    order by h.hour desc limit $3
) h
order by hour desc`, tx.table("network_hours"), tx.table("workers"), reporting, gpu), tx.at.Time, tx.at.Time.Add(-window), limit)
		if err != nil {
			return nil, fmt.Errorf("network by the hour: %w", err)
		}
		return hours, nil
	})
}

// Activity returns what happened last in jobs, payments and stakes, the newest first.
func (q *Questions) Activity(ctx context.Context, as projections.AsOf, limit int) ([]projections.Activity, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) ([]projections.Activity, error) {
		query := "from ("
		for _, event := range []string{"JobSubmitted", "JobCompleted", "JobCancelled"} {
			query += `(
    select 'job' as kind, event_name as what, coalesce(event_data->>'worker', event_data->>'client') as who, event_data->>'job_id' as job_id,
           (event_data->>'payment')::numeric as amount, block_timestamp, tx_hash, block_number, log_offset
    from blockchain_events
    where contract_name = 'JobManager' and event_name = '` + event + `' and block_number <= $1 order by block_number desc, log_offset desc limit $2
) union all `
		}
		list, err := collect[projections.Activity](ctx, tx, query+`(
    select 'payment', payment_type, worker_address, job_id::text, amount, block_timestamp, tx_hash, block_number, log_offset
    from payments where block_number <= $1 order by log_offset desc limit $2
) union all (
    select 'staking', event_type, worker_address, null, amount, block_timestamp, tx_hash, block_number, log_offset
    from staking_events where block_number <= $1 order by log_offset desc limit $2
)) a
order by log_offset desc, kind limit $2`, tx.at.Block, limit)
		if err != nil {
			return nil, fmt.Errorf("recent activity: %w", err)
		}
		return list, nil
	})
}

// Dashboard returns the numbers of the first page.
func (q *Questions) Dashboard(ctx context.Context, as projections.AsOf) (projections.DashboardStats, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (d projections.DashboardStats, err error) {
		if d.NetworkStats, d.Jobs, err = tx.networkStats(ctx); err != nil {
			return d, err
		}
		day, err := tx.paidSince(ctx, "", 24*time.Hour)
		if err != nil {
			return d, err
		}
		type paid struct {
			Sum schemas.Amount `db:"sum"`
		}
		all, _, err := collectOne[paid](ctx, tx, "from (select coalesce(sum(paid_amount), 0) as sum from "+tx.table("network_hours")+" h) p")
		if err != nil {
			return d, fmt.Errorf("sum up payments: %w", err)
		}
		d.Paid, d.PaidDay = all.Sum, day.Sum
		if err := tx.QueryRow(ctx, "select count(distinct worker_address) from "+tx.table("jobs")+" j where status = 'assigned'").Scan(&d.Busy); err != nil {
			return d, fmt.Errorf("count busy workers: %w", err)
		}
		if !tx.telemetry {
			return d, nil
		}
		err = tx.QueryRow(ctx, "select coalesce(sum(gpu_count), 0)::bigint from "+tx.alive()+" a").Scan(&d.Reported)
		if err != nil {
			return d, fmt.Errorf("count GPUs: %w", err)
		}
		return d, nil
	})
}
