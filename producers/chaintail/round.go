package chaintail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
)

// round looks at the head once and writes towards it: what a reorganisation demands, or one chunk, or a few blocks. It tells
// whether there is more to do at once.
func (t *Tailer) round(ctx context.Context, w *chainWriter) (more bool, err error) {
	started := time.Now()
	head, err := t.at.Head(ctx)
	if err != nil {
		return false, err
	}
	t.providers.served(t.at, head.Number, time.Since(started))
	t.status.head(head)
	forked, err := t.forked(ctx, w, head)
	if err != nil {
		return false, err
	}
	if forked {
		return true, t.repair(ctx, w, head)
	}
	for range nearHead {
		next := w.next(t.config.StartBlock)
		if next > head.Number {
			return false, nil
		}
		if head.Number-next >= nearHead && w.bound() {
			return true, t.chunk(ctx, w, next, head)
		}
		if done, err := t.block(ctx, w, next, head); err != nil || done {
			return true, err
		}
	}
	return true, nil
}

// block writes one block and its seal. It tells whether that ended the round, by a reorganisation.
func (t *Tailer) block(ctx context.Context, w *chainWriter, number uint64, head starknet.Header) (done bool, err error) {
	header := head
	if number != head.Number {
		if header, err = t.header(ctx, number); err != nil {
			return false, err
		}
	}
	fits, err := t.continued(ctx, w, header)
	if err != nil {
		return false, err
	}
	if !fits {
		return true, t.repair(ctx, w, head)
	}
	events, err := t.blockEvents(ctx, header)
	if err != nil {
		return false, err
	}
	return false, w.write(ctx, events, header)
}

// chunk writes the events of a range of blocks under one seal.
func (t *Tailer) chunk(ctx context.Context, w *chainWriter, from uint64, head starknet.Header) error {
	to := w.pace.chunk(from, head.Number-nearHead) // young blocks get seals of their own, as they may be taken back
	last, err := t.header(ctx, to)
	if err != nil {
		return err
	}
	first := last
	if from != to {
		if first, err = t.header(ctx, from); err != nil {
			return err
		}
	}
	fits, err := t.continued(ctx, w, first)
	if err != nil {
		return err
	}
	if !fits {
		return t.repair(ctx, w, head)
	}
	events, err := t.rangeEvents(ctx, first, last)
	if err != nil {
		if !w.pace.failed(to-from+1, err) {
			return err
		}
		t.config.Logger.InfoContext(ctx, "asking for fewer blocks at a time", "blocks", w.pace.span, "because", err)
		if _, busy := errors.AsType[*starknet.HTTPError](err); busy {
			return err
		}
		return nil
	}
	// Every call named both ends by their hashes, so all of it is of one chain; this is only to not write what is void already.
	again, err := t.header(ctx, to)
	if err != nil {
		return err
	}
	if again.Hash != last.Hash {
		return fmt.Errorf("block %d changed while the blocks up to it were read", to)
	}
	if err := w.write(ctx, events, last); err != nil {
		return err
	}
	w.pace.went(len(events))
	t.progress.chunk(ctx, t.config.Logger, from, to, head.Number, len(events))
	return nil
}

// header returns the header of the block of a number, which must be an accepted one.
func (t *Tailer) header(ctx context.Context, number uint64) (starknet.Header, error) {
	h, err := t.at.Header(ctx, starknet.ByNumber(number))
	if err != nil {
		return h, fmt.Errorf("block %d: %w", number, err)
	}
	if h.Number != number || h.Hash.IsZero() {
		return h, fmt.Errorf("asked for block %d, the node answered block %d %s %s", number, h.Number, h.Hash, h.Status)
	}
	return h, nil
}

// forked tells whether the node has another block at a height that the log has sealed. A head above tells nothing yet: the next
// block will, by its parent, or by its hash where the log has a part of it.
func (t *Tailer) forked(ctx context.Context, w *chainWriter, head starknet.Header) (bool, error) {
	if sealed := w.reader.State().Sealed; sealed.Hash.IsZero() || head.Number > sealed.Number {
		return false, nil
	}
	held, ok, err := w.branch.atOrBelow(ctx, head.Number)
	if err != nil || !ok {
		return false, err
	}
	if held.Number == head.Number {
		return !held.same(head), nil
	}
	h, err := t.header(ctx, held.Number)
	if errors.Is(err, starknet.ErrBlockNotFound) {
		return false, fmt.Errorf("the node's head is %d and it does not have this block, so it is pruned or not in step: %w", head.Number, err)
	}
	return err == nil && !held.same(h), err
}
