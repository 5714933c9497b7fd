package pubsub_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"

	"github.com/bitsage-network/validator-dashboard/consumers/pubsub"
	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
)

// handled counts what handlers acknowledged, by message.
type handled struct {
	mu    sync.Mutex
	times map[string]int
	order map[string][]int // by key
	tries int
}

func (h *handled) handle(m *message.Message) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.tries++; h.tries%7 == 0 {
		return errors.New("not now")
	}
	h.times[m.UUID]++
	key := m.Metadata.Get(pubsub.MetadataKey)
	var n int
	if _, err := fmt.Sscan(m.Metadata.Get("n"), &n); err != nil {
		return err
	}
	if seen := h.order[key]; len(seen) == 0 || seen[len(seen)-1] < n {
		h.order[key] = append(seen, n)
	}
	return nil
}

func (h *handled) all() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.times)
}

// TestNothingIsLost runs a router whose handler fails now and then, and replaces its subscriber again and again in full flow, in
// order and by just walking away from it; where there is a way to restart the broker, that is done, too. Every message is handled, and
// the first time of each is in the order of its key.
func TestNothingIsLost(t *testing.T) { nothingIsLost(t, embeddedtest.Log(t)) }

func nothingIsLost(t *testing.T, brokers []string, restart ...string) {
	const messages, keys = 600, 9
	topic := "flow"
	client := open(t, brokers)
	if err := (creator{client, 3}).ensure(t.Context(), topic); err != nil {
		t.Fatal(err)
	}
	pub := pubsub.NewPublisher(client)
	h := &handled{times: map[string]int{}, order: map[string][]int{}}
	publishing := make(chan error, 1)
	go func() {
		for i := range messages {
			m := message.NewMessage(fmt.Sprint("m", i), []byte("x"))
			m.Metadata.Set("n", fmt.Sprint(i))
			m.Metadata.Set(pubsub.MetadataKey, fmt.Sprint("k", i%keys))
			if err := pub.Publish(topic, m); err != nil {
				publishing <- err
				return
			}
		}
		publishing <- pub.Close()
	}()

	deadline := time.Now().Add(4 * time.Minute)
	for round := 0; h.all() < messages; round++ {
		if time.Now().After(deadline) {
			t.Fatalf("only %d of %d messages were handled in time", h.all(), messages)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		sub := pubsub.NewSubscriber(open(t, brokers), pubsub.SubscriberConfig{Group: "flow", Logger: slog.New(slog.DiscardHandler), Timings: quick})
		go func() { done <- route(ctx, topic, sub, h) }()
		if len(restart) > 0 && round%2 == 1 {
			if out, err := exec.CommandContext(t.Context(), restart[0], restart[1:]...).CombinedOutput(); err != nil {
				t.Fatalf("restart the broker: %v\n%s", err, out)
			}
		}
		enough := h.all() + 120
		for began := time.Now(); h.all() < min(enough, messages) && time.Since(began) < 20*time.Second; {
			time.Sleep(5 * time.Millisecond)
		}
		if round%2 == 0 {
			stop()
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		} else {
			t.Cleanup(func() { stop(); <-done }) // left behind as it is: the next one shares with it
		}
	}
	if err := <-publishing; err != nil {
		t.Fatal(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(h.order)) {
		if n := len(h.order[key]); n != (messages+keys-1)/keys && n != messages/keys {
			t.Errorf("the messages of key %s were first handled in another order: only %d in a row", key, n)
		}
	}
}

func route(ctx context.Context, topic string, sub message.Subscriber, h *handled) error {
	logger := watermill.NewSlogLogger(slog.New(slog.DiscardHandler))
	router, err := message.NewRouter(message.RouterConfig{CloseTimeout: 5 * time.Second}, logger)
	if err != nil {
		return err
	}
	router.AddMiddleware(middleware.Retry{MaxRetries: 3, InitialInterval: time.Millisecond, MaxInterval: 5 * time.Millisecond, Multiplier: 2}.Middleware)
	router.AddConsumerHandler("flow", topic, sub, h.handle)
	return router.Run(ctx)
}

func TestTopicsMustExist(t *testing.T) {
	client := open(t, embeddedtest.Log(t))
	pub := pubsub.NewPublisher(client)
	if err := pub.Publish("nowhere", message.NewMessage("1", nil)); err == nil {
		t.Error("a message was published to a topic that does not exist")
	}
	sub := pubsub.NewSubscriber(client, pubsub.SubscriberConfig{Logger: slog.New(slog.DiscardHandler)})
	if _, err := sub.Subscribe(t.Context(), "nowhere"); err == nil {
		t.Error("a topic that does not exist was subscribed to")
	}
	for range 2 {
		if err := errors.Join(pub.Close(), sub.Close()); err != nil {
			t.Error(err)
		}
	}
	if err := pub.Publish("nowhere", message.NewMessage("1", nil)); !errors.Is(err, pubsub.ErrClosed) {
		t.Errorf("published after the end: %v", err)
	}
	if _, err := sub.Subscribe(t.Context(), "nowhere"); err == nil {
		t.Error("subscribed after the end")
	}
}
