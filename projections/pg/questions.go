package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Questions answers what the API asks of the read models. Each answer and the place in the log that it is of are read in one
// snapshot.
type Questions struct{ pool *pgxpool.Pool }

// NewQuestions returns the questions to a database.
func NewQuestions(pool *pgxpool.Pool) *Questions { return &Questions{pool} }

// Ping tells whether the database answers.
func (q *Questions) Ping(ctx context.Context) error { return q.pool.Ping(ctx) }

// ask runs f in a snapshot of its own, together with the place that the snapshot is of.
func ask[T any](ctx context.Context, q *Questions, f func(pgx.Tx, projections.Freshness) (T, error)) (answer T, at projections.Freshness, err error) {
	err = pgx.BeginTxFunc(ctx, q.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if at, err = freshness(ctx, tx); err != nil {
			return err
		}
		answer, err = f(tx, at)
		return err
	})
	return answer, at, err
}

func freshness(ctx context.Context, tx pgx.Tx) (projections.Freshness, error) {
	const place = `
select b.number, b.hash, b.time, r.next_offset
from (select number, hash, time from blocks where sealed order by number desc limit 1) b
cross join readers r where r.reader = $1`
	var at projections.Freshness
	err := tx.QueryRow(ctx, place, ChainReader).Scan(&at.Block, &at.Hash, &at.Time, &at.Next)
	if errors.Is(err, pgx.ErrNoRows) {
		return at, nil
	}
	at.Known = err == nil
	return at, err
}

// alive joins the newest heartbeat of each worker with how long ago it was by its partition's own time.
const alive = `
select h.*, r.log_time - h.heartbeat_time as age
from heartbeats_latest h
join readers r on r.reader = 'heartbeats' and r.part = h.part`

// NetworkStats returns the network's numbers.
func (q *Questions) NetworkStats(ctx context.Context) (projections.NetworkStats, projections.Freshness, error) {
	return ask(ctx, q, func(tx pgx.Tx, at projections.Freshness) (s projections.NetworkStats, err error) {
		const workers = `
select count(*), count(*) filter (where a.age < interval '2 minutes'), coalesce(sum(w.staked_amount), 0)::text
from workers w left join (` + alive + `) a on a.worker_address = w.address
where w.registered_at is not null`
		var staked string
		if err := tx.QueryRow(ctx, workers).Scan(&s.Workers, &s.ActiveWorkers, &staked); err != nil {
			return s, fmt.Errorf("count workers: %w", err)
		}
		if s.Staked, err = schemas.ParseAmount(staked); err != nil {
			return s, err
		}
		const tiers = `
select lower(gpu_tier), count(*) from workers where registered_at is not null and gpu_tier is not null group by 1`
		if s.ByTier, err = counts(ctx, tx, tiers); err != nil {
			return s, fmt.Errorf("count tiers: %w", err)
		}
		if s.JobsByStatus, err = counts(ctx, tx, "select status, count(*) from jobs group by 1"); err != nil {
			return s, fmt.Errorf("count jobs: %w", err)
		}
		const times = `
select count(*) filter (where submitted_at > $1),
       count(*) filter (where completed_at > $2),
       avg(extract(epoch from completed_at - assigned_at))::float8,
       coalesce(sum(extract(epoch from completed_at - assigned_at)), 0)::float8 / 3600
from jobs`
		if err := tx.QueryRow(ctx, times, at.Time.Add(-24*time.Hour), at.Time.Add(-24*time.Hour)).
			Scan(&s.JobsLastDay, &s.CompletedLastDay, &s.AvgSeconds, &s.ComputeHours); err != nil {
			return s, fmt.Errorf("time jobs: %w", err)
		}
		const proofs = `
select count(*) from blockchain_events
where contract_name in ('ProofVerifier', 'StwoVerifier') and event_name = 'ProofVerified'`
		if err := tx.QueryRow(ctx, proofs).Scan(&s.Proofs); err != nil {
			return s, fmt.Errorf("count proofs: %w", err)
		}
		return s, nil
	})
}

func counts(ctx context.Context, tx pgx.Tx, query string) (map[string]int64, error) {
	rows, err := tx.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	out := map[string]int64{}
	var name string
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&name, &n}, func() error {
		out[name] = n
		return nil
	})
	return out, err
}

// workerColumns are those of [projections.WorkerView], for a query that names workers w, reputations p and the newest
// heartbeats a.
const workerColumns = `
w.address, w.worker_id, w.registered_at, w.staked_amount::text, w.gpu_tier, w.stake_active, w.jobs_completed,
w.total_earnings::text, p.score, a.heartbeat_time, extract(epoch from a.age)::float8, a.gpu_count, a.gpu_utilization_avg`

const workerTables = `
from workers w
left join reputations p on p.worker_id = w.worker_id
left join (` + alive + `) a on a.worker_address = w.address`

// Workers returns the registered workers, those with most completed jobs first, and how many there are in all.
func (q *Questions) Workers(ctx context.Context, limit int) (list []projections.WorkerView, total int64, at projections.Freshness, err error) {
	const page = "select " + workerColumns + workerTables + `
where w.registered_at is not null
order by w.jobs_completed desc, w.address
limit $1`
	list, at, err = ask(ctx, q, func(tx pgx.Tx, _ projections.Freshness) ([]projections.WorkerView, error) {
		if err := tx.QueryRow(ctx, "select count(*) from workers where registered_at is not null").Scan(&total); err != nil {
			return nil, fmt.Errorf("count workers: %w", err)
		}
		rows, err := tx.Query(ctx, page, limit)
		if err != nil {
			return nil, fmt.Errorf("list workers: %w", err)
		}
		return pgx.CollectRows(rows, workerView)
	})
	return list, total, at, err
}

// Worker returns one worker; ok is false where the chain has never told of the account.
func (q *Questions) Worker(ctx context.Context, address schemas.Address) (w projections.WorkerStatus, ok bool, at projections.Freshness, err error) {
	const one = "select " + workerColumns + workerTables + " where w.address = $1"
	const open = "select count(*) from jobs where worker_address = $1 and status = 'assigned'"
	// A minute counts once however many heartbeats it has; the day begins no earlier than the registration.
	const uptime = `
select 100 * count(distinct date_trunc('minute', h.heartbeat_time))::float8
       / greatest(1, extract(epoch from t.now - greatest(t.now - interval '24 hours', $2::timestamptz)) / 60)
from (select max(log_time) as now from readers where reader = 'heartbeats') t
left join heartbeats h on h.worker_address = $1
     and h.heartbeat_time > greatest(t.now - interval '24 hours', $2::timestamptz) and h.heartbeat_time <= t.now
where t.now is not null
group by t.now`
	w, at, err = ask(ctx, q, func(tx pgx.Tx, _ projections.Freshness) (w projections.WorkerStatus, err error) {
		rows, err := tx.Query(ctx, one, address.String())
		if err != nil {
			return w, err
		}
		w.WorkerView, err = pgx.CollectExactlyOneRow(rows, workerView)
		if errors.Is(err, pgx.ErrNoRows) {
			return w, nil
		}
		if err != nil {
			return w, err
		}
		ok = true
		if err := tx.QueryRow(ctx, open, address.String()).Scan(&w.JobsInProgress); err != nil {
			return w, err
		}
		since := w.RegisteredAt
		if since == nil {
			since = new(time.Unix(0, 0))
		}
		var percent float64
		switch err := tx.QueryRow(ctx, uptime, address.String(), *since).Scan(&percent); {
		case err == nil:
			w.UptimePercent = new(min(100, percent))
		case !errors.Is(err, pgx.ErrNoRows):
			return w, err
		}
		return w, nil
	})
	if err != nil {
		return w, false, at, fmt.Errorf("worker %s: %w", address, err)
	}
	return w, ok, at, nil
}

func workerView(row pgx.CollectableRow) (w projections.WorkerView, err error) {
	var address, staked, earnings string
	err = row.Scan(&address, &w.WorkerID, &w.RegisteredAt, &staked, &w.Tier, &w.StakeActive, &w.JobsCompleted,
		&earnings, &w.Reputation, &w.LastHeartbeat, &w.HeartbeatAge, &w.GPUCount, &w.GPUUtilization)
	if err != nil {
		return w, err
	}
	if w.Address, err = schemas.ParseAddress(address); err != nil {
		return w, err
	}
	if w.Staked, err = schemas.ParseAmount(staked); err != nil {
		return w, err
	}
	w.Earnings, err = schemas.ParseAmount(earnings)
	return w, err
}

// RecentJobs returns the newest jobs, all or those of one status, and how many there are in all.
func (q *Questions) RecentJobs(ctx context.Context, status string, limit int) (list []projections.JobView, total int64, at projections.Freshness, err error) {
	const page = `
select job_id::text, job_type, status, client_address, worker_address, payment_amount::text, paid_amount::text,
       submitted_at, assigned_at, completed_at, valid_from
from jobs
where $1 = '' or status = $1
order by submitted_at desc nulls last, jobs.job_id desc
limit $2`
	list, at, err = ask(ctx, q, func(tx pgx.Tx, _ projections.Freshness) ([]projections.JobView, error) {
		if err := tx.QueryRow(ctx, "select count(*) from jobs where $1 = '' or status = $1", status).Scan(&total); err != nil {
			return nil, fmt.Errorf("count jobs: %w", err)
		}
		rows, err := tx.Query(ctx, page, status, limit)
		if err != nil {
			return nil, fmt.Errorf("list jobs: %w", err)
		}
		return pgx.CollectRows(rows, jobView)
	})
	return list, total, at, err
}

func jobView(row pgx.CollectableRow) (j projections.JobView, err error) {
	var payment, paid *string
	err = row.Scan(&j.ID, &j.Type, &j.Status, &j.Client, &j.Worker, &payment, &paid,
		&j.SubmittedAt, &j.AssignedAt, &j.CompletedAt, &j.Block)
	if err != nil {
		return j, err
	}
	if j.Payment, err = amount(payment); err != nil {
		return j, err
	}
	j.Paid, err = amount(paid)
	return j, err
}

func amount(text *string) (*schemas.Amount, error) {
	if text == nil {
		return nil, nil
	}
	a, err := schemas.ParseAmount(*text)
	return &a, err
}

// Digest returns the digest of the chain read models as of a block, and the block that it is of: the newest one up to that which changed
// anything. Without a block it is the newest one that the read models hold. Ok is false where they do not hold the block yet.
func (q *Questions) Digest(ctx context.Context, block *uint64) (d projections.StateDigest, ok bool, at projections.Freshness, err error) {
	d, at, err = ask(ctx, q, func(tx pgx.Tx, at projections.Freshness) (d projections.StateDigest, err error) {
		d.Block = uint64(max(at.Block, 0))
		if block != nil {
			d.Block = *block
		}
		if ok = d.Block <= uint64(max(at.Block, 0)); !ok {
			return d, nil
		}
		var changed int64
		var raw []byte
		err = tx.QueryRow(ctx, "select block_number, digest from state_digests where block_number <= $1 order by block_number desc limit 1", int64(d.Block)).Scan(&changed, &raw)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return d, err
		}
		d.ChangedAt = uint64(changed)
		copy(d.Digest[:], raw)
		d.Versions, err = storedVersions(ctx, tx, ChainReader)
		return d, err
	})
	return d, ok, at, err
}
