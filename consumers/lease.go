package consumers

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Source reads the log.
type Source interface {
	// Fetch returns the records from offset on, none if there are none for a while, and the offset of the next record to be
	// written. The records are dense and start at offset; anything else is an error.
	Fetch(ctx context.Context, topic string, partition int32, offset int64) (records []schemas.Record, end int64, err error)
}

// lease is the part of a reader's lease that does not depend on what is read.
type lease interface {
	// Keep renews the lease until ctx ends; it returns an error once the lease is lost.
	Keep(ctx context.Context) error
	// Release gives the lease back.
	Release(ctx context.Context) error
}

// Phase is what a reader is doing, for health and metrics.
type Phase string

// The phases of a reader.
const (
	Starting Phase = "starting"
	Standby  Phase = "standby" // another process reads
	Reading  Phase = "reading"
	Failing  Phase = "failing" // trying again after an error
)

// Status is where a reader stands.
type Status struct {
	Reader    string
	Partition int32
	Phase     Phase
	Next      int64     // offset that is read next, -1 before it is known
	End       int64     // offset of the next record to be written, as last seen, -1 before
	Fetched   int64     // offset that is fetched next
	FetchedAt time.Time // when the log last answered
	Moved     time.Time // when Next last moved on
	Block     uint64    // newest block stored, of the chain reader
	LogTime   time.Time // the log's time at Next
	Err       error     // why it is failing
	Since     time.Time // of the phase
}

// Lag is the number of records that are not stored yet.
func (s Status) Lag() int64 { return max(0, s.End-s.Next) }

// gauge holds a status for concurrent readers.
type gauge struct {
	mu     sync.Mutex
	status Status
}

func (g *gauge) update(change func(*Status)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	phase := g.status.Phase
	change(&g.status)
	if g.status.Phase != phase {
		g.status.Since = time.Now()
	}
}

func (g *gauge) get() Status {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.status
}

const (
	standbyPause = time.Second            // between two tries to take a lease that another process holds
	retryPause   = 100 * time.Millisecond // after a failure, doubling up to maxPause while nothing gets on
	maxPause     = 5 * time.Second
	releaseWait  = 2 * time.Second
)

// hold takes the lease again and again and works while it has it, until ctx ends. An error of the work is told, and followed
// by another try from the stored place; only [projections.ErrOutdated] ends it.
func hold[L lease](ctx context.Context, log *slog.Logger, g *gauge, claim func(context.Context) (L, error), work func(context.Context, L) error) error {
	pause := retryPause
	for ctx.Err() == nil {
		before := g.get().Next
		l, err := claim(ctx)
		if err == nil {
			err = workUnder(ctx, l, work)
		}
		if g.get().Next > before {
			pause = retryPause
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, projections.ErrOutdated):
			g.update(func(s *Status) { s.Phase, s.Err = Starting, nil })
			return err
		case errors.Is(err, projections.ErrTaken):
			g.update(func(s *Status) { s.Phase, s.Err = Standby, nil })
			wait(ctx, standbyPause)
			continue
		}
		log.WarnContext(ctx, "reader failed, trying again", "error", err, "pause", pause)
		g.update(func(s *Status) { s.Phase, s.Err = Failing, err })
		wait(ctx, pause)
		pause = min(2*pause, maxPause)
	}
	return nil
}

// workUnder works while the lease holds, and gives it back.
func workUnder[L lease](ctx context.Context, l L, work func(context.Context, L) error) error {
	group, under := errgroup.WithContext(ctx)
	keeping, stop := context.WithCancel(under)
	group.Go(func() error { return l.Keep(keeping) })
	group.Go(func() error {
		defer stop()
		return work(under, l)
	})
	err := group.Wait()
	releasing, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseWait)
	defer cancel()
	return errors.Join(err, l.Release(releasing))
}

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// sameLog checks that the record before a stored place is still the one that was applied: a log made anew, or another one,
// would otherwise be read on from an offset that means nothing in it.
func sameLog(ctx context.Context, src Source, topic string, part int32, next int64, fingerprint string) error {
	if next == 0 {
		return nil
	}
	records, _, err := src.Fetch(ctx, topic, part, next-1)
	if err != nil {
		return err
	}
	if len(records) == 0 {
		return &LogReset{topic, part, next - 1, fingerprint, "none"}
	}
	env, err := schemas.ParseEnvelope(records[0])
	if err != nil {
		return err
	}
	if env.ID != fingerprint {
		return &LogReset{topic, part, next - 1, fingerprint, env.ID}
	}
	return nil
}
