package pubsub_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/pubsub/tests"

	"github.com/bitsage-network/validator-dashboard/consumers/pubsub"
	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

// TestConformance runs Watermill's own suite on the embedded log, and under the tag kafka on real Apache Kafka.
func TestConformance(t *testing.T) { conformance(t, embeddedtest.Log(t)) }

// quick are timings for groups that come and go by the second.
var quick = pubsub.Timings{
	Heartbeat: 100 * time.Millisecond, Session: 6 * time.Second, Rebalance: 500 * time.Millisecond, Rejoin: 50 * time.Millisecond, Redeliver: 10 * time.Millisecond,
}

func conformance(t *testing.T, brokers []string) {
	for _, c := range []struct {
		name       string
		partitions int
		group      bool
		features   tests.Features
	}{
		{"each for itself", 1, false, tests.Features{GuaranteedOrder: true, Persistent: true, NewSubscriberReceivesOldMessages: true}},
		{"groups", 3, true, tests.Features{ConsumerGroups: true, Persistent: true}},
		{"groups in order", 1, true, tests.Features{ConsumerGroups: true, GuaranteedOrder: true, GuaranteedOrderWithSingleSubscriber: true, Persistent: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			make := func(t *testing.T, group string) (message.Publisher, message.Subscriber) {
				client := open(t, brokers)
				logger := slog.New(slog.DiscardHandler)
				topics := creator{client, c.partitions}
				return publisher{pubsub.NewPublisher(client), topics},
					subscriber{pubsub.NewSubscriber(client, pubsub.SubscriberConfig{Group: group, Logger: logger, Timings: quick}), topics}
			}
			alone := func(t *testing.T) (message.Publisher, message.Subscriber) {
				if c.group {
					return make(t, "shared")
				}
				return make(t, "")
			}
			tests.TestPubSub(t, c.features, alone, make)
		})
	}
}

func open(t *testing.T, brokers []string) *eventlog.Client {
	t.Helper()
	c, err := eventlog.Open(eventlog.Config{Brokers: brokers, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// creator makes the topics that the suite thinks up. Ours exist before anybody publishes.
type creator struct {
	client     *eventlog.Client
	partitions int
}

func (c creator) ensure(ctx context.Context, topic string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	spec := schemas.TopicSpec{Name: topic, Partitions: c.partitions, Config: map[string]string{"retention.ms": "-1"}}
	if err := c.client.EnsureTopics(ctx, []schemas.TopicSpec{spec}); err != nil {
		return fmt.Errorf("make topic %s: %w", topic, err)
	}
	return nil
}

type publisher struct {
	*pubsub.Publisher
	topics creator
}

func (p publisher) Publish(topic string, messages ...*message.Message) error {
	if err := p.topics.ensure(context.Background(), topic); err != nil {
		return err
	}
	return p.Publisher.Publish(topic, messages...)
}

type subscriber struct {
	*pubsub.Subscriber
	topics creator
}

func (s subscriber) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	if err := s.topics.ensure(ctx, topic); err != nil {
		return nil, err
	}
	return s.Subscriber.Subscribe(ctx, topic)
}
