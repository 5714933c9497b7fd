package chaintail

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// blockEvents returns the events of the followed contracts in one block, in order. The block is named by its hash. Where a
// filter takes one address only, the block is read whole: one call for a quiet block, where filters would take one a contract.
func (p *provider) blockEvents(ctx context.Context, h starknet.Header) ([]chainEvent, error) {
	contracts := p.follows.upTo(h.Number)
	if h.Events != nil && *h.Events == 0 || len(contracts) == 0 {
		return nil, nil
	}
	f := starknet.Filter{From: starknet.ByHash(h.Hash), To: starknet.ByHash(h.Hash)}
	if p.can.lists.Load() {
		f.Addresses = contracts
	}
	found, err := p.pages(ctx, f, 0)
	if p.noLists(ctx, err) {
		f.Addresses = nil
		found, err = p.pages(ctx, f, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("events of block %d: %w", h.Number, err)
	}
	found = slices.DeleteFunc(found, func(e starknet.Event) bool {
		_, ours := p.follows.contracts[e.From]
		return !ours
	})
	_, events, err := p.placed(ctx, h.Hash, &h, found)
	return events, err
}

// noLists notes a node that says it takes several addresses in a filter and does not.
func (p *provider) noLists(ctx context.Context, err error) bool {
	if !p.can.lists.Load() || !errors.Is(err, starknet.ErrInvalidParams) {
		return false
	}
	p.can.lists.Store(false)
	p.log.WarnContext(ctx, "the node does not take several addresses in a filter, asking for one at a time", "provider", p.name, "error", err)
	return true
}

// rangeEvents returns the events of the followed contracts in the blocks from first to last, in order. Every call names both by
// their hashes, so that a node that changes branches, or several behind one address, refuse instead of answering from both.
func (p *provider) rangeEvents(ctx context.Context, first, last starknet.Header) ([]chainEvent, error) {
	limit := maxChunkEvents
	from := first.Number
	if from == last.Number {
		limit = 0 // a single block is taken whatever it holds
	}
	found, err := p.eventsOf(ctx, p.follows.upTo(last.Number), starknet.Filter{From: starknet.ByHash(first.Hash), To: starknet.ByHash(last.Hash)}, limit)
	if err != nil {
		return nil, fmt.Errorf("events of blocks %d to %d: %w", from, last.Number, err)
	}
	var blocks []schemas.Hash // in the order in which they turned up
	byBlock := map[schemas.Hash][]starknet.Event{}
	for _, e := range found {
		if e.BlockHash == nil {
			return nil, fmt.Errorf("the node returned an event of transaction %s without a block", e.TxHash)
		}
		if byBlock[*e.BlockHash] == nil {
			blocks = append(blocks, *e.BlockHash)
		}
		byBlock[*e.BlockHash] = append(byBlock[*e.BlockHash], e)
	}
	var out []chainEvent
	numbers := map[uint64]schemas.Hash{last.Number: last.Hash}
	for _, hash := range blocks {
		var known *starknet.Header
		if hash == last.Hash {
			known = &last
		}
		h, events, err := p.placed(ctx, hash, known, byBlock[hash])
		if err != nil {
			return nil, err
		}
		if h.Number < from || h.Number > last.Number {
			return nil, fmt.Errorf("asked for blocks %d to %d, the node returned an event of block %d", from, last.Number, h.Number)
		}
		if other, taken := numbers[h.Number]; taken && other != h.Hash {
			return nil, fmt.Errorf("the node returned events of two blocks numbered %d", h.Number)
		}
		numbers[h.Number] = h.Hash
		out = append(out, events...)
	}
	slices.SortFunc(out, byPosition)
	return out, nil
}

// eventsOf reads the events of contracts: one filter where the node takes a list, else one a contract.
func (p *provider) eventsOf(ctx context.Context, contracts []schemas.Address, f starknet.Filter, limit int) ([]starknet.Event, error) {
	if len(contracts) == 0 {
		return nil, nil // a filter without addresses would be one for all
	}
	if p.can.lists.Load() {
		f.Addresses = contracts
		found, err := p.pages(ctx, f, limit)
		if !p.noLists(ctx, err) {
			return found, err
		}
	}
	var all []starknet.Event
	for _, a := range contracts {
		f.Addresses = []schemas.Address{a}
		found, err := p.pages(ctx, f, limit)
		if err != nil {
			return nil, err
		}
		if all = append(all, found...); limit > 0 && len(all) > limit {
			return nil, errTooManyEvents
		}
	}
	return all, nil
}

// maxEmptyPages bounds the pages without events in a row: nodes scan a part of their index a call, but not for ever.
const maxEmptyPages = 100_000

// pages reads every page of a filter, up to a limit of events if it is not 0. An empty page with a token goes on; only a page
// without one is the last. The page size stays the same within a run, as tokens may be page numbers.
func (p *provider) pages(ctx context.Context, f starknet.Filter, limit int) ([]starknet.Event, error) {
	f.Chunk = int(p.can.page.Load())
	var all []starknet.Event
	empty := 0
	for {
		page, err := p.Events(ctx, f)
		if errors.Is(err, starknet.ErrPageTooBig) && f.Chunk > minPageSize {
			f.Chunk, f.Token, all, empty = max(minPageSize, f.Chunk/2), "", nil, 0
			p.can.page.Store(int64(f.Chunk))
			p.oddities.Add(1)
			p.log.InfoContext(ctx, "asking for smaller pages of events", "provider", p.name, "size", f.Chunk)
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, page.Events...)
		if empty++; len(page.Events) > 0 {
			empty = 0
		} else if page.Token != "" {
			p.oddities.Add(1)
		}
		switch {
		case page.Token == "":
			return all, nil
		case page.Token == f.Token:
			return nil, fmt.Errorf("the node returned the continuation token %q twice in a row", page.Token)
		case limit > 0 && len(all) > limit:
			return nil, errTooManyEvents
		case empty > maxEmptyPages:
			return nil, fmt.Errorf("the node returned %d pages in a row without an event", empty)
		}
		f.Token = page.Token
	}
}
