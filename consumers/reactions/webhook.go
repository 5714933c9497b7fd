package reactions

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/prometheus/client_golang/prometheus"
	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// WebhookConfig says where messages go.
type WebhookConfig struct {
	URL string
	// Secret signs the messages: whsec_ and 24 to 64 bytes in base64.
	Secret     string
	Registerer prometheus.Registerer
}

// Webhook sends records of the log to an HTTP endpoint, as CloudEvents in JSON, signed by the Standard Webhooks specification
// (standardwebhooks.com): headers webhook-id, webhook-timestamp and webhook-signature. The id is the event's, so a receiver knows a
// message that it gets again. The records of a partition are sent in order, each when the one before was taken.
type Webhook struct {
	url    string
	signer *webhooks.Webhook
	client *http.Client
	codec  Codec
	sent   *prometheus.CounterVec
}

const (
	sendWithin    = 10 * time.Second
	maxRetryAfter = 5 * time.Minute
	minSecret     = 24 // bytes, by the specification
	maxSecret     = 64
)

// RefusedError says that the receiver will never take a message: asking again is of no use.
type RefusedError struct{ Status int }

func (e *RefusedError) Error() string {
	return fmt.Sprintf("the receiver of the webhook refuses the message: status %d", e.Status)
}

// NewWebhook checks the configuration and returns the sender.
func NewWebhook(c WebhookConfig, codec Codec) (*Webhook, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the URL is malformed: want http(s)://host[:port][/path]") // without it, as it may hold a secret
	}
	encoded, ok := strings.CutPrefix(c.Secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(key) < minSecret || len(key) > maxSecret {
		return nil, fmt.Errorf("the secret is malformed: want whsec_ and %d to %d bytes in base64; make one with: echo whsec_$(openssl rand -base64 32)", minSecret, maxSecret)
	}
	signer, err := webhooks.NewWebhook(c.Secret)
	if err != nil {
		return nil, err
	}
	w := &Webhook{url: c.URL, signer: signer, codec: codec, sent: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "webhook_messages_total", Help: "Tries to send a message to the webhook, by outcome: taken, refused, failed.",
	}, []string{"outcome"})}
	w.client = &http.Client{Timeout: sendWithin, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // a signed message goes where it was meant to, and nowhere else
	}}
	c.Registerer.MustRegister(w.sent)
	return w, nil
}

// Handle sends the record of a message once. A [RefusedError] is final; after any other error the message is to be sent again.
func (w *Webhook) Handle(msg *message.Message) error {
	rec, err := w.codec.Record(msg)
	if err != nil {
		return err
	}
	env, err := schemas.ParseEnvelope(rec)
	if err != nil {
		return err
	}
	body, err := cloudEvent(rec, env)
	if err != nil {
		return err
	}
	wait, err := w.send(msg.Context(), env.ID, body)
	switch {
	case err == nil:
		w.sent.WithLabelValues("taken").Inc()
		return nil
	case errors.As(err, new(*RefusedError)):
		w.sent.WithLabelValues("refused").Inc()
		return err
	}
	w.sent.WithLabelValues("failed").Inc()
	if wait > 0 {
		select {
		case <-msg.Context().Done():
		case <-time.After(min(wait, maxRetryAfter)):
		}
	}
	return err
}

// send posts a message. Wait is how long the receiver asks to be left alone.
func (w *Webhook) send(ctx context.Context, id string, body []byte) (wait time.Duration, err error) {
	now := time.Now()
	signature, err := w.signer.Sign(id, now, body)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return 0, withoutURL(err)
	}
	req.Header.Set("Content-Type", "application/cloudevents+json")
	req.Header.Set("User-Agent", "sage-coordinator")
	req.Header.Set(webhooks.HeaderWebhookID, id)
	req.Header.Set(webhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	req.Header.Set(webhooks.HeaderWebhookSignature, signature)
	res, err := w.client.Do(req)
	if err != nil {
		return 0, withoutURL(err)
	}
	defer func() { _ = res.Body.Close() }() // what it says is of no interest
	if _, err := io.CopyN(io.Discard, res.Body, 64<<10); err != nil && !errors.Is(err, io.EOF) {
		return 0, withoutURL(err)
	}
	switch {
	case res.StatusCode/100 == 2:
		return 0, nil
	case res.StatusCode/100 == 4 && res.StatusCode != http.StatusRequestTimeout && res.StatusCode != http.StatusTooEarly &&
		res.StatusCode != http.StatusTooManyRequests:
		return 0, &RefusedError{res.StatusCode}
	}
	if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && seconds > 0 {
		wait = time.Duration(seconds) * time.Second
	}
	return wait, fmt.Errorf("the receiver of the webhook answers with status %d", res.StatusCode)
}

// withoutURL keeps the URL out of what is logged: it may hold a secret.
func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return fmt.Errorf("webhook: %w", err)
}

// cloudEvent renders a record in CloudEvents' JSON format. Where it stands in the log is in the extensions.
func cloudEvent(rec schemas.Record, env schemas.Envelope) ([]byte, error) {
	event := map[string]any{
		"specversion": "1.0", "id": env.ID, "source": env.Source, "type": env.Type, "time": env.Time.UTC().Format(time.RFC3339Nano),
		"datacontenttype": "application/json", "data": env.Data, "topic": rec.Topic, "partition": rec.Partition, "offset": strconv.FormatInt(rec.Offset, 10),
	}
	if len(rec.Key) > 0 {
		event["subject"] = string(rec.Key)
	}
	if env.Position != nil {
		event["position"] = env.Position.String()
	}
	body, err := json.Marshal(event)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", env.ID, err)
	}
	return body, nil
}
