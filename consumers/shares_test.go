package consumers_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/consumers"
	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/migrations"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// sharer is a process that shares the partitions of telemetry.
type sharer struct {
	pool *pgxpool.Pool
	p    *consumers.TelemetryProjector
	stop func()
}

// TestPartitionsAreShared lets processes come and go while reports arrive: soon each has its share, and in the end every report is stored
// once.
func TestPartitionsAreShared(t *testing.T) {
	url, r := embeddedtest.Postgres(t), newReports(t, 6)
	all := r.logs
	r.logs = map[string][][]schemas.Record{}
	var mu sync.Mutex // of r.logs, which grow
	grow := func(share float64) {
		mu.Lock()
		defer mu.Unlock()
		for topic, parts := range all {
			r.logs[topic] = make([][]schemas.Record, len(parts))
			for i, log := range parts {
				r.logs[topic][i] = log[:int(share*float64(len(log)))]
			}
		}
	}
	grow(0)
	source := fetchFunc(func(ctx context.Context, topic string, part int32, offset int64) ([]schemas.Record, int64, error) {
		mu.Lock()
		log := r.logs[topic][part]
		mu.Unlock()
		if offset >= int64(len(log)) {
			select {
			case <-ctx.Done():
			case <-time.After(5 * time.Millisecond):
			}
			return nil, int64(len(log)), nil
		}
		return log[offset:min(int64(len(log)), offset+7)], int64(len(log)), nil
	})
	begin := func(name string) *sharer {
		pool, err := pg.Open(t.Context(), url, 20)
		if err != nil {
			t.Fatal(err)
		}
		store := pg.NewTelemetryStore(pool, nil)
		s := &sharer{pool: pool}
		s.p = consumers.NewTelemetryProjector(source, func(ctx context.Context, part int32) (consumers.TelemetryLease, error) {
			return store.Claim(ctx, part, name)
		}, store.Crew(name), consumers.NewMetrics(prometheus.NewRegistry()), slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.p.Run(ctx) }()
		s.stop = func() {
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
			pool.Close()
		}
		return s
	}
	pool, err := pg.Open(t.Context(), url, 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := migrations.Apply(t.Context(), pool, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	var live []*sharer
	for step, change := range []int{+1, +1, +1, -1, +1, +1, +1, -1, -1, -1} {
		if change > 0 {
			live = append(live, begin(fmt.Sprint("process ", step)))
		} else {
			live[0].stop()
			live = live[1:]
		}
		grow(float64(step+1) / 10)
		evened := func() bool {
			counts := []int{}
			for _, s := range live {
				counts = append(counts, s.reading())
			}
			slices.Sort(counts)
			sum := 0
			for _, n := range counts {
				sum += n
			}
			return sum == schemas.TelemetryPartitions && counts[len(counts)-1]-counts[0] <= 1
		}
		for deadline := time.Now().Add(20 * time.Second); !evened(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				for _, s := range live {
					t.Log(s.reading(), s.p.Status())
				}
				t.Fatalf("step %d: %d processes do not share evenly", step, len(live))
			}
		}
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not stored in time")
		}
		var stored, want int
		for _, parts := range all {
			for _, log := range parts {
				want += len(log)
			}
		}
		if err := pool.QueryRow(t.Context(), "select coalesce(sum(next_offset), 0) from readers").Scan(&stored); err != nil {
			t.Fatal(err)
		}
		if stored == want {
			break
		}
	}
	for _, s := range live {
		s.stop()
	}
	want := r.expected(t)
	for _, table := range projections.NewTelemetry().Tables() {
		if got := telemetryRows(t, pool, table); !slices.Equal(got, want[table.Name]) {
			t.Errorf("%s: %s", table.Name, firstDifference(got, want[table.Name]))
		}
	}
	var left int
	if err := pool.QueryRow(t.Context(), "select (select count(*) from projectors) + (select count(*) from readers where lease_until is not null and reader = 'heartbeats')").Scan(&left); err != nil || left > 0 {
		t.Errorf("%d processes or leases are left, %v", left, err)
	}
}

// reading is the number of partitions that a process reads.
func (s *sharer) reading() (n int) {
	for _, st := range s.p.Status() {
		if st.Reader == "heartbeats" && st.Phase == consumers.Reading {
			n++
		}
	}
	return n
}

type fetchFunc func(ctx context.Context, topic string, part int32, offset int64) ([]schemas.Record, int64, error)

func (f fetchFunc) Fetch(ctx context.Context, topic string, part int32, offset int64) ([]schemas.Record, int64, error) {
	return f(ctx, topic, part, offset)
}
