package chaintail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

const (
	// nearHead is the distance to the head up to which blocks are written one by one, each with its seal.
	nearHead = 16
	// maxChunk bounds the blocks under one seal while backfilling.
	maxChunk = 1_000
)

// advance writes the next block, or the next chunk of blocks, and tells whether there is more to do at once.
func (t *Tailer) advance(ctx context.Context, w *chainWriter) (more bool, err error) {
	head, err := t.node.Head(ctx)
	if err != nil {
		return false, err
	}
	t.update(func(s *Status) { s.Head, s.SeenAt = head.Number, time.Now() })
	if forked, err := t.forked(ctx, w, head); err != nil || forked {
		if err == nil {
			err = t.reorg(ctx, w)
		}
		return true, err
	}
	next := w.next(t.config.StartBlock)
	if head.Number < next {
		return false, nil
	}
	left := head.Number - next + 1
	// The first block of a log is sealed alone: it binds the log to its chain, and is the deepest that can be gone back to.
	if left > nearHead && w.reader.State().Begun {
		return true, t.chunk(ctx, w, next, min(next+w.span-1, head.Number))
	}
	return left > 1, t.block(ctx, w, next)
}

// errForked says that a block does not follow from what the log holds.
var errForked = errors.New("the block is on another branch than the log")

// block writes one block and its seal.
func (t *Tailer) block(ctx context.Context, w *chainWriter, number uint64) error {
	header, err := t.node.Header(ctx, starknet.ByNumber(number))
	if err != nil {
		return err
	}
	if header.Number != number {
		return fmt.Errorf("asked for block %d, the node answered block %d", number, header.Number)
	}
	if !w.follows(header) {
		return t.confirmFork(ctx, w, fmt.Errorf("block %d: %w", number, errForked))
	}
	events, err := t.blockEvents(ctx, header)
	if err != nil {
		return err
	}
	return w.write(ctx, events, header)
}

// chunk writes the events of a range of blocks under one seal.
func (t *Tailer) chunk(ctx context.Context, w *chainWriter, from, to uint64) error {
	last, err := t.node.Header(ctx, starknet.ByNumber(to))
	if err != nil {
		return err
	}
	first := last
	if from != to {
		if first, err = t.node.Header(ctx, starknet.ByNumber(from)); err != nil {
			return err
		}
	}
	if !w.follows(first) {
		return t.confirmFork(ctx, w, fmt.Errorf("block %d: %w", from, errForked))
	}
	events, err := t.rangeEvents(ctx, from, last)
	if err != nil {
		w.narrow()
		return err
	}
	// The range was read in several calls; it is one chain only if its end is still where it was.
	again, err := t.node.Header(ctx, starknet.ByNumber(to))
	if err != nil {
		return err
	}
	if again.Hash != last.Hash {
		return fmt.Errorf("block %d changed while the blocks up to it were read", to)
	}
	w.widen()
	return w.write(ctx, events, last)
}

// forked tells whether the node has a different block at a height that the log holds.
func (t *Tailer) forked(ctx context.Context, w *chainWriter, head schemas.BlockRef) (bool, error) {
	if partial, ok := w.reader.PendingBlock(); ok && head.Number >= partial.Number {
		h, err := t.node.Header(ctx, starknet.ByNumber(partial.Number))
		return err == nil && h.Hash != partial.Hash, err
	}
	state := w.reader.State()
	if state.Sealed.Hash.IsZero() {
		return false, nil
	}
	if head.Number > state.Sealed.Number {
		return false, nil // the next block's parent will tell
	}
	held, err := w.headers.atOrBelow(ctx, head.Number)
	if err != nil || held == nil {
		return false, err
	}
	if held.Number == head.Number {
		return held.Hash != head.Hash, nil
	}
	h, err := t.node.Header(ctx, starknet.ByNumber(held.Number))
	return err == nil && h.Hash != held.Hash, err
}

// confirmFork asks a second time before anything is taken back: a node that is changing branches may answer from both.
func (t *Tailer) confirmFork(ctx context.Context, w *chainWriter, cause error) error {
	sealed := w.reader.State().Sealed
	h, err := t.node.Header(ctx, starknet.ByNumber(sealed.Number))
	if err != nil {
		return err
	}
	if h.Hash == sealed.Hash {
		return cause // the node's answers do not fit together; ask again later
	}
	return t.reorg(ctx, w)
}

// reorg finds the last block of the log that the node still has, and voids what is above it.
func (t *Tailer) reorg(ctx context.Context, w *chainWriter) error {
	common, err := t.commonBlock(ctx, w)
	if err != nil {
		return err
	}
	if common.Hash.IsZero() {
		return w.revert(ctx, common) // nothing was sealed yet
	}
	again, err := t.node.Header(ctx, starknet.ByNumber(common.Number))
	if err != nil {
		return err
	}
	if again.Hash != common.Hash {
		return fmt.Errorf("block %d changed while the common block was searched", common.Number)
	}
	return w.revert(ctx, common)
}

// commonBlock searches the newest sealed block that the node has under the same hash: back by doubling steps, then by halving.
func (t *Tailer) commonBlock(ctx context.Context, w *chainWriter) (seal, error) {
	stands := func(i int) (bool, error) {
		ref, err := w.headers.at(ctx, i)
		if err != nil || ref == nil {
			return false, err
		}
		h, err := t.node.Header(ctx, starknet.ByNumber(ref.Number))
		if errors.Is(err, starknet.ErrBlockNotFound) {
			return false, nil
		}
		return err == nil && h.Hash == ref.Hash, err
	}
	void, step := -1, 1
	for i := 0; ; i, step = i+step, 2*step {
		last, err := w.headers.last(ctx, i)
		if err != nil {
			return seal{}, err
		}
		i = min(i, last)
		if i < 0 {
			return w.beforeLog(t.config.StartBlock)
		}
		ok, err := stands(i)
		if err != nil {
			return seal{}, err
		}
		if ok {
			return t.bisect(ctx, w, stands, void, i)
		}
		if void = i; i == last && w.headers.complete {
			return w.beforeLog(t.config.StartBlock)
		}
	}
}

// bisect narrows down to the newest block that stands: index void does not, index stand does.
func (t *Tailer) bisect(ctx context.Context, w *chainWriter, stands func(int) (bool, error), void, stand int) (seal, error) {
	for stand-void > 1 {
		middle := (stand + void) / 2
		ok, err := stands(middle)
		if err != nil {
			return seal{}, err
		}
		if ok {
			stand = middle
		} else {
			void = middle
		}
	}
	ref, err := w.headers.at(ctx, stand)
	if err != nil {
		return seal{}, err
	}
	return *ref, nil
}
