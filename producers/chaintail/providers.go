package chaintail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
)

// Provider is a node by the name that people see, which tells nothing secret.
type Provider struct {
	Name string
	Node
}

const (
	// inspectEvery is the pause between two looks at the providers that do not serve.
	inspectEvery = 5 * time.Second
	// firstPenalty is how long a provider that failed is left alone; each further failure doubles it.
	firstPenalty  = time.Second
	worstPenalty  = time.Minute
	forgivenAfter = 2 * worstPenalty // without a failure
)

// providers are the nodes that the chain is read from, the preferred one first. One of them serves at a time: what is read in a
// round is of one node, so tokens and branches are never mixed. One that fails, lags behind the others or has another block
// where the log has one is set aside, by name and reason, until it is found well again.
//
// A single provider is never set aside: there is nothing to turn to.
type providers struct {
	all []*provider
	log *slog.Logger

	mu      sync.Mutex
	serving *provider // guarded by mu
	best    uint64    // the highest head of the inspection before; guarded by mu
}

// provider is a node, what it can do, and how it is.
type provider struct {
	Node
	name    string
	follows *follows
	log     *slog.Logger
	can     capabilities
	// suspects take the blocks that were read while anything odd was seen, which oddities count.
	suspects *suspects
	oddities atomic.Int64
	foreign  atomic.Bool // it is on another chain

	// Guarded by providers.mu.
	head    uint64
	latency time.Duration // of the last look at its head
	aside   error         // why it does not serve; nil where it may
	until   time.Time     // it is left alone
	penalty time.Duration // the last one
}

func newProviders(given []Provider, follows *follows, odd *suspects, log *slog.Logger) *providers {
	ps := &providers{log: log}
	for _, p := range given {
		one := &provider{name: p.Name, follows: follows, suspects: odd, log: log}
		one.Node = patient{p.Node, patience, &one.oddities}
		if len(given) > 1 {
			one.Node = guarded{patient{p.Node, impatience, &one.oddities}}
		}
		one.can.page.Store(pageSize)
		ps.all = append(ps.all, one)
	}
	return ps
}

// pick returns who serves now: the first that is not set aside, and where all are the one with the highest head.
func (ps *providers) pick() *provider {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	next := ps.choose(time.Now())
	if ps.serving != next && len(ps.all) > 1 {
		attrs := []any{"provider", next.name}
		if ps.serving != nil && ps.serving.aside != nil {
			attrs = append(attrs, "instead_of", ps.serving.name, "because", ps.serving.aside)
		}
		ps.log.Info("reading the chain from a provider", attrs...)
	}
	ps.serving = next
	return next
}

// choose is the pure part of pick; mu is held.
func (ps *providers) choose(now time.Time) *provider {
	var next *provider
	for _, p := range ps.all {
		switch {
		case p.aside == nil:
			return p
		case next == nil, next.until.After(now) && p.until.Before(next.until):
			next = p
		case !p.until.After(now) && p.head > next.head:
			next = p
		}
	}
	return next
}

// current returns the provider that serves, nil before the first round.
func (ps *providers) current() *provider {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return ps.serving
}

// failed notes that a provider did not serve, and tells whether there is another to turn to at once.
func (ps *providers) failed(p *provider, err error) (others bool) {
	if len(ps.all) == 1 {
		return false
	}
	ps.mu.Lock()
	defer ps.mu.Unlock()
	now := time.Now()
	if now.Sub(p.until) > forgivenAfter {
		p.penalty = 0
	}
	p.penalty = min(max(2*p.penalty, firstPenalty), worstPenalty)
	ps.setAside(p, err)
	p.until = now.Add(max(p.penalty, retryAfter(err)))
	return ps.choose(now).aside == nil
}

// setAside says once why a provider does not serve; mu is held.
func (ps *providers) setAside(p *provider, err error) {
	if p.aside == nil {
		ps.log.Warn("provider set aside", "provider", p.name, "because", err)
	}
	p.aside = err
}

// served notes the head that a provider told.
func (ps *providers) served(p *provider, head uint64, took time.Duration) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p.head, p.latency = head, took
}

// inspector is what providers are looked at with: what they can do, where that is not known by now, and where the log stands.
type inspector struct {
	probe func(context.Context, *provider) error
	place func() logPlace
}

// watch inspects the providers until ctx ends.
func (ps *providers) watch(ctx context.Context, by inspector) {
	if len(ps.all) == 1 {
		return
	}
	for sleep(ctx, inspectEvery) {
		ps.inspect(ctx, by)
	}
}

// inspect looks at those that do not serve, all at once, and compares the heads of all.
func (ps *providers) inspect(ctx context.Context, by inspector) {
	now := time.Now()
	ps.mu.Lock()
	serving, best := ps.serving, ps.best
	var due []*provider
	for _, p := range ps.all {
		if p != serving && !p.until.After(now) {
			due = append(due, p)
		}
	}
	ps.mu.Unlock()

	var wait sync.WaitGroup
	for _, p := range due {
		wait.Go(func() {
			head, took, err := look(ctx, p, by, best)
			if ctx.Err() != nil {
				return
			}
			ps.mu.Lock()
			defer ps.mu.Unlock()
			switch {
			case errors.Is(err, errMoved):
				return
			case err != nil:
				ps.setAside(p, err)
				return
			}
			if p.aside != nil {
				ps.log.Info("provider is well again", "provider", p.name)
			}
			p.head, p.latency, p.aside = head, took, nil
		})
	}
	wait.Wait()

	ps.mu.Lock()
	defer ps.mu.Unlock()
	if serving != nil && serving.aside == nil {
		if err := lags(serving.head, best); err != nil {
			ps.setAside(serving, err)
		}
	}
	for _, p := range ps.all {
		if p.aside == nil {
			ps.best = max(ps.best, p.head)
		}
	}
}

// errMoved says that the log moved while a provider was compared with it. The next inspection will tell.
var errMoved = errors.New("the log moved meanwhile")

// look asks one provider for its head and for the newest block of the log.
func look(ctx context.Context, p *provider, by inspector, best uint64) (head uint64, took time.Duration, err error) {
	if err := by.probe(ctx, p); err != nil {
		return 0, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, probeWithin)
	defer cancel()
	started := time.Now()
	h, err := p.Head(ctx)
	if err != nil {
		return 0, 0, err
	}
	took = time.Since(started)
	if err := lags(h.Number, best); err != nil {
		return 0, 0, err
	}
	at := by.place()
	if err := p.has(at.next); err != nil {
		return 0, 0, err
	}
	held := at.sealed
	if held.Hash.IsZero() || held.Number > h.Number {
		return h.Number, took, nil
	}
	has, err := p.Header(ctx, starknet.ByNumber(held.Number))
	if err != nil {
		return 0, 0, err
	}
	switch {
	case by.place().sealed != held:
		return 0, 0, errMoved
	case has.Hash != held.Hash:
		return 0, 0, fmt.Errorf("it is on another fork: its block %d is %s, the log's is %s", held.Number, has.Hash, held.Hash)
	}
	return h.Number, took, nil
}

// lags compares a head with the best one that any provider had when they were inspected before.
func lags(head, best uint64) error {
	if head < best {
		return fmt.Errorf("it lags: its head is block %d, and %s ago another one's was %d", head, inspectEvery, best)
	}
	return nil
}

// confirmVoid asks the other providers whether the log's block at a height is void, before a deep reorganisation is believed.
// Where there are others, one of them must say so.
func (ps *providers) confirmVoid(ctx context.Context, asked *provider, lowest seal) error {
	var errs []error
	for _, p := range ps.all {
		if p == asked {
			continue
		}
		h, err := p.Header(ctx, starknet.ByNumber(lowest.Number))
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("%s: %w", p.name, err))
		case lowest.same(h):
			errs = append(errs, fmt.Errorf("%s still has block %d of the log", p.name, lowest.Number))
		default:
			return nil
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return &disagreement{fmt.Errorf("%s tells of a reorganisation down to block %d, and no other provider confirms it: %w", asked.name, lowest.Number, errors.Join(errs...))}
}

// disagreement is a deep reorganisation that only one of several providers tells of. The log stands still until they agree.
type disagreement struct{ cause error }

func (e *disagreement) Error() string { return e.cause.Error() }
func (e *disagreement) Unwrap() error { return e.cause }

// ProviderStatus is how one provider is.
type ProviderStatus struct {
	Name    string
	Serving bool
	Head    uint64
	Latency time.Duration
	Aside   error // why it is set aside, nil where it is not
}

// statuses returns how the providers are, the preferred one first. It is safe for concurrent use.
func (ps *providers) statuses() []ProviderStatus {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	out := make([]ProviderStatus, len(ps.all))
	for i, p := range ps.all {
		out[i] = ProviderStatus{Name: p.name, Serving: p == ps.serving, Head: p.head, Latency: p.latency, Aside: p.aside}
	}
	return out
}
