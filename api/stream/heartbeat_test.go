package stream

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// memoryNet is a network without a machine below it, so that time in a test can be the test's own.
type memoryNet struct{ dialled chan net.Conn }

func (n memoryNet) Accept() (net.Conn, error) {
	c, ok := <-n.dialled
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (n memoryNet) Close() error   { close(n.dialled); return nil }
func (n memoryNet) Addr() net.Addr { return &net.TCPAddr{} }

func (n memoryNet) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	n.dialled <- server
	return client, nil
}

// TestHeartbeatEveryFifteenSeconds holds the interval that published clients rely on, to the millisecond: the first frame at once, and
// then one each 15 s, whatever else is sent.
func TestHeartbeatEveryFifteenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub := New(Config{
			Log:   &fakeLog{records: map[string][]schemas.Record{}, grown: make(chan struct{})},
			Start: func(context.Context) (schemas.ChainState, error) { return schemas.StartOfChain(), nil },
			Stats: func(context.Context) (any, error) { return map[string]int{}, nil }, Logger: slog.New(slog.DiscardHandler),
			Registerer: prometheus.NewRegistry(),
		})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- hub.Run(ctx) }()
		network := memoryNet{make(chan net.Conn)}
		server := &http.Server{Handler: hub}
		served := make(chan error, 1)
		go func() { served <- server.Serve(network) }()
		transport := &http.Transport{DialContext: network.dial}
		conn, _, err := websocket.Dial(ctx, "ws://memory/ws", &websocket.DialOptions{HTTPClient: &http.Client{Transport: transport}})
		if err != nil {
			t.Fatal(err)
		}
		began, others := time.Now(), 0
		for beats := 0; beats < 5; {
			if readAny(t, conn) != "Heartbeat" {
				others++
				continue
			}
			if after, want := time.Since(began), time.Duration(beats)*15*time.Second; after != want {
				t.Errorf("heartbeat %d came after %s, want %s", beats, after, want)
			}
			beats++
		}
		if others == 0 {
			t.Error("nothing else was sent, so nothing could have delayed a heartbeat")
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		_ = conn.CloseNow()
		transport.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
}
