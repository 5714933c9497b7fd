package consumers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/consumers"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// poison makes some records of a history such that they cannot be folded, gives all the keys of their workers, and returns the places of the
// poisoned ones.
func (r reports) poison(t *testing.T, seed uint64) (places []string) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 2))
	for _, topic := range []string{schemas.TopicHeartbeats, schemas.TopicGPUMetrics, schemas.TopicClaims} {
		for _, log := range r.logs[topic] {
			for i := range log {
				var of struct {
					Worker  *schemas.Address `json:"worker_address"`
					Address *schemas.Address `json:"address"`
				}
				if err := json.Unmarshal(log[i].Value, &of); err != nil {
					t.Fatal(err)
				}
				switch {
				case of.Worker != nil:
					log[i].Key = []byte(of.Worker.String())
				case of.Address != nil:
					log[i].Key = []byte(of.Address.String())
				default:
					continue // a tick
				}
				if rnd.IntN(40) == 0 {
					log[i].Value = []byte([]string{`{"worker_address":7,"address":7,"claim_id":7}`, `not JSON`}[rnd.IntN(2)])
					// Nothing of it need be text that a database holds.
					log[i].Headers = append(slices.Clone(log[i].Headers), schemas.Header{Key: "odd\x00", Value: []byte("\xff\x00")})
					places = append(places, placeOf(log[i]))
				}
			}
		}
	}
	return places
}

func placeOf(rec schemas.Record) string {
	return fmt.Sprintf("%s/%d/%d", rec.Topic, rec.Partition, rec.Offset)
}

// without returns the history without some records.
func (r reports) without(left func(schemas.Record) bool) reports {
	out := reports{logs: map[string][][]schemas.Record{}}
	for topic, parts := range r.logs {
		for _, log := range parts {
			out.logs[topic] = append(out.logs[topic], slices.DeleteFunc(slices.Clone(log), left))
		}
	}
	return out
}

// TestPoisonIsParkedByKey stores a history with records that cannot be folded. They wait, and with them all later ones of their workers; the
// others go on. What is tried again and fails stays; once the poison is dropped, the rest is folded as if it had never been there.
func TestPoisonIsParkedByKey(t *testing.T) {
	pool, r := telemetryDatabase(t), newReports(t, 91)
	poisoned := r.poison(t, 91)
	if len(poisoned) < 5 {
		t.Fatalf("only %d records are poisoned", len(poisoned))
	}
	held, waiting := map[string]bool{}, []string{}
	waits := func(rec schemas.Record) bool { // of a whole log, in its order
		key := fmt.Sprint(rec.Topic, rec.Partition, string(rec.Key))
		held[key] = held[key] || slices.Contains(poisoned, placeOf(rec))
		if held[key] {
			waiting = append(waiting, placeOf(rec))
		}
		return held[key]
	}
	goneOn := r.without(waits)
	for topic := range r.logs {
		if !slices.ContainsFunc(waiting, func(place string) bool { return strings.HasPrefix(place, topic) }) {
			t.Fatalf("nothing of %s waits: choose another seed", topic)
		}
	}
	slices.Sort(waiting)
	all := r.without(func(rec schemas.Record) bool { return slices.Contains(poisoned, placeOf(rec)) })

	store := pg.NewTelemetryStore(pool, nil)
	p := consumers.NewTelemetryProjector(r, func(ctx context.Context, part int32) (consumers.TelemetryLease, error) {
		l, err := store.Claim(ctx, part, "test")
		if err != nil {
			return nil, err
		}
		return faultyTelemetry{l, r.faults}, nil
	}, store.Crew("test"), consumers.NewMetrics(prometheus.NewRegistry()), slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	defer func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	until := func(what string, ok func() bool) {
		t.Helper()
		for deadline := time.Now().Add(2 * time.Minute); !ok(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: not in time: %+v", what, p.Status())
			}
		}
	}
	stored := func() bool {
		return !slices.ContainsFunc(p.Status(), func(s consumers.Status) bool {
			return s.Phase != consumers.Reading || s.Next < int64(len(r.logs["bitsage."+s.Reader][s.Partition]))
		})
	}
	parked := pg.NewParkedRecords(pool)

	until("all is stored or parked", stored)
	if got := placesParked(t, parked); !slices.Equal(got, waiting) {
		t.Errorf("parked: %s", firstDifference(got, waiting))
	}
	compareTelemetry(t, pool, goneOn.expected(t))

	if n, err := parked.Retry(t.Context(), nil); err != nil || n != int64(len(waiting)) {
		t.Fatalf("%d records are tried again, %v; want %d", n, err, len(waiting))
	}
	until("all is tried again", func() bool {
		return len(text(t, pool, "select event_id from parked_records where retry")) == 0
	})
	if got := placesParked(t, parked); !slices.Equal(got, waiting) {
		t.Errorf("parked after they failed again: %s", firstDifference(got, waiting))
	}
	for _, row := range parkedRows(t, parked) {
		if poison := slices.Contains(poisoned, fmt.Sprintf("%s/%d/%d", row.Topic, row.Partition, row.Offset)); poison && strings.Contains(row.Reason, "earlier") {
			continue // a second one of its key
		} else if poison == (row.Reason == projections.ParkedBefore) {
			t.Errorf("%s/%d/%d is parked because %s", row.Topic, row.Partition, row.Offset, row.Reason)
		}
	}

	for _, row := range parkedRows(t, parked) {
		if slices.Contains(poisoned, fmt.Sprintf("%s/%d/%d", row.Topic, row.Partition, row.Offset)) {
			if dropped, err := parked.Drop(t.Context(), row.Topic, row.Partition, row.Offset); err != nil || !dropped {
				t.Fatalf("dropped: %t, %v", dropped, err)
			}
		}
	}
	if _, err := parked.Retry(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	until("nothing is parked", func() bool { return len(parkedRows(t, parked)) == 0 })
	until("all is stored", stored)
	compareTelemetry(t, pool, all.expected(t))
}

func parkedRows(t *testing.T, parked pg.ParkedRecords) []pg.ParkedRow {
	t.Helper()
	rows, total, err := parked.List(t.Context(), 10_000)
	if err != nil || total != int64(len(rows)) {
		t.Fatalf("%d rows of %d, %v", len(rows), total, err)
	}
	return rows
}

func placesParked(t *testing.T, parked pg.ParkedRecords) (places []string) {
	t.Helper()
	for _, row := range parkedRows(t, parked) {
		places = append(places, fmt.Sprintf("%s/%d/%d", row.Topic, row.Partition, row.Offset))
	}
	slices.Sort(places)
	return places
}

func compareTelemetry(t *testing.T, pool *pgxpool.Pool, want map[string][]string) {
	t.Helper()
	for _, table := range projections.NewTelemetry().Tables() {
		if got := telemetryRows(t, pool, table); !slices.Equal(got, want[table.Name]) {
			t.Errorf("%s: %s", table.Name, firstDifference(got, want[table.Name]))
		}
	}
}
