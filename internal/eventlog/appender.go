package eventlog

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ErrBusy says that a partition's queue is full: the log is slower than what comes in. Nothing was taken; try again later.
var ErrBusy = errors.New("the log is busy")

// ErrClosed says that the appender has ended, or is ending.
var ErrClosed = errors.New("the appender has ended")

const (
	queueLength = 4096                   // records a partition that wait for the log
	drainWithin = 4 * time.Second        // at the end, for what was accepted
	batchLimit  = 5_000                  // records
	untilFresh  = 100 * time.Millisecond // between two tries to get a producer id
)

// Appender writes records of many keys to a topic, many callers at once. Each partition has one batch in flight; what arrives
// meanwhile is the next one, so nothing ever lingers. [Appender.Run] must be running.
//
// A batch that is in doubt is sent again under the same sequence, so it is in the log once. Where the broker has forgotten the
// producer in between, which takes a day or a lost broker, the log itself is searched for the batch before it goes out again
// under a fresh id. Only a first copy that arrives after that search, or that the search could not see as it was not yet
// replicated, makes a double: readers of telemetry drop it by session and sequence. Nothing acknowledged is ever lost.
type Appender struct {
	client     *Client
	topic      string
	partitions []*partitionQueue
	balance    kafka.Murmur2Balancer
	numbers    []int

	mu     sync.RWMutex
	closed bool
}

type partitionQueue struct {
	number int32
	queue  chan pending
	stamp  stamp
	ready  bool  // stamp is the broker's
	from   int64 // what was sent under stamp and is in doubt is nowhere below this offset
}

type pending struct {
	record schemas.Record
	done   chan<- appended
}

type appended struct {
	offset int64
	err    error
}

// NewAppender returns an appender to a topic of so many partitions.
func (c *Client) NewAppender(topic string, partitions int) *Appender {
	a := &Appender{client: c, topic: topic, balance: kafka.Murmur2Balancer{Consistent: true}}
	for i := range partitions {
		a.partitions = append(a.partitions, &partitionQueue{number: int32(i), queue: make(chan pending, queueLength)})
		a.numbers = append(a.numbers, i)
	}
	return a
}

// Partition returns the partition of a key: the one that Kafka's own clients choose in any language.
func (a *Appender) Partition(key []byte) int32 {
	return int32(a.balance.Balance(kafka.Message{Key: key}, a.numbers...))
}

// Append writes a record to the partition of its key, and returns when the log has it.
func (a *Appender) Append(ctx context.Context, r schemas.Record) (partition int32, offset int64, err error) {
	partition = a.Partition(r.Key)
	offset, err = a.AppendTo(ctx, partition, r)
	return partition, offset, err
}

// AppendTo writes a record to a partition, and returns when the log has it. Where ctx ends first the record may still be
// written.
func (a *Appender) AppendTo(ctx context.Context, partition int32, r schemas.Record) (offset int64, err error) {
	if n := size(r) + headerSize; n > MaxBatchBytes {
		return 0, fmt.Errorf("append %d bytes to %s[%d]: %w", n, a.topic, partition, ErrTooLarge)
	}
	done := make(chan appended, 1)
	if err := a.enqueue(partition, pending{r, done}); err != nil {
		return 0, fmt.Errorf("append to %s[%d]: %w", a.topic, partition, err)
	}
	select {
	case <-ctx.Done():
		return 0, fmt.Errorf("append to %s[%d]: %w", a.topic, partition, context.Cause(ctx))
	case res := <-done:
		return res.offset, res.err
	}
}

func (a *Appender) enqueue(partition int32, p pending) error {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if a.closed {
		return ErrClosed
	}
	select {
	case a.partitions[partition].queue <- p:
		return nil
	default:
		return ErrBusy
	}
}

// Run writes what is appended until ctx ends, and then, within a few seconds, what was accepted before.
func (a *Appender) Run(ctx context.Context) error {
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var group errgroup.Group
	for _, q := range a.partitions {
		group.Go(func() error { return a.write(working, q) })
	}
	<-ctx.Done()
	a.mu.Lock()
	a.closed = true
	for _, q := range a.partitions {
		close(q.queue)
	}
	a.mu.Unlock()
	deadline := time.AfterFunc(drainWithin, stop)
	defer deadline.Stop()
	return group.Wait()
}

// write is the loop of one partition: take what is there, append it, tell the callers.
func (a *Appender) write(ctx context.Context, q *partitionQueue) error {
	var next *pending // taken from the queue already, but too much for the batch before
	for {
		if next == nil {
			p, ok := <-q.queue
			if !ok {
				return nil
			}
			next = &p
		}
		var batch []pending
		batch, next = q.gather(*next)
		base, err := a.append(ctx, q, batch)
		for i, p := range batch {
			p.done <- appended{base + int64(i), err}
		}
	}
}

// gather makes a batch of a first record and what waits behind it, as much as fits, and returns the one that did not.
func (q *partitionQueue) gather(first pending) (batch []pending, over *pending) {
	batch = append(batch, first)
	for bytes := headerSize + size(first.record); len(batch) < batchLimit; {
		select {
		case p, ok := <-q.queue:
			if !ok {
				return batch, nil
			}
			if bytes += size(p.record); bytes > MaxBatchBytes {
				return batch, &p
			}
			batch = append(batch, p)
		default:
			return batch, nil
		}
	}
	return batch, nil
}

// append writes a batch and returns the offset of its first record.
func (a *Appender) append(ctx context.Context, q *partitionQueue, batch []pending) (int64, error) {
	records := make([]schemas.Record, len(batch))
	for i, p := range batch {
		records[i] = p.record
	}
	for {
		if err := a.prepare(ctx, q); err != nil {
			return 0, err
		}
		raw, err := encode(now(records), q.stamp)
		if err != nil {
			return 0, err
		}
		base, err := a.client.produce(ctx, a.topic, q.number, raw)
		lost := errors.Is(err, ErrLostTrack) || errors.Is(err, ErrFenced)
		if lost || err == nil && base < 0 {
			var found bool
			if base, found, err = a.client.find(ctx, a.topic, q.number, q.from, q.stamp); err == nil && !found {
				a.client.log.WarnContext(ctx, "the broker has forgotten a producer: its batch goes out under a fresh id",
					"topic", a.topic, "partition", q.number, "records", len(records))
				q.ready = false
				if !sleep(ctx, untilFresh) {
					return 0, fmt.Errorf("append to %s[%d]: %w", a.topic, q.number, context.Cause(ctx))
				}
				continue
			}
		}
		if err != nil {
			q.ready = false // the sequence may be used or not
			return 0, err
		}
		q.stamp, q.from, q.ready = q.stamp.next(len(records)), base+int64(len(records)), !lost
		return base, nil
	}
}

// prepare gets a producer id where there is none, and notes where the log ends before anything is sent under it.
func (a *Appender) prepare(ctx context.Context, q *partitionQueue) (err error) {
	if q.ready {
		return nil
	}
	if q.stamp, err = a.client.initProducer(ctx, ""); err != nil {
		return err
	}
	err = a.client.insist(ctx, func(ctx context.Context) error {
		_, q.from, err = a.client.Bounds(ctx, a.topic, q.number)
		return err
	})
	q.ready = err == nil
	return err
}
