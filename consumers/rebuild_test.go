package consumers_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/consumers"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// growingLog is a chain topic of which the first records are there, and the others come when they are let.
type growingLog struct {
	mu      sync.Mutex
	records []schemas.Record
	end     int
}

func (l *growingLog) grow(to int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end = min(to, len(l.records))
}

func (l *growingLog) Fetch(ctx context.Context, _ string, _ int32, offset int64) ([]schemas.Record, int64, error) {
	l.mu.Lock()
	records, end := l.records[min(offset, int64(l.end)):l.end], int64(l.end)
	l.mu.Unlock()
	if len(records) == 0 {
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Millisecond):
		}
		return nil, end, nil
	}
	return records[:min(len(records), 50)], end, nil
}

// rebuilding is a pg.Rebuild as the loop sees it.
type rebuilding struct{ *pg.Rebuild }

func (r rebuilding) Claim(ctx context.Context) (consumers.ChainLease, error) {
	return r.Rebuild.Claim(ctx, "rebuild")
}

func liveProjector(pool *pgxpool.Pool, source consumers.Source, set projections.Set) *consumers.ChainProjector {
	store := pg.NewChainStore(pool, set)
	return consumers.NewChainProjector(source, func(ctx context.Context) (consumers.ChainLease, error) { return store.Claim(ctx, "live") },
		set, consumers.NewMetrics(prometheus.NewRegistry()), slog.New(slog.DiscardHandler))
}

func rebuild(ctx context.Context, pool *pgxpool.Pool, source consumers.Source, set projections.Set) error {
	r, err := pg.StartRebuild(ctx, pool, set, pg.ToReplace)
	if err != nil {
		return err
	}
	defer r.Close()
	err = consumers.Rebuild(ctx, source, rebuilding{r}, set, consumers.NewMetrics(prometheus.NewRegistry()), slog.New(slog.DiscardHandler),
		func(consumers.RebuildProgress) {})
	return errors.Join(err, ctx.Err())
}

func untilStored(t *testing.T, p *consumers.ChainProjector, next int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); p.Status().Next < int64(next); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not stored in time: %+v", p.Status())
		}
	}
}

// TestRebuildInFlight spoils the read models that serve, and makes them anew while the log grows, the live reader goes on, readers ask
// all the time, one of them for long, and the rebuild is interrupted. What stands at the end is what the standing chain folds to.
func TestRebuildInFlight(t *testing.T) {
	pool := database(t)
	h := newHistory(t, 41, 400)
	log := &growingLog{records: h.log}
	log.grow(len(h.log) / 2)
	set := projections.Chain()
	running, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	live := liveProjector(pool, log, set)
	group.Go(func() {
		if err := live.Run(running); err != nil {
			t.Error(err)
		}
	})
	untilStored(t, live, len(h.log)/2-20)
	execute(t, pool, "update jobs set payment_amount = payment_amount + 1", "delete from blockchain_events where block_number % 3 = 0",
		"update state_digests set digest = sha256(digest)", "do $$ begin create role dashboard_reader; exception when duplicate_object then null; end $$", "grant select on jobs, indexer_state to dashboard_reader")
	indexes := text(t, pool, "select indexname from pg_indexes where schemaname = 'public' order by 1")

	var answered atomic.Int64
	group.Go(func() { // readers with prepared statements
		for ; running.Err() == nil; answered.Add(1) {
			var jobs, contracts int
			if err := pool.QueryRow(running, "select (select count(*) from jobs), (select count(*) from indexer_state)").Scan(&jobs, &contracts); err != nil && running.Err() == nil {
				t.Errorf("a reader sees %v", err)
			}
		}
	})
	group.Go(func() { // the log grows meanwhile
		for n := len(h.log) / 2; n < len(h.log); n += 3 {
			log.grow(n)
			time.Sleep(5 * time.Millisecond)
		}
		log.grow(len(h.log))
	})
	for range 3 { // interrupted, and begun again
		ctx, interrupt := context.WithTimeout(t.Context(), time.Duration(20+rand.IntN(60))*time.Millisecond)
		_ = rebuild(ctx, pool, log, set) // which may have been enough, or not
		interrupt()
	}
	long, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := long.QueryRow(t.Context(), "select count(*) from jobs").Scan(&n); err != nil {
		t.Fatal(err)
	}
	began := answered.Load()
	var before, after int64
	time.AfterFunc(10*time.Second, func() {
		before = answered.Load()
		_ = long.Rollback(context.WithoutCancel(t.Context()))
	})
	if err := rebuild(t.Context(), pool, log, set); err != nil {
		t.Fatal(err)
	}
	if after = answered.Load(); before < began+100 || after < before {
		t.Errorf("%d answers before the long read, %d at its end, %d after the swap", began, before, after)
	}
	log.grow(len(h.log))
	untilStored(t, live, len(h.log))
	stop()
	group.Wait()

	for table, want := range expected(t, h.chain) {
		if got := dump(t, pool, table); !slices.Equal(got, want) {
			t.Errorf("%s: %s", table, firstDifference(got, want))
		}
	}
	if got := text(t, pool, "select indexname from pg_indexes where schemaname = 'public' order by 1"); !slices.Equal(got, indexes) {
		t.Errorf("indexes: %s", firstDifference(got, indexes))
	}
	execute(t, pool, "set role dashboard_reader; select count(*) from jobs; select count(*) from indexer_state; reset role")
	if left := text(t, pool, "select nspname from pg_namespace where nspname like 'chain_rebuild'"); len(left) > 0 {
		t.Errorf("schemas are left: %v", left)
	}
}

// TestSomeReadModelsAreMadeAnew spoils two of the read models, and has one of them made anew while the log grows and the live reader goes on. The
// other one stays as it is, and so do the digests.
func TestSomeReadModelsAreMadeAnew(t *testing.T) {
	pool := database(t)
	h := newHistory(t, 43, 300)
	log := &growingLog{records: h.log}
	log.grow(len(h.log) / 2)
	set := projections.Chain()
	running, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	live := liveProjector(pool, log, set)
	group.Go(func() {
		if err := live.Run(running); err != nil {
			t.Error(err)
		}
	})
	untilStored(t, live, len(h.log)/2-20)
	const identities = "select name::regclass::oid::text from unnest(array['jobs', 'stakes']) with ordinality as u(name, n) order by n"
	tables := text(t, pool, identities)
	execute(t, pool, "update jobs_versions set payment_amount = coalesce(payment_amount, 0) + 1", "update stakes_versions set slashed_amount = coalesce(slashed_amount, 0) + 1000000")
	var growth sync.WaitGroup
	growth.Go(func() {
		for n := len(h.log) / 2; n < len(h.log)*3/4; n += 3 {
			log.grow(n)
			time.Sleep(20 * time.Millisecond)
		}
	})
	if _, err := set.Only([]string{"jobs", "jbos"}); err == nil {
		t.Error("a read model that there is not has no error")
	}
	part, err := set.Only([]string{"jobs", "payments"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := pg.StartPartialRebuild(t.Context(), pool, part)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	err = consumers.Rebuild(t.Context(), log, rebuilding{r}, part, consumers.NewMetrics(prometheus.NewRegistry()), slog.New(slog.DiscardHandler), func(consumers.RebuildProgress) {})
	if err != nil {
		t.Fatal(err)
	}
	growth.Wait()
	log.grow(len(h.log))
	untilStored(t, live, len(h.log))
	stop()
	group.Wait()
	for table, want := range expected(t, h.chain) {
		got := dump(t, pool, table)
		if spoiled := strings.HasPrefix(table, "stakes"); !spoiled && !slices.Equal(got, want) {
			t.Errorf("%s: %s", table, firstDifference(got, want))
		}
	}
	if got := text(t, pool, identities); got[0] == tables[0] || got[1] != tables[1] {
		t.Errorf("jobs and stakes are the tables %q, and were %q", got, tables)
	}
	stored := text(t, pool, "select versions->>'workers' || ' ' || (versions->>'jobs') from readers where reader = 'chain'")
	if want := fmt.Sprint(set.Versions()["workers"], " ", set.Versions()["jobs"]); !slices.Equal(stored, []string{want}) {
		t.Errorf("versions %v, want %s", stored, want)
	}
}

// TestOutdatedReadModelsAreMadeAnew deploys a program with a newer fold, and then the older one again. The network's numbers by the hour are
// the same before and after: those of the chain, and those of telemetry, of which each partition has a share.
func TestOutdatedReadModelsAreMadeAnew(t *testing.T) {
	pool := database(t)
	h := newHistory(t, 42, 60)
	log := &growingLog{records: h.log, end: len(h.log)}
	set := projections.Chain()
	ctx, stop := context.WithCancel(t.Context())
	first, done := liveProjector(pool, log, set), make(chan error, 1)
	go func() { done <- first.Run(ctx) }()
	untilStored(t, first, len(h.log))
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}

	execute(t, pool, `insert into telemetry_hour (part, hour, heartbeats, utilization_sum, utilization_count, log_offset)
		select n, '2026-01-01Z', 10 + n, 5000 * n, n, n from generate_series(0, 2) n`,
		"insert into uptime_hour (worker_address, hour, bits, part, log_offset) select 'w' || n, '2026-01-01Z', 1::bit(60), 0, n from generate_series(1, 4) n")
	stats := func() []string { return text(t, pool, "select s::text from network_stats s order by hour") }
	before := stats()
	if len(before) == 0 || !strings.HasSuffix(before[0], ",4,33,50)") {
		t.Fatalf("what is compared says little: %q", before)
	}

	newer := projections.Chain()
	newer.Entities[0].Version++
	if err := liveProjector(pool, log, newer).Run(t.Context()); !errors.Is(err, projections.ErrOutdated) {
		t.Fatalf("a newer program begins with %v, want ErrOutdated", err)
	}
	if err := rebuild(t.Context(), pool, log, newer); err != nil {
		t.Fatal(err)
	}
	ctx, stop = context.WithCancel(t.Context())
	defer stop()
	second := liveProjector(pool, log, newer)
	go func() { done <- second.Run(ctx) }()
	untilStored(t, second, len(h.log))
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}

	if after := stats(); !slices.Equal(after, before) {
		t.Errorf("network_stats: %s", firstDifference(after, before))
	}

	older := liveProjector(pool, log, set)
	ctx, stop = context.WithCancel(t.Context())
	defer stop()
	go func() { done <- older.Run(ctx) }()
	for deadline := time.Now().Add(20 * time.Second); older.Status().Phase != consumers.Failing; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("an older program works on newer read models: %+v", older.Status())
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func execute(t *testing.T, pool *pgxpool.Pool, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := pool.Exec(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func text(t *testing.T, pool *pgxpool.Pool, query string) (out []string) {
	t.Helper()
	rows, err := pool.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
