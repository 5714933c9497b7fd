package consumers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"regexp"
	"slices"
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

// reports are what workers said, by topic and partition.
type reports struct {
	logs   map[string][][]schemas.Record
	faults *faults
}

// newReports is a random history of a few days with two workers a partition, in a few of the partitions.
func newReports(t *testing.T, seed uint64) reports {
	t.Helper()
	r := reports{logs: map[string][][]schemas.Record{}, faults: &faults{rnd: rand.New(rand.NewPCG(seed, 1))}}
	rnd := rand.New(rand.NewPCG(seed, 0))
	for _, topic := range []string{schemas.TopicHeartbeats, schemas.TopicGPUMetrics, schemas.TopicClaims} {
		r.logs[topic] = make([][]schemas.Record, schemas.TelemetryPartitions)
	}
	for part := range 3 {
		at := time.Now().UTC().Add(-60 * time.Hour)
		for range 300 {
			at = at.Add(time.Duration(rnd.Int64N(int64(20 * time.Minute))))
			worker := schemas.Address{30: byte(part), 31: byte(1 + rnd.IntN(2))}
			switch rnd.IntN(5) {
			case 4:
				claim := schemas.ClaimRequested{Address: worker, Amount: schemas.AmountFromUint64(rnd.Uint64N(3)), Type: "staking"}.Identified()
				if r.add(t, schemas.TopicClaims, part, schemas.TypeClaimRequested, at, claim); rnd.IntN(2) == 0 {
					verdict := schemas.ClaimRejected{ClaimID: claim.ClaimID, Address: worker, Reason: fmt.Sprint(at)}
					r.add(t, schemas.TopicClaims, part, schemas.TypeClaimRejected, at, verdict)
				}
			case 0:
				r.add(t, schemas.TopicHeartbeats, part, schemas.TypeTick, at, schemas.Tick{})
			case 1:
				watts := float64(rnd.IntN(700))
				r.add(t, schemas.TopicGPUMetrics, part, schemas.TypeGPUMetrics, at,
					schemas.GPUMetrics{Worker: worker, GPUs: []schemas.GPU{{Index: 0, PowerWatts: &watts}, {Index: 1 + rnd.Uint32N(2)}}})
			default:
				load := 100 * rnd.Float64()
				r.add(t, schemas.TopicHeartbeats, part, schemas.TypeHeartbeat, at, schemas.Heartbeat{Worker: worker, GPUUtilization: &load})
			}
		}
	}
	return r
}

func (r reports) add(t *testing.T, topic string, part int, typ string, at time.Time, value any) {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	log := r.logs[topic][part]
	env := schemas.Envelope{ID: fmt.Sprintf("%s/%d/%d", topic, part, len(log)), Source: "test", Type: typ, Time: at, Data: data}
	rec, err := env.Record(topic, nil)
	if err != nil {
		t.Fatal(err)
	}
	rec.Partition, rec.Offset = int32(part), int64(len(log))
	r.logs[topic][part] = append(log, rec)
}

// Fetch implements consumers.Source.
func (r reports) Fetch(ctx context.Context, topic string, part int32, offset int64) ([]schemas.Record, int64, error) {
	return (&memoryLog{records: r.logs[topic][part], faults: r.faults}).Fetch(ctx, topic, part, offset)
}

// faultyTelemetry fails before a commit, or after it as if the answer had been lost.
type faultyTelemetry struct {
	consumers.TelemetryLease
	faults *faults
}

func (l faultyTelemetry) Commit(ctx context.Context, topic string, from int64, b *projections.TelemetryBatch) error {
	return (&faultyLease{faults: l.faults}).around(func() error { return l.TelemetryLease.Commit(ctx, topic, from, b) })
}

// telemetryDatabase has connections for the leases of all partitions.
func telemetryDatabase(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool, err := pg.Open(t.Context(), embeddedtest.Postgres(t), 20)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := migrations.Apply(t.Context(), pool, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return pool
}

// store runs a projector until it has stored all reports.
func (r reports) store(t *testing.T, pool *pgxpool.Pool, keep pg.Retention) {
	t.Helper()
	store := pg.NewTelemetryStore(pool, keep)
	p := consumers.NewTelemetryProjector(r, func(ctx context.Context, part int32) (consumers.TelemetryLease, error) {
		l, err := store.Claim(ctx, part, "test")
		if err != nil {
			return nil, err
		}
		return faultyTelemetry{l, r.faults}, nil
	}, store.Crew("test"), consumers.NewMetrics(prometheus.NewRegistry()), slog.New(slog.DiscardHandler))
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	stored := func() bool {
		for _, s := range p.Status() {
			if s.Err != nil && !errors.Is(s.Err, errInjected) {
				t.Fatal(s.Err)
			}
			if s.Next < int64(len(r.logs["bitsage."+s.Reader][s.Partition])) {
				return false
			}
		}
		return true
	}
	for !stored() {
		if ctx.Err() != nil {
			t.Fatalf("not done in time: %+v", p.Status())
		}
		time.Sleep(2 * time.Millisecond)
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// expected folds each topic of each partition at once, and returns the rows of every table.
func (r reports) expected(t *testing.T) map[string][]string {
	t.Helper()
	model := projections.NewTelemetry()
	out := map[string][]string{}
	for part := range schemas.TelemetryPartitions {
		for _, topic := range []string{schemas.TopicHeartbeats, schemas.TopicGPUMetrics, schemas.TopicClaims} {
			b := model.Batch()
			for _, rec := range r.logs[topic][part] {
				if err := b.Add(rec); err != nil {
					t.Fatal(err)
				}
			}
			for i, rows := range b.Rows() {
				for _, row := range rows {
					out[model.Tables()[i].Name] = append(out[model.Tables()[i].Name], rowText(row))
				}
			}
		}
	}
	for _, rows := range out {
		slices.Sort(rows)
	}
	return out
}

func telemetryRows(t *testing.T, pool *pgxpool.Pool, table projections.TelemetryTable) []string {
	t.Helper()
	list := ""
	for i, c := range table.Columns {
		if i > 0 {
			list += ", "
		}
		list += c.Name
		if c.Type == projections.Bits || c.Type == projections.Numeric {
			list += "::text"
		}
	}
	rows, err := pool.Query(t.Context(), "select "+list+" from "+table.Name)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		values, err := row.Values()
		return rowText(values), err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// TestTelemetryHistories stores random reports with faults in the store, and compares every table with what they fold to at once.
func TestTelemetryHistories(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			pool, r := telemetryDatabase(t), newReports(t, seed)
			r.store(t, pool, nil)
			if r.faults.injected == 0 {
				t.Error("no fault was injected: the test has no teeth")
			}
			want := r.expected(t)
			for _, table := range projections.NewTelemetry().Tables() {
				if got := telemetryRows(t, pool, table); !slices.Equal(got, want[table.Name]) {
					t.Errorf("%s: %s", table.Name, firstDifference(got, want[table.Name]))
				}
			}
		})
	}
}

// TestOldDaysGoAndRollupsStay stores reports of several days where two are kept.
func TestOldDaysGoAndRollupsStay(t *testing.T) {
	pool, r := telemetryDatabase(t), newReports(t, 4)
	r.store(t, pool, nil)
	if err := pg.NewTelemetryStore(pool, nil).Days().Keep(t.Context()); err != nil {
		t.Fatal(err)
	}
	days := func(table string) (n int) {
		t.Helper()
		if err := pool.QueryRow(t.Context(), "select count(*) from pg_inherits where inhparent = $1::text::regclass", table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before, metrics := days("heartbeats"), days("gpu_metrics_history")
	keep := pg.Retention{"heartbeats": 2}
	if err := pg.NewTelemetryStore(pool, keep).Days().Keep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := days("heartbeats"); got != 5 || before <= got {
		t.Errorf("%d days are left of %d, want yesterday, today and the next three", got, before)
	}
	if got := days("gpu_metrics_history"); got != metrics {
		t.Errorf("%d days of GPU metrics are left, want all %d", got, metrics)
	}
	first := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -1)
	want := []string{}
	model, folded := projections.NewTelemetry().Tables(), r.expected(t)
	for _, row := range folded["heartbeats"] {
		at, err := time.Parse(time.RFC3339Nano, heartbeatTime.FindString(row))
		if err != nil {
			t.Fatal(err)
		}
		if !at.Before(first) {
			want = append(want, row)
		}
	}
	if got := telemetryRows(t, pool, model[0]); !slices.Equal(got, want) || len(got) == 0 {
		t.Errorf("%d heartbeats, want %d: %s", len(got), len(want), firstDifference(got, want))
	}
	if got := telemetryRows(t, pool, model[4]); model[4].Name != "uptime_hour" || !slices.Equal(got, folded["uptime_hour"]) {
		t.Errorf("uptime: %s", firstDifference(got, folded["uptime_hour"]))
	}

	// Made again from the log, what is past its retention is not even written.
	again := telemetryDatabase(t)
	r.faults.injected = 0
	r.store(t, again, keep)
	if got := telemetryRows(t, again, model[0]); !slices.Equal(got, want) {
		t.Errorf("made again: %s", firstDifference(got, want))
	}
	if got := telemetryRows(t, again, model[4]); !slices.Equal(got, folded["uptime_hour"]) {
		t.Errorf("uptime, made again: %s", firstDifference(got, folded["uptime_hour"]))
	}
}

// TestATakenOverPartitionIsFenced holds that an owner who has lost the lease writes nothing more, on any topic.
func TestATakenOverPartitionIsFenced(t *testing.T) {
	pool, r := telemetryDatabase(t), newReports(t, 5)
	store, model := pg.NewTelemetryStore(pool, nil), projections.NewTelemetry()
	batch := func(topic string, from, to int) *projections.TelemetryBatch {
		b := model.Batch()
		for _, rec := range r.logs[topic][0][from:to] {
			if err := b.Add(rec); err != nil {
				t.Fatal(err)
			}
		}
		return b
	}
	old, err := store.Claim(t.Context(), 0, "old")
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range []string{schemas.TopicHeartbeats, schemas.TopicGPUMetrics} {
		if err := old.Commit(t.Context(), topic, 0, batch(topic, 0, 5)); err != nil {
			t.Fatal(err)
		}
		if err := old.Commit(t.Context(), topic, 0, batch(topic, 0, 5)); err == nil {
			t.Errorf("%s: the same batch is stored twice", topic)
		}
	}
	if _, err := store.Claim(t.Context(), 0, "rival"); !errors.Is(err, projections.ErrTaken) {
		t.Errorf("a rival gets a lease that is held: %v", err)
	}
	if _, err := pool.Exec(t.Context(), "update readers set lease_until = now() - interval '1 second', backend_pid = null where reader = 'heartbeats'"); err != nil {
		t.Fatal(err)
	}
	rival, err := store.Claim(t.Context(), 0, "rival")
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range []string{schemas.TopicHeartbeats, schemas.TopicGPUMetrics} {
		if got := rival.Place(topic).NextOffset; got != 5 {
			t.Errorf("the rival begins at %d of %s, want 5", got, topic)
		}
		if err := old.Commit(t.Context(), topic, 5, batch(topic, 5, 9)); err == nil {
			t.Errorf("%s: who lost the lease still writes", topic)
		}
		if err := rival.Commit(t.Context(), topic, 5, batch(topic, 5, 9)); err != nil {
			t.Error(err)
		}
	}
	for _, l := range []*pg.TelemetryLease{old, rival} {
		if err := l.Release(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// heartbeatTime finds the time in the text of a row.
var heartbeatTime = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`)
