package chaintail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// next is the block to write next; a block that was only partly written is due again.
func (w *chainWriter) next(start uint64) uint64 {
	state := w.reader.State()
	switch {
	case !state.Begun:
		return start
	case state.Unsealed > 0:
		return state.Position.Block
	}
	return state.Position.Block + 1
}

// bound tells whether the log has its first sealed block, which binds it to its chain.
func (w *chainWriter) bound() bool { return !w.reader.State().Sealed.Hash.IsZero() }

// continues tells whether a block, the next one to write, fits to what the log holds.
func (w *chainWriter) continues(h starknet.Header) bool {
	if partial, ok := w.reader.PendingBlock(); ok {
		return h.Number != partial.Number || h.Hash == partial.Hash
	}
	sealed := w.reader.State().Sealed
	return sealed.Hash.IsZero() || h.Number != sealed.Number+1 || h.Parent == sealed.Hash
}

// entry is a record to append, with what it was made of.
type entry struct {
	record   schemas.Record
	envelope schemas.Envelope
	event    *schemas.ChainEvent // nil for what is no contract event
	block    uint64
}

// write appends the events that the log does not have yet, what is observed after them, and the seal of the block that they lead up
// to. Near tells that it is a single block, near the head.
func (w *chainWriter) write(ctx context.Context, events []chainEvent, last starknet.Header, near bool) error {
	entries, err := w.entries(ctx, events, last, near)
	if err != nil {
		if _, silent := errors.AsType[*silence](err); silent {
			w.silences++
		}
		return err
	}
	state := w.reader.State()
	position := schemas.SealPosition(last.Number)
	sealing, err := w.entry(schemas.TypeSealed, "seal/"+last.Hash.String()+"/"+strconv.Itoa(w.voided[last.Hash]), last.Time(), &position,
		schemas.Sealed{
			Number: last.Number, Hash: last.Hash, Parent: last.Parent, Events: state.Unsealed + len(entries), LastReorg: state.LastReorg,
			LastABI: state.LastABI, Final: state.Final, Retracted: state.Retracted,
		})
	if err != nil {
		return err
	}
	for _, batch := range batches(append(entries, sealing), w.t.config.Split) {
		if err := w.append(ctx, batch); err != nil {
			return err
		}
	}
	w.branch.wrote(last)
	w.silences, w.looked = 0, w.looked || near
	w.told()
	return nil
}

// entries returns what the log does not have of some blocks, in order, without the seal.
func (w *chainWriter) entries(ctx context.Context, events []chainEvent, last starknet.Header, near bool) ([]entry, error) {
	state := w.reader.State()
	if w.t.classes.upTo(state.Position.Block); !state.Begun {
		w.t.classes.forget()
	}
	read, err := w.t.classes.decode(ctx, events, near, w.recordABI)
	if err != nil {
		return nil, err
	}
	entries := make([]entry, 0, len(events)+1)
	var raised questions
	for i, e := range events {
		if err := raised.add(e, read[i].typ, read[i].value.Data); err != nil {
			return nil, err
		}
		if state.Begun && e.position.Compare(state.Position) <= 0 {
			continue // written before a takeover in the middle of the block
		}
		one, err := w.event(e, read[i].value, read[i].typ)
		if err != nil {
			return nil, err
		}
		entries = append(entries, one)
	}
	observed, err := w.observe(ctx, raised.asked)
	if err != nil {
		return nil, err
	}
	if near && w.looks(last) {
		seen, err := w.look(ctx, last)
		if err != nil {
			return nil, err
		}
		observed = append(observed, seen...)
	}
	if len(observed) > 0 {
		entries = append(entries, observed...)
		slices.SortFunc(entries, func(a, b entry) int { return a.envelope.Position.Compare(*b.envelope.Position) })
	}
	return entries, nil
}

// recordABI puts the ABI of a class into the log, unless somebody has.
func (w *chainWriter) recordABI(ctx context.Context, abi schemas.ClassABI) error {
	abi.Previous = w.reader.State().LastABI
	one, err := w.entry(schemas.TypeClassABI, "abi/"+abi.Class.String(), time.Now(), nil, abi)
	if err != nil {
		return err
	}
	return w.append(ctx, []entry{one})
}

// revert appends the records of a reorganisation, so that everything above the common block is void. A deep one takes several,
// from the top down, since each lists what it voids.
func (w *chainWriter) revert(ctx context.Context, common seal, depth uint64) error {
	from := &common
	if common.Hash.IsZero() {
		from = nil
	}
	before := w.reader.State()
	voided, err := w.branch.standing(ctx, from, before.Next)
	if err != nil {
		return err
	}
	for _, v := range reverts(common.BlockRef, voided, maxVoided) {
		state := w.reader.State()
		v.Previous = state.LastReorg
		one, err := w.entry(schemas.TypeReorged, fmt.Sprintf("reorg/%s/%d", v.Common.Hash, state.Next), time.Now(), nil, v)
		if err != nil {
			return err
		}
		if err := w.append(ctx, []entry{one}); err != nil {
			return err
		}
	}
	w.t.at.follows.reverted(common.Number)
	w.t.classes.upTo(common.Number)
	w.looked = false
	w.t.suspects.add(common.Number, common.Number+1)
	w.t.metrics.reorged(depth)
	if final := before.Final; !final.Hash.IsZero() && final.Number > common.Number {
		w.t.metrics.unsettled.Inc()
		w.t.config.Logger.ErrorContext(ctx, "reorganised below what was accepted on L1", "common", common.Number, "accepted_on_l1", final.Number)
	}
	w.told()
	w.t.config.Logger.WarnContext(ctx, "chain reorganised", "common", common.Number, "blocks", depth, "voided", len(voided))
	return nil
}

// reverts cuts a list of void blocks, lowest first, into reorganisations of at most n blocks where sealed blocks allow it, the
// highest first.
func reverts(common schemas.BlockRef, voided []standingBlock, n int) []schemas.Reorged {
	var out []schemas.Reorged
	for len(voided) > n {
		cut := len(voided) - n
		for cut < len(voided) && !voided[cut-1].sealed {
			cut++
		}
		if cut == len(voided) {
			break
		}
		out = append(out, schemas.Reorged{Common: voided[cut-1].BlockRef, Voided: refs(voided[cut:])})
		voided = voided[:cut]
	}
	return append(out, schemas.Reorged{Common: common, Voided: refs(voided)})
}

func refs(blocks []standingBlock) []schemas.BlockRef {
	out := make([]schemas.BlockRef, len(blocks))
	for i, b := range blocks {
		out[i] = b.BlockRef
	}
	return out
}

func (w *chainWriter) event(e chainEvent, value schemas.ChainEvent, typ string) (entry, error) {
	one, err := w.envelope(typ, schemas.ChainEventID(w.chainID, e.blockHash, e.position, w.voided[e.blockHash]), e.time, &e.position, value.AppendJSON(nil))
	if err != nil {
		return entry{}, fmt.Errorf("event %s of block %d: %w", e.position, e.position.Block, err)
	}
	one.event = &value
	return one, nil
}

// entry makes a record of the topic's own types.
func (w *chainWriter) entry(typ, id string, at time.Time, position *schemas.Position, value any) (entry, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return entry{}, err
	}
	return w.envelope(typ, id, at, position, data)
}

func (w *chainWriter) envelope(typ, id string, at time.Time, position *schemas.Position, data []byte) (one entry, err error) {
	one.envelope = schemas.Envelope{ID: id, Source: w.source, Type: typ, Time: at, Term: w.term, Position: position, Data: data}
	if position != nil {
		one.block = position.Block
	}
	one.record, err = one.envelope.Record(schemas.TopicChain, nil)
	return one, err
}

// batches cuts entries into batches as split does, but a block that fits into one batch is not cut.
func batches(entries []entry, split func([]schemas.Record) [][]schemas.Record) [][]entry {
	all := records(entries)
	var out [][]entry
	for len(all) > 0 {
		n := len(split(all)[0])
		if n < len(all) {
			start := n // of the block that the cut is in
			for start > 0 && entries[start-1].block == entries[n].block {
				start--
			}
			if start > 0 {
				n = start
			}
		}
		out = append(out, entries[:n])
		all, entries = all[n:], entries[n:]
	}
	return out
}

func records(entries []entry) []schemas.Record {
	out := make([]schemas.Record, len(entries))
	for i, e := range entries {
		out[i] = e.record
	}
	return out
}

// finishWithin is how long a batch in flight may take after the process was asked to end. What is not finished by then is in
// doubt, which the next claim settles.
const finishWithin = 1500 * time.Millisecond

// append writes one batch and reads it back through the rule.
func (w *chainWriter) append(ctx context.Context, batch []entry) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	flight, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(finishWithin, abandon) })
	defer stop()
	base, err := w.t.writer.Append(flight, records(batch))
	if err != nil {
		return &logError{err}
	}
	if due := w.reader.State().Next; base != due {
		return &logError{fmt.Errorf("a batch came to offset %d where %d was due: somebody else writes to the chain topic", base, due)}
	}
	for i, one := range batch {
		if err := w.took(base+int64(i), one); err != nil {
			w.reader = nil
			return &logError{fmt.Errorf("what was just written cannot be read: %w", err)}
		}
	}
	return nil
}
