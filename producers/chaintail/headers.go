package chaintail

import (
	"context"
	"encoding/json"
	"math"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// headers are the sealed blocks of the log that stand, newest first, read back from the topic only as far as they are needed.
type headers struct {
	log      Log
	refs     []schemas.BlockRef
	below    int64  // records from here on are read
	ceiling  uint64 // blocks above it are void: a reorganisation that was read took them back
	minTerm  int64  // lowest term among the records that stand, as far as they were read
	complete bool   // the log's first record is read
}

// window is the number of records that one look back reads.
const window = 4096

// newHeaders begins at the newest seal or reorganisation that stands: mark is the offset after it, and term its term.
func newHeaders(log Log, mark, term int64) *headers {
	return &headers{log: log, below: mark, ceiling: math.MaxUint64, minTerm: term}
}

// at returns the i-th newest header, or nil where the log has no more.
func (h *headers) at(ctx context.Context, i int) (*schemas.BlockRef, error) {
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
func (h *headers) atOrBelow(ctx context.Context, n uint64) (*schemas.BlockRef, error) {
	for i := 0; ; i++ {
		ref, err := h.at(ctx, i)
		if err != nil || ref == nil || ref.Number <= n {
			return ref, err
		}
	}
}

// sealed adds the newest header.
func (h *headers) sealed(ref schemas.BlockRef) {
	h.refs = append([]schemas.BlockRef{ref}, h.refs...)
}

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
		h.refs = append(h.refs, schemas.BlockRef{Number: v.Number, Hash: v.Hash})
		h.minTerm = min(h.minTerm, env.Term)
	}
	return nil
}
