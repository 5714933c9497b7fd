package consumers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// crookedLog answers every fetch alike.
type crookedLog struct {
	records []schemas.Record
	err     error
	end     int64
}

func (l crookedLog) Fetch(ctx context.Context, _ string, _ int32, offset int64) ([]schemas.Record, int64, error) {
	if l.err != nil {
		return nil, 0, l.err
	}
	for i, r := range l.records {
		if r.Offset >= offset {
			return l.records[i:], l.end, nil
		}
	}
	wait(ctx, time.Millisecond)
	return nil, l.end, nil
}

func (l crookedLog) Bounds(context.Context, string, int32) (first, next int64, err error) {
	return 0, l.end, nil
}

// idleLease stands at an offset and stores nothing.
type idleLease struct{ at schemas.ChainState }

func (idleLease) Keep(ctx context.Context) error { <-ctx.Done(); return nil }
func (idleLease) Release(context.Context) error  { return nil }
func (l idleLease) State() schemas.ChainState    { return l.at }
func (idleLease) Load(context.Context, [][]string) ([]map[string]projections.Version, error) {
	return make([]map[string]projections.Version, len(projections.Chain().Entities)), nil
}
func (idleLease) Commit(context.Context, int64, projections.Batch) error { return nil }
func (idleLease) Revert(context.Context, int64, schemas.Reorg, schemas.ChainState) error {
	return nil
}

func logRecord(t *testing.T, offset int64, typ, id, data string) schemas.Record {
	t.Helper()
	rec, err := schemas.Envelope{ID: id, Source: "test", Type: typ, Data: []byte(data)}.Record(schemas.TopicChain, nil)
	if err != nil {
		t.Fatal(err)
	}
	rec.Offset = offset
	return rec
}

// TestNothingIsSkipped gives a reader logs that cannot be read on. It stands still in a state that has a name, in metrics too, and says
// what to do.
func TestNothingIsSkipped(t *testing.T) {
	claim := logRecord(t, 0, schemas.TypeClaimed, "claim", `{"writer":"w"}`)
	behind := schemas.ChainState{Next: 1, Fingerprint: "claim"}
	for _, c := range []struct {
		name   string
		at     schemas.ChainState
		log    crookedLog
		want   Phase
		advice string
	}{
		{"an offset below the log's start", behind, crookedLog{err: fmt.Errorf("fetch: %w", schemas.ErrTruncated)}, Truncated, "backup"},
		{"an offset beyond the log's end", behind, crookedLog{err: fmt.Errorf("fetch: %w", schemas.ErrPastEnd)}, OtherLog, "--kafka-brokers"},
		{"a topic made anew", schemas.ChainState{Next: 1, Fingerprint: "another"}, crookedLog{records: []schemas.Record{claim}, end: 1}, OtherLog, "empty database"},
		{"a topic made anew and empty", behind, crookedLog{}, OtherLog, "empty database"},
		{"a gap that the log tells of", schemas.StartOfChain(), crookedLog{err: fmt.Errorf("fetch: %w", schemas.ErrGap)}, Gap, "backup"},
		{"a gap between records", schemas.StartOfChain(), crookedLog{records: []schemas.Record{claim, logRecord(t, 2, schemas.TypeClaimed, "c", `{}`)}, end: 3}, Gap, "backup"},
		{"a foreign record", schemas.StartOfChain(), crookedLog{records: []schemas.Record{{Topic: schemas.TopicChain, Value: []byte("?")}}, end: 1}, Foreign, "deny"},
		{"an event before any claim", schemas.StartOfChain(), crookedLog{records: []schemas.Record{logRecord(t, 0, schemas.TypeSealed, "s", `{}`)}, end: 1}, Broken, "tailers"},
		{"a broker that is away", schemas.StartOfChain(), crookedLog{err: errors.New("connection refused")}, Failing, "tries again"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := NewChainProjector(c.log, func(context.Context) (ChainLease, error) { return idleLease{c.at}, nil },
				projections.Chain(), NewMetrics(prometheus.NewRegistry()), slog.New(slog.DiscardHandler))
			registry := prometheus.NewPedanticRegistry()
			RegisterStatus(registry, func() []Status { return []Status{p.Status()} })
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- p.Run(ctx) }()
			for deadline := time.Now().Add(20 * time.Second); !p.Status().Phase.Failed() && time.Now().Before(deadline); {
				time.Sleep(time.Millisecond)
			}
			st := p.Status()
			if st.Phase != c.want {
				t.Fatalf("phase %s (%v), want %s", st.Phase, st.Err, c.want)
			}
			if line := st.Line(time.Now()); !strings.Contains(line, c.advice) || !strings.Contains(line, string(c.want)) {
				t.Errorf("health says %q, want what to do: %q", line, c.advice)
			}
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
			if st.Next > 1 {
				t.Errorf("it read on to %d", st.Next)
			}
			families, err := registry.Gather()
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range families {
				for _, m := range f.GetMetric() {
					labels := map[string]string{}
					for _, l := range m.GetLabel() {
						labels[l.GetName()] = l.GetValue()
					}
					if f.GetName() == "projection_state" && (m.GetGauge().GetValue() == 1) != (labels["state"] == string(c.want)) {
						t.Errorf("%v is %v", labels, m.GetGauge().GetValue())
					}
				}
			}
		})
	}
}

// TestStuckReadersAreNoticed tells apart a log that gives less than it has and a database that takes nothing.
func TestStuckReadersAreNoticed(t *testing.T) {
	now := time.Now()
	old, reading := now.Add(-time.Minute), Status{Phase: Reading, Next: 5, Fetched: 7, FetchedAt: now, Ready: 5, LogEnd: 7}
	with := func(change func(*Status)) Status { s := reading; change(&s); return s }
	for _, c := range []struct {
		name string
		s    Status
		want Stuck
	}{
		{"all is well", reading, NotStuck},
		{"idle for long", with(func(s *Status) { s.FetchedAt, s.ReadyAt = old, old }), NotStuck},
		{"the log has more, since just now", with(func(s *Status) { s.LogEnd = 9 }), NotStuck},
		{"the log has more and gives nothing", with(func(s *Status) { s.LogEnd, s.FetchedAt = 9, old }), StuckFetch},
		{"a batch is ready, since just now", with(func(s *Status) { s.Ready, s.ReadyAt = 7, now }), NotStuck},
		{"a batch is ready and not stored", with(func(s *Status) { s.Ready, s.ReadyAt = 7, old }), StuckStore},
		{"another reads", with(func(s *Status) { s.Phase, s.LogEnd, s.FetchedAt = Standby, 9, old }), NotStuck},
	} {
		if got := c.s.Stuck(now); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if line := c.s.Line(now); (line != "") != (c.want != NotStuck) {
			t.Errorf("%s: health says %q", c.name, line)
		}
	}

	g := &gauge{status: with(func(s *Status) { s.FetchedAt = old })}
	in := newIntake()
	if err := in.look(t.Context(), crookedLog{end: 7}, g, "topic", 0); err != nil {
		t.Errorf("with nothing more in the log: %v", err)
	}
	err := in.look(t.Context(), crookedLog{end: 9}, g, "topic", 0)
	if !errors.Is(err, schemas.ErrStalled) || phaseAfter(err) != Stalled {
		t.Errorf("a log that gives nothing: %v", err)
	}
}

func TestEveryStateThatStandsStillSaysWhatToDo(t *testing.T) {
	for _, p := range Phases() {
		well := p == Starting || p == Standby || p == Reading
		if p.Failed() == well {
			t.Errorf("%s: advice %q", p, p.Advice())
		}
	}
}

func TestUnknownTelemetryIsANamedState(t *testing.T) {
	rec := logRecord(t, 0, "bitsage.telemetry.mood", "x", `{}`)
	err := projections.NewTelemetry().Batch().Add(rec)
	if got := phaseAfter(err); got != Newer || !strings.Contains(got.Advice(), "upgrade") || !strings.Contains(err.Error(), "bitsage.telemetry.mood") {
		t.Errorf("%v ends in state %s: %s", err, got, got.Advice())
	}
}
