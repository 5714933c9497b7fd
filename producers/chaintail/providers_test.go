package chaintail

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// view is a provider's own idea of a world: another chain, or one that is behind, or none while it hangs.
type view struct {
	Node
	world  *world
	chain  atomic.Pointer[[]fakeBlock] // nil for the world's
	id     *schemas.Felt               // nil for the world's
	hangs  atomic.Bool
	err    atomic.Pointer[error]
	events atomic.Int64 // calls for events
}

func viewOf(w *world) *view { return &view{Node: &process{world: w, kill: func() {}}, world: w} }

func (v *view) wait(ctx context.Context) error {
	if v.hangs.Load() {
		<-ctx.Done()
		return ctx.Err()
	}
	if err := v.err.Load(); err != nil {
		return *err
	}
	return ctx.Err()
}

func (v *view) blocks() []fakeBlock {
	if chain := v.chain.Load(); chain != nil {
		return *chain
	}
	return v.world.served()
}

func (v *view) ChainID(ctx context.Context) (schemas.Felt, error) {
	if err := v.wait(ctx); err != nil || v.id == nil {
		id, _ := v.Node.ChainID(ctx)
		return id, err
	}
	return *v.id, nil
}

func (v *view) Head(ctx context.Context) (starknet.Header, error) {
	if err := v.wait(ctx); err != nil {
		return starknet.Header{}, err
	}
	blocks := v.blocks()
	return blocks[len(blocks)-1].header(), nil
}

func (v *view) Header(ctx context.Context, id starknet.BlockID) (starknet.Header, error) {
	if err := v.wait(ctx); err != nil {
		return starknet.Header{}, err
	}
	b, err := v.world.findIn(v.blocks(), id)
	if err != nil {
		return starknet.Header{}, err
	}
	return b.header(), nil
}

func (v *view) Events(ctx context.Context, f starknet.Filter) (starknet.Page, error) {
	v.events.Add(1)
	if err := v.wait(ctx); err != nil {
		return starknet.Page{}, err
	}
	return v.Node.Events(ctx, f)
}

// between runs a tailer over several providers in synctest's time, and ends it after the test's story.
func between(t *testing.T, w *world, views []*view, story func(tailer *Tailer, told *bytes.Buffer)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var told bytes.Buffer
		tailer := tailerOf(w, nil, nil, prometheus.NewRegistry(), func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&told, nil)) })
		var given []Provider
		for i, v := range views {
			given = append(given, Provider{string(rune('a' + i)), v})
		}
		tailer.providers = newProviders(given, tailer.config.Logger)
		if err := during(t, tailer, func() { story(tailer, &told) }); err != nil {
			t.Error(err)
		}
	})
}

func serving(t *Tailer) string {
	for _, p := range t.Status().Providers {
		if p.Serving {
			return p.Name
		}
	}
	return ""
}

// TestFailover: a provider that hangs or fails is left within two seconds, and taken again when it is well.
func TestFailover(t *testing.T) {
	refused := errors.New("connection refused")
	for what, fault := range map[string]func(*view){
		"hangs": func(v *view) { v.hangs.Store(true) },
		"fails": func(v *view) { v.err.Store(&refused) },
	} {
		t.Run(what, func(t *testing.T) {
			w := newCalmWorld(5)
			a, b := viewOf(w), viewOf(w)
			between(t, w, []*view{a, b}, func(tailer *Tailer, told *bytes.Buffer) {
				time.Sleep(10 * time.Second)
				if got := serving(tailer); got != "a" {
					t.Fatalf("%s serves, want the preferred one", got)
				}
				fault(a)
				w.extend(1)
				time.Sleep(time.Second + 2*time.Second) // a poll, and the two seconds that a failover may take
				s := tailer.Status()
				if s.Sealed != s.Head || s.Sealed != 5 || serving(tailer) != "b" {
					t.Errorf("2 s after the first call: block %d of %d, %s serves", s.Sealed, s.Head, serving(tailer))
				}
				if s.Providers[0].Aside == nil || !strings.Contains(told.String(), "provider=a") {
					t.Errorf("nobody is told: %+v\n%s", s.Providers, told.String())
				}
				a.hangs.Store(false)
				a.err.Store(nil)
				time.Sleep(worstPenalty + 2*inspectEvery)
				if got := serving(tailer); got != "a" {
					t.Errorf("%s serves after the preferred one is well again", got)
				}
			})
		})
	}
}

// TestSlowAnswer: a call that takes long is not given up while the node tells its head.
func TestSlowAnswer(t *testing.T) {
	w := newCalmWorld(5)
	slow := &slowEvents{view: viewOf(w)}
	synctest.Test(t, func(t *testing.T) {
		tailer := tailerOf(w, nil, nil, prometheus.NewRegistry(), nil)
		tailer.providers = newProviders([]Provider{{"slow", slow}, {"other", viewOf(w)}}, tailer.config.Logger)
		if err := during(t, tailer, func() {
			time.Sleep(time.Minute)
			if s := tailer.Status(); s.Sealed != 4 || serving(tailer) != "slow" || s.Providers[0].Aside != nil {
				t.Errorf("block %d, %s serves: %+v", s.Sealed, serving(tailer), s.Providers)
			}
		}); err != nil {
			t.Error(err)
		}
	})
}

type slowEvents struct{ *view }

func (s *slowEvents) Events(ctx context.Context, f starknet.Filter) (starknet.Page, error) {
	if !sleep(ctx, 8*time.Second) {
		return starknet.Page{}, ctx.Err()
	}
	return s.view.Events(ctx, f)
}

// TestProvidersSetAside: who lags, is on another fork or on another chain is named, and does not serve.
func TestProvidersSetAside(t *testing.T) {
	other := schemas.ShortString("SN_MAIN")
	for _, tc := range []struct {
		what   string
		spoil  func(w *world, v *view)
		reason string
	}{
		{"a node that lags", func(w *world, v *view) { v.chain.Store(new(w.chain[:5])) }, "it lags"},
		{"a node on another fork", func(w *world, v *view) { v.chain.Store(new(forked(w, 6, 30))) }, "another fork"},
		{"a node of another chain", func(_ *world, v *view) { v.id = &other }, "is on chain SN_MAIN"},
		{"a node that lacks old blocks", func(_ *world, v *view) { v.err.Store(new(error(starknet.ErrBlockNotFound))) }, "block not found"},
		{"a node that answers nonsense", func(_ *world, v *view) { v.err.Store(new(starknet.ErrMalformed)) }, "malformed"},
	} {
		t.Run(tc.what, func(t *testing.T) {
			w := newCalmWorld(10)
			bad, good := viewOf(w), viewOf(w)
			tc.spoil(w, bad)
			order := []*view{bad, good}
			if strings.Contains(tc.what, "fork") {
				order = []*view{good, bad} // the log began with the good one
			}
			between(t, w, order, func(tailer *Tailer, _ *bytes.Buffer) {
				for range 6 {
					time.Sleep(inspectEvery)
					w.extend(1)
				}
				time.Sleep(inspectEvery)
				s := tailer.Status()
				for i, v := range order {
					switch aside := s.Providers[i].Aside; {
					case v == bad && (aside == nil || !strings.Contains(aside.Error(), tc.reason)):
						t.Errorf("the bad one is set aside because of %v, want %q", aside, tc.reason)
					case v == good && (aside != nil || !s.Providers[i].Serving):
						t.Errorf("the good one: %+v", s.Providers[i])
					}
				}
				if s.Sealed != 15 {
					t.Errorf("block %d is sealed, want 15", s.Sealed)
				}
			})
		})
	}
}

// forked returns a chain that leaves the world's after a block.
func forked(w *world, after, blocks int) []fakeBlock {
	whole := w.chain
	w.chain = append([]fakeBlock{}, whole[:after]...)
	w.salt++
	w.extend(blocks)
	fork := w.chain
	w.chain = whole
	return fork
}

// TestDeepReorganisationIsConfirmed: one provider alone cannot take many blocks back; the log stands still, and health can say so,
// until another one agrees.
func TestDeepReorganisationIsConfirmed(t *testing.T) {
	w := newCalmWorld(40)
	a, b := viewOf(w), viewOf(w)
	between(t, w, []*view{a, b}, func(tailer *Tailer, _ *bytes.Buffer) {
		time.Sleep(10 * time.Second)
		before := w.chain
		branch := forked(w, 10, 50)
		a.chain.Store(&branch)
		b.chain.Store(&before)
		time.Sleep(time.Minute)
		s := tailer.Status()
		if s.Sealed != 39 || s.SealedHash != before[39].hash {
			t.Fatalf("block %d %s is sealed while the providers disagree", s.Sealed, s.SealedHash)
		}
		if s.Err == nil || !strings.Contains(s.Err.Error(), "no other provider confirms it: b still has block 23 of the log") || s.Stalled(time.Now()) != StallDisagreement {
			t.Errorf("stalled by %q: %v", s.Stalled(time.Now()), s.Err)
		}
		w.chain = branch
		b.chain.Store(nil)
		a.chain.Store(nil)
		time.Sleep(time.Minute)
		if s := tailer.Status(); s.SealedHash != branch[59].hash || s.Err != nil || s.Stalled(time.Now()) != NotStalled {
			t.Errorf("block %d after they agree: %v", s.Sealed, s.Err)
		}
	})
}

// TestStall: a log that does not follow a head that moves is stalled after three block times, whatever the reason.
func TestStall(t *testing.T) {
	now := time.Unix(1_000, 0)
	moving := Status{Begun: true, Head: 20, Sealed: 10, MovedAt: now.Add(-7 * time.Second), BlockTime: 2 * time.Second}
	for _, tc := range []struct {
		what   string
		change func(*Status)
		want   Stall
	}{
		{"no error", func(*Status) {}, StallUnknown},
		{"a node that fails", func(s *Status) { s.Err = starknet.ErrTimeout }, StallProvider},
		{"a log that fails", func(s *Status) { s.Err = &logError{errAppend} }, StallLog},
		{"providers that disagree", func(s *Status) { s.Err = &disagreement{errFaulty} }, StallDisagreement},
		{"blocks that take longer", func(s *Status) { s.BlockTime = 3 * time.Second }, NotStalled},
		{"fast blocks", func(s *Status) { s.BlockTime, s.MovedAt = time.Millisecond, now.Add(-4*time.Second) }, NotStalled},
		{"nothing to write", func(s *Status) { s.Head = 10 }, NotStalled},
		{"another tailer's log", func(s *Status) { s.Lost = true }, NotStalled},
		{"before the first round", func(s *Status) { s.MovedAt = time.Time{} }, NotStalled},
		{"a log that cannot begin", func(s *Status) { s.Begun, s.Head, s.Sealed = false, 0, 0 }, StallUnknown},
	} {
		s := moving
		tc.change(&s)
		if got := s.Stalled(now); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.what, got, tc.want)
		}
	}
}
