package eventlog

import (
	"context"
	"errors"
	"fmt"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ErrStalled says that the log has records beyond an offset and does not give them: what is there is none of ours, such as
// the marker of a transaction.
var ErrStalled = schemas.ErrStalled

const (
	freshAfter   = 2  // failed fetches in a row: connections are given up
	stalledAfter = 10 // fetches in a row, over some 3 s, that brought nothing where there was something
)

// Follow hands the records of a partition from an offset on to take, batch by batch, until ctx ends (it then returns nil) or
// take fails. Batches are never empty. A broker that does not answer is asked again; what can only be solved by a person is
// returned: [ErrTruncated], [ErrPastEnd], [ErrGap], [ErrStalled].
func (c *Client) Follow(ctx context.Context, topic string, partition int32, from int64, take func(Batch) error) error {
	failed, stalled, pause := 0, 0, resendPause
	for ctx.Err() == nil {
		b, err := c.Fetch(ctx, topic, partition, from)
		switch {
		case errors.Is(err, ErrTruncated), errors.Is(err, ErrPastEnd), errors.Is(err, ErrGap):
			return err
		case ctx.Err() != nil:
			return nil
		case err != nil:
			failed, stalled = failed+1, 0
			c.log.WarnContext(ctx, "following the log", "topic", topic, "partition", partition, "offset", from, "failed", failed, "error", err)
			if failed >= freshAfter {
				c.Close() // a connection that neither works nor fails would be used for ever
			}
		case len(b.Records) > 0:
			if err := take(b); err != nil {
				return fmt.Errorf("follow %s[%d]@%d: %w", topic, partition, from, err)
			}
			from += int64(len(b.Records))
			failed, stalled, pause = 0, 0, resendPause
			continue
		case b.End > from:
			if failed, stalled = 0, stalled+1; stalled >= stalledAfter {
				return fmt.Errorf("follow %s[%d]@%d of %d: %w", topic, partition, from, b.End, ErrStalled)
			}
		default:
			failed, stalled, pause = 0, 0, resendPause
			continue // the broker has waited already
		}
		if !sleep(ctx, jitter(pause)) {
			return nil
		}
		pause = min(2*pause, maxPause)
	}
	return nil
}
