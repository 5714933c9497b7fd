package chaintail

import (
	"context"
	"encoding/json"
	"math"
	"slices"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// headers are the sealed blocks of the log that stand, newest first, read back from the topic only as far as they are needed.
type headers struct {
	log      Log
	refs     []seal
	below    int64  // records from here on are read
	ceiling  uint64 // blocks above it are void: a reorganisation that was read took them back
	minTerm  int64  // lowest term among the records that stand, as far as they were read
	complete bool   // the log's first record is read
}

// seal is a sealed block and the place of its seal in the log.
type seal struct {
	schemas.BlockRef
	offset, term int64
}

// window is the number of records that one look back reads.
const window = 4096

// newHeaders begins at the newest seal or reorganisation that stands: mark is the offset after it, and term its term.
func newHeaders(log Log, mark, term int64) *headers {
	return &headers{log: log, below: mark, ceiling: math.MaxUint64, minTerm: term}
}

// at returns the i-th newest header, or nil where the log has no more.
func (h *headers) at(ctx context.Context, i int) (*seal, error) {
	for i >= len(h.refs) && !h.complete {
		if err := h.back(ctx); err != nil {
			return nil, err
		}
	}
	if i >= len(h.refs) {
		return nil, nil
	}
	return &h.refs[i], nil
}

// last returns the index of the oldest header known, after looking back far enough for index i.
func (h *headers) last(ctx context.Context, i int) (int, error) {
	_, err := h.at(ctx, i)
	return len(h.refs) - 1, err
}

// atOrBelow returns the newest header whose number is at most n, or nil.
func (h *headers) atOrBelow(ctx context.Context, n uint64) (*seal, error) {
	for i := 0; ; i++ {
		ref, err := h.at(ctx, i)
		if err != nil || ref == nil || ref.Number <= n {
			return ref, err
		}
	}
}

// sealed adds the newest header.
func (h *headers) sealed(s seal) { h.refs = slices.Insert(h.refs, 0, s) }

// reverted drops the headers above the common block.
func (h *headers) reverted(common uint64) {
	for len(h.refs) > 0 && h.refs[0].Number > common {
		h.refs = h.refs[1:]
	}
	h.ceiling = min(h.ceiling, common)
}

// back reads one window further back. Going backwards, what stands is told by three rules: a reorganisation voids the older
// seals above its common block; seals get strictly lower; and a seal is stale where a newer one's claim lies between its own
// term and itself.
func (h *headers) back(ctx context.Context) error {
	records, err := h.log.ReadBack(ctx, schemas.TopicChain, 0, h.below, window)
	if err != nil {
		return err
	}
	for i := len(records) - 1; i >= 0; i-- {
		if err := h.take(records[i]); err != nil {
			return err
		}
	}
	h.below -= int64(len(records))
	h.complete = h.below <= 0 || len(records) == 0
	return nil
}

func (h *headers) take(rec schemas.Record) error {
	env, err := schemas.ParseEnvelope(rec)
	if err != nil {
		return err
	}
	if env.Term < h.minTerm && h.minTerm < rec.Offset {
		return nil // stale
	}
	switch env.Type {
	case schemas.TypeReorged:
		var v schemas.Reorged
		if err := json.Unmarshal(env.Data, &v); err != nil {
			return err
		}
		h.ceiling, h.minTerm = min(h.ceiling, v.Common.Number), min(h.minTerm, env.Term)
	case schemas.TypeSealed:
		var v schemas.Sealed
		if err := json.Unmarshal(env.Data, &v); err != nil {
			return err
		}
		if v.Number > h.ceiling || len(h.refs) > 0 && v.Number >= h.refs[len(h.refs)-1].Number {
			return nil
		}
		h.refs = append(h.refs, seal{schemas.BlockRef{Number: v.Number, Hash: v.Hash}, rec.Offset, env.Term})
		h.minTerm = min(h.minTerm, env.Term)
	}
	return nil
}

// standing returns the blocks above a seal that stand in the log below an offset, those with events and the sealed ones,
// lowest first, a partly written one included. A zero seal stands for the beginning of the log.
func standing(ctx context.Context, log Log, from seal, below int64) ([]schemas.BlockRef, error) {
	state := schemas.StartOfChain()
	if !from.Hash.IsZero() {
		state = schemas.ChainState{
			Next: from.offset + 1, Term: from.term, Begun: true, Position: schemas.SealPosition(from.Number), Sealed: from.BlockRef, LastReorg: -1,
		}
	}
	reader := schemas.NewChainReader(state)
	var blocks []schemas.BlockRef
	for next := state.Next; next < below; {
		to := min(next+window, below)
		records, err := log.ReadBack(ctx, schemas.TopicChain, 0, to, int(to-next))
		if err != nil {
			return nil, err
		}
		for _, rec := range records {
			steps, err := reader.Read(rec)
			if err != nil {
				return nil, err
			}
			for _, s := range steps {
				if s.Block != nil {
					blocks = append(blocks, s.Block.BlockRef)
					continue
				}
				for len(blocks) > 0 && blocks[len(blocks)-1].Number > s.Reorg.Common.Number {
					blocks = blocks[:len(blocks)-1]
				}
			}
		}
		next = to
	}
	if partial, ok := reader.PendingBlock(); ok {
		blocks = append(blocks, partial)
	}
	return blocks, nil
}
