package consumers_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/consumers"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// crashes stops the engine at each point, once the code ends there, and once the backend is ended under it. It lets something be stored
// now and then, so that the work gets on.
type crashes struct {
	t      *testing.T
	pool   *pgxpool.Pool // of its own
	reader string
	mu     sync.Mutex
	struck map[string]int
	row    int // strikes since something was stored
}

func (c *crashes) at(point string) error {
	c.mu.Lock()
	if point == projections.PointCommitted {
		c.row = 0
	}
	strike := c.struck[point] < 2 && c.row < 2-c.struck[point] // the second strike only after something was stored
	if strike {
		c.struck[point]++
		c.row++
	}
	first := c.struck[point] == 1
	c.mu.Unlock()
	switch {
	case strike && first:
		return fmt.Errorf("at the point %q: %w", point, errInjected)
	case strike:
		const end = "select pg_terminate_backend(backend_pid, 5000) from readers where reader = $1 and backend_pid is not null"
		if _, err := c.pool.Exec(c.t.Context(), end, c.reader); err != nil {
			c.t.Error(err)
		}
	}
	return nil
}

// check holds that the engine was stopped at these points, and at those after each table that ever got a row.
func (c *crashes) check(points, tables []string) {
	c.t.Helper()
	for _, table := range tables {
		var filled bool
		if err := c.pool.QueryRow(c.t.Context(), "select exists (select from "+table+")").Scan(&filled); err != nil {
			c.t.Fatal(err)
		}
		if filled {
			points = append(points, projections.PointWrote+table)
		}
	}
	for _, p := range points {
		if c.struck[p] == 0 {
			c.t.Errorf("nothing was stopped at %q", p)
		}
	}
}

var leasePoints = []string{
	projections.PointClaiming, projections.PointPrepared, projections.PointEnded, projections.PointClaimed, projections.PointBegun, projections.PointAdvanced, projections.PointCommitted, projections.PointReleasing,
}

// TestChainCrashes ends the chain reader between any two statements, with the code and under it, and compares every table with the chain
// that stands at the end.
func TestChainCrashes(t *testing.T) {
	t.Parallel()
	pool := database(t)
	c := &crashes{t: t, pool: pool, reader: pg.ChainReader, struck: map[string]int{}}
	h := newHistory(t, 77, 400)
	store := pg.NewChainStore(another(t, pool), projections.Chain())
	store.StopAt(c.at)
	log := &pacedLog{memoryLog: memoryLog{records: h.log, faults: &faults{rnd: rand.New(rand.NewPCG(77, 1))}}}
	p := consumers.NewChainProjector(log, func(ctx context.Context) (consumers.ChainLease, error) { return store.Claim(ctx, "test") },
		projections.Chain(), consumers.NewMetrics(prometheus.NewRegistry()), slog.New(slog.DiscardHandler))
	log.stored = func() int64 { return p.Status().Next }
	runUntil(t, p.Run, func() bool { return p.Status().Next >= int64(len(h.log)) })
	for table, want := range expected(t, h.chain) {
		if got := dump(t, pool, table); !slices.Equal(got, want) {
			t.Errorf("%s: %s", table, firstDifference(got, want))
		}
	}
	c.check(append(slices.Clone(leasePoints), projections.PointLoaded, projections.PointReverting), projections.Chain().Tables())
}

// TestTelemetryCrashes does the same to the readers of telemetry.
func TestTelemetryCrashes(t *testing.T) {
	t.Parallel()
	pool, r := telemetryDatabase(t), newReports(t, 78)
	c := &crashes{t: t, pool: pool, reader: pg.HeartbeatReader, struck: map[string]int{}}
	store := pg.NewTelemetryStore(another(t, pool), nil)
	store.StopAt(c.at)
	p := consumers.NewTelemetryProjector(r, func(ctx context.Context, part int32) (consumers.TelemetryLease, error) {
		return store.Claim(ctx, part, "test")
	},
		store.Crew("test"), consumers.NewMetrics(prometheus.NewRegistry()), slog.New(slog.DiscardHandler))
	var tables []string
	for _, table := range projections.NewTelemetry().Tables() {
		tables = append(tables, table.Name)
	}
	runUntil(t, p.Run, func() bool {
		for _, s := range p.Status() {
			if s.Next < int64(len(r.logs["bitsage."+s.Reader][s.Partition])) {
				return false
			}
		}
		return true
	})
	want := r.expected(t)
	for _, table := range projections.NewTelemetry().Tables() {
		if got := telemetryRows(t, pool, table); !slices.Equal(got, want[table.Name]) {
			t.Errorf("%s: %s", table.Name, firstDifference(got, want[table.Name]))
		}
	}
	c.check(append(slices.Clone(leasePoints), projections.PointExtended), tables)
}

// TestEveryPoint ends the storing of batches and of a reorganisation at each point that they pass, whatever its name: with the code, and with
// the backend under it. Each time the database holds what it held before, until all of it is stored.
func TestEveryPoint(t *testing.T) {
	t.Parallel()
	pool := database(t)
	h := &history{t: t, rnd: rand.New(rand.NewPCG(79, 0)), height: 100}
	h.claim()
	for range 30 {
		h.block(1)
		h.chunk()
	}
	h.revertTo(len(h.sealedTo) / 2)
	h.block(1)
	c := &countdown{t: t, pool: pool, store: pg.NewChainStore(another(t, pool), projections.Chain())}
	c.store.StopAt(c.at)
	reader, folder := schemas.NewChainReader(schemas.StartOfChain()), projections.NewFolder(projections.Chain())
	var steps []schemas.Step
	flush := func() {
		if len(steps) > 0 {
			batch := c.fold(folder, steps)
			c.strikeAll(batch.State.Next, func(l *pg.ChainLease) error { return l.Commit(t.Context(), l.State().Next, batch) })
			steps = nil
		}
	}
	for _, rec := range h.log {
		read, err := reader.Read(rec)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range read {
			if s.Reorg == nil {
				steps = append(steps, s)
				continue
			}
			flush()
			c.strikeAll(s.State.Next, func(l *pg.ChainLease) error { return l.Revert(t.Context(), l.State().Next, *s.Reorg, s.State) })
			folder.Forget()
		}
	}
	flush()
	for table, want := range expected(t, h.chain) {
		if got := dump(t, pool, table); !slices.Equal(got, want) {
			t.Errorf("%s: %s", table, firstDifference(got, want))
		}
	}
	if reverted := 3*len(projections.Chain().Entities) + len(projections.Chain().Journals) + 2; c.struck < 2*reverted {
		t.Errorf("%d strikes, which is less than two for each of the %d statements of a reorganisation", c.struck, reverted)
	}
}

// countdown strikes at the n-th point that is passed.
type countdown struct {
	t      *testing.T
	pool   *pgxpool.Pool // of its own
	store  *pg.ChainStore
	left   int  // points until the strike; none where it is not positive
	under  bool // strike the backend, and let the code go on
	point  string
	struck int
}

func (c *countdown) at(point string) error {
	if c.left--; c.left != 0 {
		return nil
	}
	c.point = point
	c.struck++
	if !c.under {
		return fmt.Errorf("at the point %q: %w", point, errInjected)
	}
	const end = "select pg_terminate_backend(backend_pid, 5000) from readers where reader = 'chain' and backend_pid is not null"
	if _, err := c.pool.Exec(c.t.Context(), end); err != nil {
		c.t.Error(err)
	}
	return nil
}

// claim takes the lease, also where who was struck still has it.
func (c *countdown) claim() *pg.ChainLease {
	c.t.Helper()
	c.left = 0
	if _, err := c.pool.Exec(c.t.Context(), "update readers set lease_until = null, backend_pid = null"); err != nil {
		c.t.Fatal(err)
	}
	l, err := c.store.Claim(c.t.Context(), "test")
	if err != nil {
		c.t.Fatal(err)
	}
	return l
}

func (c *countdown) release(l *pg.ChainLease) {
	c.t.Helper()
	c.left = 0
	if err := l.Release(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
}

// fold folds steps into one batch, of the rows that the store has.
func (c *countdown) fold(folder *projections.Folder, steps []schemas.Step) projections.Batch {
	c.t.Helper()
	l := c.claim()
	missing := folder.Missing(steps)
	rows, err := l.Load(c.t.Context(), missing)
	if err != nil {
		c.t.Fatal(err)
	}
	c.release(l)
	for i, keys := range missing {
		folder.Learn(i, keys, rows[i])
	}
	batch, err := folder.Fold(steps)
	if err != nil {
		c.t.Fatal(err)
	}
	return batch
}

// strikeAll stores something up to an offset, struck at the first point, at the second, and so on until it is stored.
func (c *countdown) strikeAll(to int64, store func(*pg.ChainLease) error) {
	c.t.Helper()
	for n := 1; ; n++ {
		for _, under := range []bool{false, true} {
			l := c.claim()
			if l.State().Next == to {
				c.release(l)
				return
			}
			before := c.state()
			c.left, c.under, c.point = n, under, ""
			err := store(l)
			after := c.state()
			c.release(l)
			switch {
			case c.point == "" && err != nil:
				c.t.Fatal(err)
			case c.point != "" && err == nil:
				c.t.Errorf("nobody noticed a strike at %q", c.point)
			case c.point != "" && c.point != projections.PointCommitted && after != before:
				c.t.Errorf("a strike at %q left half of something", c.point)
			}
		}
	}
}

// state is a hash of all that is stored.
func (c *countdown) state() (hash string) {
	c.t.Helper()
	var parts []string
	for _, table := range projections.Chain().Tables() {
		parts = append(parts, "(select coalesce(sum(hashtextextended(t::text, 1)), 0) from "+table+" t)")
	}
	q := "select concat_ws(' ', " + strings.Join(parts, ", ") + ", (select next_offset || coalesce(fingerprint, '') from readers where reader = 'chain'))"
	if err := c.pool.QueryRow(c.t.Context(), q).Scan(&hash); err != nil {
		c.t.Fatal(err)
	}
	return hash
}

// pacedLog gives few records beyond those that are stored, so that there are many batches; more after a while, since a block may have more.
type pacedLog struct {
	memoryLog
	stored func() int64
}

func (l *pacedLog) Fetch(ctx context.Context, topic string, part int32, offset int64) ([]schemas.Record, int64, error) {
	for waited := 0; offset > l.stored()+40 && waited < 100 && ctx.Err() == nil; waited++ {
		time.Sleep(time.Millisecond)
	}
	return l.memoryLog.Fetch(ctx, topic, part, offset)
}

// another is a pool of the same database.
func another(t *testing.T, pool *pgxpool.Pool) *pgxpool.Pool {
	t.Helper()
	other, err := pgxpool.NewWithConfig(t.Context(), pool.Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	return other
}

// runUntil runs a reader, whose failures are expected, until it is done.
func runUntil(t *testing.T, run func(context.Context) error, finished func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 4*time.Minute)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	for !finished() && ctx.Err() == nil {
		time.Sleep(2 * time.Millisecond)
	}
	if ctx.Err() != nil {
		t.Error("not done in time")
	}
	stop()
	if err := <-done; err != nil && !strings.Contains(err.Error(), errInjected.Error()) {
		t.Error(err)
	}
}
