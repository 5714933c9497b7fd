package starknet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// node answers each method with a result as JSON, and remembers the parameters of the last call.
type node struct {
	results map[string]string
	params  map[string]json.RawMessage
}

func (n *node) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var req struct {
		ID     int64
		Method string
		Params map[string]json.RawMessage
	}
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	n.params = req.Params
	result, ok := n.results[req.Method]
	if !ok {
		_, _ = fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%d,"error":{"code":-32601,"message":"Method not found"}}`, req.ID)
		return
	}
	_, _ = fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%d,"result":%s}`, req.ID, result)
}

func clientOf(t *testing.T, h http.Handler) *Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	c, err := NewClient(server.URL+"/v0_9/secret-key", Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestMethods(t *testing.T) {
	n := &node{results: map[string]string{
		"starknet_specVersion":           `"0.9.0"`,
		"starknet_chainId":               `"0x534e5f5345504f4c4941"`,
		"starknet_blockNumber":           `7`,
		"starknet_getBlockWithTxHashes":  `{"status":"ACCEPTED_ON_L2","block_hash":"0x7","parent_hash":"0x6","block_number":7,"new_root":"0x0","timestamp":1700000000,"event_count":3,"transactions":["0xa","0xb"]}`,
		"starknet_getBlockWithReceipts":  `{"status":"ACCEPTED_ON_L2","block_hash":"0x7","parent_hash":"0x6","block_number":7,"timestamp":1700000000,"transactions":[{"transaction":{},"receipt":{"transaction_hash":"0xa","execution_status":"REVERTED","events":[{"from_address":"0x1","keys":["0x2"],"data":[]}]}}]}`,
		"starknet_getTransactionReceipt": `{"transaction_hash":"0xa","execution_status":"SUCCEEDED","block_hash":"0x7","block_number":7,"events":[]}`,
		"starknet_getEvents":             `{"events":[{"from_address":"0x1","keys":["0x2"],"data":["0x3"],"transaction_hash":"0xa","block_hash":"0x7","block_number":0}],"continuation_token":"7-1"}`,
		"starknet_call":                  `["0x1","0x0"]`,
		"starknet_getClassHashAt":        `"0xc1a55"`,
		"starknet_getClassAt":            `{"abi":"[{\"type\":\"event\"}]"}`,
		"starknet_getNonce":              `"0x5"`,
	}}
	c := clientOf(t, n)
	ctx := t.Context()
	at, contract := ByNumber(7), schemas.Address{31: 1}
	calls := []struct {
		name   string
		call   func() (any, error)
		params string
		want   string
	}{
		{"spec", func() (any, error) { return c.SpecVersion(ctx) }, `{}`, `"0.9.0"`},
		{"chain", func() (any, error) { return c.ChainID(ctx) }, `{}`, `"0x534e5f5345504f4c4941"`},
		{"number", func() (any, error) { return c.BlockNumber(ctx) }, `{}`, `7`},
		{
			"header", func() (any, error) { return c.Header(ctx, ByHash(schemas.Hash{31: 7})) }, `{"block_id":{"block_hash":"0x7"}}`,
			`{"Status":"ACCEPTED_ON_L2","Hash":"` + padded("7") + `","Number":7,"Parent":"` + padded("6") + `","Timestamp":1700000000,"Events":3,"Rootless":true,"TxHashes":["` + padded("a") + `","` + padded("b") + `"]}`,
		},
		{"receipts", func() (any, error) { _, r, err := c.Receipts(ctx, at); return len(r[0].Events), err }, `{"block_id":{"block_number":7}}`, `1`},
		{"receipts' header", func() (any, error) { h, _, err := c.Receipts(ctx, TagLatest); return h.Ref(), err }, `{"block_id":"latest"}`, `{"number":7,"hash":"` + padded("7") + `"}`},
		{"receipt", func() (any, error) { r, err := c.Receipt(ctx, schemas.Hash{31: 10}); return r.Status, err }, `{"transaction_hash":"0xa"}`, `"SUCCEEDED"`},
		{"events of one contract", func() (any, error) {
			p, err := c.Events(ctx, Filter{From: at, To: TagL1Accepted, Addresses: []schemas.Address{contract}, Chunk: 10, Token: "6-0"})
			return p.Token, err
		}, `{"filter":{"address":"0x1","chunk_size":10,"continuation_token":"6-0","from_block":{"block_number":7},"to_block":"l1_accepted"}}`, `"7-1"`},
		{"events of many", func() (any, error) {
			p, err := c.Events(ctx, Filter{From: at, To: at, Addresses: []schemas.Address{contract, {31: 2}}, Keys: [][]schemas.Felt{nil, {{31: 3}}}, Chunk: 1})
			return *p.Events[0].BlockNumber, err
		}, `{"filter":{"address":["0x1","0x2"],"chunk_size":1,"from_block":{"block_number":7},"keys":[[],["0x3"]],"to_block":{"block_number":7}}}`, `0`},
		{
			"call", func() (any, error) { return c.Call(ctx, at, contract, schemas.Felt{31: 9}, nil) },
			`{"block_id":{"block_number":7},"request":{"calldata":[],"contract_address":"0x1","entry_point_selector":"0x9"}}`, `["0x1","0x0"]`,
		},
		{"no pre-confirmed block", func() (any, error) { _, _, ok, err := c.PreConfirmed(ctx); return ok, err }, `{"block_id":"pre_confirmed"}`, `false`},
		{"class hash", func() (any, error) { return c.ClassHashAt(ctx, TagPreConfirmed, contract) }, `{"block_id":"pre_confirmed","contract_address":"0x1"}`, `"` + padded("c1a55") + `"`},
		{"ABI", func() (any, error) { return c.ABIAt(ctx, at, contract) }, `{"block_id":{"block_number":7},"contract_address":"0x1"}`, `[{"type":"event"}]`},
		{"nonce", func() (any, error) { return c.Nonce(ctx, at, contract) }, `{"block_id":{"block_number":7},"contract_address":"0x1"}`, `"0x5"`},
	}
	for _, tc := range calls {
		got, err := tc.call()
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		if doc := asJSON(t, got); doc != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, doc, tc.want)
		}
		if doc := asJSON(t, n.params); doc != tc.params {
			t.Errorf("%s: sent %s, want %s", tc.name, doc, tc.params)
		}
	}
}

func padded(hex string) string { return "0x" + strings.Repeat("0", 64-len(hex)) + hex }

func asJSON(t *testing.T, v any) string {
	t.Helper()
	doc, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(doc)
}

func TestABIOfOtherClasses(t *testing.T) {
	for result, want := range map[string]string{
		`{"abi":[{"type":"event"}]}`: `[{"type":"event"}]`,
		`{"abi":null}`:               "",
		`{}`:                         "",
		`{"abi":""}`:                 "",
	} {
		c := clientOf(t, &node{results: map[string]string{"starknet_getClassAt": result}})
		got, err := c.ABIAt(t.Context(), TagLatest, schemas.Address{})
		if err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v; want %q", result, got, err, want)
		}
	}
}

// TestHalfAnswers: what the spec requires and an answer lacks is an error, never a block without events.
func TestHalfAnswers(t *testing.T) {
	ctx, at := t.Context(), ByNumber(1)
	calls := map[string]func(*Client) error{
		"starknet_getBlockWithTxHashes":  func(c *Client) error { _, err := c.Header(ctx, at); return err },
		"starknet_getBlockWithReceipts":  func(c *Client) error { _, _, err := c.Receipts(ctx, at); return err },
		"starknet_getTransactionReceipt": func(c *Client) error { _, err := c.Receipt(ctx, schemas.Hash{}); return err },
		"starknet_getEvents":             func(c *Client) error { _, err := c.Events(ctx, Filter{From: at, To: at}); return err },
		"starknet_chainId":               func(c *Client) error { _, err := c.ChainID(ctx); return err },
	}
	header := `"status":"ACCEPTED_ON_L2","block_hash":"0x7","parent_hash":"0x6","block_number":7,"timestamp":1`
	for _, tc := range []struct{ method, result string }{
		{"starknet_getBlockWithTxHashes", `{}`},
		{"starknet_getBlockWithTxHashes", `{` + header + `}`},
		{"starknet_getBlockWithTxHashes", `{"transactions":[]}`},
		{"starknet_getBlockWithTxHashes", `[]`},
		{"starknet_getBlockWithReceipts", `{` + header + `}`},
		{"starknet_getBlockWithReceipts", `{` + header + `,"transactions":[{}]}`},
		{"starknet_getBlockWithReceipts", `{` + header + `,"transactions":[{"receipt":{"transaction_hash":"0x1"}}]}`},
		{"starknet_getTransactionReceipt", `{"transaction_hash":"0x1"}`},
		{"starknet_getEvents", `{}`},
		{"starknet_getEvents", `{"events":null}`},
		{"starknet_getEvents", `{"events":[{"from_address":"0x1","keys":[],"data":[]}]}`},
		{"starknet_getEvents", `{"events":[{"from_address":"zz"}]}`},
		{"starknet_chainId", `"SN_MAIN"`},
		{"starknet_chainId", `17`},
	} {
		c := clientOf(t, &node{results: map[string]string{tc.method: tc.result}})
		if err := calls[tc.method](c); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s %s: got error %v, want ErrMalformed", tc.method, tc.result, err)
		}
	}
}

func TestPreConfirmedBlockHasNoHash(t *testing.T) {
	c := clientOf(t, &node{results: map[string]string{
		"starknet_getBlockWithTxHashes": `{"status":"PRE_CONFIRMED","block_number":8,"timestamp":5,"transactions":[]}`,
	}})
	h, err := c.Header(t.Context(), TagPreConfirmed)
	if err != nil || !h.Hash.IsZero() || h.Number != 8 || h.Time().Unix() != 5 {
		t.Fatalf("got %+v, %v", h, err)
	}
}

func TestErrors(t *testing.T) {
	answer := func(status int, body string, headers ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for _, tc := range []struct {
		name    string
		handler http.HandlerFunc
		check   func(error) bool
		outcome string
	}{
		{
			"error of the spec", answer(200, `{"id":1,"error":{"code":24,"message":"Block not found"}}`),
			func(err error) bool { return errors.Is(err, ErrBlockNotFound) && !errors.Is(err, ErrTxNotFound) }, "rpc_error",
		},
		{
			"error with another status", answer(400, `{"id":null,"error":{"code":-32602,"message":"Invalid params","data":{"reason":"x"}}}`),
			func(err error) bool {
				e, ok := errors.AsType[*RPCError](err)
				return ok && errors.Is(err, ErrInvalidParams) && strings.Contains(e.Error(), `"reason"`)
			}, "rpc_error",
		},
		{
			"limit", answer(429, `{"id":1,"error":{"code":-32005,"message":"slow down"}}`, "Retry-After", "7"),
			func(err error) bool { return status(err) == 429 && retryAfter(err) == 7*time.Second }, "http_error",
		},
		{
			"limit with a date", answer(503, ``, "Retry-After", time.Now().Add(time.Minute).UTC().Format(http.TimeFormat)),
			func(err error) bool { return status(err) == 503 && retryAfter(err) > 50*time.Second }, "http_error",
		},
		{"limit for ever", answer(429, ``, "Retry-After", "999999999"), func(err error) bool { return retryAfter(err) == longestRetry }, "http_error"},
		{"gateway", answer(502, `<html>bad gateway</html>`), func(err error) bool { return status(err) == 502 }, "http_error"},
		{"redirect", answer(307, ``, "Location", "https://elsewhere.example/"), func(err error) bool { return status(err) == 307 }, "http_error"},
		{"page instead of an answer", answer(200, `<html>welcome</html>`), func(err error) bool { return errors.Is(err, ErrMalformed) }, "malformed"},
		{"cut body", answer(200, `{"id":1,"result":{"eve`), func(err error) bool { return errors.Is(err, ErrMalformed) }, "malformed"},
		{"answer to another request", answer(200, `{"id":99,"result":"0x1"}`), func(err error) bool { return errors.Is(err, ErrMalformed) }, "malformed"},
		{"no result", answer(200, `{"id":1}`), func(err error) bool { return errors.Is(err, ErrMalformed) }, "malformed"},
		{"too much", answer(200, `"`+strings.Repeat("x", 2000)+`"`), func(err error) bool { return errors.Is(err, ErrMalformed) }, "malformed"},
		{
			"hang up", func(w http.ResponseWriter, _ *http.Request) {
				hangUp(t, w, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{")
			},
			func(err error) bool { return err != nil }, "unreachable",
		},
	} {
		reg := prometheus.NewRegistry()
		server := httptest.NewServer(tc.handler)
		c, err := NewClient(server.URL+"/secret-key", Options{Name: "hosted", Registerer: reg})
		if err != nil {
			t.Fatal(err)
		}
		c.largest = 1000
		_, err = c.ChainID(t.Context())
		if !tc.check(err) {
			t.Errorf("%s: got error %v", tc.name, err)
		}
		if err != nil && (strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), c.Host())) {
			t.Errorf("%s: the error should name the host, and never the key: %v", tc.name, err)
		}
		if got := outcome(err); got != tc.outcome {
			t.Errorf("%s: outcome %s, want %s", tc.name, got, tc.outcome)
		}
		families, gerr := reg.Gather()
		if gerr != nil || len(families) != 1 || families[0].GetName() != "blockchain_rpc_duration_seconds" ||
			families[0].GetMetric()[0].GetHistogram().GetSampleCount() != 1 || families[0].GetMetric()[0].GetLabel()[2].GetValue() != "hosted" {
			t.Errorf("%s: metrics %v, %v", tc.name, families, gerr)
		}
		c.Close()
		server.Close()
	}
}

func status(err error) int {
	if e, ok := errors.AsType[*HTTPError](err); ok {
		return e.Status
	}
	return 0
}

func retryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*HTTPError](err); ok {
		return e.RetryAfter
	}
	return 0
}

func hangUp(t *testing.T, w http.ResponseWriter, first string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	_, _ = io.WriteString(conn, first)
	_ = conn.Close()
}

func TestTimeoutAndCancellation(t *testing.T) {
	release := make(chan struct{})
	c := clientOf(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	defer close(release)
	c.within = 20 * time.Millisecond
	if _, err := c.Head(t.Context()); !errors.Is(err, ErrTimeout) || outcome(err) != "timeout" {
		t.Errorf("got error %v, want ErrTimeout", err)
	}
	c.within = time.Minute
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Head(ctx); !errors.Is(err, context.Canceled) || outcome(err) != "canceled" {
		t.Errorf("got error %v, want the context's", err)
	}
}

// TestCallsPerSecond: a call above the bound waits its turn, and one that cannot have it in time is not made.
func TestCallsPerSecond(t *testing.T) {
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls++
		_, _ = io.WriteString(w, `{"jsonrpc":"2.0","id":1,"result":7}`)
	}))
	defer server.Close()
	c, err := NewClient(server.URL, Options{CallsPerSecond: 0.001})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.BlockNumber(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := c.BlockNumber(ctx); err == nil || calls != 1 {
		t.Errorf("a second call within 1,000 s: error %v, %d calls", err, calls)
	}
}

func TestUnreachable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := NewClient("http://user:password@"+address+"/secret-key", Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Head(t.Context())
	if err == nil || outcome(err) != "unreachable" {
		t.Fatalf("got error %v", err)
	}
	for _, secret := range []string{"secret", "password", "user"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error shows %q: %v", secret, err)
		}
	}
}

func TestConnectionsAreKept(t *testing.T) {
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(&node{results: map[string]string{"starknet_blockNumber": "1"}})
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	c, err := NewClient(server.URL, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 20 {
		if _, err := c.BlockNumber(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("20 calls opened %d connections, want 1", n)
	}
}

func TestNewClient(t *testing.T) {
	for _, url := range []string{"", "node:9545", "ftp://node/", "http://", "://", "http://a b/"} {
		if _, err := NewClient(url, Options{}); err == nil {
			t.Errorf("%q was accepted", url)
		}
	}
	reg := prometheus.NewRegistry()
	for range 2 {
		if _, err := NewClient("https://node.example/key", Options{Registerer: reg}); err != nil {
			t.Errorf("clients should share a registerer: %v", err)
		}
	}
}
