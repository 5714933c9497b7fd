package starknet

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// TestDoorbell: whatever a node says to a subscriber rings, and a connection that is lost comes back and rings once by itself.
func TestDoorbell(t *testing.T) {
	say := make(chan string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = conn.CloseNow() }()
		if _, _, err := conn.Read(r.Context()); err != nil {
			return
		}
		if conn.Write(r.Context(), websocket.MessageText, []byte(`{"jsonrpc":"2.0","id":1,"result":"77"}`)) != nil {
			return
		}
		for message := range say {
			if message == "hang up" {
				return
			}
			notice := `{"jsonrpc":"2.0","method":"starknet_subscriptionNewHeads","params":{"subscription_id":"77","result":` + message + `}}`
			if conn.Write(r.Context(), websocket.MessageText, []byte(notice)) != nil {
				return
			}
		}
	}))
	defer server.Close()
	bell, err := NewDoorbell("ws"+strings.TrimPrefix(server.URL, "http")+"/secret-key", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { bell.Run(ctx) })
	heard := func(what string) {
		t.Helper()
		select {
		case <-bell.Rings():
		case <-time.After(10 * time.Second):
			t.Fatalf("no ring: %s", what)
		}
	}
	heard("subscribed")
	for _, message := range []string{`{"block_number":7}`, `{"starting_block_number":5,"of":"another spec"}`, `"anything"`} {
		say <- message
		heard(message)
	}
	say <- "hang up"
	heard("subscribed again")
	stop()
	running.Wait()
	close(say)
}

func TestNewDoorbell(t *testing.T) {
	for _, url := range []string{"", "http://node", "ws://", "node:80"} {
		if _, err := NewDoorbell(url, nil); err == nil || strings.Contains(err.Error(), "node") {
			t.Errorf("%q: %v", url, err)
		}
	}
}
