package projections

import (
	"errors"
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
	// Finality of the block, as far as the log tells.
	Finality schemas.Finality
	Next     int64 // offset in the chain topic that is read next
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
	// Sort names one of the list's orders; empty for its first. It is descending, if not Ascending.
	Sort      string
	Ascending bool
	// Telemetry has what workers report now told, too, where the question is as of a past block: that of the list's first page.
	Telemetry bool
}

// Listed is a page of a list.
type Listed[R any] struct {
	Rows  []R
	First int64 // place of the first row in the whole list, from 0
	Total int64 // of all pages
	More  bool  // whether there are rows below
	// Next is what the last row is ordered by, for the After of the next page; nil where there is none.
	Next []string
}

// ErrAfter says that the After of a page is nothing that the list is ordered by.
var ErrAfter = errors.New("the place in the list is none that a page has given")

// Span is a time range: from Since, up to and without Until; either may be nil.
type Span struct{ Since, Until *time.Time }

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
	APYBps           int64    // that a stake earns in a year, in hundredths of a percent
}

// WorkerView is a worker as lists show it. What is nil is not known; what workers report never is, as of a past block.
type WorkerView struct {
	Address        schemas.Address `db:"address"`
	WorkerID       *string         `db:"worker_id"`
	RegisteredAt   *time.Time      `db:"registered_at"`
	Staked         schemas.Amount  `db:"staked_amount"`
	Locked         schemas.Amount  `db:"locked_amount"` // asked back, still at stake
	UnlocksAt      *time.Time      `db:"unlocks_at"`
	Slashed        schemas.Amount  `db:"slashed_amount"`
	Tier           *string         `db:"gpu_tier"`
	StakeActive    bool            `db:"stake_active"`
	JobsAssigned   int64           `db:"jobs_assigned"`
	JobsCompleted  int64           `db:"jobs_completed"`
	JobsInProgress int64           `db:"jobs_in_progress"`
	JobsLastDay    int64           `db:"jobs_last_day"` // completed in the 24 hours before the newest block
	Earnings       schemas.Amount  `db:"total_earnings"`
	Reputation     *int64          `db:"score"` // 0 to 1000
	LastHeartbeat  *time.Time      `db:"heartbeat_time"`
	HeartbeatAge   *float64        `db:"heartbeat_age"` // seconds, by the log's time
	GPUCount       *int64          `db:"gpu_count"`
	GPUUtilization *float64        `db:"gpu_utilization_avg"` // percent
	JobsReported   *int64          `db:"jobs_reported"`       // in progress, as the worker says
	Version        *string         `db:"version"`
	GPUModel       *string         `db:"gpu_model"` // of its first GPU
	HasTEE         *bool           `db:"has_tee"`   // whether any of its GPUs says so
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
func (w WorkerView) Liveness() Liveness { return livenessAt(w.HeartbeatAge) }

func livenessAt(age *float64) Liveness {
	switch {
	case age == nil:
		return Unheard
	case *age < 120:
		return Online
	case *age < 600:
		return Idle
	}
	return Offline
}

// WorkerStatus is one worker in full.
type WorkerStatus struct {
	WorkerView
	UptimePercent *float64 // of the minutes of the last day, or since the registration
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
