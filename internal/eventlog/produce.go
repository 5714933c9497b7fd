package eventlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
)

// Errors of appending. Any other error of an append means that its context ended while it was not known whether the log has
// the batch.
var (
	// ErrFenced says that another writer has taken this one's place.
	ErrFenced = errors.New("another writer has taken over")
	// ErrLostTrack says that the broker expects another sequence: the writer must claim again.
	ErrLostTrack = errors.New("the broker has lost track of this writer")
	// ErrTooLarge says that a batch is above [MaxBatchBytes].
	ErrTooLarge = errors.New("the batch is too large")
	// ErrRefused says that the broker will never take the batch.
	ErrRefused = errors.New("the broker refused the batch")
)

const (
	produceWithin = 5 * time.Second // for one try
	resendPause   = 20 * time.Millisecond
	maxPause      = time.Second
)

// verdict sorts a broker's answer to a batch.
type verdict int

const (
	accepted verdict = iota
	inDoubt          // send the same bytes again
	definite         // it is not in the log and never will be
)

// judge says what an answer means for the batch: whether it may be in the log already, and what to do. Everything that is
// not known to be definite is in doubt, for a batch that is wrongly believed lost would be written twice.
func judge(err error) (verdict, error) {
	if err == nil {
		return accepted, nil
	}
	code, ok := errors.AsType[kafka.Error](err)
	if !ok {
		return inDoubt, err // the connection failed, before or after the broker had the batch
	}
	switch code {
	case kafka.DuplicateSequenceNumber:
		return accepted, nil
	case kafka.InvalidProducerEpoch, producerFenced:
		return definite, fmt.Errorf("%w: %w", ErrFenced, err)
	case kafka.OutOfOrderSequenceNumber, unknownProducerID:
		return definite, fmt.Errorf("%w: %w", ErrLostTrack, err)
	case kafka.MessageSizeTooLarge, kafka.RecordListTooLarge:
		return definite, fmt.Errorf("%w: %w", ErrTooLarge, err)
	case kafka.InvalidMessage, kafka.InvalidRequest, kafka.UnsupportedVersion, kafka.TopicAuthorizationFailed,
		kafka.ClusterAuthorizationFailed, kafka.InvalidTimestamp, kafka.UnsupportedForMessageFormat, invalidRecord:
		return definite, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return inDoubt, err
}

// Error codes of Kafka that kafka-go has no names for.
const (
	unknownProducerID = kafka.Error(59)
	invalidRecord     = kafka.Error(87)
	producerFenced    = kafka.Error(90)
)

// produce sends encoded bytes until the broker gives a definite answer, and returns the offset of the first record. An offset
// below 0 means that the log has the batch and the broker did not say where.
func (c *Client) produce(ctx context.Context, topic string, partition int32, raw []byte) (int64, error) {
	started, pause := time.Now(), resendPause
	for {
		base, err := c.produceOnce(ctx, topic, partition, raw)
		v, err := judge(err)
		switch v {
		case accepted:
			c.metrics.produce.WithLabelValues(topic).Observe(time.Since(started).Seconds())
			c.metrics.bytes.WithLabelValues(topic, "out").Add(float64(len(raw)))
			return base, nil
		case definite:
			return 0, fmt.Errorf("append to %s[%d]: %w", topic, partition, err)
		case inDoubt:
		}
		c.metrics.resends.WithLabelValues(topic).Inc()
		if !sleep(ctx, jitter(pause)) {
			return 0, fmt.Errorf("append to %s[%d]: in doubt: %w", topic, partition, errors.Join(context.Cause(ctx), err))
		}
		pause = min(2*pause, maxPause)
	}
}

func (c *Client) produceOnce(ctx context.Context, topic string, partition int32, raw []byte) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, produceWithin)
	defer cancel()
	res, err := c.kafka.RawProduce(ctx, &kafka.RawProduceRequest{
		Topic: topic, Partition: int(partition), RequiredAcks: kafka.RequireAll,
		RawRecords: protocol.RawRecordSet{Reader: bytes.NewReader(raw)},
	})
	if err != nil {
		return 0, err
	}
	return res.BaseOffset, res.Error
}

// initProducer asks for a producer id. With a transactional id it is the same one each time, with a new epoch that fences the
// older ones; without, it is a fresh one.
func (c *Client) initProducer(ctx context.Context, transactionalID string) (stamp, error) {
	pause := resendPause
	for {
		limited, cancel := context.WithTimeout(ctx, produceWithin)
		res, err := c.kafka.InitProducerID(limited, &kafka.InitProducerIDRequest{
			TransactionalID: transactionalID, TransactionTimeoutMs: 60_000, ProducerID: -1, ProducerEpoch: -1,
		})
		cancel()
		if err == nil {
			err = res.Error
		}
		if err == nil {
			return stamp{producer: int64(res.Producer.ProducerID), epoch: int16(res.Producer.ProducerEpoch)}, nil
		}
		// A broker that is still loading, or that is ending another's claim, says so and means "in a moment".
		if code, ok := errors.AsType[kafka.Error](err); ok && !code.Temporary() && code != concurrentTransactions {
			return stamp{}, fmt.Errorf("producer id for %q: %w", transactionalID, err)
		}
		if !sleep(ctx, jitter(pause)) {
			return stamp{}, fmt.Errorf("producer id for %q: %w", transactionalID, errors.Join(context.Cause(ctx), err))
		}
		pause = min(2*pause, maxPause)
	}
}

const concurrentTransactions = kafka.Error(51)

func jitter(d time.Duration) time.Duration { return d/2 + rand.N(d) }

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
