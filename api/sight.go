package api

import (
	"context"
	"sync"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// Watermarks tells how far the read models are.
type Watermarks interface {
	Watermarks(ctx context.Context) (projections.Watermarks, error)
}

// sight is the view of the watermarks that requests share. A look at them serves all requests that were there before it began, and no others:
// so whoever asks sees all that was committed before. The database is asked once at a time, however many ask.
type sight struct {
	models Watermarks

	looking   sync.Mutex // held by whoever looks
	began     time.Time  // guarded by looking; when the last look did
	mu        sync.Mutex
	gathering *look // guarded by mu; those who wait for the next look
}

// look is one look at the watermarks, for all who wait for it.
type look struct {
	done  chan struct{}
	marks projections.Watermarks
	err   error
}

// lookPause is the least time between the beginnings of two looks.
const lookPause = time.Millisecond

// now returns the watermarks as they are after the call began.
func (s *sight) now(ctx context.Context) (projections.Watermarks, error) {
	s.mu.Lock()
	l := s.gathering
	first := l == nil
	if first {
		l = &look{done: make(chan struct{})}
		s.gathering = l
	}
	s.mu.Unlock()
	if first {
		s.look(ctx, l)
	}
	select {
	case <-l.done:
		return l.marks, l.err
	case <-ctx.Done():
		return projections.Watermarks{}, ctx.Err()
	}
}

// look waits for the look that is under way, and meanwhile for more who want the next one.
func (s *sight) look(ctx context.Context, l *look) {
	s.looking.Lock()
	defer s.looking.Unlock()
	// Looks that follow each other at once would give the database more to do and serve fewer requests each.
	time.Sleep(lookPause - time.Since(s.began))
	s.began = time.Now()
	s.mu.Lock()
	s.gathering = nil
	s.mu.Unlock()
	defer close(l.done)
	// The first one's going away must not fail the others.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerWithin)
	defer cancel()
	l.marks, l.err = s.models.Watermarks(ctx)
}
