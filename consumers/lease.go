package consumers

import (
	"context"
	"errors"
	"fmt"
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
	// Bounds returns the offset of the first record that the log still has, and of the next one to be written, whatever Fetch says.
	Bounds(ctx context.Context, topic string, partition int32) (first, next int64, err error)
}

// lease is the part of a reader's lease that does not depend on what is read.
type lease interface {
	// Keep renews the lease until ctx ends; it returns an error once the lease is lost.
	Keep(ctx context.Context) error
	// Release gives the lease back.
	Release(ctx context.Context) error
}

// Status is where a reader stands.
type Status struct {
	Reader    string
	Partition int32
	Phase     Phase
	Next      int64     // offset that is read next, -1 before it is known
	End       int64     // offset of the next record to be written, as last seen, -1 before
	LogEnd    int64     // as End, asked for beside the fetches, -1 before
	Fetched   int64     // offset that is fetched next
	FetchedAt time.Time // when Fetched last moved, or there was nothing to fetch
	Ready     int64     // Next after the batch that is ready to be stored, or was stored last
	ReadyAt   time.Time // when it was
	Block     uint64    // newest block stored, of the chain reader
	LogTime   time.Time // the log's time at Next
	Err       error     // why it is failing
	Since     time.Time // of the phase
}

// Lag is the number of records that are not stored yet.
func (s Status) Lag() int64 { return max(0, s.End-s.Next) }

// begin says that a reader reads on from an offset.
func (s *Status) begin(next int64) {
	s.Phase, s.Err, s.Next, s.Fetched, s.FetchedAt, s.Ready = Reading, nil, next, next, time.Now(), next
}

// name is the reader's with its partition.
func (s Status) name() string { return fmt.Sprintf("%s[%d]", s.Reader, s.Partition) }

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

// ready says that a batch is ready to be stored.
func (g *gauge) ready(next int64) {
	g.update(func(s *Status) { s.Ready, s.ReadyAt = next, time.Now() })
}

func (g *gauge) get() Status {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.status
}

const (
	standbyPause = 200 * time.Millisecond // between two looks at a lease that another process holds
	retryPause   = 100 * time.Millisecond // after a failure, doubling up to maxPause while nothing gets on
	maxPause     = 5 * time.Second
	releaseWait  = 2 * time.Second
)

// hold takes the lease again and again and works while it has it, until ctx ends. An error of the work is told, and followed
// by another try from the stored place; only [projections.ErrOutdated] ends it.
func hold[L lease](ctx context.Context, log *slog.Logger, g *gauge, claim func(context.Context) (L, error), work func(context.Context, L) error) error {
	var b backOff
	for ctx.Err() == nil {
		err := once(ctx, log, g, &b, claim, work)
		if errors.Is(err, projections.ErrOutdated) {
			return err
		}
		wait(ctx, time.Until(b.until))
	}
	return nil
}

// backOff says when to try again.
type backOff struct {
	pause time.Duration
	until time.Time
}

// once takes the lease and works while it has it. It returns why it ended, nil where ctx did.
func once[L lease](ctx context.Context, log *slog.Logger, g *gauge, b *backOff, claim func(context.Context) (L, error), work func(context.Context, L) error) error {
	before := g.get().Next
	l, err := claim(ctx)
	if err == nil {
		err = workUnder(ctx, l, work)
	}
	if g.get().Next > before || b.pause == 0 {
		b.pause = retryPause
	}
	switch {
	case ctx.Err() != nil:
		return nil
	case errors.Is(err, projections.ErrOutdated):
		g.update(func(s *Status) { s.Phase, s.Err = Starting, nil })
	case errors.Is(err, projections.ErrTaken), errors.Is(err, errGivenBack):
		g.update(func(s *Status) { s.Phase, s.Err = Standby, nil })
		b.until = time.Now().Add(standbyPause)
	default:
		log.WarnContext(ctx, "reader failed, trying again", "error", err, "pause", b.pause)
		g.update(func(s *Status) { s.Phase, s.Err = phaseAfter(err), err })
		b.until = time.Now().Add(b.pause)
		b.pause = min(2*b.pause, maxPause)
	}
	return err
}

// errGivenBack ends work that was asked to end between two batches.
var errGivenBack = errors.New("given back")

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
