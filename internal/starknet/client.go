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
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	callWithin = 15 * time.Second
	maxAnswer  = 256 << 20 // bytes; a full mainnet block with receipts is a few MiB
)

// Client speaks to one node. It is safe for concurrent use.
type Client struct {
	url    string
	host   string // scheme and host: URLs carry keys, so nothing else is ever shown
	http   *http.Client
	took   *prometheus.HistogramVec
	nextID atomic.Int64
}

// NewClient returns a client of the node at an http or https URL. It does not connect. The registerer may be nil.
func NewClient(rpcURL string, reg prometheus.Registerer) (*Client, error) {
	u, err := url.Parse(rpcURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("RPC URL is malformed: want http(s)://host[:port][/path]")
	}
	c := &Client{
		url:  rpcURL,
		host: u.Scheme + "://" + u.Host,
		http: &http.Client{Timeout: callWithin, Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute,
		}},
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "blockchain_rpc_duration_seconds", Help: "Time of calls to the StarkNet node, by method and outcome.",
			Buckets: []float64{.001, .005, .01, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method", "outcome"}),
	}
	if reg != nil {
		if err := reg.Register(c.took); err != nil {
			return nil, fmt.Errorf("RPC metrics: %w", err)
		}
	}
	return c, nil
}

// Host returns the scheme and host of the node, which is all of its URL that may be shown.
func (c *Client) Host() string { return c.host }

// RPCError is an error that the node answered.
type RPCError struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data,omitempty"`
}

func (e *RPCError) Error() string {
	if len(e.Data) > 0 && len(e.Data) < 300 {
		return fmt.Sprintf("node answered error %d: %s (%s)", e.Code, e.Message, e.Data)
	}
	return fmt.Sprintf("node answered error %d: %s", e.Code, e.Message)
}

// Is makes errors.Is compare by code.
func (e *RPCError) Is(target error) bool {
	t, ok := target.(*RPCError)
	return ok && t.Code == e.Code
}

// Errors of the spec, for errors.Is.
var (
	ErrContractNotFound = &RPCError{Code: 20, Message: "contract not found"}
	ErrBlockNotFound    = &RPCError{Code: 24, Message: "block not found"}
	ErrTxNotFound       = &RPCError{Code: 29, Message: "transaction hash not found"}
	ErrPageTooBig       = &RPCError{Code: 31, Message: "requested page size is too big"}
	ErrBadToken         = &RPCError{Code: 33, Message: "the continuation token is invalid or unknown"}
	ErrContractError    = &RPCError{Code: 40, Message: "contract error"}
	ErrMethodNotFound   = &RPCError{Code: -32601, Message: "method not found"}
)

// HTTPError is an answer that was not a JSON-RPC one.
type HTTPError struct {
	Status     int
	RetryAfter time.Duration // of a 429 or 503, 0 where the node did not say
}

func (e *HTTPError) Error() string {
	if e.RetryAfter > 0 {
		return fmt.Sprintf("node answered HTTP %d, retry after %s", e.Status, e.RetryAfter)
	}
	return fmt.Sprintf("node answered HTTP %d", e.Status)
}

type request struct {
	Version string `json:"jsonrpc"`
	ID      int64  `json:"id"`
	Method  string `json:"method"`
	Params  any    `json:"params"`
}

// params are a method's parameters by name.
type params map[string]any

// call calls a method and reads its result.
func (c *Client) call(ctx context.Context, method string, p params, result any) error {
	started := time.Now()
	err := c.roundTrip(ctx, method, p, result)
	outcome := "ok"
	if err != nil {
		outcome = "error"
		err = fmt.Errorf("%s %s: %w", c.host, method, err)
	}
	c.took.WithLabelValues(method, outcome).Observe(time.Since(started).Seconds())
	return err
}

func (c *Client) roundTrip(ctx context.Context, method string, p params, result any) error {
	if p == nil {
		p = params{}
	}
	body, err := json.Marshal(request{Version: "2.0", ID: c.nextID.Add(1), Method: method, Params: p})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return errors.New("the RPC URL cannot be requested")
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		// url.Error quotes the whole URL, key and all.
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		return err
	}
	defer func() { _ = res.Body.Close() }()
	doc, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if len(doc) > maxAnswer {
		return fmt.Errorf("the answer is above %d bytes", maxAnswer)
	}
	var answer struct {
		Result json.RawMessage `json:"result"`
		Error  *RPCError       `json:"error"`
	}
	if err := json.Unmarshal(doc, &answer); err != nil {
		if res.StatusCode/100 != 2 {
			return httpError(res)
		}
		return fmt.Errorf("the answer is not JSON: %w", err)
	}
	switch {
	case answer.Error != nil:
		return answer.Error
	case res.StatusCode/100 != 2:
		return httpError(res)
	case answer.Result == nil:
		return errors.New("the answer has neither result nor error")
	}
	if err := json.Unmarshal(answer.Result, result); err != nil {
		return fmt.Errorf("the result is malformed: %w", err)
	}
	return nil
}

func httpError(res *http.Response) error {
	e := &HTTPError{Status: res.StatusCode}
	if s, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && s >= 0 {
		e.RetryAfter = time.Duration(s) * time.Second
	}
	return e
}
