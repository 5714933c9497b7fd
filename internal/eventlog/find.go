package eventlog

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
)

// find searches a partition from an offset on for the batch with a stamp, and returns the offset of its first record.
func (c *Client) find(ctx context.Context, topic string, partition int32, from int64, s stamp) (base int64, found bool, err error) {
	end := int64(-1) // where the log ends now: what is appended later is not looked at
	if err := c.insist(ctx, func(ctx context.Context) error {
		var first int64
		first, end, err = c.Bounds(ctx, topic, partition)
		from = max(from, first)
		return err
	}); err != nil {
		return 0, false, err
	}
	for from < end {
		err := c.insist(ctx, func(ctx context.Context) error {
			res, err := c.fetchRaw(ctx, topic, partition, from)
			if err != nil {
				return err
			}
			before := from
			base, found, from, err = scan(res, from, s)
			if err == nil && !found && from == before {
				return ErrStalled
			}
			return err
		})
		if found || err != nil {
			return base, found, err
		}
	}
	return 0, false, nil
}

// scan looks at the batches of one fetch, and returns the offset to go on from.
func scan(res *kafka.FetchResponse, from int64, s stamp) (base int64, found bool, next int64, err error) {
	batches := []protocol.RecordReader{res.Records}
	if stream, ok := res.Records.(*protocol.RecordStream); ok {
		batches = stream.Records
	}
	next = from
	for _, batch := range batches {
		if b, ok := batch.(*protocol.RecordBatch); ok &&
			b.ProducerID == s.producer && b.ProducerEpoch == s.epoch && b.BaseSequence == s.sequence {
			base, found = b.BaseOffset, true
		}
		for {
			r, err := batch.ReadRecord()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return 0, false, from, err
			}
			next = max(next, r.Offset+1)
			release(r)
		}
	}
	return base, found, next, nil
}

// insist repeats a question to the log until it is answered, ctx ends, or an error says that asking is no use.
func (c *Client) insist(ctx context.Context, ask func(context.Context) error) error {
	pause := resendPause
	for {
		limited, cancel := context.WithTimeout(ctx, fetchWithin)
		err := ask(limited)
		cancel()
		if err == nil || errors.Is(err, ErrTruncated) || errors.Is(err, ErrPastEnd) {
			return err
		}
		if code, ok := errors.AsType[kafka.Error](err); ok && !code.Temporary() && code != kafka.OffsetOutOfRange {
			return err
		}
		if !sleep(ctx, jitter(pause)) {
			return fmt.Errorf("%w: %w", context.Cause(ctx), err)
		}
		pause = min(2*pause, maxPause)
	}
}
