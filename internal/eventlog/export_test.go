package eventlog

import (
	"context"
	"time"
)

// TakeEpoch does what Claim does, and leaves the claim out: tests show that this is not enough.
func (w *Writer) TakeEpoch(ctx context.Context) (err error) {
	w.stamp, err = w.client.initProducer(ctx, w.id)
	w.claimed, w.lastAck = err == nil, time.Now()
	return err
}
