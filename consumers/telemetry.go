package consumers

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TelemetryLease is the right to advance what the workers of one partition report, on every topic of telemetry.
type TelemetryLease interface {
	lease
	// Place is where the reader of a topic stood when the lease was taken.
	Place(topic string) projections.Place
	// Parked returns the keys of a topic's records that are parked, and the parked records that are to be tried again, oldest first.
	Parked(ctx context.Context, topic string) (held map[string]bool, again []schemas.Record, err error)
	// Commit stores what records of a topic come to, in one transaction with the reader's place, or not at all.
	Commit(ctx context.Context, topic string, from int64, b *projections.TelemetryBatch) error
}

// telemetryTopics are what a partition's reader reads. They are partitioned alike, so that all that a worker reports is in its hands.
var telemetryTopics = [...]string{schemas.TopicHeartbeats, schemas.TopicGPUMetrics, schemas.TopicClaims}

// TelemetryProjector keeps what workers report up to date. Any number of processes may run one: each partition's lease lets one of them
// work on it.
type TelemetryProjector struct {
	source  Source
	claim   func(ctx context.Context, partition int32) (TelemetryLease, error)
	crew    Crew
	model   *projections.Telemetry
	metrics *Metrics
	log     *slog.Logger
	gauges  [schemas.TelemetryPartitions][len(telemetryTopics)]gauge
}

// NewTelemetryProjector returns a projector. Claim takes the lease of a partition, or answers [projections.ErrTaken].
func NewTelemetryProjector(
	source Source, claim func(context.Context, int32) (TelemetryLease, error), crew Crew, m *Metrics, log *slog.Logger,
) *TelemetryProjector {
	p := &TelemetryProjector{source: source, claim: claim, crew: crew, model: projections.NewTelemetry(), metrics: m, log: log.With("reader", "telemetry")}
	for _, topic := range telemetryTopics {
		m.parked.WithLabelValues(readerOf(topic)) // a series that begins at 0 shows the first record, too
	}
	for part := range p.gauges {
		for i, topic := range telemetryTopics {
			p.gauges[part][i].status = Status{Reader: readerOf(topic), Partition: int32(part), Phase: Starting, Next: -1, End: -1, LogEnd: -1, Since: time.Now()}
		}
	}
	return p
}

// readerOf names the reader of a topic, for health and metrics.
func readerOf(topic string) string { return strings.TrimPrefix(topic, "bitsage.") }

// Status returns where the reader of each topic and partition stands. It is safe for concurrent use.
func (p *TelemetryProjector) Status() []Status {
	var all []Status
	for part := range p.gauges {
		for i := range telemetryTopics {
			all = append(all, p.gauges[part][i].get())
		}
	}
	return all
}

// project reads the topics side by side, and stores what comes of them one after the other, since a lease is for one goroutine. Once
// leave is closed it ends between two batches, with [errGivenBack].
func (p *TelemetryProjector) project(ctx context.Context, l TelemetryLease, part int32, leave <-chan struct{}) error {
	group, ctx := errgroup.WithContext(ctx)
	turn := make(chan struct{}, 1)
	for i, topic := range telemetryTopics {
		run := telemetryRun{p: p, lease: l, turn: turn, topic: topic, part: part, place: l.Place(topic), gauge: &p.gauges[part][i]}
		group.Go(func() error { return run.read(ctx) })
	}
	group.Go(func() error {
		select {
		case <-ctx.Done():
			return nil
		case <-leave:
		}
		select {
		case <-ctx.Done():
			return nil
		case turn <- struct{}{}: // nobody stores now, and nobody will
			return errGivenBack
		}
	})
	return group.Wait()
}

// telemetryRun is one stretch of work on one topic under a lease.
type telemetryRun struct {
	p     *TelemetryProjector
	lease TelemetryLease
	turn  chan struct{} // holds a token while one of the lease's topics is stored
	topic string
	part  int32
	place projections.Place
	gauge *gauge
	held  map[string]bool // keys whose records are parked; the folding goroutine's
}

func (r *telemetryRun) read(ctx context.Context) error {
	if err := sameLog(ctx, r.p.source, r.topic, r.part, r.place.NextOffset, r.place.Fingerprint); err != nil {
		return err
	}
	if err := r.retry(ctx); err != nil {
		return err
	}
	r.gauge.update(func(s *Status) { s.begin(r.place.NextOffset) })
	group, ctx := errgroup.WithContext(ctx)
	in, batches := newIntake(), make(chan *projections.TelemetryBatch)
	group.Go(func() error { return in.fill(ctx, r.p.source, r.gauge, r.topic, r.part, r.place.NextOffset) })
	group.Go(func() error { return in.watch(ctx, r.p.source, r.gauge, r.topic, r.part) })
	group.Go(func() error { return r.fold(ctx, in, batches) })
	group.Go(func() error { return r.write(ctx, batches) })
	return group.Wait()
}

// retry folds the parked records that somebody wants tried again, before any new one is read.
func (r *telemetryRun) retry(ctx context.Context) (err error) {
	var again []schemas.Record
	if r.held, again, err = r.lease.Parked(ctx, r.topic); err != nil || len(again) == 0 {
		return err
	}
	batch := r.p.model.Batch().Holding(r.held)
	if err := batch.Retry(again); err != nil {
		return err
	}
	batch.Place = r.place
	r.p.log.InfoContext(ctx, "tried parked records again", "topic", r.topic, "partition", r.part, "folded", len(batch.Released), "parked", len(batch.Parked))
	return r.store(ctx, batch)
}

// fold turns what arrives into batches, one while another is stored.
func (r *telemetryRun) fold(ctx context.Context, in *intake, out chan<- *projections.TelemetryBatch) error {
	for ctx.Err() == nil {
		for records := range slices.Chunk(in.take(ctx), maxFactsBehind) {
			batch := r.p.model.Batch().Holding(r.held)
			for _, rec := range records {
				if err := batch.Add(rec); err != nil {
					return err
				}
			}
			r.gauge.ready(batch.Place.NextOffset)
			select {
			case <-ctx.Done():
			case out <- batch:
			}
		}
	}
	return nil
}

// write stores batches, until ctx ends.
func (r *telemetryRun) write(ctx context.Context, batches <-chan *projections.TelemetryBatch) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case batch := <-batches:
			if err := r.store(ctx, batch); err != nil {
				return err
			}
		}
	}
}

func (r *telemetryRun) store(ctx context.Context, batch *projections.TelemetryBatch) error {
	select {
	case <-ctx.Done():
		return nil
	case r.turn <- struct{}{}:
	}
	defer func() { <-r.turn }()
	started := time.Now()
	if err := r.lease.Commit(ctx, r.topic, r.place.NextOffset, batch); err != nil {
		return err
	}
	r.p.metrics.stored(r.gauge.get().Reader, batch.Facts, time.Since(started))
	if n := len(batch.Parked); n > 0 {
		r.p.metrics.parked.WithLabelValues(r.gauge.get().Reader).Add(float64(n))
		r.p.log.WarnContext(ctx, "records are parked: see sage-coordinator parked list", "topic", r.topic, "partition", r.part, "records", n, "reason", batch.Parked[0].Reason)
	}
	r.place = batch.Place
	r.gauge.update(func(s *Status) {
		s.LogTime, s.Next, s.End = batch.Time, r.place.NextOffset, max(s.End, r.place.NextOffset)
	})
	return nil
}
