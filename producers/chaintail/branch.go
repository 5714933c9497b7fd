package chaintail

import (
	"context"
	"math"
	"slices"
	"sort"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// keptSeals is how many seals a branch keeps in memory at least; older ones are read from the log again when they are needed.
const keptSeals = 10_000

// branch is what stands of the log: its sealed blocks, read back from the topic only as far as they are needed.
type branch struct {
	back  lookback
	seals []seal // oldest first
	// limit is above every seal that is still to be read: numbers get lower on the way back, and what a reorganisation voided is
	// above its common block.
	limit uint64
	// newest is the newest seal that readers accepted, whether or not it was voided later: the place to read on from. It is of
	// the time when the branch was made.
	newest *mark
}

// seal is a sealed block and the place of its seal in the log.
type seal struct {
	schemas.BlockRef
	offset, term int64
	at           int64    // the block's time, seconds since 1970; 0 where it is not known
	contents     contents // zero where another process sealed the block
}

// newBranch returns the branch of the records below an offset.
func newBranch(log Log, source string, below int64) *branch {
	return &branch{back: lookback{log: log, source: source, below: below}, limit: math.MaxUint64}
}

// load reads a window further back.
func (b *branch) load(ctx context.Context) error {
	marks, err := b.back.more(ctx)
	if err != nil {
		return err
	}
	var older []seal // newest first
	for _, m := range marks {
		if m.common != nil {
			b.limit = min(b.limit, m.common.Number+1)
			continue
		}
		if b.newest == nil {
			b.newest = &m
		}
		if m.seal.Number < b.limit {
			b.limit = m.seal.Number
			older = append(older, seal{
				BlockRef: schemas.BlockRef{Number: m.seal.Number, Hash: m.seal.Hash}, offset: m.offset, term: m.term, at: m.at.Unix(),
			})
		}
	}
	slices.Reverse(older)
	b.seals = append(older, b.seals...)
	return nil
}

// newestSeal returns the newest accepted seal, or nil where the log has none.
func (b *branch) newestSeal(ctx context.Context) (*mark, error) {
	for b.newest == nil && !b.back.done() {
		if err := b.load(ctx); err != nil {
			return nil, err
		}
	}
	return b.newest, nil
}

// at returns the i-th newest seal that stands; ok is false where the log has no more.
func (b *branch) at(ctx context.Context, i int) (s seal, ok bool, err error) {
	for i >= len(b.seals) && !b.back.done() {
		if err := b.load(ctx); err != nil {
			return seal{}, false, err
		}
	}
	if i >= len(b.seals) {
		return seal{}, false, nil
	}
	return b.seals[len(b.seals)-1-i], true, nil
}

// atOrBelow returns the newest seal that stands of a block numbered n or lower.
func (b *branch) atOrBelow(ctx context.Context, n uint64) (s seal, ok bool, err error) {
	for (len(b.seals) == 0 || b.seals[0].Number > n) && !b.back.done() {
		if err := b.load(ctx); err != nil {
			return seal{}, false, err
		}
	}
	above := sort.Search(len(b.seals), func(i int) bool { return b.seals[i].Number > n })
	if above == 0 {
		return seal{}, false, nil
	}
	return b.seals[above-1], true, nil
}

// sealed adds the newest seal.
func (b *branch) sealed(s seal) {
	b.seals = append(b.seals, s)
	if len(b.seals) < 2*keptSeals {
		return
	}
	b.seals = slices.Clone(b.seals[len(b.seals)-keptSeals:])
	b.back.below, b.back.waiting, b.limit = b.seals[0].offset, nil, b.seals[0].Number
}

// wrote notes the header of the block that was sealed last.
func (b *branch) wrote(h starknet.Header) {
	if last := len(b.seals) - 1; last >= 0 && b.seals[last].Hash == h.Hash {
		b.seals[last].contents = contentsOf(h)
	}
}

// reverted drops the seals above a common block.
func (b *branch) reverted(common uint64) {
	keep := sort.Search(len(b.seals), func(i int) bool { return b.seals[i].Number > common })
	b.seals = b.seals[:keep]
	if keep == 0 && common < math.MaxUint64 {
		b.limit = min(b.limit, common+1)
	}
}

// standing returns the blocks above a seal that stand in the log below an offset, lowest first: those with events, those with
// a seal, and a partly written one. A nil seal stands for the beginning of the log.
func (b *branch) standing(ctx context.Context, from *seal, below int64) ([]standingBlock, error) {
	state := schemas.StartOfChain()
	if from != nil {
		state = schemas.ChainState{
			Next: from.offset + 1, Term: from.term, Begun: true, Position: schemas.SealPosition(from.Number), Sealed: from.BlockRef, LastReorg: -1,
		}
	}
	reader := schemas.NewChainReader(state)
	var blocks []standingBlock
	err := readOn(ctx, b.back.log, state.Next, below, func(rec schemas.Record) error {
		steps, err := reader.Read(rec)
		for _, s := range steps {
			if s.Final != nil {
				continue
			}
			if s.Block != nil {
				blocks = append(blocks, standingBlock{s.Block.BlockRef, s.Block.Sealed})
				continue
			}
			for len(blocks) > 0 && blocks[len(blocks)-1].Number > s.Reorg.Common.Number {
				blocks = blocks[:len(blocks)-1]
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if partial, ok := reader.PendingBlock(); ok {
		blocks = append(blocks, standingBlock{partial, false})
	}
	return blocks, nil
}

// standingBlock is a block that the log holds; sealed tells whether its seal is its own, so that readers can go back to it.
type standingBlock struct {
	schemas.BlockRef
	sealed bool
}
