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
	start, err := t.start(ctx, w, head)
	if err != nil {
		return false, err
	}
	for range nearHead {
		next := w.next(start)
		t.status.needs(next)
		if err := t.at.has(next); err != nil {
			return false, err
		}
		if next > head.Number {
			return false, nil
		}
		if head.Number-next >= nearHead && w.bound() {
			return true, t.backfill(ctx, w, next, head)
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
		if header, err = t.at.header(ctx, number); err != nil {
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
	odd := t.at.oddities.Load()
	events, err := t.at.blockEvents(ctx, header)
	if err != nil || t.at.oddities.Load() != odd {
		t.suspects.add(number)
	}
	if err != nil {
		return false, err
	}
	return false, w.write(ctx, events, header, true)
}

// header returns the header of the block of a number, which must be an accepted one.
func (p *provider) header(ctx context.Context, number uint64) (starknet.Header, error) {
	h, err := p.Header(ctx, starknet.ByNumber(number))
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
	h, err := t.at.header(ctx, held.Number)
	if errors.Is(err, starknet.ErrBlockNotFound) {
		return false, fmt.Errorf("the node's head is %d and it does not have this block, so it is pruned or not in step: %w", head.Number, err)
	}
	return err == nil && !held.same(h), err
}
