package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/bitsage-network/validator-dashboard/consumers"
	"github.com/bitsage-network/validator-dashboard/consumers/pubsub"
	"github.com/bitsage-network/validator-dashboard/consumers/reactions"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
)

// addReactions gives the process what follows from the log and is no read model: the topics of the families, workers' presence,
// and the webhook.
func (p *process) addReactions() error {
	log := p.log.With("role", "split")
	p.splitter = consumers.NewSplitter(consumers.SplitterConfig{
		Name: p.name, Build: version, Writer: func(topic string) consumers.SplitWriter { return p.events.NewWriter("split/"+topic, topic, 0) },
		Batches: eventlog.Batches, Fenced: func(err error) bool { return errors.Is(err, eventlog.ErrFenced) }, Logger: log,
	}, source{p.events}, p.events, p.consumed())
	p.splitPost = p.post("split", consumers.ErrSplitElsewhere)
	if p.settings.WebhookURL == "" {
		return nil
	}
	hook, err := reactions.NewWebhook(reactions.WebhookConfig{URL: p.settings.WebhookURL, Secret: p.settings.WebhookSecret, Registerer: p.registry}, pubsub.Codec{})
	if err != nil {
		return usagef("--webhook-url, --webhook-secret (WEBHOOK_URL, WEBHOOK_SECRET): %v", err)
	}
	p.webhook = hook
	return nil
}

// react runs the reactions until ctx ends.
func (p *process) react(ctx context.Context) (err error) {
	publisher := pubsub.NewPublisher(p.events)
	log := p.log.With("role", "react")
	defer func() {
		if e := publisher.Close(); e != nil {
			err = errors.Join(err, fmt.Errorf("reactions: %w", e))
		}
	}()
	return reactions.Run(ctx, reactions.Config{
		Subscribe: func(group string) message.Subscriber {
			return pubsub.NewSubscriber(p.events, pubsub.SubscriberConfig{Group: group, Logger: log})
		},
		Publish: publisher, Presence: reactions.NewPresence(p.events, pubsub.Codec{}),
		Webhook: p.webhook, Topics: list(p.settings.WebhookTopics), Logger: log,
	})
}
