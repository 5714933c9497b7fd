package pubsub_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/segmentio/kafka-go"

	"github.com/bitsage-network/validator-dashboard/consumers/pubsub"
	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
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
		return errors.New("not now") // refused, so it must come again
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

// TestNothingIsLost runs a router whose handler refuses messages now and then, and adds members to its group and takes them away again
// in full flow; where there is a way to restart the broker, that is done, too. Every message is handled, and
// the first time of each is in the order of its key.
func TestNothingIsLost(t *testing.T) { nothingIsLost(t, embeddedtest.Log(t), nil) }

// nothingIsLost may be given a way to kill a broker and start it again, and tells it how often it has done so.
func nothingIsLost(t *testing.T, brokers []string, restart func(ctx context.Context, times int) error) {
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

	var left []func()
	deadline := time.Now().Add(4 * time.Minute)
	for round := 0; h.all() < messages; round++ {
		if time.Now().After(deadline) {
			t.Fatalf("only %d of %d messages were handled in time", h.all(), messages)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		sub := pubsub.NewSubscriber(open(t, brokers), pubsub.SubscriberConfig{Group: "flow", Logger: slog.New(slog.DiscardHandler), Timings: quick})
		go func() { done <- route(ctx, topic, sub, h) }()
		if restart != nil && round%2 == 1 {
			if err := restart(t.Context(), round/2); err != nil {
				t.Fatal(err)
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
			leave := sync.OnceFunc(func() { stop(); <-done })
			left = append(left, leave) // it stays: the next one shares with it
			t.Cleanup(leave)
		}
	}
	if err := <-publishing; err != nil {
		t.Fatal(err)
	}
	if restart != nil {
		// A generation that ends with its broker cannot commit any more: what it did comes again, to a member that stayed, which does.
		waitCommitted(t, brokers, client, "flow", topic)
	}
	for _, leave := range left {
		leave()
	}
	want := map[string][]int{}
	for i := range messages {
		key := fmt.Sprint("k", i%keys)
		want[key] = append(want[key], i)
	}
	h.mu.Lock()
	if !reflect.DeepEqual(h.order, want) {
		t.Errorf("the messages were first handled in another order than they were published:\n%v", h.order)
	}
	h.mu.Unlock()

	// All members have left in order, so what they have done is committed: the next one gets what is new, and no more.
	again := &handled{times: map[string]int{}, order: map[string][]int{}}
	ctx, stop := context.WithCancel(t.Context())
	sub := pubsub.NewSubscriber(client, pubsub.SubscriberConfig{Group: "flow", Logger: slog.New(slog.DiscardHandler), Timings: quick})
	done := make(chan error, 1)
	go func() { done <- route(ctx, topic, sub, again) }()
	last := pubsub.NewPublisher(client)
	for i := range keys { // to every partition
		m := message.NewMessage(fmt.Sprint("new", i), []byte("x"))
		m.Metadata.Set("n", fmt.Sprint(messages+i))
		m.Metadata.Set(pubsub.MetadataKey, fmt.Sprint("k", i))
		if err := last.Publish(topic, m); err != nil {
			t.Fatal(err)
		}
	}
	for began := time.Now(); again.all() < keys && time.Since(began) < time.Minute; {
		time.Sleep(5 * time.Millisecond)
	}
	stop()
	if err := errors.Join(<-done, last.Close()); err != nil {
		t.Fatal(err)
	}
	for id := range again.times {
		if !strings.HasPrefix(id, "new") {
			t.Errorf("message %s was handled, its offset was committed, and it came again", id)
		}
	}
	if len(again.times) < keys {
		t.Errorf("only %d of %d new messages came", len(again.times), keys)
	}
}

// waitCommitted waits until a group has committed a topic to its end.
func waitCommitted(t *testing.T, brokers []string, client *eventlog.Client, group, topic string) {
	t.Helper()
	const partitions = 3
	var err error
	asked := kafka.OffsetFetchRequest{GroupID: group, Topics: map[string][]int{topic: nil}}
	for p := range partitions {
		asked.Topics[topic] = append(asked.Topics[topic], p)
	}
	coordinator := kafka.Client{Addr: kafka.TCP(brokers...), Timeout: 10 * time.Second}
	look := func() (behind map[int]int64, err error) {
		answer, err := coordinator.OffsetFetch(t.Context(), &asked)
		if err != nil {
			return nil, err
		}
		behind = map[int]int64{}
		for _, p := range answer.Topics[topic] {
			_, next, err := client.Bounds(t.Context(), topic, int32(p.Partition))
			if err = errors.Join(answer.Error, p.Error, err); err != nil {
				return nil, err
			}
			if p.CommittedOffset != next {
				behind[p.Partition] = p.CommittedOffset
			}
		}
		if len(answer.Topics[topic]) != partitions {
			return nil, fmt.Errorf("%d of %d partitions were told", len(answer.Topics[topic]), partitions)
		}
		return behind, nil
	}
	var behind map[int]int64
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(50 * time.Millisecond) {
		if behind, err = look(); err == nil && len(behind) == 0 { // an error tells of a broker on its way back
			return
		}
	}
	t.Fatalf("the group has not committed all of its topic, but only to %v (%v)", behind, err)
}

func route(ctx context.Context, topic string, sub message.Subscriber, h *handled) error {
	logger := watermill.NewSlogLogger(slog.New(slog.DiscardHandler))
	router, err := message.NewRouter(message.RouterConfig{CloseTimeout: 5 * time.Second}, logger)
	if err != nil {
		return err
	}
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

// TestCloseDoesNotWaitForAFrozenBroker closes a member, with the timings of every day, when nothing comes from the broker any more: a
// process must be able to stop.
func TestCloseDoesNotWaitForAFrozenBroker(t *testing.T) {
	brokers := embeddedtest.Log(t)
	client := open(t, brokers)
	if err := (creator{client, 3}).ensure(t.Context(), "frozen"); err != nil {
		t.Fatal(err)
	}
	proxy, freeze := freezer(t, brokers[0])
	sub := pubsub.NewSubscriber(open(t, []string{proxy}), pubsub.SubscriberConfig{Group: "frozen", Logger: slog.New(slog.DiscardHandler)})
	messages, err := sub.Subscribe(t.Context(), "frozen")
	if err != nil {
		t.Fatal(err)
	}
	pub := pubsub.NewPublisher(client)
	if err := errors.Join(pub.Publish("frozen", message.NewMessage("one", nil)), pub.Close()); err != nil {
		t.Fatal(err)
	}
	select {
	case m := <-messages: // so it has joined
		m.Ack()
	case <-time.After(time.Minute):
		t.Fatal("the group was not joined")
	}
	freeze()
	began := time.Now()
	if err := sub.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("closing took %s", took)
	}
}

// freezer is a proxy that can stop passing anything on, while its connections stay.
func freezer(t *testing.T, to string) (address string, freeze func()) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var frozen atomic.Bool
	var running sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	pass := func(from, to net.Conn) {
		defer func() { _ = from.Close(); _ = to.Close() }() // both ends are told that the other is gone
		buffer := make([]byte, 64<<10)
		for {
			n, err := from.Read(buffer)
			if err != nil {
				return
			}
			if frozen.Load() {
				continue
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
	}
	running.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			broker, err := net.Dial("tcp", to)
			if err != nil {
				_ = client.Close() // which is the answer
				continue
			}
			mu.Lock()
			open = append(open, client, broker)
			mu.Unlock()
			running.Go(func() { pass(client, broker) })
			running.Go(func() { pass(broker, client) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close() // ends Accept
		mu.Lock()
		for _, c := range open {
			_ = c.Close() // may be closed already
		}
		mu.Unlock()
		running.Wait()
	})
	return listener.Addr().String(), func() { frozen.Store(true) }
}
