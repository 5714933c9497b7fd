package reactions

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/pubsub/gochannel"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// receiver is a webhook's other end. It answers with the statuses of its script, one a request, and then takes everything.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	script []int
	taken  []map[string]any
	faults []string
}

func newReceiver(t *testing.T, script ...int) *receiver {
	t.Helper()
	verifier, err := webhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	r := &receiver{script: script}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		body, err := io.ReadAll(req.Body)
		if err == nil {
			err = verifier.Verify(body, req.Header)
		}
		var event map[string]any
		if err == nil {
			err = json.Unmarshal(body, &event)
		}
		if err == nil && event["id"] != req.Header.Get("webhook-id") {
			err = fmt.Errorf("event %v has webhook-id %s", event["id"], req.Header.Get("webhook-id"))
		}
		if err != nil {
			r.faults = append(r.faults, err.Error())
		}
		if len(r.script) > 0 {
			status := r.script[0]
			r.script = r.script[1:]
			if status != http.StatusOK {
				w.WriteHeader(status)
				return
			}
		}
		r.taken = append(r.taken, event)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ids() (ids []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.taken {
		ids = append(ids, fmt.Sprint(e["id"]))
	}
	return ids
}

// run runs the reactions over channels, with a webhook, and returns the way in and out.
func runRouter(t *testing.T, url string) (*gochannel.GoChannel, *Webhook) {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	channels := gochannel.NewGoChannel(gochannel.Config{Persistent: true, BlockPublishUntilSubscriberAck: false, PreserveContext: true}, watermill.NewSlogLogger(quiet))
	hook, err := NewWebhook(WebhookConfig{URL: url, Secret: secret, Registerer: prometheus.NewRegistry()}, memoryCodec{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- Run(ctx, Config{
			Subscribe: func(string) message.Subscriber { return channels }, Publish: channels,
			Presence: NewPresence(memoryLog{}, memoryCodec{}), Webhook: hook, Topics: []string{schemas.TopicPresence}, Logger: quiet,
		})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return channels, hook
}

func publish(t *testing.T, channels *gochannel.GoChannel, recs ...schemas.Record) {
	t.Helper()
	for _, rec := range recs {
		m := memoryCodec{}.Message(rec)
		if err := channels.Publish(rec.Topic, m); err != nil {
			t.Fatal(err)
		}
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not in time: %s", what)
		}
	}
}

func TestFactsReachTheWebhook(t *testing.T) {
	r := newReceiver(t, http.StatusInternalServerError, http.StatusServiceUnavailable, http.StatusOK, http.StatusTooManyRequests)
	channels, hook := runRouter(t, r.URL)
	// A heartbeat makes its worker online, which the webhook is told; the receiver fails before it takes the message.
	beat := logged(t, schemas.TopicHeartbeats, schemas.TypeHeartbeat, "b", time.Unix(5, 0), schemas.Heartbeat{Worker: schemas.Address{31: 7}, WorkerID: "gpu-7"})
	publish(t, channels, beat)
	eventually(t, "the first fact is taken", func() bool { return len(r.ids()) == 1 })
	second := beat
	second.Partition = 1
	publish(t, channels, second)
	eventually(t, "the second fact is taken", func() bool { return len(r.ids()) == 2 })
	if got, want := r.ids(), []string{"presence/0/0/online", "presence/1/0/online"}; !slices.Equal(got, want) {
		t.Errorf("taken %q, want %q", got, want)
	}
	first := r.taken[0]
	if first["type"] != schemas.TypeWorkerOnline || first["specversion"] != "1.0" || first["subject"] != (schemas.Address{31: 7}).String() {
		t.Errorf("the event is %v", first)
	}
	if data, ok := first["data"].(map[string]any); !ok || data["worker_id"] != "gpu-7" {
		t.Errorf("its data is %v", first["data"])
	}
	if len(r.faults) > 0 {
		t.Errorf("the receiver complains: %q", r.faults)
	}
	eventually(t, "all is counted", func() bool {
		return testutil.ToFloat64(hook.sent.WithLabelValues("taken")) == 2 && testutil.ToFloat64(hook.sent.WithLabelValues("failed")) == 3
	})
}

func TestRefusedMessagesAreParked(t *testing.T) {
	r := newReceiver(t, http.StatusGone)
	channels, _ := runRouter(t, r.URL)
	parked, err := channels.Subscribe(t.Context(), schemas.TopicParked)
	if err != nil {
		t.Fatal(err)
	}
	publish(t, channels, logged(t, schemas.TopicPresence, schemas.TypeWorkerOnline, "refused", time.Unix(5, 0), schemas.WorkerOnline{}))
	select {
	case m := <-parked:
		m.Ack()
		if m.UUID != "refused" || !strings.Contains(m.Metadata.Get("reason_poisoned"), "410") {
			t.Errorf("parked %s because %q", m.UUID, m.Metadata.Get("reason_poisoned"))
		}
	case <-time.After(30 * time.Second):
		t.Fatal("nothing was parked")
	}
	publish(t, channels, logged(t, schemas.TopicPresence, schemas.TypeWorkerOnline, "taken", time.Unix(6, 0), schemas.WorkerOnline{}))
	eventually(t, "the next one is taken", func() bool { return slices.Equal(r.ids(), []string{"taken"}) })
}

func TestWebhookConfiguration(t *testing.T) {
	for _, c := range []struct{ name, url, secret, problem string }{
		{"fine", "https://example.org/hook?key=hidden", secret, ""},
		{"no scheme", "example.org/hidden", secret, "URL is malformed"},
		{"another scheme", "ftp://example.org/hidden", secret, "URL is malformed"},
		{"no secret", "https://example.org/", "", "secret is malformed"},
		{"no prefix", "https://example.org/", "hiddenhiddenhiddenhiddenhidden00", "secret is malformed"},
		{"not base64", "https://example.org/", "whsec_hidden!", "secret is malformed"},
		{"short", "https://example.org/", "whsec_aGlkZGVu", "secret is malformed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := NewWebhook(WebhookConfig{URL: c.url, Secret: c.secret, Registerer: prometheus.NewRegistry()}, memoryCodec{})
			if (err == nil) != (c.problem == "") || err != nil && (!strings.Contains(err.Error(), c.problem) || strings.Contains(err.Error(), "hidden")) {
				t.Errorf("error %v, want %q, and nothing hidden", err, c.problem)
			}
		})
	}
}

func TestTheURLStaysSecret(t *testing.T) {
	r := newReceiver(t)
	r.Close()
	hook, err := NewWebhook(WebhookConfig{URL: r.URL + "/hidden", Secret: secret, Registerer: prometheus.NewRegistry()}, memoryCodec{})
	if err != nil {
		t.Fatal(err)
	}
	m := memoryCodec{}.Message(logged(t, schemas.TopicPresence, schemas.TypeWorkerOnline, "x", time.Unix(5, 0), schemas.WorkerOnline{}))
	if err := hook.Handle(m); err == nil || strings.Contains(err.Error(), "hidden") {
		t.Errorf("error %v, want one without the URL", err)
	}
}
