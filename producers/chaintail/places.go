package chaintail

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// chainEvent is an event of a followed contract at its place on the chain.
type chainEvent struct {
	contract  schemas.Contract
	position  schemas.Position
	blockHash schemas.Hash
	txHash    schemas.Hash
	time      time.Time
	raw       schemas.RawEvent
}

func byPosition(a, b chainEvent) int { return a.position.Compare(b.position) }

// placed puts the events of one block, as getEvents gave them, in their places, in order. Where the node does not say the
// indices they come from the block's receipts, never from the place in a filtered page. The header is asked for where it is
// not known.
func (p *provider) placed(ctx context.Context, block schemas.Hash, known *starknet.Header, events []starknet.Event) (starknet.Header, []chainEvent, error) {
	for _, e := range events {
		if e.BlockHash != nil && *e.BlockHash != block {
			return starknet.Header{}, nil, fmt.Errorf("asked for events of block %s, the node returned one of block %s", block, *e.BlockHash)
		}
	}
	indexed := !slices.ContainsFunc(events, func(e starknet.Event) bool { return e.TxIndex == nil || e.EventIndex == nil })
	var h starknet.Header
	var receipts []starknet.Receipt
	var err error
	switch {
	case !indexed:
		h, receipts, err = p.receipts(ctx, block, events)
	case known != nil:
		h = *known
	default:
		h, err = p.Header(ctx, starknet.ByHash(block))
	}
	if err != nil {
		return h, nil, err
	}
	if h.Hash != block || known != nil && h.Number != known.Number {
		return h, nil, fmt.Errorf("asked for block %s, the node answered block %d %s", block, h.Number, h.Hash)
	}
	for _, e := range events {
		if e.BlockNumber != nil && *e.BlockNumber != h.Number {
			return h, nil, fmt.Errorf("an event of block %d %s says that it is of block %d", h.Number, h.Hash, *e.BlockNumber)
		}
	}
	var out []chainEvent
	if indexed {
		out, err = placeByIndices(h, events, p.follows.contracts)
	} else {
		out, err = placeByReceipts(h, events, receipts, p.follows.contracts)
	}
	return h, out, err
}

// placeByIndices takes the places that the node gives.
func placeByIndices(h starknet.Header, events []starknet.Event, follows map[schemas.Address]schemas.Contract) ([]chainEvent, error) {
	out := make([]chainEvent, 0, len(events))
	for _, e := range events {
		out = append(out, place(h, e, *e.TxIndex, *e.EventIndex, follows))
	}
	slices.SortFunc(out, byPosition)
	for i := 1; i < len(out); i++ {
		if out[i].position == out[i-1].position {
			return nil, fmt.Errorf("block %d: the node returned two events at %s", h.Number, out[i].position)
		}
	}
	return out, nil
}

// placeByReceipts finds the events in the receipts of their block, given by transaction index; a receipt that was not asked
// for is empty. Both must hold the same events.
func placeByReceipts(h starknet.Header, events []starknet.Event, receipts []starknet.Receipt, follows map[schemas.Address]schemas.Contract) ([]chainEvent, error) {
	type emitter struct {
		tx       schemas.Hash
		contract schemas.Address
	}
	given := map[emitter][]starknet.Event{} // in the order of emission
	for _, e := range events {
		given[emitter{e.TxHash, e.From}] = append(given[emitter{e.TxHash, e.From}], e)
	}
	out := make([]chainEvent, 0, len(events))
	for tx, r := range receipts {
		for i, e := range r.Events {
			if _, ours := follows[e.From]; !ours {
				continue
			}
			from := emitter{r.TxHash, e.From}
			queue := given[from]
			if len(queue) == 0 || !slices.Equal(queue[0].Keys, e.Keys) || !slices.Equal(queue[0].Data, e.Data) {
				return nil, fmt.Errorf("block %d: event %d of transaction %s is in the receipt and not in getEvents", h.Number, i, r.TxHash)
			}
			given[from] = queue[1:]
			e.TxHash = r.TxHash
			out = append(out, place(h, e, uint32(tx), uint32(i), follows))
		}
	}
	if len(out) != len(events) {
		return nil, fmt.Errorf("block %d: getEvents returned %d events of our contracts, the receipts hold %d", h.Number, len(events), len(out))
	}
	return out, nil
}

func place(h starknet.Header, e starknet.Event, tx, index uint32, follows map[schemas.Address]schemas.Contract) chainEvent {
	return chainEvent{
		contract: follows[e.From], position: schemas.Position{Block: h.Number, Tx: tx, Event: index},
		blockHash: h.Hash, txHash: e.TxHash, time: h.Time(), raw: schemas.RawEvent{Keys: notNil(e.Keys), Data: notNil(e.Data)},
	}
}

func notNil(felts []schemas.Felt) []schemas.Felt {
	if felts == nil {
		return []schemas.Felt{}
	}
	return felts
}

// receipts returns a block's header and its receipts by transaction index. Where a node does not serve them by block, those of
// the events' transactions are asked for one by one, and the others are empty.
func (p *provider) receipts(ctx context.Context, block schemas.Hash, events []starknet.Event) (starknet.Header, []starknet.Receipt, error) {
	if !p.can.noReceipts.Load() {
		h, receipts, err := p.Receipts(ctx, starknet.ByHash(block))
		if !errors.Is(err, starknet.ErrMethodNotFound) {
			return h, receipts, err
		}
		p.can.noReceipts.Store(true)
		p.log.InfoContext(ctx, "the node does not serve receipts by block, asking for them by transaction")
	}
	h, err := p.Header(ctx, starknet.ByHash(block))
	if err != nil {
		return h, nil, err
	}
	wanted := map[schemas.Hash]bool{}
	for _, e := range events {
		wanted[e.TxHash] = true
	}
	receipts := make([]starknet.Receipt, len(h.TxHashes))
	for i, tx := range h.TxHashes {
		if !wanted[tx] {
			continue
		}
		r, err := p.Receipt(ctx, tx)
		if err != nil {
			return h, nil, err
		}
		if r.TxHash != tx || r.BlockHash != nil && *r.BlockHash != block {
			return h, nil, fmt.Errorf("block %d: the receipt of transaction %s is of another block by now", h.Number, tx)
		}
		receipts[i] = r
	}
	return h, receipts, nil
}
