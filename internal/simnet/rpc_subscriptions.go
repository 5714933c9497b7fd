package simnet

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/coder/websocket"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

const (
	// maxBack is how far before the head a subscription may begin.
	maxBack = 1_024
	// maxSubscriptions bounds those of one connection.
	maxSubscriptions = 16
)

var (
	errInvalidSubscription = &rpcError{Code: 66, Message: "Invalid subscription id"}
	errTooManyBlocksBack   = &rpcError{Code: 68, Message: "Cannot go back more than 1024 blocks"}
)

// stream is one WebSocket connection: every call, and subscriptions to new heads.
type stream struct {
	net  *Net
	conn *websocket.Conn

	// Of the reading goroutine.
	next int
	subs map[string]chan struct{} // closed to end a subscription
	told sync.WaitGroup           // the goroutines of the connection
}

// serveStream serves a connection until the caller leaves or the network is closed.
func (n *Net) serveStream(w http.ResponseWriter, r *http.Request) {
	n.streams.Add(1)
	defer n.streams.Done()
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}) // a development tool, open to any page
	if err != nil {
		return // Accept has answered
	}
	conn.SetReadLimit(maxRequest)
	ctx, stop := context.WithCancel(r.Context())
	s := &stream{net: n, conn: conn, subs: map[string]chan struct{}{}}
	s.told.Go(func() {
		select {
		case <-n.closed:
			stop()
		case <-ctx.Done():
		}
	})
	s.read(ctx)
	stop()
	s.told.Wait()
	_ = conn.CloseNow() // it is closed already, or nobody is left to tell
}

// read answers calls until the connection ends.
func (s *stream) read(ctx context.Context) {
	for {
		_, body, err := s.conn.Read(ctx)
		if err != nil {
			return
		}
		call := func(q rpcRequest) (any, error) { return s.call(ctx, q) }
		if answer := endpoint(call).answer(body); answer != nil {
			if s.conn.Write(ctx, websocket.MessageText, answer) != nil {
				return
			}
		}
	}
}

// call carries out a method, those of subscriptions too.
func (s *stream) call(ctx context.Context, q rpcRequest) (any, error) {
	switch q.Method {
	case "starknet_subscribeNewHeads":
		args, err := q.arguments([]string{"block_id"})
		if err != nil {
			return nil, err
		}
		return s.subscribe(ctx, args)
	case "starknet_unsubscribe":
		args, err := q.arguments([]string{"subscription_id"})
		if err != nil {
			return nil, err
		}
		var id string
		if err := args.read("subscription_id", &id); err != nil {
			return nil, err
		}
		end, ok := s.subs[id]
		if !ok {
			return nil, errInvalidSubscription
		}
		close(end)
		delete(s.subs, id)
		return true, nil
	}
	return s.net.call(q)
}

func (s *stream) subscribe(ctx context.Context, args arguments) (any, error) {
	if len(s.subs) == maxSubscriptions {
		return nil, invalidParams("a connection has at most %d subscriptions", maxSubscriptions)
	}
	h, err := s.net.headsFrom(args)
	if err != nil {
		return nil, err
	}
	s.next++
	id := strconv.Itoa(s.next)
	end := make(chan struct{})
	s.subs[id] = end
	s.told.Go(func() { s.tell(ctx, id, h, end) })
	return id, nil
}

// tell sends new heads, and reorganisations, until the subscription or ctx ends.
func (s *stream) tell(ctx context.Context, id string, h *heads, end <-chan struct{}) {
	for {
		notices, news := h.take()
		for _, one := range notices {
			doc, err := json.Marshal(map[string]any{
				"jsonrpc": "2.0", "method": one.method, "params": map[string]any{"subscription_id": id, "result": one.result},
			})
			if err != nil {
				panic("simnet: a notice that is no JSON: " + err.Error()) // ours are
			}
			if s.conn.Write(ctx, websocket.MessageText, doc) != nil {
				return
			}
		}
		select {
		case <-news:
		case <-end:
			return
		case <-ctx.Done():
			return
		}
	}
}

// heads is what one subscriber to new heads has been told.
type heads struct {
	net  *Net
	told []schemas.BlockRef // the newest, of which one stands unless the chain was cut below
	next uint64
}

type notice struct {
	method string
	result any
}

// headsFrom begins with the block that the caller names, else with what comes after the head.
func (n *Net) headsFrom(args arguments) (*heads, error) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	head := n.head()
	if head == nil {
		return nil, errNoBlocks
	}
	h := &heads{net: n, next: head.number + 1, told: []schemas.BlockRef{{Number: head.number, Hash: head.hash}}}
	if raw, ok := args["block_id"]; !ok || string(raw) == "null" {
		return h, nil
	}
	var id blockID
	if err := args.read("block_id", &id); err != nil {
		return nil, err
	}
	from, err := n.find(id)
	switch {
	case err != nil:
		return nil, err
	case from.number+maxBack < head.number:
		return nil, errTooManyBlocksBack
	case from.hash.IsZero():
		return nil, invalidParams("block_id: the pre-confirmed block is no head")
	}
	h.next, h.told = from.number, nil
	return h, nil
}

// take returns what the subscriber was not told so far, and what is closed when there is more.
func (h *heads) take() (out []notice, news <-chan struct{}) {
	n := h.net
	n.mu.RLock()
	defer n.mu.RUnlock()
	stands := len(h.told)
	for stands > 0 && !n.has(h.told[stands-1]) {
		stands--
	}
	if stands < len(h.told) {
		first, last := h.told[stands], h.told[len(h.told)-1]
		out = append(out, notice{"starknet_subscriptionReorg", map[string]any{
			"starting_block_hash": first.Hash.Felt(), "starting_block_number": first.Number,
			"ending_block_hash": last.Hash.Felt(), "ending_block_number": last.Number,
		}})
		h.told, h.next = h.told[:stands], first.Number
	}
	for ; h.next <= n.head().number; h.next++ {
		b, err := n.find(blockID{number: &h.next})
		if err != nil {
			panic(fmt.Sprintf("simnet: block %d below the head is not there: %v", h.next, err)) // they are dense
		}
		header := n.render(b, nil)
		header.Status = ""
		out = append(out, notice{"starknet_subscriptionNewHeads", header})
		h.told = append(h.told, schemas.BlockRef{Number: b.number, Hash: b.hash})
	}
	if len(h.told) > 2*maxBack {
		h.told = append([]schemas.BlockRef{}, h.told[len(h.told)-maxBack:]...)
	}
	return out, n.news
}

// has tells whether a block stands. The caller holds mu.
func (n *Net) has(ref schemas.BlockRef) bool {
	b, err := n.find(blockID{number: &ref.Number})
	return err == nil && b.hash == ref.Hash
}
