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
	// confirmAbove is the depth above which the node is given some time before it is asked again.
	confirmAbove = 8
	confirmAfter = 2 * time.Second
	// maxVoided bounds the blocks that one reorganisation record lists, so that it fits into the log.
	maxVoided = 4_000
)

// repair takes the log back to the last block that the node has, too. A node that is changing branches may answer from both, so
// nothing is taken back before it has said so twice.
func (t *Tailer) repair(ctx context.Context, w *chainWriter, head starknet.Header) error {
	t.ahead.drop()
	common, lowest, err := t.fork(ctx, w, head)
	if err != nil {
		return err
	}
	depth := w.reader.State().Position.Block - lowest.Number + 1
	if common != nil {
		depth = w.reader.State().Position.Block - common.Number
	}
	if depth > confirmAbove {
		t.config.Logger.WarnContext(ctx, "the node tells of a deep reorganisation, asking again", "blocks", depth, "from", lowest.Number)
		if !sleep(ctx, confirmAfter) {
			return ctx.Err()
		}
	}
	again, err := t.at.header(ctx, lowest.Number)
	if err != nil {
		return err
	}
	if depth > confirmAbove {
		if err := t.providers.confirmVoid(ctx, t.at, lowest); err != nil {
			return err
		}
	}
	if lowest.same(again) {
		return fmt.Errorf("the node told of another block %d, and now of the one that the log holds", lowest.Number)
	}
	if common == nil {
		return &FatalError{"the node's chain has none of the blocks of this log: it is another chain, or was reorganised past the " +
			"log's first block. Check --rpc-url (STARKNET_RPC_URL), or begin with a new log and an empty database"}
	}
	if !common.Hash.IsZero() {
		if again, err = t.at.header(ctx, common.Number); err != nil {
			return err
		}
		if !common.same(again) {
			return fmt.Errorf("block %d changed while the common block was searched", common.Number)
		}
	}
	return w.revert(ctx, *common, depth)
}

// fork returns the newest block that log and node have in common, nil if there is none, and the lowest one that the log holds
// and the node does not.
func (t *Tailer) fork(ctx context.Context, w *chainWriter, head starknet.Header) (common *seal, lowest seal, err error) {
	index, found, err := commonBlock(func(i int) (verdict, error) { return t.compare(ctx, w, i, head) })
	if err != nil {
		return nil, lowest, err
	}
	if found {
		s, _, err := w.branch.at(ctx, index)
		if err != nil {
			return nil, lowest, err
		}
		common = &s
	}
	if index > 0 {
		s, _, err := w.branch.at(ctx, index-1)
		return common, s, err
	}
	// No sealed block is void; only one that was partly written can be.
	partial, ok := w.reader.PendingBlock()
	if !ok || partial.Number > head.Number {
		return nil, lowest, errors.New("the node's answers do not fit together: a block does not continue the one that it has before it")
	}
	if common == nil && partial.Number > 0 {
		common = &seal{BlockRef: schemas.BlockRef{Number: partial.Number - 1}} // nothing was sealed yet: the log begins again
	}
	return common, seal{BlockRef: partial}, nil
}

// compare asks the node for the i-th newest sealed block of the log.
func (t *Tailer) compare(ctx context.Context, w *chainWriter, i int, head starknet.Header) (verdict, error) {
	s, ok, err := w.branch.at(ctx, i)
	if err != nil {
		return void, err
	}
	if !ok {
		return pastEnd, nil
	}
	if s.Number > head.Number {
		return void, nil
	}
	h, err := t.at.header(ctx, s.Number)
	switch {
	case errors.Is(err, starknet.ErrBlockNotFound):
		// It is not another block: a node that lacks old blocks must not take the log back to its beginning.
		return void, fmt.Errorf("the node's head is %d and it does not have this block, so it is pruned or not in step: %w", head.Number, err)
	case err != nil:
		return void, err
	case s.same(h):
		return stands, nil
	}
	return void, nil
}

// verdict is what the node says about a sealed block of the log.
type verdict int

const (
	void    verdict = iota // the node has another one there
	stands                 // the node has it
	pastEnd                // the log has no such block
)

// commonBlock returns the lowest index that is not void, and whether it stands or is past the end. Index 0 is the newest; what
// is older than one that stands, stands. It looks back by doubling steps and then halves, about 24 times for 3,000 blocks.
func commonBlock(look func(i int) (verdict, error)) (index int, found bool, err error) {
	last := -1 // the highest index known to be void
	for step := 1; ; index, step = index+step, 2*step {
		v, err := look(index)
		if err != nil {
			return 0, false, err
		}
		if v != void {
			found = v == stands
			break
		}
		last = index
	}
	for index-last > 1 {
		middle := (last + index) / 2
		v, err := look(middle)
		if err != nil {
			return 0, false, err
		}
		if v == void {
			last = middle
		} else {
			index, found = middle, v == stands
		}
	}
	return index, found, nil
}
