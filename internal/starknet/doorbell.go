package starknet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/NethermindEth/starknet.go/client"
)

// Doorbell rings when a node tells of a new head or of a reorganisation (starknet_subscribeNewHeads). What the node says is not
// read, since nodes of different specs say it differently: whoever hears the bell asks. A bell that is broken, or rings twice, or
// not at all, does no harm but that of being late.
type Doorbell struct {
	url   string
	host  string
	log   *slog.Logger
	rings chan struct{}
}

// NewDoorbell returns a bell at a ws or wss URL. It does not connect.
func NewDoorbell(wsURL string, log *slog.Logger) (*Doorbell, error) {
	u, err := url.Parse(wsURL)
	if err != nil || u.Host == "" || u.Scheme != "ws" && u.Scheme != "wss" {
		return nil, errors.New("WebSocket URL is malformed: want ws(s)://host[:port][/path]")
	}
	return &Doorbell{url: wsURL, host: u.Host, log: log, rings: make(chan struct{}, 1)}, nil
}

// Rings is where the bell is heard. Rings that nobody hears become one.
func (d *Doorbell) Rings() <-chan struct{} { return d.rings }

const (
	redialAfter  = time.Second
	redialAtMost = time.Minute
	dialWithin   = 10 * time.Second
)

// Run keeps a subscription until ctx ends. It never fails: a node that cannot be subscribed to is tried again, and said so once.
func (d *Doorbell) Run(ctx context.Context) {
	pause, silent := redialAfter, false
	for {
		began, err := d.listen(ctx)
		if ctx.Err() != nil {
			return
		}
		if began {
			pause, silent = redialAfter, false
		}
		if !silent {
			d.log.WarnContext(ctx, "no news of new heads, asking for them instead", "node", d.host, "error", err)
			silent = true
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
		pause = min(2*pause, redialAtMost)
	}
}

// listen rings for one subscription, and tells whether it began.
func (d *Doorbell) listen(ctx context.Context) (began bool, err error) {
	dialing, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	c, err := client.DialOptions(dialing, d.url)
	if err != nil {
		return false, d.shown(err)
	}
	defer c.Close()
	news := make(chan json.RawMessage)
	sub, err := c.SubscribeWithSliceArgs(dialing, "starknet", "_subscribeNewHeads", news)
	if err != nil {
		return false, d.shown(err)
	}
	d.log.InfoContext(ctx, "subscribed to new heads", "node", d.host)
	d.ring() // for what came before
	for {
		select {
		case <-news:
			d.ring()
		case err := <-sub.Err():
			if err == nil {
				err = errors.New("the node ended the subscription")
			}
			return true, d.shown(err)
		case <-ctx.Done():
			return true, ctx.Err()
		}
	}
}

// shown is an error without the URL, which may hold a key.
func (d *Doorbell) shown(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return fmt.Errorf("%s: %w", d.host, err)
}

func (d *Doorbell) ring() {
	select {
	case d.rings <- struct{}{}:
	default:
	}
}
