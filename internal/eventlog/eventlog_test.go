package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

const topic = "numbers"

func TestMain(m *testing.M) { embeddedtest.Main(m) }

// open returns a client of an empty log with one topic.
func open(t *testing.T, partitions int) *eventlog.Client {
	t.Helper()
	c, err := eventlog.Open(eventlog.Config{Brokers: embeddedtest.Log(t), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if err := c.EnsureTopics(t.Context(), []schemas.TopicSpec{{Name: topic, Partitions: partitions, Config: map[string]string{"retention.ms": "-1"}}}); err != nil {
		t.Fatal(err)
	}
	return c
}

func numbered(from, n int) []schemas.Record {
	var out []schemas.Record
	for i := range n {
		out = append(out, schemas.Record{
			Key: []byte("key"), Value: fmt.Append(nil, from+i), Time: time.Unix(1_700_000_000, 0),
			Headers: []schemas.Header{{Key: "ce_id", Value: fmt.Append(nil, "id-", from+i)}},
		})
	}
	return out
}

// readAll returns every record of a partition.
func readAll(t *testing.T, c *eventlog.Client, partition int32) []schemas.Record {
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

func TestWriterAppendsInItsTermAndIsFenced(t *testing.T) {
	c := open(t, 1)
	first := c.NewWriter("tail/test", topic, 0)
	if _, err := first.Append(t.Context(), numbered(0, 1)); !errors.Is(err, eventlog.ErrLostTrack) {
		t.Fatalf("appending without a claim: %v, want ErrLostTrack", err)
	}
	term, err := first.Claim(t.Context(), schemas.Record{Value: []byte("claim 1")})
	if err != nil || term != 0 {
		t.Fatalf("first claim: term %d, %v", term, err)
	}
	base, err := first.Append(t.Context(), numbered(0, 3))
	if err != nil || base != 1 {
		t.Fatalf("first batch at %d, %v", base, err)
	}
	second := c.NewWriter("tail/test", topic, 0)
	if term, err = second.Claim(t.Context(), schemas.Record{Value: []byte("claim 2")}); err != nil || term != 4 {
		t.Fatalf("second claim: term %d, %v", term, err)
	}
	if _, err := first.Append(t.Context(), numbered(3, 1)); !errors.Is(err, eventlog.ErrFenced) {
		t.Fatalf("the first writer after the second's claim: %v, want ErrFenced", err)
	}
	if _, err := second.Append(t.Context(), numbered(3, 2)); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range readAll(t, c, 0) {
		got = append(got, string(r.Value))
	}
	if want := "claim 1,0,1,2,claim 2,3,4"; strings.Join(got, ",") != want {
		t.Errorf("log holds %v, want %s", got, want)
	}
}

func TestRecordsComeBackAsTheyWent(t *testing.T) {
	c := open(t, 1)
	w := c.NewWriter("w", topic, 0)
	if _, err := w.Claim(t.Context(), schemas.Record{Value: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	sent := schemas.Record{Value: []byte(`{"a":1}`), Time: time.UnixMilli(1_767_225_600_123), Headers: []schemas.Header{{Key: "k", Value: []byte("v")}, {Key: "empty", Value: []byte{}}}}
	begun := time.Now().Truncate(time.Millisecond)
	if _, err := w.Append(t.Context(), []schemas.Record{sent}); err != nil {
		t.Fatal(err)
	}
	got := readAll(t, c, 0)[1]
	if got.Time.Before(begun) || got.Time.After(time.Now()) {
		t.Errorf("appended at %s, want a time since %s and not that of the fact", got.Time, begun)
	}
	if got.Key != nil || string(got.Value) != `{"a":1}` || len(got.Headers) != 2 || string(got.Headers[0].Value) != "v" {
		t.Errorf("read back %+v, sent %+v", got, sent)
	}
	if got.Topic != topic || got.Offset != 1 {
		t.Errorf("place %s@%d", got.Topic, got.Offset)
	}
}

func TestFetchNamesWhatIsWrong(t *testing.T) {
	c := open(t, 1)
	if _, err := c.Fetch(t.Context(), topic, 0, 5); !errors.Is(err, eventlog.ErrPastEnd) {
		t.Errorf("an offset beyond the end: %v, want ErrPastEnd", err)
	}
	b, err := c.Fetch(t.Context(), topic, 0, 0)
	if err != nil || len(b.Records) != 0 || b.End != 0 {
		t.Errorf("an empty log: %+v, %v", b, err)
	}
}

func TestReadBack(t *testing.T) {
	c := open(t, 1)
	w := c.NewWriter("w", topic, 0)
	if _, err := w.Claim(t.Context(), schemas.Record{Value: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if _, err := w.Append(t.Context(), numbered(i*10, 10)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c2 := range []struct {
		before int64
		n      int
		first  int64
		count  int
	}{{101, 5, 96, 5}, {3, 10, 0, 3}, {55, 20, 35, 20}, {0, 4, 0, 0}} {
		got, err := c.ReadBack(t.Context(), topic, 0, c2.before, c2.n)
		if err != nil || len(got) != c2.count || c2.count > 0 && got[0].Offset != c2.first {
			t.Errorf("%d records before %d: %d, %v", c2.n, c2.before, len(got), err)
		}
	}
}

// The hashes are those that Kafka's own Java client gives for these keys.
func TestPartitionOfAKeyIsKafkasOwn(t *testing.T) {
	c := open(t, 1)
	const partitions = 12
	a := c.NewAppender(topic, partitions)
	for key, hash := range map[string]int32{
		"21": -973932308, "foobar": -790332482, "a-little-bit-long-string": -985981536,
		"a-little-bit-longer-string": -1486304829, "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971, "abc": 479470107,
	} {
		if got, want := a.Partition([]byte(key)), (hash&0x7fffffff)%partitions; got != want {
			t.Errorf("partition of %q: %d, want %d", key, got, want)
		}
	}
}

func TestAppenderKeepsTheOrderOfAKeyAndLosesNothing(t *testing.T) {
	c := open(t, 3)
	a := c.NewAppender(topic, 3)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	const workers, each = 20, 50
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := range each {
				r := schemas.Record{Key: fmt.Append(nil, "worker", w), Value: fmt.Append(nil, w, "/", i)}
				if _, _, err := a.Append(ctx, r); err != nil {
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
	if _, _, err := a.Append(t.Context(), schemas.Record{Key: []byte("late")}); !errors.Is(err, eventlog.ErrClosed) {
		t.Errorf("after the end: %v, want ErrClosed", err)
	}
	next, total := map[string]int{}, 0
	for p := range int32(3) {
		for _, r := range readAll(t, c, p) {
			if a.Partition(r.Key) != p {
				t.Fatalf("key %s in partition %d", r.Key, p)
			}
			worker, i, _ := strings.Cut(string(r.Value), "/")
			if want := fmt.Sprint(next[worker]); strings.TrimSpace(i) != want {
				t.Fatalf("worker %s: %s follows where %s was due", worker, i, want)
			}
			next[worker]++
			total++
		}
	}
	if total != workers*each {
		t.Errorf("%d records in the log, want %d", total, workers*each)
	}
}

func TestEnsureTopicsRefusesWhatWouldLoseRecords(t *testing.T) {
	c := open(t, 1)
	if err := c.EnsureTopics(t.Context(), []schemas.TopicSpec{{Name: topic, Partitions: 2}}); err == nil || !strings.Contains(err.Error(), "partitions") {
		t.Errorf("other partitions: %v", err)
	}
	short := []schemas.TopicSpec{{Name: "short", Partitions: 1, Config: map[string]string{"retention.ms": "1000"}}}
	if err := c.EnsureTopics(t.Context(), short); err != nil {
		t.Fatal(err)
	}
	short[0].Config = map[string]string{"retention.ms": "-1"}
	if err := c.EnsureTopics(t.Context(), short); err == nil || !strings.Contains(err.Error(), "kafka-configs.sh") {
		t.Errorf("a topic that forgets: %v, want the command that mends it", err)
	}
	if err := c.EnsureTopics(t.Context(), schemas.Topics()); err != nil {
		t.Fatal(err)
	}
	if err := c.EnsureTopics(t.Context(), schemas.Topics()); err != nil {
		t.Errorf("a second time: %v", err)
	}
}
