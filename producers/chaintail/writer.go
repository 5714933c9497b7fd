package chaintail

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// chainWriter writes in one term. Its reader reads every record it writes, so that it always stands where any reader of the
// log stands.
type chainWriter struct {
	t       *Tailer
	chainID schemas.Felt
	source  string
	term    int64
	reader  *schemas.ChainReader
	headers *headers
	open    []schemas.BlockRef   // blocks that are whole, of a chunk whose seal has not come
	voided  map[schemas.Hash]int // how often each block was voided, for the ids of its next inclusion
	span    uint64               // blocks in the next chunk
}

// logError is a fault between us and the log: the term ends, and the next one begins with a claim.
type logError struct{ cause error }

func (e *logError) Error() string { return e.cause.Error() }
func (e *logError) Unwrap() error { return e.cause }

// claim takes the topic and reads its tail.
func (w *chainWriter) claim(ctx context.Context) error {
	now := time.Now()
	data, err := json.Marshal(schemas.Claimed{Writer: w.t.config.Writer, Build: w.t.config.Build})
	if err != nil {
		return err
	}
	env := schemas.Envelope{
		ID: fmt.Sprintf("claim/%s/%d", w.t.config.Writer, now.UnixNano()), Source: w.source,
		Type: schemas.TypeClaimed, Time: now, Data: data,
	}
	rec, err := env.Record(schemas.TopicChain, nil)
	if err != nil {
		return err
	}
	if w.term, err = w.t.writer.Claim(ctx, rec); err != nil {
		return err
	}
	found, err := readTail(ctx, w.t.log, w.term)
	if err != nil {
		return fmt.Errorf("read the tail of the chain topic: %w", err)
	}
	if found.source != "" && found.source != w.source {
		return &FatalError{fmt.Sprintf("the log holds %s and the node is on %s: give the log of this chain, or the node of that one", found.source, w.source)}
	}
	w.reader, w.span = found.reader, maxChunk
	w.headers = newHeaders(w.t.log, found.mark, found.markTerm)
	reorgs, err := readReorgs(ctx, w.t.log, w.reader.State().LastReorg)
	if err != nil {
		return err
	}
	w.voided = schemas.VoidedCounts(reorgs)
	return nil
}

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

// follows tells whether a block continues what is sealed.
func (w *chainWriter) follows(h starknet.Header) bool {
	state := w.reader.State()
	if state.Unsealed > 0 || state.Sealed.Hash.IsZero() || h.Number != state.Sealed.Number+1 {
		return true // nothing sealed is next to it to compare with
	}
	return h.Parent == state.Sealed.Hash
}

func (w *chainWriter) narrow() { w.span = max(1, w.span/2) }

func (w *chainWriter) widen() { w.span = min(maxChunk, w.span*2) }

// write appends the events that the log does not have yet, and the seal of the block they lead up to. A block is one batch
// where it fits.
func (w *chainWriter) write(ctx context.Context, events []chainEvent, last starknet.Header) error {
	state := w.reader.State()
	partial, isPartial := w.reader.PendingBlock()
	if isPartial && last.Number == partial.Number && last.Hash != partial.Hash {
		return fmt.Errorf("block %d: %w", last.Number, errForked)
	}
	records := make([]schemas.Record, 0, len(events)+1)
	unsealed := state.Unsealed
	for _, e := range events {
		if isPartial && e.position.Block == partial.Number && e.blockHash != partial.Hash {
			return fmt.Errorf("block %d: %w", partial.Number, errForked)
		}
		if state.Begun && e.position.Compare(state.Position) <= 0 {
			continue // written before a takeover in the middle of the block
		}
		rec, err := w.record(ctx, e)
		if err != nil {
			return err
		}
		records = append(records, rec)
		unsealed++
	}
	position := schemas.SealPosition(last.Number)
	rec, err := w.envelope(schemas.TypeSealed, "seal/"+last.Hash.String()+"/"+w.inclusion(last.Hash), last.Time(), &position,
		schemas.Sealed{Number: last.Number, Hash: last.Hash, Parent: last.Parent, Events: unsealed, LastReorg: state.LastReorg})
	if err != nil {
		return err
	}
	if err := w.append(ctx, append(records, rec)); err != nil {
		return err
	}
	w.headers.sealed(seal{last.Ref(), w.reader.State().Next - 1, w.term})
	w.t.metrics.sealed(last)
	w.t.update(func(s *Status) { s.Begun, s.Sealed, s.SealedAt = true, last.Number, last.Time() })
	return nil
}

// revert appends the record of a reorganisation: everything above the common block is void.
func (w *chainWriter) revert(ctx context.Context, common seal) error {
	state := w.reader.State()
	voided, err := standing(ctx, w.t.log, common, state.Next)
	if err != nil {
		return err
	}
	v := schemas.Reorged{Common: common.BlockRef, Voided: voided, Previous: state.LastReorg}
	rec, err := w.envelope(schemas.TypeReorged, fmt.Sprintf("reorg/%s/%d", common.Hash, state.Next), time.Now(), nil, v)
	if err != nil {
		return err
	}
	if err := w.append(ctx, []schemas.Record{rec}); err != nil {
		return err
	}
	for _, b := range v.Voided {
		w.voided[b.Hash]++
	}
	w.headers.reverted(common.Number)
	w.t.metrics.reorged(len(v.Voided))
	w.t.config.Logger.WarnContext(ctx, "chain reorganised", "common", common.Number, "voided", len(v.Voided))
	w.t.update(func(s *Status) { s.Sealed = common.Number })
	return nil
}

// beforeLog is the answer where no sealed block of the log is on the chain any more.
func (w *chainWriter) beforeLog(start uint64) (seal, error) {
	if state := w.reader.State(); state.Sealed.Hash.IsZero() && start > 0 {
		// Nothing was sealed yet: only a first block, partly written, is void.
		return seal{BlockRef: schemas.BlockRef{Number: start - 1}}, nil
	}
	return seal{}, &FatalError{"the node's chain has none of the blocks of this log: it is another chain, or was reorganised past " +
		"the log's first block; check the node, or begin a new log and an empty database"}
}

func (w *chainWriter) inclusion(block schemas.Hash) string { return strconv.Itoa(w.voided[block]) }

func (w *chainWriter) record(ctx context.Context, e chainEvent) (schemas.Record, error) {
	value, typ := w.t.decode(ctx, e)
	position := e.position
	rec, err := w.envelope(typ, schemas.ChainEventID(w.chainID, e.blockHash, e.position, w.voided[e.blockHash]), e.time, &position, value)
	if err != nil {
		return rec, fmt.Errorf("event %s of block %d: %w", e.position, e.position.Block, err)
	}
	w.t.metrics.event(value)
	return rec, nil
}

func (w *chainWriter) envelope(typ, id string, at time.Time, position *schemas.Position, value any) (schemas.Record, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return schemas.Record{}, err
	}
	return schemas.Envelope{ID: id, Source: w.source, Type: typ, Time: at, Term: w.term, Position: position, Data: data}.Record(schemas.TopicChain, nil)
}

// append writes records in batches and reads each back through the rule.
func (w *chainWriter) append(ctx context.Context, records []schemas.Record) error {
	for _, batch := range w.t.config.Split(records) {
		base, err := w.t.writer.Append(ctx, batch)
		if err != nil {
			return &logError{err}
		}
		if due := w.reader.State().Next; base != due {
			return &logError{fmt.Errorf("a batch came to offset %d where %d was due: somebody else writes to the chain topic", base, due)}
		}
		for i, rec := range batch {
			rec.Offset = base + int64(i)
			if _, err := w.reader.Read(rec); err != nil {
				return &logError{err}
			}
		}
	}
	return nil
}
