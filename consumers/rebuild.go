package consumers

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// Rebuilding is a set of read models that is filled beside the one that serves.
type Rebuilding interface {
	// Claim takes the lease of the reader that fills them, or answers [projections.ErrTaken].
	Claim(ctx context.Context) (ChainLease, error)
	// Swap puts them in place of those that serve, if they are as far and nobody is in the way for long.
	Swap(ctx context.Context) (swapped bool, err error)
	// Replaced tells whether another process has swapped.
	Replaced(ctx context.Context) (bool, error)
}

// RebuildProgress is how far a rebuild is.
type RebuildProgress struct {
	Next, End int64 // offsets in the chain topic: of the record that is read next, and of the next one to be written
	Began     time.Time
	From      int64 // Next, when this process began
}

// Share is the part that is done, 0 to 1.
func (p RebuildProgress) Share() float64 {
	if p.End <= 0 {
		return 0
	}
	return float64(p.Next) / float64(p.End)
}

// Rate is the number of records a second that this process has read.
func (p RebuildProgress) Rate() float64 {
	if took := time.Since(p.Began).Seconds(); took > 0 {
		return float64(p.Next-p.From) / took
	}
	return 0
}

// Left is the time that the rest takes at this rate, 0 where that is not known.
func (p RebuildProgress) Left() time.Duration {
	if rate := p.Rate(); rate > 0 {
		return time.Duration(float64(p.End-p.Next) / rate * float64(time.Second))
	}
	return 0
}

const (
	swapPause     = 20 * time.Millisecond // between two tries, doubling up to maxSwapPause: each may keep readers waiting
	maxSwapPause  = time.Second
	progressEvery = time.Second
)

// Rebuild fills the read models from the log's beginning, or from where an interrupted rebuild stood, until they have taken their
// place, by this process or another. What the tailers could not decode by the ABI of its class is decoded again, by the ABIs that the log has by
// now. Tell hears of the progress every second. What goes wrong on the way is tried again.
func Rebuild(ctx context.Context, source Source, r Rebuilding, set projections.Set, m *Metrics, log *slog.Logger, tell func(RebuildProgress)) error {
	return Fill(ctx, source, r.Claim, set, m, log, tell, func(ctx context.Context, filled bool) (bool, error) {
		if !filled {
			return r.Replaced(ctx)
		}
		return r.Swap(ctx)
	})
}

// Fill fills read models as [Rebuild] does, until done says that it is enough. That is asked whenever they are as far as the log
// (filled is then true), and once a second while they are not.
func Fill(ctx context.Context, source Source, claim func(context.Context) (ChainLease, error), set projections.Set, m *Metrics, log *slog.Logger,
	tell func(RebuildProgress), done func(ctx context.Context, filled bool) (bool, error),
) error {
	abis, err := ReadABIs(ctx, source)
	if err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	p := NewChainProjector(source, claim, set, m, log.With("rebuild", true))
	p.abis = abis
	group, under := errgroup.WithContext(ctx)
	working, stop := context.WithCancel(under)
	group.Go(func() error { return p.Run(working) })
	group.Go(func() error {
		defer stop()
		return watch(under, p, tell, done)
	})
	if err := group.Wait(); err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	return ctx.Err()
}

func watch(ctx context.Context, p *ChainProjector, tell func(RebuildProgress), done func(ctx context.Context, filled bool) (bool, error)) error {
	progress := RebuildProgress{Began: time.Now(), From: -1}
	told, pause := time.Time{}, swapPause
	for ctx.Err() == nil {
		st := p.Status()
		if st.Next >= 0 && progress.From < 0 {
			progress.From = st.Next
		}
		progress.Next, progress.End = st.Next, st.End
		filled := st.Phase == Reading && st.End >= 0 && st.Lag() == 0
		tick := time.Since(told) >= progressEvery
		if tick || filled {
			finished, err := done(ctx, filled)
			if tick || finished {
				told = time.Now()
				if st.Next >= 0 && st.End >= 0 {
					tell(progress)
				}
			}
			if err != nil && ctx.Err() == nil || finished {
				return err
			}
		}
		if pause = min(2*pause, maxSwapPause); !filled {
			pause = swapPause
		}
		wait(ctx, pause)
	}
	return nil
}
