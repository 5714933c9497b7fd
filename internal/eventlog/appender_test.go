package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// run runs an appender until the test ends, or stop is called; it returns what Run returned.
func run(t *testing.T, a *eventlog.Appender) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return stop
}

// What a broker says of a producer that it has forgotten does not tell whether the batch is there: the log does.
func TestAppenderLooksBeforeItWritesAgain(t *testing.T) {
	for name, c := range map[string]struct {
		lost   int64 // acknowledgements, of a batch that is in the log
		answer int16 // to the next try
	}{
		"in the log, then a duplicate without its place": {1, 46},
		"in the log, then an unknown producer":           {1, 59},
		"in the log, then out of order":                  {1, 45},
		"in the log, then an older epoch":                {1, 47},
		"not in the log, an unknown producer":            {0, 59},
		"not in the log, out of order":                   {0, 45},
	} {
		t.Run(name, func(t *testing.T) {
			f := openFaulty(t, 1)
			a := f.NewAppender(topic, 1)
			run(t, a)
			for i := range 3 { // the second one meets the fault
				if i == 1 {
					f.proxy.next.Store(c.lost)
					if c.lost == 0 {
						f.answerProduce(c.answer)
					} else {
						f.cluster.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
							f.cluster.DropControl()
							f.answerProduce(c.answer) // from the next request on; this one is applied
							return nil, nil, false
						})
					}
				}
				_, offset, err := a.Append(t.Context(), schemas.Record{Value: fmt.Append(nil, i)})
				if err != nil || offset != int64(i) {
					t.Fatalf("record %d at offset %d, %v", i, offset, err)
				}
			}
			if got := values(readAll(t, f.Client, 0)); got != "0,1,2" {
				t.Errorf("log holds %s", got)
			}
		})
	}
}

func TestAppenderThroughLostAcknowledgements(t *testing.T) {
	f := openFaulty(t, 3)
	a := f.NewAppender(topic, 3)
	stop := run(t, a)
	f.proxy.lose.Store(200)
	const workers, each = 12, 15
	var wait sync.WaitGroup
	var mu sync.Mutex
	acknowledged := map[string]string{}
	for w := range workers {
		wait.Go(func() {
			for i := range each {
				value := fmt.Sprint(w, "/", i)
				partition, offset, err := a.Append(t.Context(), schemas.Record{Key: fmt.Append(nil, w), Value: []byte(value)})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				acknowledged[fmt.Sprint(partition, "@", offset)] = value
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	f.proxy.lose.Store(0)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	total := 0
	for p := range int32(3) {
		for _, r := range readAll(t, f.Client, p) {
			if got := acknowledged[fmt.Sprint(p, "@", r.Offset)]; got != string(r.Value) {
				t.Errorf("partition %d holds %s at %d, acknowledged was %q", p, r.Value, r.Offset, got)
			}
			total++
		}
	}
	if total != workers*each || f.proxy.lost.Load() == 0 {
		t.Errorf("%d records in the log of %d; %d acknowledgements lost", total, workers*each, f.proxy.lost.Load())
	}
}

func TestAppenderSaysWhenItIsFullAndDrainsAtTheEnd(t *testing.T) {
	f := openFaulty(t, 1)
	a := f.NewAppender(topic, 1)
	gone, cancel := context.WithCancel(t.Context())
	cancel() // nobody waits for the answers
	accepted := 0
	for {
		_, _, err := a.Append(gone, schemas.Record{Value: fmt.Append(nil, accepted)})
		if errors.Is(err, eventlog.ErrBusy) {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		accepted++
	}
	if accepted < 1000 {
		t.Errorf("full after %d records", accepted)
	}
	if err := a.Run(gone); err != nil { // it ends at once, and writes what it has
		t.Fatal(err)
	}
	all := readAll(t, f.Client, 0)
	if len(all) != accepted {
		t.Fatalf("%d of %d accepted records are in the log", len(all), accepted)
	}
	for i, r := range all {
		if string(r.Value) != fmt.Sprint(i) {
			t.Fatalf("offset %d holds %s", i, r.Value)
		}
	}
}

func TestAppenderEndsInTimeWhenNobodyAnswers(t *testing.T) {
	f := openFaulty(t, 1)
	a := f.NewAppender(topic, 1)
	stop := run(t, a)
	asked := make(chan struct{}, 100)
	f.cluster.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
		f.cluster.KeepControl()
		asked <- struct{}{}
		return nil, nil, true
	})
	answer := make(chan error, 1)
	go func() {
		_, _, err := a.Append(context.Background(), schemas.Record{Value: []byte("x")})
		answer <- err
	}()
	<-asked
	started := time.Now()
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(started); took > 7*time.Second {
		t.Errorf("ended after %v", took)
	}
	if err := <-answer; err == nil {
		t.Error("a record was acknowledged that the log does not have")
	}
}
