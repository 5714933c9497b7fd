package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// jobs are the rows of [projections.JobView]. Of results only OptimisticTEE tells.
func (s snapshot) jobs(rows string) string {
	return "(select j.*, (select p.proof_hash from " + s.table("proofs") + " p where p.proof_id = 'OptimisticTEE/' || j.job_id) as result_hash\nfrom " +
		rows + " j) j"
}

// jobList is the list of jobs that a filter leaves.
func (s snapshot) jobList(f projections.JobFilter, sort string) list {
	jobs := s.table("jobs")
	l := list{from: s.jobs(jobs), counted: jobs + " j", order: creation("job_id", "numeric"), walked: "jobs", over: s.jobs}
	switch sort {
	case "completed_at":
		l.order[0] = order{"coalesce(completed_at, '-infinity')", "timestamptz"}
	case "payment_amount":
		l.order[0] = order{"coalesce(payment_amount, -1)", "numeric"}
	}
	l.filterByHistory("client_address", f.Client)
	l.filterByHistory("worker_address", f.Worker)
	l.filterByHistory("status", f.Status)
	l.filterBy("job_type", f.Type)
	l.filterSpan("submitted_at", f.Span)
	return l
}

// Jobs returns jobs, the newest first.
func (q *Questions) Jobs(ctx context.Context, as projections.AsOf, f projections.JobFilter, p projections.Page) (projections.Listed[projections.JobView], projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.Listed[projections.JobView], error) {
		found, err := page[projections.JobView](ctx, tx, tx.jobList(f, p.Sort), p)
		if err != nil {
			return found, fmt.Errorf("list jobs: %w", err)
		}
		return found, nil
	})
}

// EachJob gives every job of the list of [Questions.Jobs] to row, see [each].
func (q *Questions) EachJob(ctx context.Context, as projections.AsOf, f projections.JobFilter, p projections.Page, begin func(projections.Freshness), row func(projections.JobView) error) error {
	return each(ctx, q, as, p, func(tx snapshot) list { return tx.jobList(f, p.Sort) }, begin, row)
}

// Job returns one job with what happened to it; ok is false where the chain has never told of it.
func (q *Questions) Job(ctx context.Context, as projections.AsOf, id schemas.Amount) (j projections.JobDetail, ok bool, at projections.Freshness, err error) {
	j, at, err = ask(ctx, q, as, func(tx snapshot) (j projections.JobDetail, err error) {
		if j.JobView, ok, err = collectOne[projections.JobView](ctx, tx, "from "+tx.jobs(tx.table("jobs"))+" where job_id = $1::text::numeric", id.String()); err != nil || !ok {
			return j, err
		}
		if j.Proofs, err = collect[projections.ProofView](ctx, tx, "from "+tx.proofs(tx.table("proofs"))+" where job_id = $1::text::numeric order by created_block, proof_id", id.String()); err != nil {
			return j, err
		}
		// All versions up to the snapshot's moment.
		const versions = `
from (select %[1]s from %[2]s where job_id = $1::text::numeric
      union all select %[1]s from %[2]s_versions where job_id = $1::text::numeric) v where valid_from <= $2 order by valid_from`
		shaped, err := collect[projections.JobVersion](ctx, tx, fmt.Sprintf(versions, "valid_from, tx_hash, submitted_at, assigned_at, completed_at, cancelled_at", "jobs"), id.String(), tx.at.Block)
		if err != nil {
			return j, err
		}
		paid, err := collect[projections.PaymentVersion](ctx, tx, fmt.Sprintf(versions, "valid_from, tx_hash, registered_at, ready_at, released_at, paid_at", "job_payments"), id.String(), tx.at.Block)
		j.Timeline = projections.Timeline(shaped, paid, j.Proofs)
		return j, err
	})
	if err != nil {
		return j, false, at, fmt.Errorf("job %s: %w", id, err)
	}
	return j, ok, at, nil
}

// JobStats returns the jobs in numbers, all of them or those of one worker.
func (q *Questions) JobStats(ctx context.Context, as projections.AsOf) (projections.JobStats, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.JobStats, error) { return tx.jobStats(ctx) })
}

func (s snapshot) jobStats(ctx context.Context) (j projections.JobStats, err error) {
	jobs := s.table("jobs")
	j.ByStatus, err = collect[projections.JobNumbers](ctx, s, `
from (select status, count(*) as count, count(completed_at - assigned_at) as timed,
             coalesce(sum(extract(epoch from completed_at - assigned_at)), 0)::float8 as seconds,
             coalesce(sum(payment_amount), 0) as payment, coalesce(sum(paid_amount), 0) as paid, count(paid_amount) as paid_for
      from `+jobs+` j group by status) j
order by count desc, status`)
	if err != nil {
		return j, fmt.Errorf("count jobs: %w", err)
	}
	j.ByType, err = collect[projections.Count](ctx, s, `
from (select job_type as name, count(*) as count from `+jobs+` j where job_type is not null group by 1) t
order by count desc, name limit 10`)
	if err != nil {
		return j, fmt.Errorf("count types of jobs: %w", err)
	}
	err = s.QueryRow(ctx, fmt.Sprintf(`
select (select count(*) from %[1]s j where submitted_at > %[2]s),
       (select count(*) from %[1]s j where submitted_at > %[3]s),
       (select count(*) from %[1]s j where coalesce(completed_at, '-infinity') > %[2]s)`, jobs, s.ago(24*time.Hour), s.ago(7*24*time.Hour))).Scan(&j.LastDay, &j.LastWeek, &j.CompletedLastDay)
	if err != nil {
		return j, fmt.Errorf("count recent jobs: %w", err)
	}
	j.HourOfDay, err = collect[projections.HourCount](ctx, s, `
from (select extract(hour from hour at time zone 'UTC')::bigint as hour, sum(jobs_submitted)::bigint as count
      from `+s.table("network_hours")+` n group by 1) h
where count > 0 order by hour`)
	if err != nil {
		return j, fmt.Errorf("count jobs by the hour: %w", err)
	}
	return j, nil
}
