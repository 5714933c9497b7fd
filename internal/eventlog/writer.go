package eventlog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// staleAfter is how long a claim is trusted without a batch: a process that was paused for longer must claim again, since a
// broker may by then have forgotten its epoch.
const staleAfter = 10 * time.Minute

// ErrStale says that the last batch was too long ago: the writer must claim again before it writes.
var ErrStale = errors.New("the claim is too old")

// Writer is the one writer of a partition. It must [Writer.Claim] before it appends, and is for one goroutine.
type Writer struct {
	client    *Client
	id        string // names the right to write; all rivals use the same
	topic     string
	partition int32
	stamp     stamp
	claimed   bool
	lastAck   time.Time
}

// NewWriter returns a writer of a partition. All processes that write it in turn give the same id.
func (c *Client) NewWriter(id, topic string, partition int32) *Writer {
	return &Writer{client: c, id: id, topic: topic, partition: partition}
}

// Claim takes the right to write from whoever has it and appends the claim record. Its offset is the term: from it on no older
// writer can append, so what is below it is all there is.
func (w *Writer) Claim(ctx context.Context, claim schemas.Record) (term int64, err error) {
	w.claimed = false
	if w.stamp, err = w.client.initProducer(ctx, w.id); err != nil {
		return 0, err
	}
	w.claimed, w.lastAck = true, time.Now()
	term, err = w.Append(ctx, []schemas.Record{claim})
	if err != nil {
		w.claimed = false
		return 0, fmt.Errorf("claim: %w", err)
	}
	return term, nil
}

// Append writes records as one batch, whole or not at all, and returns the offset of the first once the log has them. While it
// is not known whether the log has them it sends the same bytes again. After an error the writer must claim again, unless the
// records were never sent: none, or above [MaxBatchBytes].
func (w *Writer) Append(ctx context.Context, records []schemas.Record) (base int64, err error) {
	switch {
	case len(records) == 0:
		return 0, fmt.Errorf("append to %s[%d]: no records", w.topic, w.partition)
	case !w.claimed:
		return 0, fmt.Errorf("append to %s[%d]: %w", w.topic, w.partition, ErrLostTrack)
	// The wall clock counts, too: the monotonic one may stand still while a machine sleeps.
	case time.Since(w.lastAck) > staleAfter || time.Now().Round(0).Sub(w.lastAck.Round(0)) > staleAfter:
		w.claimed = false
		return 0, fmt.Errorf("append to %s[%d]: %w", w.topic, w.partition, ErrStale)
	}
	raw, err := encode(now(records), w.stamp)
	if err != nil {
		return 0, err
	}
	if len(raw) > MaxBatchBytes {
		return 0, fmt.Errorf("append %d records of %d bytes to %s[%d]: %w", len(records), len(raw), w.topic, w.partition, ErrTooLarge)
	}
	base, err = w.client.produce(ctx, w.topic, w.partition, raw)
	if err == nil && base < 0 {
		err = fmt.Errorf("append to %s[%d]: written, but the broker did not say where: %w", w.topic, w.partition, ErrLostTrack)
	}
	if err != nil {
		w.claimed = false
		return 0, err
	}
	w.stamp, w.lastAck = w.stamp.next(len(records)), time.Now()
	return base, nil
}
