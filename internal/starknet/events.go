package starknet

import (
	"context"
	"fmt"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Event is an emitted event as getEvents gives it. What older specs or pre-confirmed blocks lack is nil.
type Event struct {
	From        schemas.Address `json:"from_address"`
	Keys        []schemas.Felt  `json:"keys"`
	Data        []schemas.Felt  `json:"data"`
	BlockHash   *schemas.Hash   `json:"block_hash"`
	BlockNumber *uint64         `json:"block_number"`
	TxHash      schemas.Hash    `json:"transaction_hash"`
	TxIndex     *uint32         `json:"transaction_index"` // from spec 0.10 on
	EventIndex  *uint32         `json:"event_index"`       // from spec 0.10 on; in its transaction
}

// Filter says which events getEvents returns.
type Filter struct {
	// From and To are the first and the last block. To must be given: without it nodes add events that are not final.
	From, To BlockID
	// Addresses are the contracts, none for every contract. Nodes before spec 0.10.1 take one at most.
	Addresses []schemas.Address
	// Keys are the wanted keys by position, an empty list for any.
	Keys [][]schemas.Felt
	// Chunk is the number of events a page. It must not change while a token is in use.
	Chunk int
	// Token is where the page before ended; empty for the first.
	Token string
}

// Page is one page of events, with the token of the next; the last page has none. An empty page may have one.
type Page struct {
	Events []Event
	Token  string
}

// Events returns one page of events (getEvents).
func (c *Client) Events(ctx context.Context, f Filter) (Page, error) {
	const method = "starknet_getEvents"
	var page struct {
		Events []Event `json:"events"`
		Token  string  `json:"continuation_token"`
	}
	if err := c.call(ctx, method, params{"filter": f.params()}, &page); err != nil {
		return Page{}, err
	}
	if page.Events == nil {
		return Page{}, fmt.Errorf("%s %s: %w: a page without events", c.host, method, ErrMalformed)
	}
	for _, e := range page.Events {
		if e.TxHash.IsZero() {
			return Page{}, fmt.Errorf("%s %s: %w: an event without transaction", c.host, method, ErrMalformed)
		}
	}
	return Page{Events: page.Events, Token: page.Token}, nil
}

func (f Filter) params() params {
	p := params{"from_block": f.From, "to_block": f.To, "chunk_size": f.Chunk}
	switch len(f.Addresses) {
	case 0:
	case 1:
		p["address"] = f.Addresses[0].Felt()
	default:
		list := make([]schemas.Felt, len(f.Addresses))
		for i, a := range f.Addresses {
			list[i] = a.Felt()
		}
		p["address"] = list
	}
	if len(f.Keys) > 0 {
		keys := make([][]schemas.Felt, len(f.Keys))
		for i, k := range f.Keys {
			keys[i] = append([]schemas.Felt{}, k...)
		}
		p["keys"] = keys
	}
	if f.Token != "" {
		p["continuation_token"] = f.Token
	}
	return p
}
