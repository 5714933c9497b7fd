package chaintail

import (
	"sync"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Status is where the tailer stands, for health and metrics.
type Status struct {
	Head     uint64 // newest block that the node has told of
	SeenAt   time.Time
	Sealed   uint64 // newest block in the log that stands
	SealedAt time.Time
	Begun    bool      // false until the log has a sealed block
	Lost     bool      // another tailer has taken over; what it has written since is not known here
	Err      error     // why it does not get on, nil where it does
	Since    time.Time // when it began to go well, or badly, as Err tells; zero before the first round
}

// LagBlocks is how many blocks the node has and the log has not. A node that lags behind the log makes it 0, and so does
// another tailer that has taken over.
func (s Status) LagBlocks() uint64 {
	if !s.Begun || s.Lost || s.Head <= s.Sealed {
		return 0
	}
	return s.Head - s.Sealed
}

// Lag is the age of the newest block in the log while the node has newer ones or does not answer, else 0. After another tailer
// has taken over it is 0: the lag is that one's to tell.
func (s Status) Lag(now time.Time) time.Duration {
	if !s.Begun || s.Lost || s.LagBlocks() == 0 && s.Err == nil {
		return 0
	}
	return max(0, now.Sub(s.SealedAt))
}

// statusBoard holds the status for readers in other goroutines.
type statusBoard struct {
	mu     sync.Mutex
	status Status // guarded by mu
}

func (b *statusBoard) read() Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.status
}

// head notes what the node told.
func (b *statusBoard) head(number uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.status.Head, b.status.SeenAt = number, time.Now()
}

// stands notes what the log holds.
func (b *statusBoard) stands(s schemas.ChainState) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.status.Begun, b.status.Sealed = !s.Sealed.Hash.IsZero(), s.Sealed.Number
	b.status.SealedAt, b.status.Lost = s.SealedAt, false
}

// lost notes that another tailer has taken over.
func (b *statusBoard) lost() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.status.Lost = true
}

func (b *statusBoard) failed(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.status.Err == nil {
		b.status.Since = time.Now()
	}
	b.status.Err = err
}

func (b *statusBoard) fine() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.status.Err != nil || b.status.Since.IsZero() {
		b.status.Since = time.Now()
	}
	b.status.Err = nil
}
