package consumers_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/consumers"
	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/migrations"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

var seed = flag.Uint64("seed", 0, "replay the one history of this seed")

func TestMain(m *testing.M) { embeddedtest.Main(m) }

// TestRandomHistories projects random chain topics, with reorganisations, takeovers, zombies and doubled records in the log
// and faults in the store, and compares every table, history included, with the chain that stands at the end.
func TestRandomHistories(t *testing.T) {
	seeds := []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	if *seed != 0 {
		seeds = []uint64{*seed}
	}
	for _, s := range seeds {
		t.Run(fmt.Sprint("seed=", s), func(t *testing.T) {
			pool := database(t)
			h := newHistory(t, s, 120)
			projectThroughFaults(t, pool, h.log, s)
			for table, want := range expected(t, h.chain) {
				got := dump(t, pool, table)
				if !slices.Equal(got, want) {
					t.Errorf("%s: %s", table, firstDifference(got, want))
				}
			}
			testFinality(t, pool, h)
		})
	}
}

// testFinality compares what is told to be accepted on L1 with what the history says.
func testFinality(t *testing.T, pool *pgxpool.Pool, h *history) {
	t.Helper()
	for table, number := range map[string]string{"chain_blocks": "number", "chain_events": "block_number"} {
		rows, err := pool.Query(t.Context(), "select "+number+", finality from "+table)
		if err != nil {
			t.Fatal(err)
		}
		var block uint64
		var finality schemas.Finality
		if _, err := pgx.ForEachRow(rows, []any{&block, &finality}, func() error {
			if finality != h.finality(block) {
				t.Errorf("%s: block %d is %s, want %s", table, block, finality, h.finality(block))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range h.chain {
		_, at, err := pg.NewQuestions(pool).Digest(t.Context(), projections.AsOf{Block: &s.Block.Number})
		if err != nil || at.Finality != h.finality(s.Block.Number) {
			t.Fatalf("as of block %d: %s, %v; want %s", s.Block.Number, at.Finality, err, h.finality(s.Block.Number))
		}
	}
}

func database(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool, err := pg.Open(t.Context(), embeddedtest.Postgres(t), 8)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := migrations.Apply(t.Context(), pool, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return pool
}

// project runs a projector over the log until all of it is stored, with faults, and returns how many.
func project(t *testing.T, pool *pgxpool.Pool, log []schemas.Record, seed uint64) int {
	t.Helper()
	faults := &faults{rnd: rand.New(rand.NewPCG(seed, 1))}
	store := pg.NewChainStore(pool, projections.Chain())
	claim := func(ctx context.Context) (consumers.ChainLease, error) {
		l, err := store.Claim(ctx, "test")
		if err != nil {
			return nil, err
		}
		return &faultyLease{ChainLease: l, faults: faults}, nil
	}
	p := consumers.NewChainProjector(&memoryLog{records: log, faults: faults}, claim, projections.Chain(),
		consumers.NewMetrics(prometheus.NewRegistry()), slog.New(slog.DiscardHandler))
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	for p.Status().Next < int64(len(log)) {
		if ctx.Err() != nil {
			t.Fatalf("not done in time: %+v", p.Status())
		}
		if err := p.Status().Err; err != nil && !errors.Is(err, errInjected) {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Millisecond)
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return faults.injected
}

func projectThroughFaults(t *testing.T, pool *pgxpool.Pool, log []schemas.Record, seed uint64) {
	t.Helper()
	if project(t, pool, log, seed) == 0 {
		t.Error("no fault was injected: the test has no teeth")
	}
}

var errInjected = errors.New("injected fault")

// faults strikes now and then, seldom enough that the work gets on.
type faults struct {
	mu       sync.Mutex
	rnd      *rand.Rand
	injected int
}

func (f *faults) strike() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.injected >= 6 || f.rnd.IntN(12) > 0 {
		return false
	}
	f.injected++
	return true
}

// faultyLease fails before a commit, or after it as if the answer had been lost.
type faultyLease struct {
	consumers.ChainLease
	faults *faults
}

func (l *faultyLease) Commit(ctx context.Context, from int64, b projections.Batch) error {
	return l.around(func() error { return l.ChainLease.Commit(ctx, from, b) })
}

func (l *faultyLease) Revert(ctx context.Context, from int64, r schemas.Reorg, s schemas.ChainState) error {
	return l.around(func() error { return l.ChainLease.Revert(ctx, from, r, s) })
}

func (l *faultyLease) around(commit func() error) error {
	if l.faults.strike() {
		return fmt.Errorf("before the commit: %w", errInjected)
	}
	if err := commit(); err != nil {
		return err
	}
	if l.faults.strike() {
		return fmt.Errorf("after the commit: %w", errInjected)
	}
	return nil
}

// memoryLog hands out its records in runs of random length, now and then after a while, so that batches are of all sizes.
type memoryLog struct {
	records []schemas.Record
	faults  *faults
}

func (m *memoryLog) Fetch(ctx context.Context, _ string, _ int32, offset int64) ([]schemas.Record, int64, error) {
	end := int64(len(m.records))
	if offset >= end {
		<-ctx.Done()
		return nil, end, nil
	}
	m.faults.mu.Lock()
	n, pause := 1+m.faults.rnd.Int64N(40), time.Duration(m.faults.rnd.IntN(3)*m.faults.rnd.IntN(5))*time.Millisecond
	m.faults.mu.Unlock()
	time.Sleep(pause)
	return m.records[offset:min(end, offset+n)], end, nil
}

// expected folds the standing chain in memory and returns the rows of every table.
func expected(t *testing.T, chain []schemas.Step) map[string][]string {
	t.Helper()
	set := projections.Chain()
	folder := projections.NewFolder(set)
	for i, keys := range folder.Missing(chain) {
		folder.Learn(i, keys, nil)
	}
	batch, err := folder.Fold(chain)
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string][]string{}
	for i, m := range set.Entities {
		current, closed := []string{}, []string{}
		for _, v := range batch.Entities[i].Current {
			current = append(current, rowText(append(m.Values(v.State), v.Created, v.From, v.Offset)))
		}
		for _, v := range batch.Entities[i].Closed {
			closed = append(closed, rowText(append(m.Values(v.State), v.Created, v.From, v.Offset, v.To)))
		}
		slices.Sort(current)
		slices.Sort(closed)
		tables[m.Table], tables[m.Table+"_versions"] = current, closed
	}
	var events, blocks []string
	for _, s := range chain {
		happened := slices.DeleteFunc(slices.Clone(s.Block.Facts), schemas.Fact.Observed)
		blocks = append(blocks, rowText([]any{s.Block.Number, s.Block.Hash, s.Block.Sealed, len(happened)}))
		for _, f := range happened {
			events = append(events, rowText([]any{f.Position.Block, f.Position.Tx, f.Position.Event, f.ID, f.Offset}))
		}
	}
	var digests []string
	var last projections.Digest
	for _, b := range batch.Blocks {
		if b.Changes != nil {
			last = last.Next(b.Number, *b.Changes)
			digests = append(digests, rowText([]any{int64(b.Number), last[:]}))
		}
	}
	slices.Sort(digests)
	tables["state_digests"] = digests
	slices.Sort(events)
	slices.Sort(blocks)
	for i, m := range set.Journals {
		rows := []string{}
		for _, row := range batch.Journals[i] {
			rows = append(rows, rowText(row))
		}
		slices.Sort(rows)
		tables[m.Table] = rows
	}
	tables["blockchain_events"], tables["blocks"] = events, blocks // the one's JSON comes back in another form
	return tables
}

func rowText(values []any) string {
	parts := make([]string, len(values))
	for i, v := range values {
		if at, ok := v.(time.Time); ok {
			v = at.UTC().Format(time.RFC3339Nano)
		}
		parts[i] = fmt.Sprint(v)
	}
	return strings.Join(parts, "|")
}

// dump reads a table as text rows in the form of expected.
func dump(t *testing.T, pool *pgxpool.Pool, table string) []string {
	t.Helper()
	query := "select " + columnsOf(table) + " from " + table
	switch table {
	case "blockchain_events":
		query = "select block_number, tx_index, event_index, event_id, log_offset from blockchain_events"
	case "blocks":
		query = "select number, hash, sealed, events from blocks"
	}
	return dumped(t, pool, query)
}

// columnsOf lists the columns of a read model in the order of expected, which need not be that of the table.
func columnsOf(table string) string {
	set := projections.Chain()
	names := func(columns []projections.Column, more ...string) string {
		var out []string
		for _, c := range columns {
			out = append(out, c.Name)
		}
		return strings.Join(append(out, more...), ", ")
	}
	for _, m := range set.Entities {
		switch table {
		case m.Table:
			return names(m.Columns, "created_block", "valid_from", "log_offset")
		case m.Table + "_versions":
			return names(m.Columns, "created_block", "valid_from", "log_offset", "valid_to")
		}
	}
	for _, m := range set.Journals {
		if table == m.Table {
			return names(m.Columns)
		}
	}
	return "*"
}

// dumped reads rows as sorted text.
func dumped(t *testing.T, pool *pgxpool.Pool, query string) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), query, pgx.QueryExecModeDescribeExec)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		values, err := row.Values()
		if err != nil {
			return "", err
		}
		for i, v := range values {
			if n, ok := v.(driver.Valuer); ok {
				if values[i], err = n.Value(); err != nil {
					return "", err
				}
			}
		}
		return rowText(values), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func firstDifference(got, want []string) string {
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			return fmt.Sprintf("%d rows, want %d; row %d is\n%s\nwant\n%s", len(got), len(want), i, g, w)
		}
	}
	return "equal"
}
