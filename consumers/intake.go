package consumers

import (
	"context"
	"fmt"
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
		g.update(func(s *Status) {
			s.End, s.Fetched = max(end, from), from
			if len(records) > 0 || end <= from {
				s.FetchedAt = time.Now()
			}
		})
		if len(records) > 0 && !in.put(ctx, records) {
			return nil
		}
	}
	return nil
}

// lookEvery is the time between two looks at a log's end.
const lookEvery = 5 * time.Second

// watch asks for the log's end beside the fetches, until ctx ends, or until the log has long had more than it gives.
func (in *intake) watch(ctx context.Context, src Source, g *gauge, topic string, part int32) error {
	for {
		if wait(ctx, lookEvery); ctx.Err() != nil {
			return nil
		}
		if err := in.look(ctx, src, g, topic, part); err != nil {
			return err
		}
	}
}

func (in *intake) look(ctx context.Context, src Source, g *gauge, topic string, part int32) error {
	// Where the log does not answer, what fetches fails as well, and says so.
	if _, end, err := src.Bounds(ctx, topic, part); err == nil {
		g.update(func(s *Status) { s.LogEnd = end })
	}
	if s := g.get(); s.Stuck(time.Now()) == StuckFetch && !in.full() {
		return fmt.Errorf("%s[%d]@%d of %d: %w", topic, part, s.Fetched, s.LogEnd, schemas.ErrStalled)
	}
	return nil
}

func (in *intake) full() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.bytes >= maxIntake
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
		if !in.full() {
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
