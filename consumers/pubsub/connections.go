package pubsub

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
)

const dialWithin = 3 * time.Second

// connections are those of one member of a group. kafka-go waits on each of them for as long as joining may take, also when it says
// farewell; cutting them ends that.
type connections struct {
	mu   sync.Mutex
	open map[net.Conn]bool
	shut bool
}

func newConnections() *connections { return &connections{open: map[net.Conn]bool{}} }

// dialer makes connections that cut closes.
func (c *connections) dialer() *kafka.Dialer {
	return &kafka.Dialer{Timeout: dialWithin, DialFunc: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.shut {
			return nil, errors.Join(ErrClosed, conn.Close())
		}
		own := &connection{Conn: conn, of: c}
		c.open[own] = true
		return own, nil
	}}
}

// cut closes every connection, and any that is still made.
func (c *connections) cut() {
	c.mu.Lock()
	c.shut = true
	open := c.open
	c.open = map[net.Conn]bool{}
	c.mu.Unlock()
	for conn := range open {
		_ = conn.Close() // it is given up; whoever waits on it is told
	}
}

// connection forgets itself when it is closed.
type connection struct {
	net.Conn
	of *connections
}

func (c *connection) Close() error {
	c.of.mu.Lock()
	delete(c.of.open, c)
	c.of.mu.Unlock()
	return c.Conn.Close()
}
