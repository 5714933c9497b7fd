package chaintail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// settle notes in the log how far the chain is accepted on L1, once in a while and at the end of a block. It takes at most two calls.
// Where it cannot be told the log is as good as before, so no answer is no failure of the round.
func (t *Tailer) settle(ctx context.Context, w *chainWriter) error {
	state := w.reader.State()
	if time.Since(t.settled) < t.config.FinalityInterval || state.Unsealed > 0 || !w.bound() {
		return nil
	}
	t.settled = time.Now()
	if !t.at.can.l1.Load() {
		t.status.finality(fmt.Errorf("%s does not say what is accepted on L1: it speaks spec %s, and the tag came with 0.9", t.at.name, t.at.can.spec))
		return nil
	}
	final, err := t.final(ctx, w)
	switch {
	case ctx.Err() != nil || err != nil && endsTerm(err):
		return err
	case errors.Is(err, starknet.ErrInvalidParams):
		t.at.can.l1.Store(false)
		fallthrough
	case err != nil:
		t.config.Logger.InfoContext(ctx, "not known what is accepted on L1", "provider", t.at.name, "because", err)
		t.status.finality(fmt.Errorf("%s does not say what is accepted on L1: %w", t.at.name, err))
		return nil
	}
	t.status.finality(nil)
	if final == nil || !state.Final.Hash.IsZero() && final.Number <= state.Final.Number {
		return nil
	}
	one, err := w.entry(schemas.TypeFinalized, fmt.Sprintf("final/%s/%d", final.Hash, state.Next), time.Now(), nil, schemas.Finalized{BlockRef: *final})
	if err != nil {
		return err
	}
	if err := w.append(ctx, []entry{one}); err != nil {
		return err
	}
	w.told()
	return nil
}

// final returns the newest block that the log has sealed and the node knows to be accepted on L1; nil where there is none.
func (t *Tailer) final(ctx context.Context, w *chainWriter) (*schemas.BlockRef, error) {
	h, err := t.at.Header(ctx, starknet.TagL1Accepted)
	if errors.Is(err, starknet.ErrBlockNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	held, ok, err := w.branch.atOrBelow(ctx, h.Number)
	if err != nil || !ok {
		return nil, err
	}
	if held.Number < h.Number { // the one that it says is inside a chunk, or not written yet
		if h, err = t.at.header(ctx, held.Number); err != nil {
			return nil, err
		}
	}
	if !held.same(h) {
		return nil, fmt.Errorf("its block %d is not the log's", held.Number)
	}
	return &held.BlockRef, nil
}
