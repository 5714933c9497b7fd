package stream

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

const (
	heartbeatInterval = 15 * time.Second
	writeWithin       = 5 * time.Second
	readLimit         = 4 << 10
	burst             = 256 // frames taken from the ring at once
)

// closeSlow is the code of a connection that fell behind: connect again, and load state anew.
const closeSlow = websocket.StatusCode(4008)

// ServeHTTP upgrades a request and serves the client until either side ends it.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, err := parseFilter(r.URL.Path, r.URL.Query())
	if err != nil {
		answer(w, http.StatusBadRequest, "invalid_filter", err.Error())
		return
	}
	if h.clients.Add(1) > int64(h.config.MaxClients) {
		h.clients.Add(-1)
		w.Header().Set("Retry-After", "10")
		answer(w, http.StatusServiceUnavailable, "too_many_clients", "this process serves no more WebSocket clients")
		return
	}
	defer h.clients.Add(-1)
	// Any page may listen: what is streamed is public, and no cookie is read.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true, CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		h.config.Logger.DebugContext(r.Context(), "not a WebSocket", "error", err)
		return
	}
	conn.SetReadLimit(readLimit)
	c := &client{hub: h, conn: conn, filter: f, replies: make(chan []byte, 4)}
	c.serve(r.Context())
}

func answer(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The client may be gone; there is nobody else to tell.
	_ = json.NewEncoder(w).Encode(map[string]string{"error": message, "code": code})
}

// client is one connection: a place in the ring.
type client struct {
	hub     *Hub
	conn    *websocket.Conn
	filter  filter
	replies chan []byte
}

func (c *client) serve(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reading := make(chan struct{})
	go func() {
		defer close(reading)
		defer cancel()
		c.read(ctx)
	}()
	code, reason := c.write(ctx)
	_ = c.conn.Close(code, reason) // an error says that the other side is gone, which ends it as well
	cancel()
	<-reading
}

// read takes what the client says: pings are answered, the rest is ignored.
func (c *client) read(ctx context.Context) {
	for {
		_, text, err := c.conn.Read(ctx)
		if err != nil {
			return
		}
		var said struct {
			Type   string `json:"type"`
			Action string `json:"action"`
		}
		if json.Unmarshal(text, &said) != nil {
			continue
		}
		var reply []byte
		switch {
		case said.Type == "ping":
			reply = []byte(`{"type":"pong"}`)
		case said.Action == "ping":
			reply = heartbeatFrame()
		default:
			continue
		}
		select {
		case c.replies <- reply:
		default: // a client that floods us with pings has its answers on the way
		}
	}
}

func heartbeatFrame() []byte {
	return newFrame("Heartbeat", map[string]int64{"timestamp": time.Now().Unix()}).text
}

// write sends what the ring has for the client, and a heartbeat every 15 seconds whatever else is sent. It returns why it
// ended.
func (c *client) write(ctx context.Context) (websocket.StatusCode, string) {
	beat := time.NewTicker(heartbeatInterval)
	defer beat.Stop()
	cursor := c.hub.ring.end()
	if err := c.send(ctx, heartbeatFrame()); err != nil {
		return websocket.StatusGoingAway, ""
	}
	select {
	case c.hub.arrived <- struct{}{}:
	default: // somebody else has just come, and asked for all
	}
	var frames []frame
	for {
		taken, grown, ok := c.hub.ring.from(cursor, burst, frames[:0])
		if !ok {
			return closeSlow, "slow: this connection fell behind; connect again and load state anew"
		}
		frames = taken
		for _, f := range frames {
			cursor++
			if !c.filter.wants(f) {
				continue
			}
			if err := c.send(ctx, f.text); err != nil {
				return websocket.StatusGoingAway, ""
			}
		}
		var more <-chan struct{}
		if len(frames) < burst {
			more = grown
		} else {
			more = closed
		}
		var reply []byte
		select {
		case <-ctx.Done():
			return websocket.StatusGoingAway, ""
		case <-c.hub.ended:
			return websocket.StatusServiceRestart, "the server is stopping; connect again"
		case <-beat.C:
			reply = heartbeatFrame()
		case reply = <-c.replies:
		case <-more:
			continue
		}
		if err := c.send(ctx, reply); err != nil {
			return websocket.StatusGoingAway, ""
		}
	}
}

// closed is always ready: there is more to take at once.
var closed = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

func (c *client) send(ctx context.Context, text []byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeWithin)
	defer cancel()
	return c.conn.Write(ctx, websocket.MessageText, text)
}
