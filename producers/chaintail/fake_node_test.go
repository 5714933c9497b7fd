package chaintail

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

func (w *world) served() []fakeBlock { return w.chain[:max(1, len(w.chain)-w.lag)] }

func (p *process) SpecVersion(context.Context) (string, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return "", err
	}
	return p.spec, nil
}

func (p *process) ChainID(context.Context) (schemas.Felt, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return schemas.Felt{}, err
	}
	return schemas.ChainID(schemas.Local)
}

func (p *process) Head(context.Context) (starknet.Header, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return starknet.Header{}, err
	}
	if p.calls >= p.calm {
		p.settle()
		if p.done = p.atEnd(); p.done {
			p.kill()
		}
	}
	served := p.served()
	return served[len(served)-1].header(), nil
}

func (p *process) find(id starknet.BlockID) (fakeBlock, error) {
	served := p.served()
	if p.chance(150) && len(p.old) > 0 { // one call is answered by a machine that is on another branch
		served = p.old[p.rnd.IntN(len(p.old))]
	}
	return p.findIn(served, id)
}

func (w *world) findIn(chain []fakeBlock, id starknet.BlockID) (fakeBlock, error) {
	if id == starknet.TagL1Accepted {
		if len(chain) <= w.l1Depth {
			return fakeBlock{}, starknet.ErrBlockNotFound
		}
		return chain[len(chain)-1-w.l1Depth], nil
	}
	doc, err := json.Marshal(id)
	if err != nil {
		return fakeBlock{}, err
	}
	var named struct {
		Hash   schemas.Hash `json:"block_hash"`
		Number uint64       `json:"block_number"`
	}
	if err := json.Unmarshal(doc, &named); err != nil {
		return fakeBlock{}, err
	}
	if !named.Hash.IsZero() {
		named.Number = w.numbers[named.Hash]
	}
	if named.Number < w.pruned || named.Number >= uint64(len(chain)) || !named.Hash.IsZero() && chain[named.Number].hash != named.Hash {
		return fakeBlock{}, starknet.ErrBlockNotFound
	}
	return chain[named.Number], nil
}

func (p *process) Header(_ context.Context, id starknet.BlockID) (starknet.Header, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return starknet.Header{}, err
	}
	if id == starknet.TagL1Accepted && !p.tellsFinality() {
		return starknet.Header{}, starknet.ErrInvalidParams
	}
	b, err := p.find(id)
	if p.liar--; p.liar <= 0 && p.lies > 0 {
		p.lies--
		if other, oerr := p.findIn(p.old[0], id); oerr == nil {
			b, err = other, nil
		}
	}
	if err != nil {
		return starknet.Header{}, err
	}
	return b.header(), nil
}

// Events pages through a filter a few events at a time, so that transactions are split, with an empty page now and then.
func (p *process) Events(_ context.Context, f starknet.Filter) (starknet.Page, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return starknet.Page{}, err
	}
	from, ferr := p.findIn(p.served(), f.From)
	to, terr := p.findIn(p.served(), f.To)
	switch {
	case ferr != nil || terr != nil:
		return starknet.Page{}, starknet.ErrBlockNotFound
	case len(f.Addresses) > 1 && !p.lists:
		return starknet.Page{}, starknet.ErrInvalidParams
	case f.Chunk > p.maxPage:
		return starknet.Page{}, starknet.ErrPageTooBig
	case to.number-from.number > p.maxRange:
		return starknet.Page{}, &starknet.RPCError{Code: -32005, Message: "query returned more than 10000 results"}
	case f.Token != "" && p.chance(50):
		return starknet.Page{Token: f.Token, Events: []starknet.Event{}}, nil // stuck
	case f.Token != "" && p.chance(50):
		return starknet.Page{}, starknet.ErrBadToken
	}
	var all []starknet.Event
	for _, b := range p.served()[from.number : to.number+1] {
		for _, e := range b.events() {
			if len(f.Addresses) > 0 && !slices.Contains(f.Addresses, e.From) {
				continue
			}
			if !p.indexed {
				e.TxIndex, e.EventIndex = nil, nil
			}
			all = append(all, e)
		}
	}
	at := 0
	if f.Token != "" {
		var err error
		if at, err = strconv.Atoi(f.Token); err != nil {
			return starknet.Page{}, starknet.ErrBadToken
		}
	}
	half, at := at%2, at/2
	if half == 0 && p.chance(4) {
		return starknet.Page{Token: strconv.Itoa(2*at + 1), Events: []starknet.Event{}}, nil
	}
	end := min(at+min(f.Chunk, p.perPage), len(all))
	page := starknet.Page{Events: all[min(at, end):end]}
	if end < len(all) {
		page.Token = strconv.Itoa(2 * end)
	}
	return page, nil
}

func (p *process) PreConfirmed(context.Context) (starknet.Header, []starknet.Receipt, bool, error) {
	if p.making == nil {
		return starknet.Header{}, nil, false, nil
	}
	return starknet.Header{Status: starknet.StatusPreConfirmed, Number: uint64(len(p.chain)), Timestamp: 9}, p.making, true, nil
}

func (p *process) Receipts(_ context.Context, id starknet.BlockID) (starknet.Header, []starknet.Receipt, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return starknet.Header{}, nil, err
	}
	if !p.receipts {
		return starknet.Header{}, nil, starknet.ErrMethodNotFound
	}
	b, err := p.find(id)
	if err != nil {
		return starknet.Header{}, nil, err
	}
	var out []starknet.Receipt
	for i, tx := range b.txs {
		out = append(out, starknet.Receipt{TxHash: tx, Events: bare(b.emitted[i])})
	}
	return b.header(), out, nil
}

func (p *process) Receipt(_ context.Context, tx schemas.Hash) (starknet.Receipt, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return starknet.Receipt{}, err
	}
	for _, b := range p.served() {
		if i := slices.Index(b.txs, tx); i >= 0 {
			return starknet.Receipt{TxHash: tx, BlockHash: &b.hash, Events: bare(b.emitted[i])}, nil
		}
	}
	return starknet.Receipt{}, starknet.ErrTxNotFound
}

// bare are events as receipts hold them: without any place.
func bare(events []starknet.Event) []starknet.Event {
	out := []starknet.Event{}
	for _, e := range events {
		out = append(out, starknet.Event{From: e.From, Keys: e.Keys, Data: e.Data})
	}
	return out
}

func (p *process) ClassHashAt(_ context.Context, id starknet.BlockID, contract schemas.Address) (schemas.Hash, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return schemas.Hash{}, err
	}
	b, err := p.findIn(p.served(), id)
	switch {
	case id == starknet.TagLatest:
		b = p.served()[len(p.served())-1]
	case err != nil:
		return schemas.Hash{}, err
	case b.number < p.stateless:
		return schemas.Hash{}, &starknet.RPCError{Code: 1, Message: "state is pruned"}
	}
	if !p.deployed(contract, b.number) {
		return schemas.Hash{}, starknet.ErrContractNotFound
	}
	if contract == followed[0].Address {
		return classOf(b.class), nil
	}
	return schemas.Hash{31: 0xc1}, nil
}

func (p *process) ABIAt(_ context.Context, id starknet.BlockID, contract schemas.Address) (json.RawMessage, error) {
	if err := errors.Join(p.step(), p.fault()); err != nil {
		return nil, err
	}
	b, err := p.findIn(p.served(), id)
	if id == starknet.TagLatest {
		b, err = p.served()[len(p.served())-1], nil
	}
	if err != nil || contract != followed[0].Address {
		return nil, errors.Join(err, starknet.ErrMethodNotFound)
	}
	if b.class%2 == 1 {
		return json.RawMessage(widerLayout), nil
	}
	return schemas.EmbeddedJSON("JobManager")
}
