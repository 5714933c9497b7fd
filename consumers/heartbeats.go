package consumers

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// HeartbeatLease is the right to advance the heartbeats of one partition.
type HeartbeatLease interface {
	lease
	// Place is where the reader stood when the lease was taken.
	Place() projections.Place
	// Commit stores heartbeats in one transaction with the reader's place, or not at all.
	Commit(ctx context.Context, from int64, to projections.Place, logTime time.Time, beats []projections.HeartbeatRow) error
}

// HeartbeatProjector keeps the heartbeats of every partition up to date. Any number of processes may run one: each partition's
// lease lets one of them work on it.
type HeartbeatProjector struct {
	source  Source
	claim   func(ctx context.Context, partition int32) (HeartbeatLease, error)
	metrics *Metrics
	log     *slog.Logger
	gauges  [schemas.TelemetryPartitions]gauge
}

// NewHeartbeatProjector returns a projector. Claim takes the lease of a partition, or answers [projections.ErrTaken].
func NewHeartbeatProjector(source Source, claim func(context.Context, int32) (HeartbeatLease, error), m *Metrics, log *slog.Logger) *HeartbeatProjector {
	p := &HeartbeatProjector{source: source, claim: claim, metrics: m, log: log.With("reader", "heartbeats")}
	for i := range p.gauges {
		p.gauges[i].status = Status{Reader: "heartbeats", Partition: int32(i), Phase: Starting, Next: -1, End: -1, Since: time.Now()}
	}
	return p
}

// Status returns where the reader of each partition stands. It is safe for concurrent use.
func (p *HeartbeatProjector) Status() []Status {
	all := make([]Status, len(p.gauges))
	for i := range p.gauges {
		all[i] = p.gauges[i].get()
	}
	return all
}

// Run stores heartbeats until ctx ends.
func (p *HeartbeatProjector) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for i := range p.gauges {
		part := int32(i)
		group.Go(func() error {
			claim := func(ctx context.Context) (HeartbeatLease, error) { return p.claim(ctx, part) }
			project := func(ctx context.Context, l HeartbeatLease) error { return p.project(ctx, l, part) }
			return hold(ctx, p.log.With("partition", part), &p.gauges[i], claim, project)
		})
	}
	return group.Wait()
}

func (p *HeartbeatProjector) project(ctx context.Context, l HeartbeatLease, part int32) error {
	place, g := l.Place(), &p.gauges[part]
	if err := sameLog(ctx, p.source, schemas.TopicHeartbeats, part, place.NextOffset, place.Fingerprint); err != nil {
		return err
	}
	g.update(func(s *Status) { s.Phase, s.Err, s.Next = Reading, nil, place.NextOffset })
	group, ctx := errgroup.WithContext(ctx)
	ahead := make(chan fetched, 1)
	group.Go(func() error {
		return fetchAhead(ctx, p.source, schemas.TopicHeartbeats, part, place.NextOffset, ahead)
	})
	group.Go(func() error {
		for {
			var f fetched
			select {
			case <-ctx.Done():
				return nil
			case f = <-ahead:
			}
			if len(f.records) > 0 {
				batch, err := readHeartbeats(f.records)
				if err != nil {
					return err
				}
				started := time.Now()
				if err := l.Commit(ctx, place.NextOffset, batch.place, batch.time, batch.rows); err != nil {
					return err
				}
				p.metrics.stored("heartbeats", len(batch.rows), time.Since(started))
				place = batch.place
				g.update(func(s *Status) { s.LogTime = batch.time })
			}
			g.update(func(s *Status) { s.Next, s.End = place.NextOffset, max(f.end, place.NextOffset) })
		}
	})
	return group.Wait()
}

// heartbeatBatch is what a run of records comes to.
type heartbeatBatch struct {
	rows  []projections.HeartbeatRow
	place projections.Place
	time  time.Time // of the newest record
}

// readHeartbeats folds records of a heartbeat partition. A tick only moves the time.
func readHeartbeats(records []schemas.Record) (heartbeatBatch, error) {
	var b heartbeatBatch
	for _, rec := range records {
		env, err := schemas.ParseEnvelope(rec)
		if err != nil {
			return b, err
		}
		if env.Type == schemas.TypeHeartbeat {
			report := schemas.Report{ID: env.ID, Time: env.Time, Partition: rec.Partition, Offset: rec.Offset}
			if err := json.Unmarshal(env.Data, &report.Heartbeat); err != nil {
				return b, fmt.Errorf("%s[%d]@%d: heartbeat: %w", rec.Topic, rec.Partition, rec.Offset, err)
			}
			b.rows = append(b.rows, projections.FoldHeartbeat(report))
		}
		b.place = projections.Place{NextOffset: rec.Offset + 1, Fingerprint: env.ID}
		if env.Time.After(b.time) {
			b.time = env.Time
		}
	}
	return b, nil
}
