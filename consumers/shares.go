package consumers

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Crew is the processes that share the partitions of telemetry, this one among them.
type Crew interface {
	// Muster tells the others that this process lives. It returns how many processes do, how many of them come before this one, and
	// the partitions that nobody reads.
	Muster(ctx context.Context) (live, before int, free []int32, err error)
	// Leave tells the others that this process no longer counts.
	Leave(ctx context.Context) error
}

// share is how many of the partitions are a process's, where it is one of so many and so many come before it: shares differ by one at most.
func share(partitions, live, before int) int {
	n := partitions / live
	if before < partitions%live {
		n++
	}
	return n
}

// stint is the work on one partition.
type stint struct {
	leave   chan struct{} // closed when it is to end between two batches
	leaving bool
}

// shares is what one process has of the partitions. It is for one goroutine.
type shares struct {
	p     *TelemetryProjector
	held  map[int32]*stint
	again [schemas.TelemetryPartitions]backOff
	ended chan int32 // the partition of a stint that has ended
}

// Run stores what workers report until ctx ends: it takes as many partitions as are this process's share, and gives back what is more than
// that, one at a time, each between two batches.
func (p *TelemetryProjector) Run(ctx context.Context) error {
	group, under := errgroup.WithContext(ctx)
	s := &shares{p: p, held: map[int32]*stint{}, ended: make(chan int32, schemas.TelemetryPartitions)}
	for part := range p.gauges {
		p.standBy(int32(part))
	}
	group.Go(func() error {
		s.keep(under, group)
		return nil
	})
	err := group.Wait()
	leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseWait)
	defer cancel()
	if e := p.crew.Leave(leaving); e != nil {
		p.log.WarnContext(ctx, "the others have to find out that this process is gone", "error", e)
	}
	return err
}

func (s *shares) keep(ctx context.Context, group *errgroup.Group) {
	failing := false
	for ctx.Err() == nil {
		live, before, free, err := s.p.crew.Muster(ctx)
		switch {
		case err == nil:
			failing = false
			s.even(ctx, group, share(schemas.TelemetryPartitions, live, before), free)
		case ctx.Err() == nil && !failing:
			failing = true
			s.p.log.WarnContext(ctx, "the partitions stay with those who have them: trying again", "error", err)
			for part := range s.p.gauges {
				if s.held[int32(part)] == nil {
					s.p.gauges[part][0].update(func(st *Status) { st.Phase, st.Err = Failing, err })
				}
			}
		}
		select {
		case <-ctx.Done():
		case part := <-s.ended:
			delete(s.held, part)
		case <-time.After(standbyPause):
		}
	}
}

// even brings what this process has closer to its share.
func (s *shares) even(ctx context.Context, group *errgroup.Group, share int, free []int32) {
	if len(s.held) > share {
		s.giveBack()
		return
	}
	for _, part := range free {
		if len(s.held) < share && s.held[part] == nil && time.Now().After(s.again[part].until) {
			s.take(ctx, group, part)
		}
	}
	for part := range s.p.gauges { // what failed here is another's by now, or nobody's whose turn it would be here
		if s.held[int32(part)] == nil && time.Now().After(s.again[part].until) {
			s.p.standBy(int32(part))
		}
	}
}

// giveBack ends the work on one partition, unless that is under way for another.
func (s *shares) giveBack() {
	last := int32(-1)
	for part, st := range s.held {
		if st.leaving {
			return
		}
		last = max(last, part)
	}
	s.held[last].leaving = true
	close(s.held[last].leave)
}

// take works on a partition until that fails, is taken over or given back.
func (s *shares) take(ctx context.Context, group *errgroup.Group, part int32) {
	st := &stint{leave: make(chan struct{})}
	s.held[part] = st
	group.Go(func() error {
		defer func() { s.ended <- part }()
		claim := func(ctx context.Context) (TelemetryLease, error) { return s.p.claim(ctx, part) }
		work := func(ctx context.Context, l TelemetryLease) error { return s.p.project(ctx, l, part, st.leave) }
		// The lease is the first topic's, and so its gauge tells how the lease fares.
		err := once(ctx, s.p.log.With("partition", part), &s.p.gauges[part][0], &s.again[part], claim, work)
		if errors.Is(err, errGivenBack) {
			s.p.log.InfoContext(ctx, "gave a partition to another process", "partition", part)
		}
		for i := range s.p.gauges[part] {
			s.p.gauges[part][i].update(func(st *Status) {
				if st.Phase == Reading {
					st.Phase = Standby
				}
			})
		}
		return nil
	})
}

// standBy says that a partition is not this process's.
func (p *TelemetryProjector) standBy(part int32) {
	for i := range p.gauges[part] {
		p.gauges[part][i].update(func(s *Status) { s.Phase, s.Err = Standby, nil })
	}
}
