package reactions

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Config says what reacts to what.
type Config struct {
	// Subscribe returns a subscriber of a group: its members share the topics' partitions, and the group goes on where it was.
	Subscribe func(group string) message.Subscriber
	Publish   message.Publisher
	Presence  *Presence
	// Webhook gets the records of Topics; nil for none.
	Webhook *Webhook
	Topics  []string
	Logger  *slog.Logger
}

const (
	firstRetry  = 200 * time.Millisecond
	lastRetry   = time.Minute // between two tries, when many have failed
	closeWithin = 5 * time.Second
)

// Run reacts until ctx ends. A handler that fails is tried again until it succeeds, and what comes after in its partition waits; only
// what a webhook's receiver refuses for good goes to [schemas.TopicParked].
func Run(ctx context.Context, c Config) error {
	router, err := newRouter(c)
	if err != nil {
		return err
	}
	if err := router.Run(ctx); err != nil {
		return fmt.Errorf("reactions: %w", err)
	}
	return nil
}

func newRouter(c Config) (*message.Router, error) {
	// What the router tells of itself is of no interest to an operator.
	logger := watermill.NewSlogLoggerWithLevelMapping(c.Logger, map[slog.Level]slog.Level{slog.LevelInfo: slog.LevelDebug})
	router, err := message.NewRouter(message.RouterConfig{CloseTimeout: closeWithin}, logger)
	if err != nil {
		return nil, fmt.Errorf("reactions: %w", err)
	}
	retry := middleware.Retry{
		MaxRetries: math.MaxInt32, InitialInterval: firstRetry, MaxInterval: lastRetry, Multiplier: 2, RandomizationFactor: 0.2, Logger: logger,
		ShouldRetry: func(p middleware.RetryParams) bool { return !refused(p.Err) },
	}
	parked, err := middleware.PoisonQueueWithFilter(c.Publish, schemas.TopicParked, refused)
	if err != nil {
		return nil, fmt.Errorf("reactions: %w", err)
	}
	router.AddMiddleware(parked, retry.Middleware, middleware.Recoverer)
	router.AddHandler("presence", schemas.TopicHeartbeats, c.Subscribe("presence"), schemas.TopicPresence, c.Publish, c.Presence.Handle)
	if c.Webhook == nil {
		return router, nil
	}
	for _, topic := range c.Topics {
		sub := c.Subscribe("webhook." + topic) // a group of its own, so that one topic never waits for another
		router.AddConsumerHandler("webhook of "+topic, topic, sub, c.Webhook.Handle)
	}
	return router, nil
}

func refused(err error) bool {
	_, ok := errors.AsType[*RefusedError](err)
	return ok
}
