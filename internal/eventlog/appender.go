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
// A batch that is in doubt is sent again under the same sequence, so it is in the log once. Only where the broker has forgotten
// the producer in between, which takes a day or a lost broker, can a batch be there twice; readers of telemetry bear that.
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
	ready  bool
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

func (a *Appender) append(ctx context.Context, q *partitionQueue, batch []pending) (int64, error) {
	records := make([]schemas.Record, len(batch))
	for i, p := range batch {
		records[i] = p.record
	}
	for {
		if !q.ready {
			var err error
			if q.stamp, err = a.client.initProducer(ctx, ""); err != nil {
				return 0, err
			}
			q.ready = true
		}
		raw, err := encode(records, q.stamp)
		if err != nil {
			return 0, err
		}
		base, err := a.client.produce(ctx, a.topic, q.number, raw)
		if err == nil {
			q.stamp = q.stamp.next(len(records))
			return base, nil
		}
		q.ready = false
		if !errors.Is(err, ErrLostTrack) && !errors.Is(err, ErrFenced) {
			return 0, err
		}
		if !sleep(ctx, untilFresh) {
			return 0, err
		}
	}
}
