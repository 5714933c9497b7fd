package consumers

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ChainLease is the right to advance the chain read models, and the way to do it. Every method that writes does so in one
// transaction with the reader's place, from the offset it is given, or not at all.
type ChainLease interface {
	lease
	// State is where the read models stood when the lease was taken.
	State() schemas.ChainState
	// Load returns the current rows of keys, by entity. It may be called while a batch is stored that does not concern them.
	Load(ctx context.Context, keys [][]string) ([]map[string]projections.Version, error)
	Commit(ctx context.Context, from int64, b projections.Batch) error
	Revert(ctx context.Context, from int64, r schemas.Reorg, state schemas.ChainState) error
}

const (
	// maxFacts bounds a batch near the head. A block is never split, so one that holds more is a batch of its own.
	maxFacts = 5_000
	// maxFactsBehind bounds a batch of a reader that is further behind than that: fewer and larger transactions, while what the batches
	// on their way hold in memory stays in the tens of megabytes.
	maxFactsBehind = 20_000
	// maxBatch bounds a batch in bytes of the records that it was read from.
	maxBatch = 16 << 20
)

// ChainProjector keeps the chain read models up to date with the chain topic. Any number of processes may run one: the lease
// lets one of them work.
type ChainProjector struct {
	source  Source
	claim   func(context.Context) (ChainLease, error)
	set     projections.Set
	metrics *Metrics
	log     *slog.Logger
	gauge   gauge
	abis    *schemas.ABIs // decode again; nil where the log's word is taken
}

// NewChainProjector returns a projector for the read models of a set. Claim takes the lease, or answers
// [projections.ErrTaken].
func NewChainProjector(source Source, claim func(context.Context) (ChainLease, error), set projections.Set, m *Metrics, log *slog.Logger) *ChainProjector {
	p := &ChainProjector{source: source, claim: claim, set: set, metrics: m, log: log.With("reader", "chain")}
	p.gauge.status = Status{Reader: "chain", Phase: Starting, Next: -1, End: -1, LogEnd: -1, Since: time.Now()}
	return p
}

// Status returns where the projector stands. It is safe for concurrent use.
func (p *ChainProjector) Status() Status { return p.gauge.get() }

// Run folds the chain topic into the read models until ctx ends. A batch takes effect with its offset or not at all, so a
// crash repeats work and never doubles it. It ends with [projections.ErrOutdated] where the read models must be made anew first,
// see [Rebuild].
func (p *ChainProjector) Run(ctx context.Context) error {
	return hold(ctx, p.log, &p.gauge, p.claim, p.project)
}

func (p *ChainProjector) project(ctx context.Context, l ChainLease) error {
	state := l.State()
	if err := sameLog(ctx, p.source, schemas.TopicChain, 0, state.Next, state.Fingerprint); err != nil {
		return err
	}
	p.gauge.update(func(s *Status) {
		s.begin(state.Next)
		s.Block, s.LogTime = state.Sealed.Number, state.SealedAt
	})
	group, ctx := errgroup.WithContext(ctx)
	run := chainRun{
		p: p, lease: l, reader: schemas.NewChainReader(state), folder: projections.NewFolder(p.set), work: make(chan chainWork), stored: state.Next,
	}
	run.reader.DecodeAgain(p.abis)
	in := newIntake()
	group.Go(func() error { return in.fill(ctx, p.source, &p.gauge, schemas.TopicChain, 0, state.Next) })
	group.Go(func() error { return in.watch(ctx, p.source, &p.gauge, schemas.TopicChain, 0) })
	group.Go(func() error { return run.fold(ctx, in) })
	group.Go(func() error { return run.write(ctx) })
	return group.Wait()
}

// chainRun is one stretch of work under one lease. One goroutine folds a batch while another stores the one before; the folder remembers
// every row of a batch that is on its way, so what it has to load is never what is being stored.
type chainRun struct {
	p      *ChainProjector
	lease  ChainLease
	reader *schemas.ChainReader
	folder *projections.Folder
	steps  []schemas.Step
	facts  int
	bytes  int
	work   chan chainWork
	stored int64 // offset that the store holds; the writer's
}

// chainWork is what is stored next: a batch, or a reorganisation.
type chainWork struct {
	batch projections.Batch
	reorg *schemas.Reorg
	state schemas.ChainState
	done  chan struct{} // closed once it is stored; nil where nobody waits for that
}

// fold turns what arrives into batches.
func (r *chainRun) fold(ctx context.Context, in *intake) error {
	for ctx.Err() == nil {
		for _, rec := range in.take(ctx) {
			if err := r.read(ctx, rec); err != nil {
				return err
			}
		}
		if err := r.flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *chainRun) read(ctx context.Context, rec schemas.Record) error {
	steps, err := r.reader.Read(rec)
	if err != nil {
		return err
	}
	r.bytes += recordBytes(rec)
	for _, step := range steps {
		if step.Reorg != nil {
			if err := r.revert(ctx, step); err != nil {
				return err
			}
			continue
		}
		if step.Block == nil { // finality is part of the state
			r.steps = append(r.steps, step)
			continue
		}
		if n := len(step.Block.Facts); r.facts > 0 && (r.facts+n > r.limit(rec.Offset) || r.bytes > maxBatch) {
			if err := r.flush(ctx); err != nil {
				return err
			}
		}
		r.steps = append(r.steps, step)
		r.facts += len(step.Block.Facts)
	}
	return nil
}

// limit is the number of facts that a batch may hold which was read up to an offset.
func (r *chainRun) limit(offset int64) int {
	if r.p.gauge.get().End-offset > maxFacts {
		return maxFactsBehind
	}
	return maxFacts
}

// flush folds the blocks read so far and hands them over to be stored.
func (r *chainRun) flush(ctx context.Context) error {
	if len(r.steps) == 0 {
		return nil
	}
	missing := r.folder.Missing(r.steps)
	rows, err := r.lease.Load(ctx, missing)
	if err != nil {
		return err
	}
	for i, keys := range missing {
		r.folder.Learn(i, keys, rows[i])
	}
	batch, err := r.folder.Fold(r.steps)
	if err != nil {
		return err
	}
	r.steps, r.facts, r.bytes = nil, 0, 0
	r.hand(ctx, chainWork{batch: batch, state: batch.State})
	return nil
}

// revert has a reorganisation stored, and waits for it: what is loaded next is what it leaves.
func (r *chainRun) revert(ctx context.Context, step schemas.Step) error {
	if err := r.flush(ctx); err != nil {
		return err
	}
	done := make(chan struct{})
	r.hand(ctx, chainWork{reorg: step.Reorg, state: step.State, done: done})
	select {
	case <-ctx.Done():
	case <-done:
	}
	r.folder.Forget()
	return nil
}

// hand gives work to the writer. Where ctx ends first the whole stretch ends.
func (r *chainRun) hand(ctx context.Context, w chainWork) {
	r.p.gauge.ready(w.state.Next)
	select {
	case <-ctx.Done():
	case r.work <- w:
	}
}

// write stores what it is handed, until ctx ends.
func (r *chainRun) write(ctx context.Context) error {
	for {
		var w chainWork
		select {
		case <-ctx.Done():
			return nil
		case w = <-r.work:
		}
		if err := r.store(ctx, w); err != nil {
			return err
		}
		r.stored = w.state.Next
		r.p.gauge.update(func(s *Status) {
			s.Next, s.Block, s.LogTime = w.state.Next, w.state.Position.Block, w.state.SealedAt
			s.End = max(s.End, w.state.Next)
		})
		if w.done != nil {
			close(w.done)
		}
	}
}

func (r *chainRun) store(ctx context.Context, w chainWork) error {
	if w.reorg == nil {
		started := time.Now()
		if err := r.lease.Commit(ctx, r.stored, w.batch); err != nil {
			return err
		}
		r.p.metrics.stored("chain", w.batch.Facts, time.Since(started))
		r.p.metrics.odd.Add(float64(w.batch.Anomalies))
		return nil
	}
	if err := r.lease.Revert(ctx, r.stored, *w.reorg, w.state); err != nil {
		return err
	}
	r.p.metrics.reverts.Inc()
	r.p.log.InfoContext(ctx, "reverted after a reorganisation", "common", w.reorg.Common.Number, "voided", len(w.reorg.Voided))
	return nil
}
