package chaintail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// reading is what events are decoded by at the log's head. It does not change.
type reading struct {
	abis    *schemas.ABIs
	classes map[schemas.Address]schemas.Hash
}

// newest returns the newest classes that are known.
func (c *classes) newest() *reading {
	r := &reading{abis: c.abis, classes: map[schemas.Address]schemas.Hash{}}
	for address, l := range c.lives {
		if n := len(l.changes); n > 0 {
			r.classes[address] = l.changes[n-1].to
		}
	}
	return r
}

// foresee tells of the block in the making until ctx ends. It is no part of the chain: it has no hash and no parent, and what it holds may never
// be. So it goes, whole each time, to a topic of its own, and nothing here rests on it. A look takes one call.
func (t *Tailer) foresee(ctx context.Context) {
	if t.config.PreConfirmed == nil || t.config.PreConfirmedEvery <= 0 {
		return
	}
	var told schemas.PreConfirmed
	var failing bool
	for sleep(ctx, t.config.PreConfirmedEvery) {
		p := t.providers.current()
		if p == nil || !p.can.pre.Load() {
			continue
		}
		err := t.look(ctx, p, &told)
		if errors.Is(err, starknet.ErrInvalidParams) {
			p.can.pre.Store(false)
		}
		if err != nil && ctx.Err() == nil && !failing {
			t.config.Logger.InfoContext(ctx, "not known what is in the making", "provider", p.name, "because", err)
		}
		failing = err != nil
	}
}

// look asks a provider for the block in the making, and tells of it where it is another than what was told last.
func (t *Tailer) look(ctx context.Context, p *provider, told *schemas.PreConfirmed) error {
	h, receipts, ok, err := p.PreConfirmed(ctx)
	status := t.status.read()
	if err != nil || !ok || !status.Begun || h.Number <= status.Sealed {
		return err
	}
	block := t.reading.Load().foreseen(h, receipts, p.follows.contracts)
	if len(block.Events)+len(told.Events) == 0 || reflect.DeepEqual(block, *told) {
		return nil
	}
	record, err := t.preConfirmed(h, block)
	if errors.Is(err, schemas.ErrTooLarge) {
		block.Omitted, block.Events = len(block.Events), []schemas.PreConfirmedEvent{}
		record, err = t.preConfirmed(h, block)
	}
	if err == nil {
		err = t.config.PreConfirmed(ctx, record)
	}
	if err == nil {
		*told = block
	}
	return err
}

// preConfirmed makes the record of a block in the making.
func (t *Tailer) preConfirmed(h starknet.Header, block schemas.PreConfirmed) (schemas.Record, error) {
	data, err := json.Marshal(block)
	if err != nil {
		return schemas.Record{}, err
	}
	env := schemas.Envelope{
		ID: fmt.Sprintf("pre-confirmed/%d/%d", block.Number, time.Now().UnixNano()), Source: "starknet:" + chainName(t.chainID),
		Type: schemas.TypePreConfirmed, Time: h.Time(), Data: data,
	}
	return env.Record(schemas.TopicPreConfirmed, nil)
}

// foreseen decodes the events of our contracts in a block in the making.
func (r *reading) foreseen(h starknet.Header, receipts []starknet.Receipt, follows map[schemas.Address]schemas.Contract) schemas.PreConfirmed {
	block := schemas.PreConfirmed{Number: h.Number, Transactions: len(receipts), Events: []schemas.PreConfirmedEvent{}}
	for tx, receipt := range receipts {
		for i, e := range receipt.Events {
			contract, ours := follows[e.From]
			if !ours {
				continue
			}
			event := schemas.ChainEvent{ContractName: contract.Name, Class: r.classes[e.From], Raw: schemas.RawEvent{Keys: e.Keys, Data: e.Data}}
			typ := r.abis.Decode(&event)
			block.Events = append(block.Events, schemas.PreConfirmedEvent{
				Tx: uint32(tx), Event: uint32(i), TxHash: receipt.TxHash, Contract: e.From, ContractName: contract.Name,
				Type: typ, Name: event.Name, Data: event.Data, Reason: event.Reason,
			})
		}
	}
	return block
}
