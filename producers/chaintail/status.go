package chaintail

import (
	"errors"
	"sync"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Status is where the tailer stands, for health and metrics.
type Status struct {
	Head       uint64 // newest block that the node has told of
	SeenAt     time.Time
	Sealed     uint64 // newest block in the log that stands
	SealedHash schemas.Hash
	// MovedAt is when the log last got a block, or was found to have all of them; BlockTime is how often the node's head moves.
	// Both are zero before the first round.
	MovedAt   time.Time
	BlockTime time.Duration
	SealedAt  time.Time
	Final     schemas.BlockRef // newest block of the log that is accepted on L1, zero where none is known to be
	Retracted schemas.BlockRef // a block that was, and left the chain; zero once one as high is final again
	FinalErr  error            // why it is not known what is accepted on L1, nil where it is
	Begun     bool             // false until the log has a sealed block
	Lost      bool             // another tailer has taken over; what it has written since is not known here
	Err       error            // why it does not get on, nil where it does
	// Providers are the nodes that the chain is read from, the preferred one first.
	Providers []ProviderStatus
	Since     time.Time // when it began to go well, or badly, as Err tells; zero before the first round
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

// Stall is why the log does not move while the node's head does.
type Stall string

// The reasons of a stall.
const (
	NotStalled        Stall = ""
	StallDisagreement Stall = "providers_disagree"
	StallLog          Stall = "log"
	StallProvider     Stall = "provider"
	StallUnknown      Stall = "unknown" // no error tells
)

// Stalls are the reasons that a stall can have.
func Stalls() []Stall { return []Stall{StallDisagreement, StallLog, StallProvider, StallUnknown} }

const (
	stallBlocks   = 3 // block times without a new block in the log
	leastStalling = 5 * time.Second
)

// Stalled tells whether the log has stood still for three block times while the node has newer blocks, and why. Another
// tailer's log is that one's to tell.
func (s Status) Stalled(now time.Time) Stall {
	if s.Lost || s.MovedAt.IsZero() || s.Begun && s.Head <= s.Sealed || now.Sub(s.MovedAt) < max(stallBlocks*s.BlockTime, leastStalling) {
		return NotStalled
	}
	if s.Err == nil {
		return StallUnknown
	}
	if _, ok := errors.AsType[*disagreement](s.Err); ok {
		return StallDisagreement
	}
	if _, ok := errors.AsType[*logError](s.Err); ok {
		return StallLog
	}
	return StallProvider
}

// statusBoard holds the status for readers in other goroutines.
type statusBoard struct {
	mu     sync.Mutex
	status Status // guarded by mu
	// headMoved is when the head was another one for the last time; guarded by mu.
	headMoved time.Time
	due       uint64 // the block that the log needs next; guarded by mu
}

func (b *statusBoard) read() Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.status
}

// head notes what the node told.
func (b *statusBoard) head(h starknet.Header) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if h.Number > b.status.Head && !b.status.SeenAt.IsZero() {
		b.status.BlockTime = now.Sub(b.headMoved) / time.Duration(h.Number-b.status.Head)
	}
	if h.Number != b.status.Head || b.status.SeenAt.IsZero() {
		b.headMoved = now
	}
	b.status.Head, b.status.SeenAt = h.Number, now
	if b.status.MovedAt.IsZero() || b.status.Begun && h.Number <= b.status.Sealed {
		b.status.MovedAt = now
	}
}

// needs notes the block that the log needs next.
func (b *statusBoard) needs(block uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.due = block
}

// place returns the newest block of the log, and the number of the one that it needs next.
func (b *statusBoard) place() logPlace {
	b.mu.Lock()
	defer b.mu.Unlock()
	return logPlace{schemas.BlockRef{Number: b.status.Sealed, Hash: b.status.SealedHash}, b.due}
}

// logPlace is where the log stands, for whoever compares a provider with it.
type logPlace struct {
	sealed schemas.BlockRef
	next   uint64
}

// stands notes what the log holds.
func (b *statusBoard) stands(s schemas.ChainState) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.Sealed.Hash != b.status.SealedHash {
		b.status.MovedAt = time.Now()
	}
	b.status.Begun, b.status.Sealed, b.status.SealedHash = !s.Sealed.Hash.IsZero(), s.Sealed.Number, s.Sealed.Hash
	b.status.SealedAt, b.status.Lost = s.SealedAt, false
	b.status.Final, b.status.Retracted = s.Final, s.Retracted
}

// finality notes whether it is known what is accepted on L1.
func (b *statusBoard) finality(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.status.FinalErr = err
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
