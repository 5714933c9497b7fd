package chaintail

import (
	"context"
	"errors"
	"fmt"
	"maps"
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

// pageSize is the number of events asked for at once. Nodes accept at least 1,024.
const pageSize = 1_000

// blockEvents returns the events of the followed contracts in one block, in order. The block is read by its hash and whole: one
// call for a quiet block, where a filter would take one for each contract.
func (t *Tailer) blockEvents(ctx context.Context, h starknet.Header) ([]chainEvent, error) {
	id := starknet.ByHash(h.Hash)
	found, err := t.pages(ctx, starknet.Filter{From: id, To: id, Chunk: pageSize})
	if err != nil {
		return nil, err
	}
	var ours []starknet.Event
	for _, e := range found {
		if _, ok := t.follows[e.From]; ok {
			ours = append(ours, e)
		}
	}
	return t.placed(ctx, h, ours)
}

// rangeEvents returns the events of the followed contracts in the blocks up to and with last, in order.
func (t *Tailer) rangeEvents(ctx context.Context, from uint64, last starknet.Header) ([]chainEvent, error) {
	byBlock := map[schemas.Hash][]starknet.Event{}
	for _, c := range t.config.Contracts {
		found, err := t.pages(ctx, starknet.Filter{From: starknet.ByNumber(from), To: starknet.ByHash(last.Hash), Address: &c.Address, Chunk: pageSize})
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			if e.BlockHash == nil {
				return nil, fmt.Errorf("the node returned an event of transaction %s without a block", e.TxHash)
			}
			byBlock[*e.BlockHash] = append(byBlock[*e.BlockHash], e)
		}
	}
	var out []chainEvent
	for _, hash := range slices.Collect(maps.Keys(byBlock)) {
		h := last
		if hash != last.Hash {
			var err error
			if h, err = t.node.Header(ctx, starknet.ByHash(hash)); err != nil {
				return nil, err
			}
		}
		if h.Number < from || h.Number > last.Number {
			return nil, fmt.Errorf("the node returned an event of block %d, which is outside blocks %d to %d", h.Number, from, last.Number)
		}
		events, err := t.placed(ctx, h, byBlock[hash])
		if err != nil {
			return nil, err
		}
		out = append(out, events...)
	}
	slices.SortFunc(out, func(a, b chainEvent) int { return a.position.Compare(b.position) })
	for i := 1; i < len(out); i++ {
		if out[i].position.Block == out[i-1].position.Block && out[i].blockHash != out[i-1].blockHash {
			return nil, fmt.Errorf("the node returned events of two blocks numbered %d", out[i].position.Block)
		}
	}
	return out, nil
}

// pages reads every page of a filter. An empty page with a token goes on; only a page without one is the last.
func (t *Tailer) pages(ctx context.Context, f starknet.Filter) ([]starknet.Event, error) {
	var all []starknet.Event
	for {
		page, err := t.node.Events(ctx, f)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Events...)
		if page.Token == "" {
			return all, nil
		}
		if page.Token == f.Token {
			return nil, fmt.Errorf("the node returned the continuation token %q twice in a row", page.Token)
		}
		f.Token = page.Token
	}
}

// placed puts the events of one block in their places. Where the node does not say the indices they come from the block's
// receipts, never from the place in a filtered page.
func (t *Tailer) placed(ctx context.Context, h starknet.Header, events []starknet.Event) ([]chainEvent, error) {
	if len(events) == 0 {
		return nil, nil
	}
	out := make([]chainEvent, 0, len(events))
	for _, e := range events {
		if e.BlockHash != nil && *e.BlockHash != h.Hash {
			return nil, fmt.Errorf("asked for events of block %d, the node returned one of block %s", h.Number, *e.BlockHash)
		}
		if e.TxIndex == nil || e.EventIndex == nil {
			return t.placedByReceipts(ctx, h, events)
		}
		out = append(out, t.place(h, e, *e.TxIndex, *e.EventIndex))
	}
	slices.SortFunc(out, func(a, b chainEvent) int { return a.position.Compare(b.position) })
	return out, nil
}

func (t *Tailer) place(h starknet.Header, e starknet.Event, tx, index uint32) chainEvent {
	return chainEvent{
		contract: t.follows[e.From], position: schemas.Position{Block: h.Number, Tx: tx, Event: index},
		blockHash: h.Hash, txHash: e.TxHash, time: h.Time(), raw: schemas.RawEvent{Keys: notNil(e.Keys), Data: notNil(e.Data)},
	}
}

func notNil(felts []schemas.Felt) []schemas.Felt {
	if felts == nil {
		return []schemas.Felt{}
	}
	return felts
}

// placedByReceipts takes a block's events from its receipts, and checks that they are those that getEvents gave.
func (t *Tailer) placedByReceipts(ctx context.Context, h starknet.Header, events []starknet.Event) ([]chainEvent, error) {
	wanted := map[schemas.Hash]bool{}
	for _, e := range events {
		wanted[e.TxHash] = true
	}
	receipts, err := t.receipts(ctx, h, wanted)
	if err != nil {
		return nil, err
	}
	addresses := map[schemas.Address]bool{}
	for _, e := range events {
		addresses[e.From] = true
	}
	var out []chainEvent
	for tx, r := range receipts {
		for i, e := range r.Events {
			if addresses[e.From] {
				e.TxHash = r.TxHash
				out = append(out, t.place(h, e, uint32(tx), uint32(i)))
			}
		}
	}
	if len(out) != len(events) {
		return nil, fmt.Errorf("block %d: getEvents returned %d events of our contracts, the receipts hold %d", h.Number, len(events), len(out))
	}
	return out, nil
}

// receipts returns the receipts of a block by transaction index. Where a node does not serve them by block, those of the
// wanted transactions are asked for one by one, and the others are empty.
func (t *Tailer) receipts(ctx context.Context, h starknet.Header, wanted map[schemas.Hash]bool) ([]starknet.Receipt, error) {
	receipts, err := t.node.Receipts(ctx, starknet.ByHash(h.Hash))
	if !errors.Is(err, starknet.ErrMethodNotFound) {
		return receipts, err
	}
	if h.TxHashes == nil {
		if h, err = t.node.Header(ctx, starknet.ByHash(h.Hash)); err != nil {
			return nil, err
		}
	}
	receipts = make([]starknet.Receipt, len(h.TxHashes))
	for i, tx := range h.TxHashes {
		if !wanted[tx] {
			continue
		}
		if receipts[i], err = t.node.Receipt(ctx, tx); err != nil {
			return nil, err
		}
		receipts[i].TxHash = tx
	}
	return receipts, nil
}
