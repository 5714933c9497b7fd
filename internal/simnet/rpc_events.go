package simnet

import (
	"fmt"
	"slices"

	"github.com/bitsage-network/validator-dashboard/internal/simnet/economy"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

const (
	maxChunk = 1_024 // events on a page
	maxKeys  = 16    // positions in a filter
)

type eventFilter struct {
	From    *blockID         `json:"from_block"`
	To      *blockID         `json:"to_block"`
	Address *schemas.Address `json:"address"`
	Keys    [][]schemas.Felt `json:"keys"`
	Chunk   *int             `json:"chunk_size"`
	Token   *string          `json:"continuation_token"`
}

type (
	emittedJSON struct {
		eventJSON
		BlockHash   schemas.Felt `json:"block_hash"`
		BlockNumber uint64       `json:"block_number"`
		TxHash      schemas.Felt `json:"transaction_hash"`
	}
	eventsPage struct {
		Events []emittedJSON `json:"events"`
		Token  string        `json:"continuation_token,omitempty"`
	}
)

// getEvents answers a page of the events that a filter lets through. Its token is the block that the next page begins in and
// how many events that pass the filter it skips there.
func (n *Net) getEvents(a arguments) (any, error) {
	var f eventFilter
	if err := a.read("filter", &f); err != nil {
		return nil, err
	}
	switch {
	case f.Chunk == nil || *f.Chunk < 1:
		return nil, invalidParams("filter: chunk_size is missing or below 1")
	case *f.Chunk > maxChunk:
		return nil, errPageTooBig
	case len(f.Keys) > maxKeys:
		return nil, errTooManyKeys
	}
	from, to, err := n.eventRange(f)
	if err != nil {
		return nil, err
	}
	skip := 0
	if f.Token != nil {
		var at uint64
		if _, err := fmt.Sscanf(*f.Token, "%d-%d", &at, &skip); err != nil || *f.Token != token(at, skip) || at < from || at > to || skip < 0 {
			return nil, errBadToken
		}
		from = at
	}
	page, m := eventsPage{Events: []emittedJSON{}}, matcher{f, map[kindOfEvent]bool{}}
	for number := max(from, n.config.FirstBlock); number <= to && number-n.config.FirstBlock < uint64(len(n.blocks)); number++ {
		b := n.blocks[number-n.config.FirstBlock]
		full, err := m.add(&page, b, skip)
		if err != nil || full {
			return page, err
		}
		skip = 0
	}
	return page, nil
}

func token(block uint64, skip int) string { return fmt.Sprintf("%d-%d", block, skip) }

// matcher lets events through a filter. It remembers which kinds of events can pass the first key, since to lay an event out
// costs more than to look.
type matcher struct {
	eventFilter
	kinds map[kindOfEvent]bool
}

type kindOfEvent struct {
	contract *economy.Contract
	name     string
}

// add adds a block's events to the page. It tells whether there was one for which there was no room.
func (m matcher) add(page *eventsPage, b *block, skip int) (full bool, err error) {
	passed := 0
	for _, x := range b.txs {
		for _, ev := range x.Events {
			keys, data, err := m.pass(ev)
			if err != nil {
				return false, err
			}
			if keys == nil {
				continue
			}
			if passed++; passed <= skip {
				continue
			}
			if len(page.Events) == *m.Chunk {
				page.Token = token(b.number, passed-1)
				return true, nil
			}
			page.Events = append(page.Events, emittedJSON{
				eventJSON{ev.Contract.Address.Felt(), keys, orEmpty(data)}, b.hash.Felt(), b.number, x.Tx.Hash.Felt(),
			})
		}
	}
	return false, nil
}

// pass returns the felts of an event that the filter lets through, and nil for others. An empty position lets any key through,
// a position that is named asks for a key to be there.
func (m matcher) pass(ev economy.Event) (keys, data []schemas.Felt, err error) {
	if m.Address != nil && ev.Contract.Address != *m.Address || !m.mayPass(ev) {
		return nil, nil, nil
	}
	if keys, data, err = ev.Felts(); err != nil {
		return nil, nil, err
	}
	for i, want := range m.Keys {
		if len(want) > 0 && (i >= len(keys) || !slices.Contains(want, keys[i])) {
			return nil, nil, nil
		}
	}
	return keys, data, nil
}

// mayPass looks at the event's selector, its first key.
func (m matcher) mayPass(ev economy.Event) bool {
	if len(m.Keys) == 0 || len(m.Keys[0]) == 0 {
		return true
	}
	k := kindOfEvent{ev.Contract, ev.Name()}
	may, known := m.kinds[k]
	if !known {
		may = slices.Contains(m.Keys[0], schemas.Selector(k.name))
		m.kinds[k] = may
	}
	return may
}

// eventRange is the blocks that a filter names. Numbers above the head are allowed, unlike hashes that nobody has; without an
// end it is the head.
func (n *Net) eventRange(f eventFilter) (from, to uint64, err error) {
	head := n.head()
	if head == nil {
		return 0, 0, errBlockNotFound
	}
	end := func(id *blockID, otherwise uint64) (uint64, error) {
		switch {
		case id == nil:
			return otherwise, nil
		case id.number != nil:
			return *id.number, nil
		}
		b, err := n.find(*id)
		if err != nil {
			return 0, err
		}
		return b.number, nil
	}
	if from, err = end(f.From, 0); err != nil {
		return 0, 0, err
	}
	if to, err = end(f.To, head.number); err != nil {
		return 0, 0, err
	}
	return from, min(to, head.number), nil
}
