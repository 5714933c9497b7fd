package pubsub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/segmentio/kafka-go"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
)

// SubscriberConfig says how to read.
type SubscriberConfig struct {
	// Group is Kafka's consumer group, whose members share the work; empty to read everything.
	Group  string
	Logger *slog.Logger
	// How long things take; tests make them shorter.
	Timings Timings
}

// Timings are how long a group waits for its members, and a message for its next try. A zero is the default.
type Timings struct {
	Heartbeat time.Duration // between two signs of life of a member; 1 s
	Session   time.Duration // after which a member without one is out; 10 s
	Rebalance time.Duration // that members have to join; 5 s
	Rejoin    time.Duration // after a failure; 500 ms
	Redeliver time.Duration // after a message was refused; 200 ms
}

func (t Timings) orDefaults() Timings {
	for _, d := range []struct {
		value *time.Duration
		or    time.Duration
	}{
		{&t.Heartbeat, time.Second},
		{&t.Session, 10 * time.Second},
		{&t.Rebalance, 5 * time.Second},
		{&t.Rejoin, 500 * time.Millisecond},
		{&t.Redeliver, 200 * time.Millisecond},
	} {
		if *d.value == 0 {
			*d.value = d.or
		}
	}
	return t
}

// Subscriber reads topics that exist. It is safe for concurrent use.
type Subscriber struct {
	client  *eventlog.Client
	config  SubscriberConfig
	closing chan struct{}

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

var _ message.Subscriber = (*Subscriber)(nil)

// NewSubscriber returns a subscriber. It must be closed.
func NewSubscriber(client *eventlog.Client, c SubscriberConfig) *Subscriber {
	c.Timings = c.Timings.orDefaults()
	return &Subscriber{client: client, config: c, closing: make(chan struct{})}
}

// Subscribe returns the messages of a topic. Each must be acknowledged or refused before the next one of its partition comes. The
// channel closes when ctx ends or the subscriber is closed.
func (s *Subscriber) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	partitions, err := s.client.Partitions(ctx, topic)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, fmt.Errorf("subscriber: %w", ErrClosed)
	}
	out := make(chan *message.Message)
	d := &delivery{client: s.client, topic: topic, out: out, redeliver: s.config.Timings.Redeliver, log: s.config.Logger.With("topic", topic, "group", s.config.Group)}
	read := func(ctx context.Context) { d.everything(ctx, partitions) }
	if s.config.Group != "" {
		conns := newConnections()
		group, err := s.join(topic, conns)
		if err != nil {
			return nil, err
		}
		read = func(ctx context.Context) { d.share(ctx, group, conns, s.config.Timings.Rejoin) }
	}
	ctx, stop := context.WithCancel(ctx)
	s.running.Go(func() {
		defer close(out)
		defer stop()
		read(ctx)
	})
	s.running.Go(func() {
		defer stop()
		select {
		case <-ctx.Done():
		case <-s.closing:
		}
	})
	return out, nil
}

// join makes this process a member of the group.
func (s *Subscriber) join(topic string, conns *connections) (*kafka.ConsumerGroup, error) {
	t := s.config.Timings
	group, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
		ID: s.config.Group, Dialer: conns.dialer(), Brokers: strings.Split(s.client.Brokers(), ","), Topics: []string{topic}, StartOffset: kafka.FirstOffset,
		HeartbeatInterval: t.Heartbeat, SessionTimeout: t.Session, RebalanceTimeout: t.Rebalance, JoinGroupBackoff: t.Rejoin,
		// Joining takes until the session of a dead member ends. Who gives up before leaves a dead member of his own behind, and joins
		// anew: two of them could keep each other from ever joining.
		Timeout:               t.Session + t.Rebalance,
		WatchPartitionChanges: true, // a member may come before the broker that it asks knows the topic
	})
	if err != nil {
		return nil, fmt.Errorf("group %s: %w", s.config.Group, err)
	}
	return group, nil
}

// Close ends every subscription and waits for it. The context of a message that is being handled ends, too; the message comes again,
// to whoever subscribes next. Closing twice does no harm.
func (s *Subscriber) Close() error {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.closing)
	}
	s.mu.Unlock()
	s.running.Wait()
	return nil
}

// delivery is one subscription.
type delivery struct {
	client    *eventlog.Client
	codec     Codec
	topic     string
	out       chan<- *message.Message
	redeliver time.Duration
	log       *slog.Logger
}

// everything delivers all partitions from their beginnings until ctx ends.
func (d *delivery) everything(ctx context.Context, partitions int) {
	var running sync.WaitGroup
	for p := range partitions {
		running.Go(func() {
			d.partition(ctx, int32(p), kafka.FirstOffset, func(int64) error { return nil })
		})
	}
	running.Wait()
}

// farewell bounds how long leaving a group may take; a member that is not heard is out when its session ends.
const farewell = 2 * time.Second

// share delivers the partitions that the group gives to this member until ctx ends.
func (d *delivery) share(ctx context.Context, group *kafka.ConsumerGroup, conns *connections, rejoin time.Duration) {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		<-ctx.Done()
		late := time.AfterFunc(farewell, conns.cut)
		defer late.Stop()
		if err := group.Close(); err != nil { // ends the generation, and with it what it started
			d.log.Warn("group not left in order, the others wait for its session to end", "error", err)
		}
	}()
	defer func() { <-closed }()
	for ctx.Err() == nil {
		generation, err := group.Next(ctx)
		if err != nil {
			if ctx.Err() == nil {
				d.log.WarnContext(ctx, "group not joined, trying again", "error", err)
				pause(ctx, rejoin)
			}
			continue
		}
		for _, a := range generation.Assignments[d.topic] {
			generation.Start(func(ctx context.Context) {
				d.partition(ctx, int32(a.ID), a.Offset, func(next int64) error {
					return generation.CommitOffsets(map[string]map[int]int64{d.topic: {a.ID: next}})
				})
			})
		}
	}
}

// commitEvery bounds how much is delivered again after a crash; what is committed costs a round trip.
const commitEvery = 200 * time.Millisecond

// partition delivers one partition from an offset on until ctx ends. Commit is told how far it is now and then, and at the end.
func (d *delivery) partition(ctx context.Context, number int32, offset int64, commit func(next int64) error) {
	log := d.log.With("partition", number)
	committed, committedAt := offset, time.Now()
	keep := func() {
		committedAt = time.Now()
		if offset == committed {
			return
		}
		if err := commit(offset); err != nil {
			// The group has a new generation, or the broker is away: what was delivered may come again, to whoever has it then.
			log.WarnContext(ctx, "offset not committed", "offset", offset, "error", err)
			return
		}
		committed = offset
	}
	defer keep()
	for ctx.Err() == nil {
		batch, err := d.fetch(ctx, number, offset)
		if err != nil {
			if ctx.Err() == nil {
				log.WarnContext(ctx, "not read, trying again", "offset", offset, "error", err)
				pause(ctx, time.Second)
			}
			continue
		}
		for _, rec := range batch.Records {
			if !d.deliver(ctx, d.codec.Message(rec)) {
				return
			}
			offset = rec.Offset + 1
			if time.Since(committedAt) > commitEvery {
				keep()
			}
		}
		if len(batch.Records) > 0 {
			keep()
		}
	}
}

// fetch reads from an offset on. The first time it may be kafka.FirstOffset. Records that retention removed before anybody read them
// are told, and passed over.
func (d *delivery) fetch(ctx context.Context, number int32, offset int64) (eventlog.Batch, error) {
	if offset >= 0 {
		batch, err := d.client.Fetch(ctx, d.topic, number, offset)
		if !errors.Is(err, eventlog.ErrTruncated) {
			return batch, err
		}
		d.log.ErrorContext(ctx, "records were removed before they were read: they are missed", "partition", number, "offset", offset)
	}
	first, _, err := d.client.Bounds(ctx, d.topic, number)
	if err != nil {
		return eventlog.Batch{}, err
	}
	return d.client.Fetch(ctx, d.topic, number, first)
}

// deliver hands out a message until it is acknowledged. It tells whether it was; it is not when ctx ends.
func (d *delivery) deliver(ctx context.Context, m *message.Message) bool {
	for {
		again := m.Copy() // a message answers once
		handling, done := context.WithCancel(ctx)
		again.SetContext(handling)
		acked := d.hand(ctx, again)
		done()
		if acked || ctx.Err() != nil {
			return acked
		}
		pause(ctx, d.redeliver)
	}
}

func (d *delivery) hand(ctx context.Context, m *message.Message) (acked bool) {
	select {
	case d.out <- m:
	case <-ctx.Done():
		return false
	}
	select {
	case <-m.Acked():
		return true
	case <-m.Nacked():
		return false
	case <-ctx.Done():
		return false
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
