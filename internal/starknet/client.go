package starknet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/time/rate"
)

const (
	callWithin = 15 * time.Second
	maxAnswer  = 64 << 20 // bytes; a full mainnet block with receipts is a few MiB, and so is a large class
)

// Client speaks to one node. It keeps connections open between calls and is safe for concurrent use.
type Client struct {
	url     string
	host    string // scheme and host: URLs carry keys, so nothing else is ever shown
	http    *http.Client
	within  time.Duration // for one call
	largest int64         // answer in bytes
	metrics *metrics
	bucket  *rate.Limiter
	nextID  atomic.Int64
}

// Options are what a client may be given beside the URL.
type Options struct {
	// Name tells the node from others in metrics; the URL's host where it is empty.
	Name string
	// CallsPerSecond bounds the calls to the node; calls above it wait. 0 is no bound.
	CallsPerSecond float64
	// Registerer takes the metrics; nil for none. Several clients may share one.
	Registerer prometheus.Registerer
}

// NewClient returns a client of the node at an http or https URL. It does not connect.
func NewClient(rpcURL string, o Options) (*Client, error) {
	u, err := url.Parse(rpcURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("RPC URL is malformed: want http(s)://host[:port][/path]")
	}
	if o.Name == "" {
		o.Name = u.Host
	}
	m, err := newMetrics(o)
	if err != nil {
		return nil, err
	}
	limit := rate.Inf
	if o.CallsPerSecond > 0 {
		limit = rate.Limit(o.CallsPerSecond)
	}
	return &Client{
		url:  rpcURL,
		host: u.Scheme + "://" + u.Host,
		http: &http.Client{
			Transport: &http.Transport{
				Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
			},
			// A redirected POST would come out as a GET, or carry the key in the URL to somebody else.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		within: callWithin, largest: maxAnswer, metrics: m, bucket: rate.NewLimiter(limit, max(1, int(o.CallsPerSecond))),
	}, nil
}

// Host returns the scheme and host of the node, which is all of its URL that may be shown.
func (c *Client) Host() string { return c.host }

// Close gives up idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

type request struct {
	Version string `json:"jsonrpc"`
	ID      int64  `json:"id"`
	Method  string `json:"method"`
	Params  params `json:"params"`
}

// params are a method's parameters by name.
type params map[string]any

// call calls a method and reads its result.
func (c *Client) call(ctx context.Context, method string, p params, result any) error {
	err := c.bucket.Wait(ctx)
	started := time.Now()
	if err == nil {
		err = c.roundTrip(ctx, method, p, result)
	}
	c.metrics.observe(method, err, time.Since(started))
	if err != nil {
		return fmt.Errorf("%s %s: %w", c.host, method, err)
	}
	return nil
}

func (c *Client) roundTrip(ctx context.Context, method string, p params, result any) error {
	if p == nil {
		p = params{}
	}
	id := c.nextID.Add(1)
	body, err := json.Marshal(request{Version: "2.0", ID: id, Method: method, Params: p})
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, c.within)
	defer cancel()
	status, header, doc, err := c.post(limited, body)
	if err != nil {
		if limited.Err() != nil && ctx.Err() == nil {
			return fmt.Errorf("%w (%s)", ErrTimeout, c.within)
		}
		return err
	}
	return readAnswer(status, header, doc, id, result)
}

// post sends a request and reads the whole answer.
func (c *Client) post(ctx context.Context, body []byte) (status int, header http.Header, doc []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, nil, errors.New("the RPC URL cannot be requested")
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		// url.Error quotes the whole URL, key and all.
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		return 0, nil, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	doc, err = io.ReadAll(io.LimitReader(res.Body, c.largest+1))
	if err != nil {
		return 0, nil, nil, fmt.Errorf("read the answer: %w", err)
	}
	if int64(len(doc)) > c.largest {
		return 0, nil, nil, fmt.Errorf("%w: above %d bytes", ErrMalformed, c.largest)
	}
	return res.StatusCode, res.Header, doc, nil
}

// readAnswer sorts an answer into a result or an error.
func readAnswer(status int, header http.Header, doc []byte, id int64, result any) error {
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		return httpError(status, header) // whatever the body says, Retry-After counts
	}
	var answer struct {
		ID     *int64          `json:"id"`
		Result json.RawMessage `json:"result"`
		Error  *RPCError       `json:"error"`
	}
	err := json.Unmarshal(doc, &answer)
	switch {
	case err == nil && answer.Error != nil:
		return answer.Error
	case status/100 != 2:
		return httpError(status, header)
	case err != nil:
		return fmt.Errorf("%w: not JSON-RPC: %w", ErrMalformed, err)
	case answer.ID == nil || *answer.ID != id:
		return fmt.Errorf("%w: it is not the one to this request", ErrMalformed)
	case len(answer.Result) == 0 || string(answer.Result) == "null":
		return fmt.Errorf("%w: neither result nor error", ErrMalformed)
	}
	if err := json.Unmarshal(answer.Result, result); err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return nil
}
