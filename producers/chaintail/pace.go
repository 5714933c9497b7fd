package chaintail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
)

const (
	// nearHead is the distance to the head up to which blocks are written one by one, each with its seal.
	nearHead = 16
	// firstSpan is the number of blocks under one seal that a backfill begins with, maxSpan the most that it goes on to where
	// the contracts are quiet.
	firstSpan = 1_000
	maxSpan   = 10_000
	// maxChunkEvents bounds the events under one seal: what is in memory at a time, and what a takeover has to read again.
	maxChunkEvents = 20_000
)

// pace says how many blocks the next chunk of a backfill spans. It halves where a chunk was too much for the node or for us,
// and doubles while chunks are small, but not to what failed a short while ago.
type pace struct {
	span uint64
	most uint64 // that may succeed, as far as we know
	well int    // chunks that went well in a row
}

// wellEnough is the number of chunks that must go well before a span is tried that failed.
const wellEnough = 32

func newPace() pace { return pace{span: firstSpan, most: maxSpan} }

// chunk returns the last block of a chunk that begins at a block, up to the head.
func (p pace) chunk(from, head uint64) (to uint64) {
	if head-from < p.span {
		return head
	}
	return from + p.span - 1
}

// went notes a chunk that went well.
func (p *pace) went(events int) {
	if p.well++; p.well >= wellEnough {
		p.well, p.most = 0, min(maxSpan, 2*p.most)
	}
	if events < maxChunkEvents/2 {
		p.span = min(p.most, 2*p.span)
	}
}

// failed notes a chunk of so many blocks that did not go well, and tells whether a smaller one may do better.
func (p *pace) failed(blocks uint64, err error) bool {
	p.well = 0
	if blocks <= 1 || !tooMuch(err) {
		return false
	}
	p.span = blocks / 2
	p.most = p.span
	return true
}

// errTooManyEvents says that a chunk holds more events than we take at a time.
var errTooManyEvents = errors.New("too many events in one chunk")

// tooMuch tells whether a smaller request may succeed.
func tooMuch(err error) bool {
	if errors.Is(err, errTooManyEvents) || errors.Is(err, starknet.ErrTimeout) {
		return true
	}
	if e, ok := errors.AsType[*starknet.RPCError](err); ok {
		// Nodes have codes of their own for results that are too many; these are known to mean something else.
		return !errors.Is(e, starknet.ErrBlockNotFound) && !errors.Is(e, starknet.ErrBadToken) && !errors.Is(e, starknet.ErrMethodNotFound)
	}
	if e, ok := errors.AsType[*starknet.HTTPError](err); ok {
		return e.Status == http.StatusRequestEntityTooLarge || e.Status == http.StatusTooManyRequests || e.Status >= 500
	}
	return false
}

// Backfilling is how a backfill gets on.
type Backfilling struct {
	From, To, Head uint64        // the first block that is counted, the last one that is in the log, and the node's newest
	Events         int           // written since From
	Took           time.Duration // since From
}

// Share is the part of the way to the head that is done, 0 to 1.
func (b Backfilling) Share() float64 {
	return float64(b.To+1-b.From) / float64(max(b.Head, b.To)+1-b.From)
}

// Rate is the number of events a second.
func (b Backfilling) Rate() float64 {
	return float64(b.Events) / max(b.Took.Seconds(), 1e-3)
}

// Left is the time that the rest takes at the pace so far, by blocks.
func (b Backfilling) Left() time.Duration {
	if b.To < b.From {
		return 0 // not known so far
	}
	return time.Duration(float64(b.Took) * (1/b.Share() - 1))
}

// String is a line for people.
func (b Backfilling) String() string {
	return fmt.Sprintf("backfilling: block %d of %d, %d events, %.0f a second, %.1f %%, %s left", b.To, b.Head, b.Events, b.Rate(), 100*b.Share(), b.Left().Round(time.Second))
}

// progress tells people how a backfill gets on, now and then.
type progress struct {
	now   Backfilling
	began time.Time // zero where no backfill is under way
	told  time.Time
}

const (
	progressEvery = 10 * time.Second // between two lines of the log
	showEvery     = time.Second      // where there is somebody who looks on
)

// chunk notes a chunk. Show takes the progress; nil for lines of the log.
func (p *progress) chunk(ctx context.Context, log *slog.Logger, show func(Backfilling), from, to, head uint64, events int) {
	now := time.Now()
	if p.began.IsZero() || from != p.now.To+1 {
		*p = progress{began: now, told: now, now: Backfilling{From: to + 1}} // how long this first one took is not known
		events = 0
	}
	p.now.To, p.now.Head, p.now.Events, p.now.Took = to, head, p.now.Events+events, now.Sub(p.began)
	last, pause := head-to <= nearHead, progressEvery
	if show != nil {
		pause = showEvery
	}
	if now.Sub(p.told) < pause && !last {
		return
	}
	if p.told = now; show != nil {
		show(p.now)
	} else {
		log.InfoContext(ctx, "backfilled", "from", p.now.From, "to", to, "head", head, "events", p.now.Events, "events_per_second", int64(p.now.Rate()),
			"share", fmt.Sprintf("%.1f %%", 100*p.now.Share()), "took", p.now.Took.Round(time.Millisecond), "left", p.now.Left().Round(time.Second))
	}
	if last {
		*p = progress{}
	}
}
