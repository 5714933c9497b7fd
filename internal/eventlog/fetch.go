package eventlog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Errors of reading. Each means that reading on would skip something, so no reader does.
var (
	ErrTruncated = schemas.ErrTruncated
	ErrPastEnd   = schemas.ErrPastEnd
	ErrGap       = schemas.ErrGap
)

const (
	maxWait     = 500 * time.Millisecond // that an empty fetch waits for a record
	maxFetch    = 8 << 20                // bytes
	fetchWithin = 10 * time.Second
)

// Batch is what one fetch brought.
type Batch struct {
	Records []schemas.Record
	First   int64 // offset of the first record that the log still has
	End     int64 // offset that the next record will get
}

// Fetch returns the records of a partition from an offset on, waiting up to half a second for the first. Records are dense
// from the offset on and own their memory. Any error but [ErrTruncated], [ErrPastEnd] and [ErrGap] may pass: try again.
func (c *Client) Fetch(ctx context.Context, topic string, partition int32, offset int64) (Batch, error) {
	b, bytes, err := c.fetch(ctx, topic, partition, offset)
	outcome := "records"
	switch {
	case err != nil:
		outcome = "error"
	case len(b.Records) == 0 && b.End > offset:
		outcome = "stalled"
	case len(b.Records) == 0:
		outcome = "empty"
	}
	c.metrics.fetches.WithLabelValues(topic, outcome).Inc()
	c.metrics.bytes.WithLabelValues(topic, "in").Add(float64(bytes))
	if err != nil {
		return b, fmt.Errorf("fetch %s[%d]@%d: %w", topic, partition, offset, err)
	}
	return b, nil
}

// fetch also returns how many bytes the records take.
func (c *Client) fetch(ctx context.Context, topic string, partition int32, offset int64) (Batch, int, error) {
	limited, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	res, err := c.fetchRaw(limited, topic, partition, offset)
	if err != nil {
		return Batch{}, 0, err
	}
	b := Batch{First: res.LogStartOffset, End: res.HighWatermark}
	var mem slab
	for {
		r, err := res.Records.ReadRecord()
		if errors.Is(err, io.EOF) {
			return b, mem.bytes, nil
		}
		if err != nil {
			return Batch{}, 0, err
		}
		if r.Offset < offset {
			release(r) // a batch may begin below the offset that was asked for
			continue
		}
		if due := offset + int64(len(b.Records)); r.Offset != due {
			return Batch{}, 0, fmt.Errorf("offset %d follows where %d was due: %w", r.Offset, due, ErrGap)
		}
		rec := schemas.Record{Topic: topic, Partition: partition, Offset: r.Offset, Time: r.Time}
		if rec.Key, err = mem.own(r.Key); err != nil {
			return Batch{}, 0, err
		}
		if rec.Value, err = mem.own(r.Value); err != nil {
			return Batch{}, 0, err
		}
		rec.Headers = mem.headersOf(r.Headers)
		b.Records = append(b.Records, rec)
		release(r)
	}
}

// fetchRaw fetches what a broker has from an offset on, and says on which side of the log an offset is that it does not have.
func (c *Client) fetchRaw(ctx context.Context, topic string, partition int32, offset int64) (*kafka.FetchResponse, error) {
	res, err := c.kafka.Fetch(ctx, &kafka.FetchRequest{
		Topic: topic, Partition: int(partition), Offset: offset, MinBytes: 1, MaxBytes: maxFetch, MaxWait: maxWait,
	})
	switch {
	case err != nil:
		return nil, err
	case errors.Is(res.Error, kafka.OffsetOutOfRange):
		return nil, c.outOfRange(ctx, topic, partition, offset)
	case res.Error != nil:
		return nil, res.Error
	}
	return res, nil
}

// outOfRange says on which side of the log an offset lies.
func (c *Client) outOfRange(ctx context.Context, topic string, partition int32, offset int64) error {
	first, next, err := c.Bounds(ctx, topic, partition)
	switch {
	case err != nil:
		return err
	case offset < first:
		return fmt.Errorf("%w: it begins at %d", ErrTruncated, first)
	case offset > next:
		return fmt.Errorf("%w: it ends at %d", ErrPastEnd, next)
	}
	// The bounds have moved since the fetch, as they do while a new leader catches up. Another try will tell.
	return kafka.OffsetOutOfRange
}

// slab hands out memory for the keys, values and headers of one batch in few allocations. It starts small, as most fetches
// of a tail bring a record or two and a record that is kept keeps its whole piece.
type slab struct {
	free    []byte
	headers []schemas.Header
	grown   int // bytes of the newest piece
	bytes   int // handed out in all
}

const (
	smallestPiece = 1 << 10
	largestPiece  = 64 << 10
)

// own copies what b holds; nil stays nil.
func (s *slab) own(b protocol.Bytes) ([]byte, error) {
	if b == nil {
		return nil, nil
	}
	n := b.Len()
	if n > len(s.free) {
		s.grown = min(max(2*s.grown, smallestPiece), largestPiece)
		s.free = make([]byte, max(n, s.grown))
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	s.bytes += n
	if _, err := io.ReadFull(b, out); err != nil {
		return nil, fmt.Errorf("a record of %d bytes: %w", n, err)
	}
	return out, nil
}

// headersOf takes over headers, whose keys and values are their own already.
func (s *slab) headersOf(from []protocol.Header) []schemas.Header {
	n := len(from)
	if n == 0 {
		return nil
	}
	if n > len(s.headers) {
		s.headers = make([]schemas.Header, max(n, min(s.grown/64, 512)))
	}
	out := s.headers[:n:n]
	s.headers = s.headers[n:]
	for i, h := range from {
		out[i] = schemas.Header{Key: h.Key, Value: h.Value}
		s.bytes += len(h.Key) + len(h.Value)
	}
	return out
}

// release gives a record's memory back to kafka-go's pool. It is only counted down there: nothing can fail.
func release(r *kafka.Record) {
	if r.Key != nil {
		_ = r.Key.Close()
	}
	if r.Value != nil {
		_ = r.Value.Close()
	}
}

// ReadBack returns up to n records below an offset, oldest first.
func (c *Client) ReadBack(ctx context.Context, topic string, partition int32, before int64, n int) ([]schemas.Record, error) {
	first, _, err := c.Bounds(ctx, topic, partition)
	if err != nil {
		return nil, err
	}
	var out []schemas.Record
	empty, pause := 0, resendPause
	for from := max(first, before-int64(n)); from < before; {
		b, err := c.Fetch(ctx, topic, partition, from)
		if err != nil {
			return nil, err
		}
		for _, r := range b.Records {
			if r.Offset < before {
				out = append(out, r)
			}
		}
		from += int64(len(b.Records))
		if len(b.Records) > 0 {
			empty, pause = 0, resendPause
			continue
		}
		// A new leader may for a moment not show all that was acknowledged.
		if empty++; empty >= stalledAfter || !sleep(ctx, jitter(pause)) {
			cause := ErrStalled
			if from >= b.End {
				cause = ErrPastEnd
			}
			return nil, fmt.Errorf("read back %s[%d] below %d: %w: at %d of %d", topic, partition, before, cause, from, b.End)
		}
		pause = min(2*pause, maxPause)
	}
	return out, nil
}
