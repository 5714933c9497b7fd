package consumers

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Phase is what a reader is doing, for health and metrics.
type Phase string

// The phases of a reader.
const (
	Starting Phase = "starting"
	Standby  Phase = "standby" // another process reads
	Reading  Phase = "reading"
	Failing  Phase = "failing" // trying again after an error that may pass
)

// The phases in which a reader stands still rather than skip something, until somebody does what [Phase.Advice] says. It tries again all
// the same, so that it goes on by itself once that is done.
const (
	Truncated Phase = "truncated"      // the log no longer has what is to be read next
	OtherLog  Phase = "log_reset"      // the topic was made anew, or this is another log
	Gap       Phase = "gap"            // offsets are missing between records
	Foreign   Phase = "foreign_record" // a record that none of ours wrote
	Broken    Phase = "broken_rule"    // records that no writer of ours would write in this order
	Stalled   Phase = "stalled"        // the log has more and does not give it
	Newer     Phase = "unknown_type"   // a record of a type that this build does not know
)

// Phases returns every phase.
func Phases() []Phase {
	return []Phase{Starting, Standby, Reading, Failing, Truncated, OtherLog, Gap, Foreign, Broken, Stalled, Newer}
}

// phaseAfter names what an error makes of a reader.
func phaseAfter(err error) Phase {
	if _, reset := errors.AsType[*LogReset](err); reset {
		return OtherLog
	}
	for _, c := range []struct {
		is    error
		phase Phase
	}{
		{schemas.ErrTruncated, Truncated},
		{schemas.ErrPastEnd, OtherLog},
		{schemas.ErrGap, Gap},
		{schemas.ErrForeign, Foreign},
		{schemas.ErrBadClaim, Broken},
		{schemas.ErrBadSeal, Broken},
		{schemas.ErrBadReorg, Broken},
		{schemas.ErrTwoBlocks, Broken},
		{schemas.ErrStalled, Stalled},
		{schemas.ErrUnknownType, Newer},
	} {
		if errors.Is(err, c.is) {
			return c.phase
		}
	}
	return Failing
}

// Failed tells whether a reader stands still because of an error.
func (p Phase) Failed() bool { return p.Advice() != "" }

// Advice is what a person is to do where a reader stands still; empty where nothing is.
func (p Phase) Advice() string {
	switch p {
	case Failing:
		return "it tries again by itself; see the log if it goes on"
	case Truncated:
		return "give the topic back from a backup, and set its retention to -1; what is gone for good can only be left out by starting with an empty database"
	case OtherLog:
		return "point --kafka-brokers at the log that the read models were made from, or start with an empty database"
	case Gap:
		return "records were removed from the middle of the topic, or a broker lost them: give the topic back from a backup"
	case Foreign:
		return "somebody else writes to the topic: deny it to them, give the topic back without the record, or upgrade if a newer coordinator wrote it"
	case Broken:
		return "two writers without a fence, or a damaged topic: stop all tailers, keep the topic for a report of the fault, and tail the chain into a new one"
	case Newer:
		return "upgrade: a newer coordinator wrote the record, and what it means may concern those after it"
	case Stalled:
		return "restart the broker that leads the partition; if that does not help, a transaction's marker is in the topic: deny transactions to others"
	}
	return ""
}

// stuckAfter is how long a reader may make no progress while there is something to do.
const stuckAfter = 15 * time.Second

// Stuck is where a reader makes no progress though there is something to do.
type Stuck string

// The places. Lag alone tells neither: the mark that it is measured against would stand still, too.
const (
	NotStuck   Stuck = ""
	StuckFetch Stuck = "fetch" // the log has more than was fetched
	StuckStore Stuck = "store" // a batch is ready and is not stored
)

// Stuck tells whether the reader has made no progress for a while, and where.
func (s Status) Stuck(now time.Time) Stuck {
	switch {
	case s.Phase != Reading:
		return NotStuck // which says why
	case s.LogEnd > s.Fetched && now.Sub(s.FetchedAt) > stuckAfter:
		return StuckFetch
	case s.Ready > s.Next && now.Sub(s.ReadyAt) > stuckAfter:
		return StuckStore
	}
	return NotStuck
}

// Advice is what a person is to do about a reader that is stuck.
func (s Stuck) Advice() string {
	switch s {
	case StuckFetch:
		return "the log has more records than it gives: look at the broker that leads the partition"
	case StuckStore:
		return "the database does not take the next batch: look for locks and a full disk"
	}
	return ""
}

// Line says in words how a reader is, and what to do where it stands still; empty where all is well.
func (s Status) Line(now time.Time) string {
	var parts []string
	switch {
	case s.Phase.Failed():
		parts = []string{s.name(), string(s.Phase)}
		if s.Err != nil {
			parts = append(parts, s.Err.Error())
		}
		parts = append(parts, s.Phase.Advice())
	case s.Stuck(now) != NotStuck:
		stuck := s.Stuck(now)
		parts = []string{s.name(), fmt.Sprintf("stuck at offset %d of %d", s.Next, s.LogEnd), stuck.Advice()}
	}
	return strings.Join(parts, ": ")
}
