package pg

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Questions answers what the API asks of the read models. Each answer and the place in the log that it is of are read in one
// snapshot. What is asked as of a past block is answered from the versions that held then; what workers reported is not known of
// the past.
type Questions struct {
	pool     *pgxpool.Pool
	entities map[string]entitySQL // by table
}

// NewQuestions returns the questions to a database.
func NewQuestions(pool *pgxpool.Pool) *Questions {
	q := &Questions{pool: pool, entities: map[string]entitySQL{}}
	for _, m := range projections.Chain().Entities {
		q.entities[m.Table] = newEntitySQL(m)
	}
	return q
}

// Ping tells whether the database answers.
func (q *Questions) Ping(ctx context.Context) error { return q.pool.Ping(ctx) }

// snapshot is a transaction that sees one state of the database, and the moment that a question is about.
type snapshot struct {
	pgx.Tx
	q    *Questions
	at   projections.Freshness
	past bool
}

// ask runs f in a snapshot of its own, together with the place that the snapshot is of.
func ask[T any](ctx context.Context, q *Questions, as projections.AsOf, f func(snapshot) (T, error)) (answer T, at projections.Freshness, err error) {
	err = pgx.BeginTxFunc(ctx, q.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if at, err = freshness(ctx, tx, as); err != nil {
			return err
		}
		answer, err = f(snapshot{tx, q, at, as.Past()})
		return err
	})
	return answer, at, err
}

func freshness(ctx context.Context, tx pgx.Tx, as projections.AsOf) (at projections.Freshness, err error) {
	const newest = `
select b.number, b.hash, b.time, r.next_offset
from (select number, hash, time from blocks where sealed order by number desc limit 1) b
cross join readers r where r.reader = $1`
	err = tx.QueryRow(ctx, newest, ChainReader).Scan(&at.Block, &at.Hash, &at.Time, &at.Next)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	} else {
		at.Known = err == nil
	}
	if err != nil || !as.Past() {
		return at, err
	}
	notIndexed := &projections.NotIndexed{Newest: at.Block}
	// A block without events may be in no row: its state is that of the block before.
	query, arg := "", any(nil)
	if as.Block != nil {
		notIndexed.Asked, arg = fmt.Sprintf("block %d", *as.Block), int64(min(*as.Block, math.MaxInt64))
		query = "select number, hash, time from blocks where number <= $1 order by number desc limit 1"
		if !at.Known || arg.(int64) > at.Block {
			arg = int64(-1)
		}
	} else {
		notIndexed.Asked, arg = as.Time.UTC().Format(time.RFC3339), *as.Time
		query = "select number, hash, time from blocks where time <= $1 order by number desc limit 1"
	}
	err = tx.QueryRow(ctx, query, arg).Scan(&at.Block, &at.Hash, &at.Time)
	if errors.Is(err, pgx.ErrNoRows) {
		if err := tx.QueryRow(ctx, "select coalesce(min(number), 0) from blocks").Scan(&notIndexed.First); err != nil {
			return at, err
		}
		return at, notIndexed
	}
	if as.Block != nil && at.Block != int64(*as.Block) {
		at.Block, at.Hash = int64(*as.Block), "" // a quiet block inside a chunk: the log does not have its hash
	}
	return at, err
}

// table is what a query names to see an entity's rows as they were at the snapshot's moment: for one row by its key, for joins by key,
// and for sums over all rows. A list is a [snapshot.walk].
func (s snapshot) table(name string) string {
	if !s.past {
		return name
	}
	return fmt.Sprintf(`(select %[1]s from %[2]s r where valid_from <= %[3]d
union all select %[1]s from %[2]s_versions r where valid_from <= %[3]d and valid_to > %[3]d)`, s.q.entities[name].names("r"), name, s.at.Block)
}

// Query and QueryRow keep no plans of queries about the past: each names its block.

func (s snapshot) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return s.Tx.Query(ctx, sql, s.planned(args)...)
}

func (s snapshot) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return s.Tx.QueryRow(ctx, sql, s.planned(args)...)
}

func (s snapshot) planned(args []any) []any {
	if !s.past {
		return args
	}
	return append([]any{pgx.QueryExecModeDescribeExec}, args...)
}

// alive joins the newest heartbeat of each worker with how long ago it was by its partition's own time. Nothing of it is known of the
// past.
func (s snapshot) alive() string {
	const now = `(select h.*, r.log_time - h.heartbeat_time as age
from heartbeats_latest h join readers r on r.reader = 'heartbeats' and r.part = h.part)`
	if s.past {
		return "(select * from " + now + " n where false)"
	}
	return now
}

// NetworkStats returns the network's numbers.
func (q *Questions) NetworkStats(ctx context.Context, as projections.AsOf) (projections.NetworkStats, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (s projections.NetworkStats, err error) {
		workers := `
select count(*), count(*) filter (where a.age < interval '2 minutes'), coalesce(sum(w.staked_amount), 0)::text
from ` + tx.table("workers") + ` w left join ` + tx.alive() + ` a on a.worker_address = w.address
where w.registered_at is not null`
		var staked string
		var active int64
		if err := tx.QueryRow(ctx, workers).Scan(&s.Workers, &active, &staked); err != nil {
			return s, fmt.Errorf("count workers: %w", err)
		}
		if !tx.past {
			s.ActiveWorkers = &active
		}
		if s.Staked, err = schemas.ParseAmount(staked); err != nil {
			return s, err
		}
		tiers := `
select lower(gpu_tier), count(*) from ` + tx.table("workers") + ` w where registered_at is not null and gpu_tier is not null group by 1`
		if s.ByTier, err = counts(ctx, tx, tiers); err != nil {
			return s, fmt.Errorf("count tiers: %w", err)
		}
		if s.JobsByStatus, err = counts(ctx, tx, "select status, count(*) from "+tx.table("jobs")+" j group by 1"); err != nil {
			return s, fmt.Errorf("count jobs: %w", err)
		}
		times := `
select count(*) filter (where submitted_at > $1),
       count(*) filter (where completed_at > $2),
       avg(extract(epoch from completed_at - assigned_at))::float8,
       coalesce(sum(extract(epoch from completed_at - assigned_at)), 0)::float8 / 3600
from ` + tx.table("jobs") + ` j`
		if err := tx.QueryRow(ctx, times, tx.at.Time.Add(-24*time.Hour), tx.at.Time.Add(-24*time.Hour)).
			Scan(&s.JobsLastDay, &s.CompletedLastDay, &s.AvgSeconds, &s.ComputeHours); err != nil {
			return s, fmt.Errorf("time jobs: %w", err)
		}
		const proofs = `
select count(*) from blockchain_events
where contract_name in ('ProofVerifier', 'StwoVerifier') and event_name = 'ProofVerified' and block_number <= $1`
		if err := tx.QueryRow(ctx, proofs, tx.at.Block).Scan(&s.Proofs); err != nil {
			return s, fmt.Errorf("count proofs: %w", err)
		}
		return s, nil
	})
}

func counts(ctx context.Context, tx snapshot, query string) (map[string]int64, error) {
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

func (s snapshot) workerTables() string {
	return `
from ` + s.table("workers") + ` w
left join ` + s.table("reputations") + ` p on p.worker_id = w.worker_id
left join ` + s.alive() + ` a on a.worker_address = w.address`
}

// Workers returns the registered workers, those with most completed jobs first, and how many there are in all.
func (q *Questions) Workers(ctx context.Context, as projections.AsOf, limit int) (list []projections.WorkerView, total int64, at projections.Freshness, err error) {
	list, at, err = ask(ctx, q, as, func(tx snapshot) ([]projections.WorkerView, error) {
		if err := tx.QueryRow(ctx, "select count(*) from "+tx.table("workers")+" w where registered_at is not null").Scan(&total); err != nil {
			return nil, fmt.Errorf("count workers: %w", err)
		}
		page := "select " + workerColumns + tx.workerTables() + `
where w.registered_at is not null
order by w.jobs_completed desc, w.address
limit $1`
		rows, err := tx.Query(ctx, page, limit)
		if err != nil {
			return nil, fmt.Errorf("list workers: %w", err)
		}
		return pgx.CollectRows(rows, workerView)
	})
	return list, total, at, err
}

// Worker returns one worker; ok is false where the chain has never told of the account.
func (q *Questions) Worker(ctx context.Context, as projections.AsOf, address schemas.Address) (w projections.WorkerStatus, ok bool, at projections.Freshness, err error) {
	w, at, err = ask(ctx, q, as, func(tx snapshot) (w projections.WorkerStatus, err error) {
		one := "select " + workerColumns + tx.workerTables() + " where w.address = $1"
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
		open := "select count(*) from " + tx.table("jobs") + " j where worker_address = $1 and status = 'assigned'"
		if err := tx.QueryRow(ctx, open, address.String()).Scan(&w.JobsInProgress); err != nil {
			return w, err
		}
		if tx.past {
			return w, nil
		}
		since := w.RegisteredAt
		if since == nil {
			since = new(time.Unix(0, 0))
		}
		up, err := uptimeOf(ctx, tx, address, *since, 24*time.Hour)
		w.UptimePercent = up.percent()
		return w, err
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
func (q *Questions) RecentJobs(ctx context.Context, as projections.AsOf, status string, limit int) (list []projections.JobView, total int64, at projections.Freshness, err error) {
	list, at, err = ask(ctx, q, as, func(tx snapshot) ([]projections.JobView, error) {
		if err := tx.QueryRow(ctx, "select count(*) from "+tx.table("jobs")+" j where $1 = '' or status = $1", status).Scan(&total); err != nil {
			return nil, fmt.Errorf("count jobs: %w", err)
		}
		p := walk{limit: limit}
		if status != "" {
			p.by, p.value = "status", status
		}
		var args []any
		list := `
select job_id::text, job_type, status, client_address, worker_address, payment_amount::text, paid_amount::text,
       submitted_at, assigned_at, completed_at, valid_from
from ` + tx.walk("jobs", p, &args) + ` j
order by ` + tx.order("j", "jobs", false)
		rows, err := tx.Query(ctx, list, args...)
		if err != nil {
			return nil, fmt.Errorf("list jobs: %w", err)
		}
		return pgx.CollectRows(rows, jobView)
	})
	return list, total, at, err
}

// EachJob gives every job to row, in the order of [Questions.RecentJobs], as the database tells them: the list is never held whole. Begin is
// given the place that they are of before the first.
func (q *Questions) EachJob(ctx context.Context, as projections.AsOf, status string, begin func(projections.Freshness), row func(projections.JobView) error) error {
	_, _, err := ask(ctx, q, as, func(tx snapshot) (none struct{}, err error) {
		list := `
select job_id::text, job_type, status, client_address, worker_address, payment_amount::text, paid_amount::text,
       submitted_at, assigned_at, completed_at, valid_from
from ` + tx.table("jobs") + ` j
where $1 = '' or status = $1
order by ` + tx.order("j", "jobs", false)
		rows, err := tx.Query(ctx, list, status)
		if err != nil {
			return none, err
		}
		defer rows.Close()
		begin(tx.at)
		for rows.Next() {
			j, err := jobView(rows)
			if err != nil {
				return none, err
			}
			if err := row(j); err != nil {
				return none, err
			}
		}
		return none, rows.Err()
	})
	if err != nil {
		return fmt.Errorf("each job: %w", err)
	}
	return nil
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

// Digest returns the digest of the chain read models.
func (q *Questions) Digest(ctx context.Context, as projections.AsOf) (projections.StateDigest, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (d projections.StateDigest, err error) {
		d.Block = uint64(max(tx.at.Block, 0))
		var changed int64
		var raw []byte
		err = tx.QueryRow(ctx, "select block_number, digest from state_digests where block_number <= $1 order by block_number desc limit 1", tx.at.Block).Scan(&changed, &raw)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return d, err
		}
		d.ChangedAt = uint64(changed)
		copy(d.Digest[:], raw)
		d.Versions, err = storedVersions(ctx, tx, ChainReader)
		return d, err
	})
}
