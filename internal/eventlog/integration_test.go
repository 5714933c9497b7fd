package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestIntegration proves the claimed, idempotent writer, on the in-process log and, under the tag kafka, on real Apache Kafka, where its faults
// would show.
func TestIntegration(t *testing.T) {
	p := &proxy{}
	brokers := throughProxy(t, p)
	open := func(t *testing.T) *eventlog.Client { return client(t, brokers) }
	t.Run("the catalogue's topics", func(t *testing.T) {
		c := open(t)
		for range 2 {
			if err := c.EnsureTopics(t.Context(), schemas.Topics()); err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("a lost acknowledgement", func(t *testing.T) { lostAcknowledgement(t, open(t), p) })
	t.Run("takeovers with a quarter of the acknowledgements lost", func(t *testing.T) { takeovers(t, brokers, open, p) })
	t.Run("a writer that wakes up late", func(t *testing.T) { lateWriter(t, open) })
	t.Run("what tools and readers see", func(t *testing.T) { agreement(t, open(t)) })
	t.Run("a topic that would lose records", func(t *testing.T) { forgetfulTopic(t, open(t)) })
	t.Run("many appenders", func(t *testing.T) { manyAppenders(t, open(t), p) })
}

// client returns a client of a log.
func client(t *testing.T, brokers []string) *eventlog.Client {
	t.Helper()
	c, err := eventlog.Open(eventlog.Config{Brokers: brokers, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
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

// takeovers lets two hundred writers take the partition from each other: numbers must come out whole. On three brokers, where each
// takeover takes so much longer, it is a third of them.
func takeovers(t *testing.T, brokers []string, open func(*testing.T) *eventlog.Client, p *proxy) {
	rounds := 200 / len(brokers)
	numbers, err := rivals(t, open, p, "takeovers", rounds, func(ctx context.Context, w *eventlog.Writer, _ *eventlog.Client, claim schemas.Record) (int64, error) {
		return w.Claim(ctx, claim)
	})
	if err != nil {
		t.Fatal(err)
	}
	if numbers < rounds {
		t.Errorf("only %d numbers were written", numbers)
	}
	t.Logf("%d numbers by %d writers, %d acknowledgements lost in all", numbers, rounds, p.lost.Load())
}

// rivals lets writers take a partition from each other, each by a claim, while those before go on, pause, and wake up. A quarter of the
// acknowledgements is lost. Each writer goes on counting where the log's tail stood at its claim. It returns how many
// numbers the log holds, and an error if they are not 0, 1, 2 and so on.
func rivals(t *testing.T, open func(*testing.T) *eventlog.Client, p *proxy, name string, rounds int,
	claim func(context.Context, *eventlog.Writer, *eventlog.Client, schemas.Record) (term int64, err error),
) (numbers int, err error) {
	reader := open(t)
	ensure(t, reader, name, 1)
	p.lose.Store(250)
	defer p.lose.Store(0)
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	var wait sync.WaitGroup
	var fenced atomic.Int64
	for round := range rounds {
		c := open(t)
		w := c.NewWriter("tail/"+name, name, 0)
		term, err := claim(ctx, w, c, schemas.Record{Value: fmt.Append(nil, "claim ", round)})
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
		time.Sleep(time.Duration(rand.IntN(150)) * time.Millisecond)
	}
	last := reader.NewWriter("tail/"+name, name, 0)
	if _, err := last.Claim(ctx, schemas.Record{Value: []byte("claim end")}); err != nil {
		t.Fatal(err)
	}
	wait.Wait()
	if fenced.Load() != int64(rounds) {
		t.Errorf("%d of %d writers were fenced", fenced.Load(), rounds)
	}
	return inOrder(everything(t, reader, name, 0))
}

// inOrder counts the numbers of a log and says where one of them is missing or stands twice.
func inOrder(records []schemas.Record) (numbers int, err error) {
	for i, r := range records {
		if r.Offset != int64(i) {
			return numbers, fmt.Errorf("offset %d follows offset %d", r.Offset, i-1)
		}
		if strings.HasPrefix(string(r.Value), "claim") {
			continue
		}
		if string(r.Value) != strconv.Itoa(numbers) {
			return numbers, fmt.Errorf("offset %d holds %s where %d was due", r.Offset, r.Value, numbers)
		}
		numbers++
	}
	return numbers, nil
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

// lateWriter pauses a writer, lets another one take over, and wakes the first one up: at once after the claim, and after the
// other one has written.
func lateWriter(t *testing.T, open func(*testing.T) *eventlog.Client) {
	const name = "late"
	c := open(t)
	ensure(t, c, name, 1)
	claim := func(id string) *eventlog.Writer {
		t.Helper()
		w := open(t).NewWriter("tail/late", name, 0)
		if _, err := w.Claim(t.Context(), schemas.Record{Value: []byte("claim " + id)}); err != nil {
			t.Fatal(err)
		}
		return w
	}
	a := claim("a")
	if _, err := a.Append(t.Context(), numbered(0, 2)); err != nil {
		t.Fatal(err)
	}
	b := claim("b")
	if _, err := a.Append(t.Context(), numbered(100, 1)); !errors.Is(err, eventlog.ErrFenced) {
		t.Errorf("right after the claim of another: %v, want ErrFenced", err)
	}
	if _, err := b.Append(t.Context(), numbered(2, 2)); err != nil {
		t.Fatal(err)
	}
	d := claim("d")
	if _, err := d.Append(t.Context(), numbered(4, 1)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Append(t.Context(), numbered(200, 1)); !errors.Is(err, eventlog.ErrFenced) {
		t.Errorf("long after the claim of another: %v, want ErrFenced", err)
	}
	if got := values(everything(t, c, name, 0)); got != "claim a,0,1,claim b,2,3,claim d,4" {
		t.Errorf("log holds %s", got)
	}
}

// agreement compares what the broker tells in different ways.
func agreement(t *testing.T, c *eventlog.Client) {
	const name = "agreement"
	ensure(t, c, name, 1)
	if err := c.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if first, next, err := c.Bounds(t.Context(), name, 0); first != 0 || next != 0 || err != nil {
		t.Errorf("bounds of an empty topic: %d to %d, %v", first, next, err)
	}
	begun := time.Now().Truncate(time.Millisecond)
	w := c.NewWriter("tail/agreement", name, 0)
	if _, err := w.Claim(t.Context(), schemas.Record{Value: []byte("claim")}); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if _, err := w.Append(t.Context(), numbered(i*10, 10)); err != nil {
			t.Fatal(err)
		}
	}
	if first, next, err := c.Bounds(t.Context(), name, 0); first != 0 || next != 101 || err != nil {
		t.Errorf("bounds %d to %d, %v", first, next, err)
	}
	b, err := c.Fetch(t.Context(), name, 0, 55) // in the middle of a batch
	if err != nil || b.First != 0 || b.End != 101 || len(b.Records) == 0 || b.Records[0].Offset != 55 || string(b.Records[0].Value) != "54" {
		t.Errorf("fetch: %d to %d, %d records, %v", b.First, b.End, len(b.Records), err)
	}
	if r := b.Records[0]; string(r.Key) != "key" || len(r.Headers) != 1 || string(r.Headers[0].Value) != "id-54" || r.Time.Before(begun) || r.Time.After(time.Now()) {
		t.Errorf("record %+v", r)
	}
	if _, err := c.Fetch(t.Context(), name, 0, 102); !errors.Is(err, eventlog.ErrPastEnd) {
		t.Errorf("fetch beyond the end: %v, want ErrPastEnd", err)
	}
	if back, err := c.ReadBack(t.Context(), name, 0, 101, 3); err != nil || values(back) != "97,98,99" {
		t.Errorf("read back: %s, %v", values(back), err)
	}
	if err := c.PublishOffsets(t.Context(), "project-chain", name, map[int32]int64{0: 101}); err != nil {
		t.Error(err)
	}
	checkPublished(t, strings.Split(c.Brokers(), ",")[0], "project-chain", name, map[int]int64{0: 101})
	large := schemas.Record{Value: []byte(strings.Repeat("x", eventlog.MaxBatchBytes-eventlog.Size(schemas.Record{})))}
	if _, err := w.Append(t.Context(), []schemas.Record{large}); err != nil {
		t.Errorf("the largest batch: %v", err)
	}
}

func forgetfulTopic(t *testing.T, c *eventlog.Client) {
	spec := []schemas.TopicSpec{{Name: "forgetful", Partitions: 1, Config: map[string]string{"retention.ms": "60000"}}}
	if err := c.EnsureTopics(t.Context(), spec); err != nil {
		t.Fatal(err)
	}
	spec[0].Config = map[string]string{"retention.ms": "-1"}
	if err := c.EnsureTopics(t.Context(), spec); err == nil || !strings.Contains(err.Error(), "--add-config retention.ms=-1") {
		t.Errorf("%v, want the command that mends it", err)
	}
	spec[0].Partitions = 2
	if err := c.EnsureTopics(t.Context(), spec); err == nil || !strings.Contains(err.Error(), "has 1 partitions and must have 2") {
		t.Errorf("%v, want the partitions named", err)
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
