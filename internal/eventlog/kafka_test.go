//go:build kafka

package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog/kafkatest"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// proxy stands between clients and the broker and loses answers: it cuts the connection where an answer was due, after the
// broker has taken the request.
type proxy struct {
	listener net.Listener
	broker   atomic.Value // string
	lose     atomic.Int64 // answers to lose in a thousand
	lost     atomic.Int64
}

func newProxy(t *testing.T) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(conn)
		}
	}()
	return p
}

func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	broker, err := net.Dial("tcp", p.broker.Load().(string))
	if err != nil {
		return
	}
	defer broker.Close()
	// Kafka's requests begin with their size and the number of the API; 0 is Produce.
	var producing sync.Map // correlation ids of produce requests
	go func() {
		defer broker.Close()
		for {
			request, err := readSized(client)
			if err != nil {
				return
			}
			if request[4] == 0 && request[5] == 0 {
				producing.Store(string(request[8:12]), true)
			}
			if _, err := broker.Write(request); err != nil {
				return
			}
		}
	}()
	for {
		answer, err := readSized(broker)
		if err != nil {
			return
		}
		if _, ok := producing.LoadAndDelete(string(answer[4:8])); ok && rand.Int64N(1000) < p.lose.Load() {
			p.lost.Add(1)
			return
		}
		if _, err := client.Write(answer); err != nil {
			return
		}
	}
}

// readSized reads one message with its size.
func readSized(r io.Reader) ([]byte, error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	n := int(head[0])<<24 | int(head[1])<<16 | int(head[2])<<8 | int(head[3])
	message := append(head, make([]byte, n)...)
	_, err := io.ReadFull(r, message[4:])
	return message, err
}

// TestRealKafka proves the claimed, idempotent writer where its faults would show.
func TestRealKafka(t *testing.T) {
	p := newProxy(t)
	broker := kafkatest.Start(t, func(string) string { return p.listener.Addr().String() })
	p.broker.Store(broker)
	open := func(t *testing.T) *eventlog.Client {
		t.Helper()
		c, err := eventlog.Open(eventlog.Config{Brokers: []string{p.listener.Addr().String()}, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		return c
	}
	t.Run("the catalogue's topics", func(t *testing.T) {
		c := open(t)
		for range 2 {
			if err := c.EnsureTopics(t.Context(), schemas.Topics()); err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("a lost acknowledgement", func(t *testing.T) { lostAcknowledgement(t, open(t), p) })
	t.Run("takeovers with a quarter of the acknowledgements lost", func(t *testing.T) { takeovers(t, open, p) })
	t.Run("many appenders", func(t *testing.T) { manyAppenders(t, open(t), p) })
}

func ensure(t *testing.T, c *eventlog.Client, name string, partitions int) {
	t.Helper()
	if err := c.EnsureTopics(t.Context(), []schemas.TopicSpec{{Name: name, Partitions: partitions, Config: map[string]string{"retention.ms": "-1"}}}); err != nil {
		t.Fatal(err)
	}
}

func everything(t *testing.T, c *eventlog.Client, topic string, partition int32) []schemas.Record {
	t.Helper()
	var all []schemas.Record
	for {
		b, err := c.Fetch(t.Context(), topic, partition, int64(len(all)))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b.Records...)
		if int64(len(all)) >= b.End {
			return all
		}
	}
}

func lostAcknowledgement(t *testing.T, c *eventlog.Client, p *proxy) {
	const name = "lost-ack"
	ensure(t, c, name, 1)
	w := c.NewWriter("tail/lost", name, 0)
	if _, err := w.Claim(t.Context(), schemas.Record{Value: []byte("claim")}); err != nil {
		t.Fatal(err)
	}
	before := p.lost.Load()
	p.lose.Store(500)
	defer p.lose.Store(0)
	for i := range 40 {
		base, err := w.Append(t.Context(), numbered(i*2, 2))
		if err != nil {
			t.Fatal(err)
		}
		if want := int64(1 + i*2); base != want {
			t.Fatalf("batch %d at offset %d, want %d: the first copy's", i, base, want)
		}
	}
	p.lose.Store(0)
	if p.lost.Load() == before {
		t.Fatal("no acknowledgement was lost: the test has no teeth")
	}
	for i, r := range everything(t, c, name, 0)[1:] {
		if string(r.Value) != strconv.Itoa(i) {
			t.Fatalf("record %d holds %s", i, r.Value)
		}
	}
}

// takeovers lets writers take the partition from each other while the ones before go on: numbers must come out whole.
func takeovers(t *testing.T, open func(*testing.T) *eventlog.Client, p *proxy) {
	const name, rounds = "takeovers", 25
	reader := open(t)
	ensure(t, reader, name, 1)
	p.lose.Store(250)
	defer p.lose.Store(0)
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	defer stop()
	var wait sync.WaitGroup
	var fenced atomic.Int64
	for round := range rounds {
		c := open(t)
		w := c.NewWriter("tail/takeovers", name, 0)
		term, err := w.Claim(ctx, schemas.Record{Value: fmt.Append(nil, "claim ", round)})
		if err != nil {
			t.Fatal(err)
		}
		next, err := afterLast(ctx, c, name, term)
		if err != nil {
			t.Fatal(err)
		}
		wait.Go(func() {
			for {
				n := 1 + rand.IntN(5)
				if _, err := w.Append(ctx, numbered(next, n)); err != nil {
					if errors.Is(err, eventlog.ErrFenced) {
						fenced.Add(1)
					} else if ctx.Err() == nil {
						t.Errorf("writer %d: %v, want to be fenced", round, err)
					}
					return
				}
				next += n
				if rand.IntN(10) == 0 {
					time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond) // paused, and perhaps too late when it wakes up
				}
			}
		})
		time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
	}
	last := reader.NewWriter("tail/takeovers", name, 0)
	if _, err := last.Claim(ctx, schemas.Record{Value: []byte("claim end")}); err != nil {
		t.Fatal(err)
	}
	wait.Wait()
	if fenced.Load() != rounds {
		t.Errorf("%d of %d writers were fenced", fenced.Load(), rounds)
	}
	want := 0
	for _, r := range everything(t, reader, name, 0) {
		if strings.HasPrefix(string(r.Value), "claim") {
			continue
		}
		if string(r.Value) != strconv.Itoa(want) {
			t.Fatalf("offset %d holds %s where %d was due", r.Offset, r.Value, want)
		}
		want++
	}
	if want < rounds {
		t.Errorf("only %d numbers were written", want)
	}
	t.Logf("%d numbers by %d writers, %d acknowledgements lost in all", want, rounds, p.lost.Load())
}

// afterLast reads the tail up to a claim and returns the number after the last one in it.
func afterLast(ctx context.Context, c *eventlog.Client, topic string, claim int64) (int, error) {
	for n := 8; ; n *= 2 {
		records, err := c.ReadBack(ctx, topic, 0, claim, n)
		if err != nil {
			return 0, err
		}
		for i := len(records) - 1; i >= 0; i-- {
			if value, err := strconv.Atoi(string(records[i].Value)); err == nil {
				return value + 1, nil
			}
		}
		if len(records) < n {
			return 0, nil
		}
	}
}

func manyAppenders(t *testing.T, c *eventlog.Client, p *proxy) {
	const name = "many"
	ensure(t, c, name, 3)
	p.lose.Store(100)
	defer p.lose.Store(0)
	a := c.NewAppender(name, 3)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	var wait sync.WaitGroup
	for w := range 20 {
		wait.Go(func() {
			for i := range 20 {
				if _, _, err := a.Append(ctx, schemas.Record{Key: fmt.Append(nil, w), Value: fmt.Append(nil, w, "/", i)}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for partition := range int32(3) {
		for _, r := range everything(t, c, name, partition) {
			if seen[string(r.Value)] {
				t.Errorf("%s is in the log twice", r.Value)
			}
			seen[string(r.Value)] = true
		}
	}
	if len(seen) != 400 {
		t.Errorf("%d of 400 records are in the log", len(seen))
	}
}
