package pubsub_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/bitsage-network/validator-dashboard/consumers/pubsub"
	"github.com/bitsage-network/validator-dashboard/internal/embedded"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

func Example() {
	quiet := slog.New(slog.DiscardHandler)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	dir, err := os.MkdirTemp("", "log-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	log, err := embedded.StartLog(ctx, embedded.LogConfig{Dir: dir, Logger: quiet})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = log.Close() }()
	client, err := eventlog.Open(eventlog.Config{Brokers: log.Brokers(), Logger: quiet})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	if err := client.EnsureTopics(ctx, schemas.Topics()); err != nil {
		fmt.Println(err)
		return
	}

	pub := pubsub.NewPublisher(client)
	defer func() { _ = pub.Close() }()
	if err := pub.Publish(schemas.TopicParked, message.NewMessage("first", []byte("hello")), message.NewMessage("second", []byte("again"))); err != nil {
		fmt.Println(err)
		return
	}
	sub := pubsub.NewSubscriber(client, pubsub.SubscriberConfig{Logger: quiet}) // without a group: everything, from the beginning
	defer func() { _ = sub.Close() }()
	messages, err := sub.Subscribe(ctx, schemas.TopicParked)
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		m := <-messages
		fmt.Println(m.UUID, string(m.Payload), "at offset", m.Metadata.Get(pubsub.MetadataOffset))
		m.Ack()
	}
	// Output:
	// first hello at offset 0
	// second again at offset 1
}
