package chaintail

import (
	"context"
	"errors"
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

// progress tells people how a backfill gets on, now and then.
type progress struct {
	since  time.Time
	from   uint64
	events int
}

const progressEvery = 10 * time.Second

func (p *progress) chunk(ctx context.Context, log *slog.Logger, from, to, head uint64, events int) {
	now := time.Now()
	if p.since.IsZero() {
		p.since, p.from = now, from
	}
	p.events += events
	took := now.Sub(p.since)
	if took < progressEvery && to < head {
		return
	}
	log.InfoContext(ctx, "backfilled", "from", p.from, "to", to, "head", head, "events", p.events, "took", took.Round(time.Millisecond))
	*p = progress{since: now, from: to + 1}
}
