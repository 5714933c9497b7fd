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
	// Load returns the current rows of keys, by entity.
	Load(ctx context.Context, keys [][]string) ([]map[string]projections.Version, error)
	Commit(ctx context.Context, from int64, b projections.Batch) error
	Revert(ctx context.Context, from int64, r schemas.Reorg, state schemas.ChainState) error
}

// maxFacts bounds a batch. A block is never split, so one that holds more is a batch of its own.
const maxFacts = 5_000

// ChainProjector keeps the chain read models up to date with the chain topic. Any number of processes may run one: the lease
// lets one of them work.
type ChainProjector struct {
	source  Source
	claim   func(context.Context) (ChainLease, error)
	set     projections.Set
	metrics *Metrics
	log     *slog.Logger
	gauge   gauge
}

// NewChainProjector returns a projector for the read models of a set. Claim takes the lease, or answers
// [projections.ErrTaken].
func NewChainProjector(source Source, claim func(context.Context) (ChainLease, error), set projections.Set, m *Metrics, log *slog.Logger) *ChainProjector {
	p := &ChainProjector{source: source, claim: claim, set: set, metrics: m, log: log.With("reader", "chain")}
	p.gauge.status = Status{Reader: "chain", Phase: Starting, Next: -1, End: -1, Since: time.Now()}
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
		s.Phase, s.Err, s.Next, s.Block, s.LogTime = Reading, nil, state.Next, state.Sealed.Number, state.SealedAt
	})
	group, ctx := errgroup.WithContext(ctx)
	ahead := make(chan fetched, 1)
	group.Go(func() error { return fetchAhead(ctx, p.source, schemas.TopicChain, 0, state.Next, ahead) })
	group.Go(func() error {
		run := chainRun{p: p, lease: l, reader: schemas.NewChainReader(state), folder: projections.NewFolder(p.set), stored: state.Next}
		return run.follow(ctx, ahead)
	})
	return group.Wait()
}

// chainRun is one stretch of work under one lease.
type chainRun struct {
	p      *ChainProjector
	lease  ChainLease
	reader *schemas.ChainReader
	folder *projections.Folder
	stored int64 // offset that the store holds
	steps  []schemas.Step
	facts  int
}

func (r *chainRun) follow(ctx context.Context, ahead <-chan fetched) error {
	for {
		var f fetched
		select {
		case <-ctx.Done():
			return nil
		case f = <-ahead:
		}
		r.p.gauge.update(func(s *Status) { s.End = f.end })
		for _, rec := range f.records {
			if err := r.read(ctx, rec); err != nil {
				return err
			}
		}
		if err := r.flush(ctx); err != nil {
			return err
		}
	}
}

func (r *chainRun) read(ctx context.Context, rec schemas.Record) error {
	steps, err := r.reader.Read(rec)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if step.Reorg != nil {
			if err := r.revert(ctx, step); err != nil {
				return err
			}
			continue
		}
		if n := len(step.Block.Facts); r.facts > 0 && r.facts+n > maxFacts {
			if err := r.flush(ctx); err != nil {
				return err
			}
		}
		r.steps = append(r.steps, step)
		r.facts += len(step.Block.Facts)
	}
	return nil
}

// flush stores the blocks read so far.
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
	started := time.Now()
	if err := r.lease.Commit(ctx, r.stored, batch); err != nil {
		return err
	}
	r.p.metrics.stored("chain", batch.Facts, time.Since(started))
	r.moved(batch.State)
	r.steps, r.facts = nil, 0
	return nil
}

func (r *chainRun) revert(ctx context.Context, step schemas.Step) error {
	if err := r.flush(ctx); err != nil {
		return err
	}
	if err := r.lease.Revert(ctx, r.stored, *step.Reorg, step.State); err != nil {
		return err
	}
	r.folder.Forget()
	r.p.metrics.reverts.Inc()
	r.p.log.InfoContext(ctx, "reverted after a reorganisation", "common", step.Reorg.Common.Number, "voided", len(step.Reorg.Voided))
	r.moved(step.State)
	return nil
}

func (r *chainRun) moved(state schemas.ChainState) {
	r.stored = state.Next
	r.p.gauge.update(func(s *Status) {
		s.Next, s.Block, s.LogTime = state.Next, state.Position.Block, state.SealedAt
		s.End = max(s.End, state.Next)
	})
}
