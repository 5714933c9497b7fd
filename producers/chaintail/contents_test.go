package chaintail

import (
	"testing"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestSameBlock: a node may give other blocks the same hash, so time and transactions count, as far as they are known.
func TestSameBlock(t *testing.T) {
	header := starknet.Header{Number: 7, Hash: schemas.Hash{31: 7}, Timestamp: 1_700_000_000, TxHashes: []schemas.Hash{{31: 1}, {31: 2}}}
	other := func(change func(*starknet.Header)) starknet.Header {
		h := header
		change(&h)
		return h
	}
	sealed := seal{BlockRef: header.Ref(), at: header.Timestamp, contents: contentsOf(header)}
	readBack := seal{BlockRef: header.Ref(), at: header.Timestamp}
	for name, c := range map[string]struct {
		seal seal
		node starknet.Header
		want bool
	}{
		"the same":                            {sealed, header, true},
		"another hash":                        {sealed, other(func(h *starknet.Header) { h.Hash = schemas.Hash{31: 8} }), false},
		"another time":                        {sealed, other(func(h *starknet.Header) { h.Timestamp++ }), false},
		"other transactions":                  {sealed, other(func(h *starknet.Header) { h.TxHashes = []schemas.Hash{{31: 1}, {31: 3}} }), false},
		"no transactions":                     {sealed, other(func(h *starknet.Header) { h.TxHashes = nil }), false},
		"read back, the same":                 {readBack, header, true},
		"read back, another time":             {readBack, other(func(h *starknet.Header) { h.Timestamp-- }), false},
		"read back, what cannot be told":      {readBack, other(func(h *starknet.Header) { h.TxHashes = nil }), true},
		"partly written, nothing but a hash":  {seal{BlockRef: header.Ref()}, other(func(h *starknet.Header) { h.Timestamp++ }), true},
		"partly written, and not of the node": {seal{BlockRef: header.Ref()}, other(func(h *starknet.Header) { h.Hash = schemas.Hash{31: 8} }), false},
	} {
		if got := c.seal.same(c.node); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
