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
	journals []projections.JournalModel
}

// NewQuestions returns the questions to a database.
func NewQuestions(pool *pgxpool.Pool) *Questions {
	set := projections.Chain()
	q := &Questions{pool: pool, entities: map[string]entitySQL{}, journals: set.Journals}
	for _, m := range set.Entities {
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
	// telemetry tells whether what workers report now is told.
	telemetry bool
}

// ask runs f in a snapshot of its own, together with the place that the snapshot is of.
func ask[T any](ctx context.Context, q *Questions, as projections.AsOf, f func(snapshot) (T, error)) (answer T, at projections.Freshness, err error) {
	err = pgx.BeginTxFunc(ctx, q.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if at, err = freshness(ctx, tx, as); err != nil {
			return err
		}
		answer, err = f(snapshot{tx, q, at, as.Past(), !as.Past()})
		return err
	})
	return answer, at, err
}

func freshness(ctx context.Context, tx pgx.Tx, as projections.AsOf) (at projections.Freshness, err error) {
	const newest = `
select b.number, b.hash, b.time, r.next_offset, coalesce((r.state->'final'->>'number')::bigint, -1)
from (select number, hash, time from blocks where sealed order by number desc limit 1) b
cross join readers r where r.reader = $1`
	var final int64
	err = tx.QueryRow(ctx, newest, ChainReader).Scan(&at.Block, &at.Hash, &at.Time, &at.Next, &final)
	defer func() {
		if at.Finality = schemas.AcceptedOnL2; at.Block <= final {
			at.Finality = schemas.AcceptedOnL1
		}
	}()
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
	if !s.telemetry {
		return "(select * from " + now + " n where false)"
	}
	return now
}

// NetworkStats returns the network's numbers.
func (q *Questions) NetworkStats(ctx context.Context, as projections.AsOf) (projections.NetworkStats, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.NetworkStats, error) {
		s, _, err := tx.networkStats(ctx)
		return s, err
	})
}

func (s snapshot) networkStats(ctx context.Context) (n projections.NetworkStats, jobs projections.JobStats, err error) {
	workers := `
select count(*), count(*) filter (where a.age < interval '2 minutes'), coalesce(sum(w.staked_amount), 0)::text
from ` + s.table("workers") + ` w left join ` + s.alive() + ` a on a.worker_address = w.address
where w.registered_at is not null`
	var staked string
	var active int64
	if err := s.QueryRow(ctx, workers).Scan(&n.Workers, &active, &staked); err != nil {
		return n, jobs, fmt.Errorf("count workers: %w", err)
	}
	if s.telemetry {
		n.ActiveWorkers = &active
	}
	if n.Staked, err = schemas.ParseAmount(staked); err != nil {
		return n, jobs, err
	}
	tiers := `
select lower(gpu_tier), count(*) from ` + s.table("workers") + ` w where registered_at is not null and gpu_tier is not null group by 1`
	if n.ByTier, err = counts(ctx, s, tiers); err != nil {
		return n, jobs, fmt.Errorf("count tiers: %w", err)
	}
	if jobs, err = s.jobStats(ctx); err != nil {
		return n, jobs, err
	}
	n.JobsByStatus = map[string]int64{}
	for _, by := range jobs.ByStatus {
		n.JobsByStatus[by.Status] = by.Count
	}
	n.JobsLastDay, n.CompletedLastDay, n.AvgSeconds, n.ComputeHours = jobs.LastDay, jobs.CompletedLastDay, jobs.MeanSeconds(), jobs.Numbers().Seconds/3600
	const proofs = `
select count(*) from blockchain_events
where contract_name in ('ProofVerifier', 'StwoVerifier') and event_name = 'ProofVerified' and block_number <= $1`
	if err := s.QueryRow(ctx, proofs, s.at.Block).Scan(&n.Proofs); err != nil {
		return n, jobs, fmt.Errorf("count proofs: %w", err)
	}
	rules, err := s.stakingRules(ctx)
	n.APYBps, _ = rules.RewardBps()
	return n, jobs, err
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
