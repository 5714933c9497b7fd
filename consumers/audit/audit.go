// Package audit holds the read models against the contracts: what [projections.Invariants] and [projections.RowViews] list is asked of the
// views, at the block that the read models stand at, again and again. What differs is drift: an event is missing, or a row is wrong.
//
// Not everything that is no agreement is drift. A view may fail for an id that it does not know, a node may have no state of the block any
// more, a log may begin after a contract did: each is counted as what it is. Drift is looked at twice, each time at the newest block,
// before it counts. Begin with [Auditor.Run].
package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/big"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Models are the read models. Each answer comes with the block that it is of.
type Models interface {
	FirstBlock(ctx context.Context) (number uint64, known bool, err error)
	Total(ctx context.Context, as projections.AsOf, terms []projections.Term) (*big.Int, projections.Freshness, error)
	Rows(ctx context.Context, as projections.AsOf, of projections.RowsOf) ([]projections.Row, projections.Freshness, error)
}

// Views are the contracts.
type Views interface {
	// Ask asks a view at a block. That there is no answer is told in the answer.
	Ask(ctx context.Context, at schemas.BlockRef, contract schemas.Contract, function string, args map[string]any) (schemas.ViewAnswer, error)
	// ThereBefore tells whether a contract was on the chain before a block; it fails where that is not known.
	ThereBefore(ctx context.Context, contract schemas.Address, block uint64) (bool, error)
}

// Outcome is how a comparison ended.
type Outcome string

// The outcomes.
const (
	Agrees     Outcome = "agrees"
	Drifts     Outcome = "drift"
	Refused    Outcome = "refused"     // the view failed, as most do for an id that they do not know
	NotChecked Outcome = "not_checked" // no node could answer at the block, the answer could not be read, or the log has not the contract's beginning
)

// Outcomes lists them.
func Outcomes() []Outcome { return []Outcome{Agrees, Drifts, Refused, NotChecked} }

// Drift is a number or a row of which the read models and a contract tell differently.
type Drift struct {
	Projection string // the read model to blame
	Check      string // what was compared: the invariant's name, or the view
	Key        string // the row's, or the value's that it is of; empty for a sum
	View       schemas.View
	Args       map[string]any
	Found      []projections.Difference
	Block      schemas.BlockRef // that both were asked at last
	FoundAt    time.Time        // the first time
}

// Status is what an auditor has found since its process began.
type Status struct {
	Every    time.Duration
	Outcomes map[Outcome]int64
	Last     string // what was compared last; empty before the first
	Block    int64  // that it was compared at
	LastAt   time.Time
	Problem  string            // why the last comparison that was none was none
	LeftOut  map[string]string // contracts that are not asked, and why
	Drifting int
	Drifts   []Drift // the first hundred of them
}

// Config says what to hold against what.
type Config struct {
	// Every is the pause between two comparisons at least. It is longer where they take long: an audit takes a twentieth of its time.
	Every      time.Duration
	Contracts  []schemas.Contract
	Logger     *slog.Logger
	Registerer prometheus.Registerer
}

const (
	sampled   = 8 // rows or values at a time
	within    = time.Minute
	share     = 20 // of its time that it does nothing
	keptFound = 100
	mostKnown = 10_000 // drifts that are remembered
)

// check is something to compare: an invariant, or the rows of a view.
type check struct {
	name       string
	projection string
	view       schemas.View
	invariant  *projections.Invariant
	rows       *projections.RowView
}

// Auditor compares. Status may be asked for at any time; the rest is of Run's goroutine.
type Auditor struct {
	config  Config
	models  Models
	views   Views
	checks  []check
	keys    map[string]string // the key's column by table
	reached map[string]bool   // contracts whose beginning the log has
	drift   *prometheus.CounterVec
	done    *prometheus.CounterVec

	mu     sync.Mutex
	status Status           // guarded by mu; without the drifts
	known  map[string]Drift // by check and key; guarded by mu
}

// New returns an auditor of all that views tell.
func New(c Config, models Models, views Views) *Auditor {
	a := &Auditor{
		config: c, models: models, views: views, keys: map[string]string{}, reached: map[string]bool{}, known: map[string]Drift{},
		status: Status{Every: c.Every, Outcomes: map[Outcome]int64{}, LeftOut: map[string]string{}},
		drift: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "projection_drift_total", Help: "Times that the audit found a read model and a contract to tell differently, by read model; what stays counts again each time.",
		}, []string{"projection"}),
		done: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "projection_audit_checks_total", Help: "Numbers and rows of read models that were held against a contract's view, by outcome.",
		}, []string{"outcome"}),
	}
	for _, i := range projections.Invariants() {
		a.checks = append(a.checks, check{i.Name, i.Projection(), i.View, &i, nil})
	}
	for _, v := range projections.RowViews() {
		a.checks = append(a.checks, check{"rows of " + v.Table, v.Table, v.View, nil, &v})
	}
	for _, m := range projections.Chain().Entities {
		a.keys[m.Table] = m.Columns[0].Name
	}
	for _, one := range a.checks {
		a.drift.WithLabelValues(one.projection)
	}
	for _, o := range Outcomes() {
		a.done.WithLabelValues(string(o))
	}
	c.Registerer.MustRegister(a.drift, a.done, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "projection_drifts", Help: "Numbers and rows of read models that differed from a contract's when they were last compared.",
	}, func() float64 { return float64(a.Status().Drifting) }))
	return a
}

// Status returns what was found. It is safe for concurrent use.
func (a *Auditor) Status() Status {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := a.status
	out.Outcomes, out.LeftOut = maps.Clone(out.Outcomes), maps.Clone(out.LeftOut)
	out.Drifting = len(a.known)
	for _, id := range slices.Sorted(maps.Keys(a.known)) {
		if len(out.Drifts) == keptFound {
			break
		}
		out.Drifts = append(out.Drifts, a.known[id])
	}
	return out
}

// Run audits until ctx ends.
func (a *Auditor) Run(ctx context.Context) error {
	timer := time.NewTimer(a.config.Every)
	defer timer.Stop()
	for turn := 0; ; turn++ {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		began := time.Now()
		a.compare(ctx, a.checks[turn%len(a.checks)])
		timer.Reset(max(a.config.Every, share*time.Since(began)))
	}
}

// Round compares everything once.
func (a *Auditor) Round(ctx context.Context) {
	for _, c := range a.checks {
		a.compare(ctx, c)
	}
}

// result is how the comparison of one number or row ended.
type result struct {
	outcome Outcome
	at      projections.Freshness
	found   []projections.Difference
	args    map[string]any
	problem error
}

// compare compares a check's number, or some of its rows and those that differed the last time.
func (a *Auditor) compare(ctx context.Context, c check) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	contract, ok := a.contract(c.view.Contract)
	if !ok {
		return
	}
	keys, err := a.candidates(ctx, c)
	if err != nil {
		a.note(c, "", result{outcome: NotChecked, problem: err})
		return
	}
	for _, key := range keys {
		r := a.one(ctx, c, contract, key)
		if r.outcome == Drifts {
			r = a.one(ctx, c, contract, key) // at a newer block, where there is one: a branch may have been left in between
		}
		if errors.Is(ctx.Err(), context.Canceled) {
			return
		}
		a.note(c, key, r)
	}
}

// contract returns the contract of a name, where it is one.
func (a *Auditor) contract(name string) (schemas.Contract, bool) {
	var found []schemas.Contract
	for _, c := range a.config.Contracts {
		if c.Name == name && !c.Address.IsZero() {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 1:
		return found[0], true
	case 0:
		a.leaveOut(name, "it is not followed")
	default:
		a.leaveOut(name, fmt.Sprintf("%d contracts are followed under this name, and the read models do not keep them apart", len(found)))
	}
	return schemas.Contract{}, false
}

func (a *Auditor) leaveOut(contract, why string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.status.LeftOut[contract] = why
}

// candidates are the keys to compare: some by chance, after those that differ. A sum has one, without a name.
func (a *Auditor) candidates(ctx context.Context, c check) (keys []string, err error) {
	of, column := projections.RowsOf{Limit: sampled}, ""
	switch {
	case c.rows != nil:
		of.Table, of.Prefix, of.Where, column = c.rows.Table, c.rows.Prefix, c.rows.Where, a.keys[c.rows.Table]
	case c.invariant.Each != nil:
		of.Table, column = c.invariant.Each.Table, c.invariant.Each.Column
	default:
		return []string{""}, nil
	}
	a.mu.Lock()
	for _, d := range a.known {
		if d.Check == c.name && d.View == c.view && len(keys) < keptFound {
			keys = append(keys, d.Key)
		}
	}
	a.mu.Unlock()
	rows, _, err := a.models.Rows(ctx, projections.AsOf{}, of)
	for _, r := range rows {
		if key, ok := r[column].(string); ok && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys, err
}

// one compares a number or a row.
func (a *Auditor) one(ctx context.Context, c check, contract schemas.Contract, key string) (r result) {
	var invariant projections.Invariant
	var model *big.Int
	var row projections.Row
	r.outcome = NotChecked
	if c.rows != nil {
		var rows []projections.Row
		rows, r.at, r.problem = a.models.Rows(ctx, projections.AsOf{}, projections.RowsOf{Table: c.rows.Table, Where: c.rows.Where, Key: key})
		if r.problem == nil && len(rows) == 0 {
			r.outcome = Agrees // it is gone
			return r
		}
		if r.problem == nil {
			id, _ := c.rows.ID(key)
			row, r.args = rows[0], c.rows.Args(id)
		}
	} else {
		invariant = *c.invariant
		if invariant.Each != nil {
			invariant, r.args = invariant.Of(key)
		}
		model, r.at, r.problem = a.models.Total(ctx, projections.AsOf{}, invariant.Terms)
	}
	if r.problem != nil {
		return r
	}
	at, err := blockOf(r.at)
	if err != nil {
		r.problem = err
		return r
	}
	answer, err := a.views.Ask(ctx, at, contract, c.view.Function, r.args)
	switch {
	case err != nil:
		r.problem = err
	case answer.Reason == schemas.ReasonReverted:
		r.outcome, r.problem = Refused, errors.New(answer.Detail)
	case answer.Reason != "":
		r.problem = fmt.Errorf("%s: %s", answer.Reason, answer.Detail)
	default:
		r.outcome, r.found, r.problem = a.differences(ctx, c, contract, invariant, model, row, answer.Data)
	}
	return r
}

func blockOf(at projections.Freshness) (schemas.BlockRef, error) {
	if !at.Known {
		return schemas.BlockRef{}, errors.New("the read models hold no block yet")
	}
	hash, err := schemas.ParseHash(at.Hash)
	return schemas.BlockRef{Number: uint64(at.Block), Hash: hash}, err
}

func (a *Auditor) differences(
	ctx context.Context, c check, contract schemas.Contract, i projections.Invariant, model *big.Int, row projections.Row, answer json.RawMessage,
) (Outcome, []projections.Difference, error) {
	var found []projections.Difference
	if c.rows != nil {
		var err error
		if found, err = c.rows.Differences(row, answer); err != nil {
			return NotChecked, nil, err
		}
	} else {
		told, err := i.Told(answer)
		if err != nil {
			return NotChecked, nil, err
		}
		if !i.Is.Holds(model, told) {
			found = []projections.Difference{{Member: i.Member, Model: model.String(), Contract: told.String(), Is: i.Is}}
		}
	}
	if len(found) == 0 {
		return Agrees, nil, nil
	}
	if err := a.whole(ctx, contract); err != nil {
		return NotChecked, nil, err
	}
	return Drifts, found, nil
}

// whole tells whether the log has all that a contract ever told: not where it begins later than the contract did.
func (a *Auditor) whole(ctx context.Context, contract schemas.Contract) error {
	if a.reached[contract.Name] {
		return nil
	}
	first, known, err := a.models.FirstBlock(ctx)
	if err == nil && !known {
		err = errors.New("the read models hold no block yet")
	}
	if err != nil {
		return err
	}
	older, err := a.views.ThereBefore(ctx, contract.Address, first)
	switch {
	case err != nil:
		return fmt.Errorf("%s differs, and whether it is older than the log, which begins with block %d, is not known: %w", contract.Name, first, err)
	case older:
		why := fmt.Sprintf("the log begins with block %d, and the contract is older: what it told before is in no read model", first)
		a.leaveOut(contract.Name, why)
		return fmt.Errorf("%s differs: %s", contract.Name, why)
	}
	a.reached[contract.Name] = true
	return nil
}

// note publishes how a comparison ended.
func (a *Auditor) note(c check, key string, r result) {
	a.done.WithLabelValues(string(r.outcome)).Inc()
	id := strings.Join([]string{c.projection, c.name, c.view.String(), key}, "\x00")
	a.mu.Lock()
	defer a.mu.Unlock()
	a.status.Outcomes[r.outcome]++
	a.status.Last, a.status.Block, a.status.LastAt = c.name, r.at.Block, time.Now()
	if r.problem != nil {
		a.status.Problem = fmt.Sprintf("%s: %v", c.name, r.problem)
	}
	switch r.outcome {
	case Agrees:
		delete(a.known, id)
	case Drifts:
		a.drift.WithLabelValues(c.projection).Inc()
		d, known := a.known[id]
		if !known {
			d = Drift{Projection: c.projection, Check: c.name, Key: key, View: c.view, FoundAt: time.Now()}
			a.config.Logger.Error("a read model and a contract tell differently", "projection", c.projection, "check", c.name, "key", key, "view", c.view.String(),
				"block", r.at.Block, "column", r.found[0].Column, "read_model", r.found[0].Model, "contract", r.found[0].Contract)
		}
		if d.Args, d.Found = r.args, r.found; len(a.known) < mostKnown || known {
			d.Block, _ = blockOf(r.at)
			a.known[id] = d
		}
	case Refused, NotChecked:
	}
}
