package pubsub

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ErrClosed says that a publisher or subscriber was closed.
var ErrClosed = errors.New("closed")

// publishWithin bounds how long Publish waits for the log.
const publishWithin = 30 * time.Second

// Publisher appends messages to topics that exist. It is safe for concurrent use.
type Publisher struct {
	client *eventlog.Client
	codec  Codec

	mu        sync.Mutex
	appenders map[string]*eventlog.Appender
	stops     []context.CancelFunc
	closed    bool
	running   errgroup.Group
}

var _ message.Publisher = (*Publisher)(nil)

// NewPublisher returns a publisher. It must be closed.
func NewPublisher(client *eventlog.Client) *Publisher {
	return &Publisher{client: client, appenders: map[string]*eventlog.Appender{}}
}

// Publish appends messages in order and returns when the log has them all. After an error the log has some first part of them, or
// will have: publishing them again may double those.
func (p *Publisher) Publish(topic string, messages ...*message.Message) error {
	for _, m := range messages {
		rec, err := p.codec.Record(m)
		if err != nil {
			return err
		}
		rec.Topic = topic
		if err := p.append(m.Context(), rec, m.UUID); err != nil {
			return fmt.Errorf("publish message %s: %w", m.UUID, err)
		}
	}
	return nil
}

// append writes a record to the partition of its key, or, where it has none, to that of the message's id.
func (p *Publisher) append(ctx context.Context, rec schemas.Record, id string) error {
	ctx, cancel := context.WithTimeout(ctx, publishWithin)
	defer cancel()
	a, err := p.appender(ctx, rec.Topic)
	if err != nil {
		return err
	}
	key := rec.Key
	if key == nil {
		key = []byte(id)
	}
	_, err = a.AppendTo(ctx, a.Partition(key), rec)
	return err
}

// appender returns the one of a topic, which is started when the topic is first published to.
func (p *Publisher) appender(ctx context.Context, topic string) (*eventlog.Appender, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, fmt.Errorf("publisher: %w", ErrClosed)
	}
	if a := p.appenders[topic]; a != nil {
		return a, nil
	}
	partitions, err := p.client.Partitions(ctx, topic)
	if err != nil {
		return nil, err
	}
	a := p.client.NewAppender(topic, partitions)
	running, stop := context.WithCancel(context.Background())
	p.appenders[topic], p.stops = a, append(p.stops, stop)
	p.running.Go(func() error { return a.Run(running) })
	return a, nil
}

// Close waits until what was accepted is written, a few seconds at most. Closing twice does no harm.
func (p *Publisher) Close() error {
	p.mu.Lock()
	p.closed = true
	for _, stop := range p.stops {
		stop()
	}
	p.mu.Unlock()
	return p.running.Wait()
}
