package consumers

import (
	"context"
	"sync"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// maxIntake bounds what is fetched ahead of the work, in bytes of keys, values and headers. A fetch that crosses it is still taken in.
const maxIntake = 8 << 20

// intake holds what was fetched while the work was busy, so that the next batch is all that arrived meanwhile. One goroutine fills it
// and another takes.
type intake struct {
	mu      sync.Mutex
	records []schemas.Record
	bytes   int
	filled  chan struct{} // holds one token while there is something to take
	taken   chan struct{} // holds one token after a take
}

func newIntake() *intake {
	return &intake{filled: make(chan struct{}, 1), taken: make(chan struct{}, 1)}
}

// fill fetches from an offset on until ctx ends or the log cannot be read on.
func (in *intake) fill(ctx context.Context, src Source, g *gauge, topic string, part int32, from int64) error {
	for ctx.Err() == nil {
		records, end, err := src.Fetch(ctx, topic, part, from)
		if err != nil {
			return err
		}
		if n := len(records); n > 0 {
			from = records[n-1].Offset + 1
		}
		g.update(func(s *Status) { s.End, s.Fetched, s.FetchedAt = max(end, from), from, time.Now() })
		if len(records) > 0 && !in.put(ctx, records) {
			return nil
		}
	}
	return nil
}

// put adds records, and waits until there is room for more; false where ctx ends first.
func (in *intake) put(ctx context.Context, records []schemas.Record) bool {
	in.mu.Lock()
	in.records = append(in.records, records...)
	for _, r := range records {
		in.bytes += recordBytes(r)
	}
	in.mu.Unlock()
	signal(in.filled)
	for {
		in.mu.Lock()
		full := in.bytes >= maxIntake
		in.mu.Unlock()
		if !full {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-in.taken:
		}
	}
}

// take waits for records and returns all that there are; none where ctx ends first.
func (in *intake) take(ctx context.Context) []schemas.Record {
	select {
	case <-ctx.Done():
		return nil
	case <-in.filled:
	}
	in.mu.Lock()
	records := in.records
	in.records, in.bytes = nil, 0
	in.mu.Unlock()
	signal(in.taken)
	return records
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func recordBytes(r schemas.Record) int {
	n := len(r.Key) + len(r.Value)
	for _, h := range r.Headers {
		n += len(h.Key) + len(h.Value)
	}
	return n
}
