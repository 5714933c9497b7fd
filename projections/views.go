package projections

import (
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Freshness is the place in the log that an answer is of.
type Freshness struct {
	Known bool // false before the first sealed block
	Block int64
	Hash  string
	Time  time.Time // of the block
	Next  int64     // offset in the chain topic that is read next
}

// AsOf is the moment that a question is about: the newest state where it is zero, else that after a block, or after the newest block
// up to a time.
type AsOf struct {
	Block *uint64
	Time  *time.Time
}

// Past tells whether the question is about a moment of its own choice.
func (a AsOf) Past() bool { return a.Block != nil || a.Time != nil }

// RowPlace is a row's place in the list of an entity's rows. It never changes.
type RowPlace struct {
	Block int64 // of its first event
	Key   string
}

// NotIndexed says that the read models do not hold the block, or the time, that was asked for.
type NotIndexed struct {
	Asked         string
	First, Newest int64 // blocks that they hold
}

func (e *NotIndexed) Error() string {
	return fmt.Sprintf("%s is not indexed: blocks %d to %d are", e.Asked, e.First, e.Newest)
}

// Page is a part of a list: up to Limit rows below the one that is ordered by After, or else after as many as Offset.
type Page struct {
	After         []string
	Offset, Limit int
}

// Listed is a page of a list.
type Listed[R any] struct {
	Rows  []R
	Total int64 // of all pages
	More  bool  // whether there are rows below
}

// NetworkStats is the network in numbers.
type NetworkStats struct {
	Workers          int64  // registered
	ActiveWorkers    *int64 // of those, with a heartbeat in the last two minutes; not known of the past
	Staked           schemas.Amount
	ByTier           map[string]int64
	JobsByStatus     map[string]int64
	JobsLastDay      int64    // submitted in the 24 hours before the newest block
	CompletedLastDay int64    // completed in them
	AvgSeconds       *float64 // from assignment to completion
	ComputeHours     float64  // the sum of these
	Proofs           int64    // verified
}

// WorkerView is a worker as lists show it. What is nil is not known.
type WorkerView struct {
	Address        schemas.Address
	WorkerID       *string
	RegisteredAt   *time.Time
	Staked         schemas.Amount
	Tier           *string
	StakeActive    bool
	JobsCompleted  int64
	Earnings       schemas.Amount
	Reputation     *int64 // 0 to 1000
	LastHeartbeat  *time.Time
	HeartbeatAge   *float64 // seconds, by the log's time
	GPUCount       *int64
	GPUUtilization *float64 // percent
}

// Liveness is what a worker's heartbeats say of it.
type Liveness string

// The states of liveness, by the age of the newest heartbeat: under two minutes, under ten, older, none.
const (
	Online  Liveness = "online"
	Idle    Liveness = "idle"
	Offline Liveness = "offline"
	Unheard Liveness = "unknown"
)

// Liveness returns the worker's state.
func (w WorkerView) Liveness() Liveness {
	switch {
	case w.HeartbeatAge == nil:
		return Unheard
	case *w.HeartbeatAge < 120:
		return Online
	case *w.HeartbeatAge < 600:
		return Idle
	}
	return Offline
}

// WorkerStatus is one worker in full.
type WorkerStatus struct {
	WorkerView
	JobsInProgress int64
	UptimePercent  *float64 // of the minutes of the last day, or since the registration
}

// JobView is a job as lists show it. What is nil is not known.
type JobView struct {
	ID                                   string
	Type, Client, Worker                 *string
	Status                               string
	Payment, Paid                        *schemas.Amount
	SubmittedAt, AssignedAt, CompletedAt *time.Time
	Block                                int64 // of the last event that shaped it
}

// StateDigest is the digest of the chain read models as of a block.
type StateDigest struct {
	Block     uint64 // that was asked for
	ChangedAt uint64 // the newest one up to it that changed anything
	Digest    Digest
	Versions  Versions // of the read models
}

// Watermarks say how far the read models are: each is another text whenever what is read there may be another, and the same as long as it
// is not. A text has no further meaning, and none before anything was read.
type Watermarks struct {
	Chain, Telemetry string
}
