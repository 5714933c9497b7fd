package simnet

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// subscriber is a WebSocket client that waits for each answer.
type subscriber struct {
	t    *testing.T
	conn *websocket.Conn
}

func subscribe(t *testing.T, url string) *subscriber {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(url, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &subscriber{t, conn}
}

func (s *subscriber) send(message string) {
	s.t.Helper()
	if err := s.conn.Write(s.t.Context(), websocket.MessageText, []byte(message)); err != nil {
		s.t.Fatal(err)
	}
}

// hear returns the next message in short: an answer's result or error, or a notice's method and block numbers.
func (s *subscriber) hear() string {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	_, doc, err := s.conn.Read(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	var m struct {
		Method string
		Result json.RawMessage
		Error  *rpcError
		Params struct {
			ID     string `json:"subscription_id"`
			Result struct {
				Number *uint64 `json:"block_number"`
				First  uint64  `json:"starting_block_number"`
				Last   uint64  `json:"ending_block_number"`
			}
		}
	}
	if err := json.Unmarshal(doc, &m); err != nil {
		s.t.Fatal(err)
	}
	switch {
	case m.Error != nil:
		return fmt.Sprintf("error %d", m.Error.Code)
	case m.Method == "":
		return string(m.Result)
	case m.Params.Result.Number != nil:
		return fmt.Sprintf("%s: head %d", m.Params.ID, *m.Params.Result.Number)
	}
	return fmt.Sprintf("%s: reorganised %d to %d", m.Params.ID, m.Params.Result.First, m.Params.Result.Last)
}

func TestSubscriptions(t *testing.T) {
	n, err := New(Config{Seed: 3, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.ProduceN(6); err != nil { // blocks 0 to 5
		t.Fatal(err)
	}
	server := httptest.NewServer(n.Handler())
	defer server.Close()
	s := subscribe(t, server.URL)
	expect := func(want ...string) {
		t.Helper()
		for _, w := range want {
			if got := s.hear(); got != w {
				t.Fatalf("heard %q, want %q", got, w)
			}
		}
	}
	s.send(`{"jsonrpc":"2.0","id":1,"method":"starknet_blockNumber"}`)
	expect("5")
	s.send(`{"jsonrpc":"2.0","id":2,"method":"starknet_subscribeNewHeads","params":[]}`)
	expect(`"1"`)
	if err := n.Produce(); err != nil {
		t.Fatal(err)
	}
	expect("1: head 6")
	if err := n.Reorg(2); err != nil {
		t.Fatal(err)
	}
	expect("1: reorganised 5 to 6", "1: head 5", "1: head 6")
	s.send(`{"jsonrpc":"2.0","id":3,"method":"starknet_unsubscribe","params":["1"]}`)
	expect("true")
	s.send(`{"jsonrpc":"2.0","id":4,"method":"starknet_unsubscribe","params":["1"]}`)
	expect("error 66")
	s.send(`{"jsonrpc":"2.0","id":5,"method":"starknet_subscribeNewHeads","params":{"block_id":{"block_number":4}}}`)
	expect(`"2"`, "2: head 4", "2: head 5", "2: head 6")
	s.send(`{"jsonrpc":"2.0","id":6,"method":"starknet_subscribeNewHeads","params":{"block_id":{"block_number":9}}}`)
	expect("error 24")
	if err := n.Close(); err != nil { // ends the connection, and waits for it
		t.Fatal(err)
	}
}
