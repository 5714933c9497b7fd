package chaintail

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// view is a provider with its own idea of a calm world, or with none while it hangs.
type view struct {
	sees  atomic.Pointer[process]
	turn  sync.Mutex    // calls of several goroutines are answered one after the other
	id    *schemas.Felt // nil for the world's
	hangs atomic.Bool
	err   atomic.Pointer[error]
}

func viewOf(w *world) *view {
	v := &view{}
	v.see(w)
	return v
}

// see shows the provider a world as it is now.
func (v *view) see(w *world) {
	now := *w
	now.chain, now.numbers = slices.Clone(w.chain), maps.Clone(w.numbers)
	v.sees.Store(&process{world: &now, kill: func() {}})
}

// fault is what is wrong with the provider.
func (v *view) fault(ctx context.Context) error {
	if v.hangs.Load() {
		<-ctx.Done()
		return ctx.Err()
	}
	if err := v.err.Load(); err != nil {
		return *err
	}
	return ctx.Err()
}

func (v *view) SpecVersion(ctx context.Context) (string, error) {
	if err := v.fault(ctx); err != nil {
		return "", err
	}
	v.turn.Lock()
	defer v.turn.Unlock()
	return v.sees.Load().SpecVersion(ctx)
}

func (v *view) ChainID(ctx context.Context) (schemas.Felt, error) {
	if err := v.fault(ctx); err != nil || v.id == nil {
		v.turn.Lock()
		defer v.turn.Unlock()
		id, _ := v.sees.Load().ChainID(ctx)
		return id, err
	}
	return *v.id, nil
}

func (v *view) Head(ctx context.Context) (starknet.Header, error) {
	if err := v.fault(ctx); err != nil {
		return starknet.Header{}, err
	}
	blocks := v.sees.Load().chain
	return blocks[len(blocks)-1].header(), nil
}

func (v *view) Header(ctx context.Context, id starknet.BlockID) (starknet.Header, error) {
	if err := v.fault(ctx); err != nil {
		return starknet.Header{}, err
	}
	v.turn.Lock()
	defer v.turn.Unlock()
	return v.sees.Load().Header(ctx, id)
}

func (v *view) Events(ctx context.Context, f starknet.Filter) (starknet.Page, error) {
	if err := v.fault(ctx); err != nil {
		return starknet.Page{}, err
	}
	v.turn.Lock()
	defer v.turn.Unlock()
	return v.sees.Load().Events(ctx, f)
}

func (v *view) PreConfirmed(ctx context.Context) (starknet.Header, []starknet.Receipt, bool, error) {
	if err := v.fault(ctx); err != nil {
		return starknet.Header{}, nil, false, err
	}
	return v.sees.Load().PreConfirmed(ctx)
}

func (v *view) Receipts(ctx context.Context, id starknet.BlockID) (starknet.Header, []starknet.Receipt, error) {
	if err := v.fault(ctx); err != nil {
		return starknet.Header{}, nil, err
	}
	v.turn.Lock()
	defer v.turn.Unlock()
	return v.sees.Load().Receipts(ctx, id)
}

func (v *view) Receipt(ctx context.Context, tx schemas.Hash) (starknet.Receipt, error) {
	if err := v.fault(ctx); err != nil {
		return starknet.Receipt{}, err
	}
	v.turn.Lock()
	defer v.turn.Unlock()
	return v.sees.Load().Receipt(ctx, tx)
}

func (v *view) ClassHashAt(ctx context.Context, id starknet.BlockID, contract schemas.Address) (schemas.Hash, error) {
	if err := v.fault(ctx); err != nil {
		return schemas.Hash{}, err
	}
	v.turn.Lock()
	defer v.turn.Unlock()
	return v.sees.Load().ClassHashAt(ctx, id, contract)
}

func (v *view) ABIAt(ctx context.Context, id starknet.BlockID, contract schemas.Address) (json.RawMessage, error) {
	if err := v.fault(ctx); err != nil {
		return nil, err
	}
	v.turn.Lock()
	defer v.turn.Unlock()
	return v.sees.Load().ABIAt(ctx, id, contract)
}

func (v *view) Call(ctx context.Context, id starknet.BlockID, contract schemas.Address, entryPoint schemas.Felt, calldata []schemas.Felt) ([]schemas.Felt, error) {
	if err := v.fault(ctx); err != nil {
		return nil, err
	}
	v.turn.Lock()
	defer v.turn.Unlock()
	return v.sees.Load().Call(ctx, id, contract, entryPoint, calldata)
}

// between runs a tailer over several providers in synctest's time, and ends it after the test's story.
func between(t *testing.T, views []*view, story func(tailer *Tailer)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		tailer := tailerOf(newCalmWorld(1), nil, nil, prometheus.NewRegistry(), nil) // of that world only the log is used
		var given []Provider
		for i, v := range views {
			given = append(given, Provider{string(rune('a' + i)), v})
		}
		tailer.providers = newProviders(given, newFollows(followed), tailer.suspects, tailer.config.Logger)
		if err := during(t, tailer, func() { story(tailer) }); err != nil {
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
			between(t, []*view{a, b}, func(tailer *Tailer) {
				time.Sleep(10 * time.Second)
				if got := serving(tailer); got != "a" {
					t.Fatalf("%s serves, want the preferred one", got)
				}
				fault(a)
				w.extend(1)
				b.see(w)
				time.Sleep(time.Second + 2*time.Second) // a poll, and the two seconds that a failover may take
				s := tailer.Status()
				if s.Sealed != s.Head || s.Sealed != 5 || serving(tailer) != "b" {
					t.Errorf("2 s after the first call: block %d of %d, %s serves", s.Sealed, s.Head, serving(tailer))
				}
				if s.Providers[0].Aside == nil {
					t.Errorf("nobody is told: %+v", s.Providers)
				}
				a.see(w)
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

// TestBlame: of several providers that all fail, each is named with its own reason.
func TestBlame(t *testing.T) {
	w := newCalmWorld(5)
	a, b := viewOf(w), viewOf(w)
	b.err.Store(new(errors.New("b is broken")))
	between(t, []*view{a, b}, func(tailer *Tailer) {
		time.Sleep(10 * time.Second)
		a.err.Store(new(errors.New("a is broken")))
		for range 300 {
			time.Sleep(100*time.Millisecond + time.Microsecond)
			for _, p := range tailer.Status().Providers {
				if p.Aside != nil && !strings.Contains(p.Aside.Error(), p.Name+" is broken") {
					t.Fatalf("%s is set aside because of %v", p.Name, p.Aside)
				}
			}
		}
	})
}

// TestSlowAnswer: a call that takes long is not given up while the node tells its head.
func TestSlowAnswer(t *testing.T) {
	w := newCalmWorld(5)
	slow := &slowEvents{view: viewOf(w)}
	synctest.Test(t, func(t *testing.T) {
		tailer := tailerOf(newCalmWorld(1), nil, nil, prometheus.NewRegistry(), nil)
		tailer.providers = newProviders([]Provider{{"slow", slow}, {"other", viewOf(w)}}, newFollows(followed), tailer.suspects, tailer.config.Logger)
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
		{"a node that lags", func(w *world, v *view) { short := *w; short.chain = w.chain[:5]; v.see(&short) }, "it lags"},
		{"a node on another fork", func(w *world, v *view) { v.see(onFork(w, 6, 30)) }, "another fork"},
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
			between(t, order, func(tailer *Tailer) {
				for range 6 {
					time.Sleep(inspectEvery)
					w.extend(1)
					good.see(w)
					if bad.id != nil {
						bad.see(w)
					}
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

// onFork returns the world after its blocks from a number on were replaced by so many others.
func onFork(w *world, after, blocks int) *world {
	other := *w
	other.chain, other.numbers = slices.Clone(w.chain[:after]), maps.Clone(w.numbers)
	other.salt++
	other.extend(blocks)
	return &other
}

// TestDeepReorganisationIsConfirmed: one provider alone cannot take many blocks back; the log stands still, and health can say so,
// until another one agrees.
func TestDeepReorganisationIsConfirmed(t *testing.T) {
	w := newCalmWorld(40)
	a, b := viewOf(w), viewOf(w)
	between(t, []*view{a, b}, func(tailer *Tailer) {
		time.Sleep(10 * time.Second)
		other := onFork(w, 10, 50)
		a.see(other)
		time.Sleep(time.Minute)
		s := tailer.Status()
		if s.Sealed != 39 || s.SealedHash != w.chain[39].hash {
			t.Fatalf("block %d %s is sealed while the providers disagree", s.Sealed, s.SealedHash)
		}
		if s.Err == nil || !strings.Contains(s.Err.Error(), "no other provider confirms it: b still has block 23 of the log") || s.Stalled(time.Now()) != StallDisagreement {
			t.Errorf("stalled by %q: %v", s.Stalled(time.Now()), s.Err)
		}
		b.see(other)
		time.Sleep(time.Minute)
		if s := tailer.Status(); s.SealedHash != other.chain[59].hash || s.Err != nil || s.Stalled(time.Now()) != NotStalled {
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
