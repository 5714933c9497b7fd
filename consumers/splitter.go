package consumers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// SplitLog is the way back into the topics of the families.
type SplitLog interface {
	// Bounds returns the first offset that a partition still has, and the one that its next record will get.
	Bounds(ctx context.Context, topic string, partition int32) (first, next int64, err error)
	// ReadBack returns up to n records below an offset, oldest first.
	ReadBack(ctx context.Context, topic string, partition int32, before int64, n int) ([]schemas.Record, error)
}

// SplitWriter is the right to append to the topic of one family.
type SplitWriter interface {
	// Claim takes the right from whoever has it; the offset of the claim record is the term.
	Claim(ctx context.Context, claim schemas.Record) (term int64, err error)
	// Append writes records as one batch, whole or not at all.
	Append(ctx context.Context, records []schemas.Record) (base int64, err error)
}

// SplitterConfig says how to split.
type SplitterConfig struct {
	Name, Build string // this process and its version, for people who read the claims
	// Writer makes the writer of a topic.
	Writer func(topic string) SplitWriter
	// Batches cuts records into batches that the log takes.
	Batches func([]schemas.Record) [][]schemas.Record
	// Fenced tells whether an error of a writer means that another one has taken over.
	Fenced func(error) bool
	Logger *slog.Logger
}

// ErrSplitElsewhere says that another splitter has claimed the topic of a family.
var ErrSplitElsewhere = errors.New("another splitter has taken over the topics of the families")

// checkpointEvery is how many records of the chain topic are split before all topics are claimed again: a claim says what the
// topic holds, so this bounds what is read again after a restart.
const checkpointEvery = 100_000

// Splitter derives one topic a family from the chain topic. What it writes is a pure function of what it reads, and each record
// carries the offset of its source; so it goes on after the last one of each topic, whoever wrote it, and writes nothing twice.
type Splitter struct {
	config  SplitterConfig
	source  Source
	log     SplitLog
	metrics *Metrics
	gauge   gauge
	every   int64 // checkpointEvery, but in tests
}

// NewSplitter returns a splitter of the chain topic that source reads.
func NewSplitter(c SplitterConfig, source Source, log SplitLog, m *Metrics) *Splitter {
	s := &Splitter{config: c, source: source, log: log, metrics: m, every: checkpointEvery}
	s.gauge.status = Status{Reader: "splitter", Phase: Starting, Next: -1, End: -1, LogEnd: -1, Since: time.Now()}
	return s
}

// Status returns where the splitter stands. It is safe for concurrent use.
func (s *Splitter) Status() Status { return s.gauge.get() }

// Run splits until ctx ends, or ends with [ErrSplitElsewhere]. After any other failure it claims again and goes on from what the
// topics hold.
func (s *Splitter) Run(ctx context.Context) error {
	pause := retryPause
	for ctx.Err() == nil {
		before := s.gauge.get().Next
		err := s.stint(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case s.config.Fenced(err):
			s.gauge.update(func(st *Status) { st.Phase, st.Err = Standby, nil })
			return fmt.Errorf("%w: %w", ErrSplitElsewhere, err)
		}
		if s.gauge.get().Next > before {
			pause = retryPause
		}
		s.config.Logger.WarnContext(ctx, "splitter failed, trying again", "error", err, "pause", pause)
		s.gauge.update(func(st *Status) { st.Phase, st.Err = phaseAfter(err), err })
		wait(ctx, pause)
		pause = min(2*pause, maxPause)
	}
	return nil
}

// stint claims the topics and splits until something fails.
func (s *Splitter) stint(ctx context.Context) error {
	var families []*familyTopic
	for _, name := range schemas.Families() {
		topic := schemas.FamilyTopic(name)
		families = append(families, &familyTopic{splitter: s, family: name, topic: topic, writer: s.config.Writer(topic)})
	}
	from, err := s.lowest(ctx, families)
	if err != nil {
		return err
	}
	if err := sameLog(ctx, s.source, schemas.TopicChain, 0, from.Next, from.Fingerprint); err != nil {
		return err
	}
	run := splitRun{splitter: s, families: families, reader: schemas.NewChainReader(from), state: from, held: map[int64]schemas.Record{}}
	if err := run.checkpoint(ctx); err != nil {
		return err
	}
	s.gauge.update(func(st *Status) { st.begin(from.Next) })
	group, ctx := errgroup.WithContext(ctx)
	in := newIntake()
	group.Go(func() error { return in.fill(ctx, s.source, &s.gauge, schemas.TopicChain, 0, from.Next) })
	group.Go(func() error { return in.watch(ctx, s.source, &s.gauge, schemas.TopicChain, 0) })
	group.Go(func() error { return run.follow(ctx, in) })
	return group.Wait()
}

// lowest returns the place in the chain topic that every family's topic holds everything below, as far as their claims say.
func (s *Splitter) lowest(ctx context.Context, families []*familyTopic) (schemas.ChainState, error) {
	var lowest schemas.ChainState
	for i, f := range families {
		state, err := f.checkpointed(ctx)
		if err != nil {
			return lowest, fmt.Errorf("topic %s: %w", f.topic, err)
		}
		if i == 0 || state.Next < lowest.Next {
			lowest = state
		}
	}
	return lowest, nil
}

// splitRun is one stretch of work after a claim.
type splitRun struct {
	splitter *Splitter
	families []*familyTopic
	reader   *schemas.ChainReader
	state    schemas.ChainState       // everything below it is in the topics
	saved    int64                    // where the last checkpoint was
	held     map[int64]schemas.Record // events read since the last commit point, by offset
}

func (r *splitRun) follow(ctx context.Context, in *intake) error {
	for ctx.Err() == nil {
		out := map[string][]schemas.Record{}
		state, facts := r.state, 0
		for _, rec := range in.take(ctx) {
			r.held[rec.Offset] = rec
			steps, err := r.reader.Read(rec)
			if err != nil {
				return err
			}
			for _, step := range steps {
				facts += r.route(step, rec, out)
				state = step.State
			}
		}
		started := time.Now()
		if err := r.write(ctx, out); err != nil {
			return err
		}
		if facts > 0 {
			r.splitter.metrics.stored("splitter", facts, time.Since(started))
		}
		r.state = state
		r.splitter.gauge.update(func(st *Status) {
			st.Next, st.End, st.Block = state.Next, max(st.End, state.Next), state.Position.Block
		})
		if state.Next-r.saved >= r.splitter.every {
			if err := r.checkpoint(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// route puts what a step says into the topics that it goes to. Rec is the record that completed it.
func (r *splitRun) route(step schemas.Step, rec schemas.Record, out map[string][]schemas.Record) (facts int) {
	if step.Reorg != nil {
		for _, f := range r.families {
			out[f.topic] = append(out[f.topic], schemas.DeriveReorg(rec, f.family))
		}
	} else if step.Block != nil {
		for _, fact := range step.Block.Facts {
			derived := schemas.DeriveFact(r.held[fact.Offset], fact)
			out[derived.Topic] = append(out[derived.Topic], derived)
		}
		facts = len(step.Block.Facts)
	}
	for offset := range r.held {
		if offset < step.State.Next {
			delete(r.held, offset)
		}
	}
	return facts
}

func (r *splitRun) write(ctx context.Context, out map[string][]schemas.Record) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, f := range r.families {
		if records := out[f.topic]; len(records) > 0 {
			group.Go(func() error { return f.write(ctx, records, r.state) })
		}
	}
	return group.Wait()
}

// checkpoint claims every topic, and says in the claims how far they are.
func (r *splitRun) checkpoint(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, f := range r.families {
		group.Go(func() error { return f.claim(ctx, r.state) })
	}
	r.saved = r.state.Next
	return group.Wait()
}
