package eventlog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Errors of reading. Each means that reading on would skip something, so no reader does.
var (
	// ErrTruncated says that the log no longer has the offset: retention or somebody removed records.
	ErrTruncated = errors.New("the log no longer has these records")
	// ErrPastEnd says that the offset is beyond the log's end: the topic was made anew, or this is another log.
	ErrPastEnd = errors.New("the offset is beyond the end of the log")
	// ErrGap says that offsets are missing between records.
	ErrGap = errors.New("offsets are missing in the log")
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
// from the offset on and own their memory.
func (c *Client) Fetch(ctx context.Context, topic string, partition int32, offset int64) (Batch, error) {
	b, err := c.fetch(ctx, topic, partition, offset, maxWait)
	outcome := "records"
	switch {
	case err != nil:
		outcome = "error"
	case len(b.Records) == 0:
		outcome = "empty"
	}
	c.metrics.fetches.WithLabelValues(topic, outcome).Inc()
	if err != nil {
		return b, fmt.Errorf("fetch %s[%d]@%d: %w", topic, partition, offset, err)
	}
	return b, nil
}

func (c *Client) fetch(ctx context.Context, topic string, partition int32, offset int64, wait time.Duration) (Batch, error) {
	limited, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	res, err := c.kafka.Fetch(limited, &kafka.FetchRequest{
		Topic: topic, Partition: int(partition), Offset: offset, MinBytes: 1, MaxBytes: maxFetch, MaxWait: wait,
	})
	if err != nil {
		return Batch{}, err
	}
	defer closeRecords(res.Records)
	if res.Error != nil {
		if errors.Is(res.Error, kafka.OffsetOutOfRange) {
			return Batch{}, c.outOfRange(limited, topic, partition, offset)
		}
		return Batch{}, res.Error
	}
	b := Batch{First: res.LogStartOffset, End: res.HighWatermark}
	for {
		r, err := res.Records.ReadRecord()
		if errors.Is(err, io.EOF) {
			return b, nil
		}
		if err != nil {
			return Batch{}, err
		}
		if r.Offset < offset {
			continue // a batch may begin below the offset that was asked for
		}
		if due := offset + int64(len(b.Records)); r.Offset != due {
			return Batch{}, fmt.Errorf("offset %d follows where %d was due: %w", r.Offset, due, ErrGap)
		}
		rec := schemas.Record{Topic: topic, Partition: partition, Offset: r.Offset, Time: r.Time}
		if rec.Key, err = kafka.ReadAll(r.Key); err != nil {
			return Batch{}, err
		}
		if rec.Value, err = kafka.ReadAll(r.Value); err != nil {
			return Batch{}, err
		}
		for _, h := range r.Headers {
			rec.Headers = append(rec.Headers, schemas.Header{Key: h.Key, Value: h.Value})
		}
		b.Records = append(b.Records, rec)
	}
}

// outOfRange says on which side of the log an offset lies.
func (c *Client) outOfRange(ctx context.Context, topic string, partition int32, offset int64) error {
	first, next, err := c.Bounds(ctx, topic, partition)
	switch {
	case err != nil:
		return err
	case offset < first:
		return fmt.Errorf("%w: it begins at %d", ErrTruncated, first)
	}
	return fmt.Errorf("%w: it ends at %d", ErrPastEnd, next)
}

func closeRecords(r kafka.RecordReader) {
	if c, ok := r.(io.Closer); ok {
		_ = c.Close() // gives memory back to a pool; there is nothing to lose
	}
}

// ReadBack returns up to n records below an offset, oldest first.
func (c *Client) ReadBack(ctx context.Context, topic string, partition int32, before int64, n int) ([]schemas.Record, error) {
	first, _, err := c.Bounds(ctx, topic, partition)
	if err != nil {
		return nil, err
	}
	var out []schemas.Record
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
		if len(b.Records) == 0 && from >= b.End {
			return nil, fmt.Errorf("read back %s[%d] below %d: %w: it ends at %d", topic, partition, before, ErrPastEnd, b.End)
		}
	}
	return out, nil
}
