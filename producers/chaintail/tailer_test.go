package chaintail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// tailerOf returns a tailer on a calm world, with what a test wants to be different.
func tailerOf(w *world, node Node, writer Writer, reg prometheus.Registerer, change func(*Config)) *Tailer {
	p := &process{world: w, kill: func() {}}
	c := Config{
		Network: schemas.Local, Contracts: followed, StartBlock: w.startBlock(), PollInterval: time.Second, Ahead: 1, Writer: "test", Build: "v1",
		Split:  func(r []schemas.Record) [][]schemas.Record { return [][]schemas.Record{r} },
		Fenced: func(err error) bool { return errors.Is(err, errFenced) }, Logger: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&c)
	}
	if node == nil {
		node = p
	}
	if writer == nil {
		writer = p
	}
	return New(c, alone(node), p, writer, NewMetrics(reg))
}

// alone is a node without substitutes.
func alone(node Node) []Provider { return []Provider{{"node", node}} }

// during runs a tailer beside a test, and ends it.
func during(t *testing.T, tailer *Tailer, do func()) error {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- tailer.Run(ctx) }()
	do()
	stop()
	return <-done
}

// fatal runs a tailer that must refuse, and returns what it says.
func fatal(t *testing.T, tailer *Tailer) string {
	t.Helper()
	var err error
	synctest.Test(t, func(t *testing.T) { err = tailer.Run(t.Context()) })
	if _, ok := errors.AsType[*FatalError](err); !ok {
		t.Fatalf("got error %v, want a fatal one", err)
	}
	if tailer.Status().Err == nil {
		t.Error("the status does not tell")
	}
	return err.Error()
}

func TestNodeOfAnotherNetwork(t *testing.T) {
	w := newCalmWorld(3)
	said := fatal(t, tailerOf(w, nil, nil, prometheus.NewRegistry(), func(c *Config) { c.Network = schemas.Sepolia }))
	for _, part := range []string{"SN_BITSAGE_LOCAL", "SN_SEPOLIA", "--network", "--rpc-url"} {
		if !strings.Contains(said, part) {
			t.Errorf("%q should name %s", said, part)
		}
	}
	if len(w.records) > 0 {
		t.Error("the log was written to")
	}
}

func TestUnknownNetwork(t *testing.T) {
	fatal(t, tailerOf(newCalmWorld(3), nil, nil, prometheus.NewRegistry(), func(c *Config) { c.Network = "moon" }))
}

// TestLogOfAnotherChain: a log that another chain is in is not even claimed, for that would stop its writer.
func TestLogOfAnotherChain(t *testing.T) {
	w := newCalmWorld(3)
	w.put([]schemas.Record{recordOf(schemas.Envelope{ID: "claim", Source: "starknet:SN_SEPOLIA", Type: schemas.TypeClaimed, Time: time.Unix(1, 0)}, schemas.Claimed{})})
	said := fatal(t, tailerOf(w, nil, nil, prometheus.NewRegistry(), nil))
	for _, part := range []string{"starknet:SN_SEPOLIA", "starknet:SN_BITSAGE_LOCAL", "--rpc-url"} {
		if !strings.Contains(said, part) {
			t.Errorf("%q should name %s", said, part)
		}
	}
	if len(w.records) != 1 {
		t.Error("the log was written to")
	}
}

func TestForeignRecord(t *testing.T) {
	w := newCalmWorld(3)
	w.put([]schemas.Record{{Topic: schemas.TopicChain, Value: []byte("hello")}})
	fatal(t, tailerOf(w, nil, nil, prometheus.NewRegistry(), nil))
	if len(w.records) != 1 {
		t.Error("the log was written to")
	}
}

func TestTakenOver(t *testing.T) {
	w := newCalmWorld(3)
	tailer := tailerOf(w, nil, nil, prometheus.NewRegistry(), nil)
	synctest.Test(t, func(t *testing.T) {
		w.in(time.Minute, func() {
			w.epoch++ // a rival claims
			w.extend(1)
		})
		got := during(t, tailer, func() { time.Sleep(2 * time.Minute) })
		if err := tailer.Status().Err; !errors.Is(got, ErrTakenOver) || !errors.Is(err, errFenced) {
			t.Errorf("got error %v, status %v", got, err)
		}
		// The rival writes on, so an old block here is no lag: it would be an alert for nothing.
		if s := tailer.Status(); s.Sealed == 0 || s.Lag(time.Now()) != 0 || s.LagBlocks() != 0 {
			t.Errorf("lag %s, %d blocks, of %+v", s.Lag(time.Now()), s.LagBlocks(), s)
		}
		if got := during(t, tailer, func() { time.Sleep(time.Minute) }); got != nil || tailer.Status().Lost {
			t.Errorf("claimed again: got error %v, status %+v", got, tailer.Status())
		}
	})
}

// failing is a node that does not answer for a while.
type failing struct {
	Node
	err atomic.Pointer[error] // nil where it answers
}

func (f *failing) set(err error) {
	if f.err.Store(nil); err != nil {
		f.err.Store(&err)
	}
}

func (f *failing) ChainID(ctx context.Context) (schemas.Felt, error) {
	if err := f.err.Load(); err != nil {
		return schemas.Felt{}, *err
	}
	return f.Node.ChainID(ctx)
}

func (f *failing) Head(ctx context.Context) (starknet.Header, error) {
	if err := f.err.Load(); err != nil {
		return starknet.Header{}, *err
	}
	return f.Node.Head(ctx)
}

// TestUnreachableNode: from the start or later, a node that does not answer makes the tailer degraded, not dead.
func TestUnreachableNode(t *testing.T) {
	w := newCalmWorld(3)
	node := &failing{Node: &process{world: w, kill: func() {}}}
	node.set(starknet.ErrTimeout)
	reg := prometheus.NewRegistry()
	tailer := tailerOf(w, node, nil, reg, nil)
	RegisterStatus(reg, tailer.Status)
	synctest.Test(t, func(t *testing.T) {
		start, third := time.Now(), w.chain[2].time()
		w.in(time.Hour+maxPause+2*time.Second, func() { w.extend(2) })
		err := during(t, tailer, func() {
			time.Sleep(time.Hour)
			if s := tailer.Status(); !errors.Is(s.Err, starknet.ErrTimeout) || s.Begun || !s.Since.Equal(start) {
				t.Errorf("unreachable from the start: %+v", s)
			}
			if lag := gauge(t, reg, "indexer_lag_seconds"); !math.IsNaN(lag) {
				t.Errorf("unreachable from the start: a lag of %v s is told, and nothing is known", lag)
			}
			node.set(nil)
			time.Sleep(maxPause + time.Second)
			s := tailer.Status()
			if s.Err != nil || s.Sealed != 2 || s.Head != 2 || !s.Begun || s.LagBlocks() != 0 || s.Lag(time.Now()) != 0 || !s.SealedAt.Equal(third) {
				t.Errorf("reachable: %+v", s)
			}
			if lag := gauge(t, reg, "indexer_lag_seconds"); lag != 0 {
				t.Errorf("reachable: a lag of %v s", lag)
			}
			node.set(&starknet.HTTPError{Status: 502})
			time.Sleep(time.Minute)
			if s := tailer.Status(); s.Err == nil || s.Sealed != 2 || s.Since.Before(start.Add(time.Hour)) || s.Lag(third.Add(time.Minute)) != time.Minute {
				t.Errorf("unreachable again: %+v", s)
			}
			node.set(nil)
			time.Sleep(maxPause + time.Second)
			if s := tailer.Status(); s.Err != nil || s.Sealed != 4 {
				t.Errorf("reachable again: %+v", s)
			}
		})
		if err != nil {
			t.Error(err)
		}
	})
	check(t, w)
	if n := countClaims(w); n != 1 {
		t.Errorf("%d claims, want 1: a node's faults are none of the log's", n)
	}
}

func countClaims(w *world) (n int) {
	for _, r := range w.records {
		if env, err := schemas.ParseEnvelope(r); err == nil && env.Type == schemas.TypeClaimed {
			n++
		}
	}
	return n
}

// slow is a log whose appends take long, and heed their context.
type slow struct {
	Writer
	takes time.Duration
}

func (s *slow) Append(ctx context.Context, records []schemas.Record) (int64, error) {
	select {
	case <-time.After(s.takes):
		return s.Writer.Append(ctx, records)
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// TestEnd: a batch in flight is finished where that does not take long, and given up otherwise.
func TestEnd(t *testing.T) {
	for _, tc := range []struct{ takes, most time.Duration }{{time.Second, time.Second}, {time.Minute, 2 * time.Second}} {
		w := newCalmWorld(1)
		writer := &slow{Writer: &process{world: w, kill: func() {}}, takes: tc.takes}
		tailer := tailerOf(w, nil, writer, prometheus.NewRegistry(), nil)
		synctest.Test(t, func(t *testing.T) {
			var ended time.Time
			err := during(t, tailer, func() {
				time.Sleep(tc.takes / 2) // the first block is on its way
				ended = time.Now()
			})
			if took := time.Since(ended); err != nil || took > tc.most {
				t.Errorf("a batch of %s: ended after %s, %v", tc.takes, took, err)
			}
			if written := len(w.records) > 1; written != (tc.takes == time.Second) {
				t.Errorf("a batch of %s: written %v", tc.takes, written)
			}
		})
	}
}

// TestTermsEnd: a writer claims again by itself before its term gets long, and reads on where it stands.
func TestTermsEnd(t *testing.T) {
	w := newCalmWorld(3)
	tailer := tailerOf(w, nil, nil, prometheus.NewRegistry(), func(c *Config) { c.PollInterval = time.Minute })
	synctest.Test(t, func(t *testing.T) {
		for i := range time.Duration(3) {
			w.in(i*longestTerm+time.Hour, func() { w.extend(1) })
		}
		if err := during(t, tailer, func() { time.Sleep(3*longestTerm + time.Hour) }); err != nil {
			t.Error(err)
		}
	})
	check(t, w)
	if n := countClaims(w); n != 4 {
		t.Errorf("%d claims, want 4", n)
	}
}

// TestQuietHead: a chain that does not move costs one call a look, and a block another one; once a minute one more asks what is accepted on L1.
func TestQuietHead(t *testing.T) {
	w := newCalmWorld(5)
	tailer := tailerOf(w, nil, nil, prometheus.NewRegistry(), nil)
	var caughtUp, quiet, moved int
	synctest.Test(t, func(t *testing.T) {
		w.in(10*time.Second, func() { caughtUp = w.calls })
		w.in(70*time.Second, func() { quiet = w.calls })
		for i := range time.Duration(60) {
			w.in((71+i)*time.Second, w.addEmpty)
		}
		w.in(132*time.Second, func() { moved = w.calls })
		if err := during(t, tailer, func() { time.Sleep(140 * time.Second) }); err != nil {
			t.Error(err)
		}
	})
	check(t, w)
	if n := quiet - caughtUp; n > 60+1 {
		t.Errorf("%d calls in 60 looks, want one each, and one for L1", n)
	}
	if n := moved - quiet; n > 2+60*3+2*2 {
		t.Errorf("%d calls in 62 looks for 60 blocks, want 2 each, and an append, and twice one for L1 with its append", n)
	}
}

// TestQuietBackfill: ten calls for a thousand blocks are enough where the contracts are quiet, with lists of addresses or without.
func TestQuietBackfill(t *testing.T) {
	for _, lists := range []bool{true, false} {
		w := newCalmWorld(1)
		w.lists = lists
		for range 50_000 {
			w.addEmpty()
		}
		tailer := tailerOf(w, nil, nil, prometheus.NewRegistry(), nil)
		synctest.Test(t, func(t *testing.T) {
			if err := during(t, tailer, func() { time.Sleep(3 * time.Second) }); err != nil {
				t.Error(err)
			}
		})
		check(t, w)
		if most := 50 * 10; tailer.Status().Sealed != 50_000 || w.calls > most {
			t.Errorf("lists %v: %d calls for %d blocks, want at most %d", lists, w.calls, tailer.Status().Sealed, most)
		}
	}
}

func (w *world) addEmpty() {
	last := w.chain[len(w.chain)-1]
	b := fakeBlock{number: last.number + 1, parent: last.hash, hash: schemas.Hash(schemas.FeltFromUint64(0xe0000000 + uint64(len(w.old))<<40 + last.number))}
	w.chain, w.numbers[b.hash] = append(w.chain, b), b.number
}

// TestMetrics are what the tailer shows of itself.
// gauge is a gauge's value.
func gauge(t *testing.T, reg *prometheus.Registry, name string) float64 {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	t.Fatalf("no metric %s", name)
	return 0
}

func TestMetrics(t *testing.T) {
	w := newCalmWorld(40)
	w.limit = 50_000
	reg := prometheus.NewRegistry()
	tailer := tailerOf(w, nil, nil, reg, func(c *Config) {
		c.Contracts = append(slices.Clone(c.Contracts), c.Contracts[0]) // twice by mistake
	})
	RegisterStatus(reg, tailer.Status)
	synctest.Test(t, func(t *testing.T) {
		w.in(time.Minute, func() { w.fork(3) })
		if err := during(t, tailer, func() { time.Sleep(2 * time.Minute) }); err != nil {
			t.Error(err)
		}
	})
	check(t, w)
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			name := f.GetName()
			for _, l := range m.GetLabel() {
				name += "," + l.GetValue()
			}
			got[name] = m.GetGauge().GetValue() + m.GetCounter().GetValue() + m.GetHistogram().GetSampleSum()
		}
	}
	written := map[string]float64{}
	for _, rec := range w.records {
		env, err := schemas.ParseEnvelope(rec)
		if err != nil {
			t.Fatal(err)
		}
		if env.Position != nil && env.Type != schemas.TypeSealed {
			written[env.Type]++
		}
	}
	for name, want := range map[string]float64{
		"indexer_block_height": float64(len(w.chain) - 1), "indexer_lag_blocks": 0, "indexer_lag_seconds": 0,
		"indexer_reorgs_total": 1, "indexer_reorg_depth": 3,
		"indexer_events_total,JobManager,JobCompleted":                  written[schemas.EventType("JobManager", "JobCompleted")],
		"indexer_events_total,ProverStaking,SuccessRecorded":            written[schemas.EventType("ProverStaking", "SuccessRecorded")],
		"indexer_undecoded_events_total,ProverStaking,unknown_selector": written[schemas.TypeUndecoded],
	} {
		if v, ok := got[name]; !ok || v != want {
			t.Errorf("%s is %v (%v), want %v", name, v, ok, want)
		}
	}
	if t.Failed() {
		t.Log(fmt.Sprint(got))
	}
}

func TestPatience(t *testing.T) {
	for _, tc := range []struct {
		err   error
		calls int
	}{
		{errFaulty, callTries},
		{starknet.ErrMalformed, callTries},
		{&starknet.HTTPError{Status: 502}, callTries},
		{&starknet.HTTPError{Status: 429, RetryAfter: 2 * time.Second}, callTries},
		{&starknet.HTTPError{Status: 429, RetryAfter: time.Minute}, 1},
		{&starknet.HTTPError{Status: 401}, 1},
		{starknet.ErrTimeout, 1},
		{starknet.ErrBlockNotFound, 1},
		{context.Canceled, 1},
		{nil, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			if err := (patient{wait: patience, odd: new(atomic.Int64)}).again(t.Context(), func() error { calls++; return tc.err }); !errors.Is(err, tc.err) || calls != tc.calls {
				t.Errorf("%v: %d calls, %v; want %d", tc.err, calls, err, tc.calls)
			}
			calls = 0
			if err := (patient{wait: patience, odd: new(atomic.Int64)}).again(t.Context(), func() error {
				if calls++; calls > 1 {
					return nil
				}
				return tc.err
			}); tc.calls > 1 && (err != nil || calls != 2) {
				t.Errorf("%v, once: %d calls, %v", tc.err, calls, err)
			}
		})
	}
}
