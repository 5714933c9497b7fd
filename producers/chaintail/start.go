package chaintail

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// start returns the block that a new log begins with: the one of the settings, or the lowest at which any contract was deployed. That
// is recorded nowhere, so it is searched for, once; so is where each contract begins when a log that has begun is far behind.
// Below its own beginning nothing is asked of a contract.
func (t *Tailer) start(ctx context.Context, w *chainWriter, head starknet.Header) (uint64, error) {
	if t.config.StartBlock != nil {
		return *t.config.StartBlock, nil
	}
	from := uint64(0)
	if w.reader.State().Begun {
		if from = w.next(0); head.Number <= from+maxSpan {
			return 0, nil
		}
	}
	follows := t.at.follows
	if follows.since != nil {
		return t.begin, nil
	}
	since, err := t.at.deployments(ctx, from, head, t.config.Ahead)
	if err != nil {
		return 0, err
	}
	begin := slices.Min(append(slices.Collect(maps.Values(since)), head.Number))
	if !w.reader.State().Begun {
		deployed := 0
		for _, block := range since {
			if block <= head.Number {
				deployed++
			}
		}
		if deployed == 0 {
			t.config.Logger.WarnContext(ctx, "none of the contracts is deployed on the node's chain so far: the log begins at its head", "head", head.Number,
				"advice", "check --network (STARKNET_NETWORK) and the addresses of the contracts")
		} else {
			t.config.Logger.InfoContext(ctx, "the log begins where the first contract was deployed", "block", begin, "deployed", deployed,
				"contracts", len(since), "head", head.Number)
		}
	}
	follows.since, t.begin = since, begin
	return begin, nil
}

// deployments returns the block at which each followed contract was deployed, between two blocks: the lower one stands for every block up
// to it, the one after the head for none so far. A contract is never taken away, so halving finds it; several are searched for at a time.
func (p *provider) deployments(ctx context.Context, from uint64, head starknet.Header, atOnce int) (map[schemas.Address]uint64, error) {
	found := make([]uint64, len(p.follows.addresses))
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, contract := range p.follows.addresses {
		group.Go(func() (err error) {
			found[i], err = p.deployment(within, contract, from, head.Number)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	again, err := p.header(ctx, head.Number)
	if err != nil {
		return nil, err
	}
	if again.Hash != head.Hash {
		return nil, fmt.Errorf("block %d became another one while the contracts' first blocks were searched for", head.Number)
	}
	since := map[schemas.Address]uint64{}
	for i, contract := range p.follows.addresses {
		since[contract] = found[i]
	}
	return since, nil
}

// deployment halves the blocks from one to the head, until the first with the contract is left. The head is asked first: most contracts
// of a search that begins late are there at its beginning, and one that is nowhere takes no second question.
func (p *provider) deployment(ctx context.Context, contract schemas.Address, from, head uint64) (uint64, error) {
	there, err := p.deployedAt(ctx, contract, from)
	if there || err != nil {
		return from, err
	}
	low, high := from, head // not there at low; at high, once it was asked
	if there, err = p.deployedAt(ctx, contract, head); err != nil || !there {
		return head + 1, err
	}
	for high-low > 1 {
		middle := low + (high-low)/2
		if there, err = p.deployedAt(ctx, contract, middle); err != nil {
			return 0, err
		}
		if there {
			high = middle
		} else {
			low = middle
		}
	}
	return high, nil
}

func (p *provider) deployedAt(ctx context.Context, contract schemas.Address, block uint64) (bool, error) {
	_, err := p.ClassHashAt(ctx, starknet.ByNumber(block), contract)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, starknet.ErrContractNotFound):
		return false, nil
	case noState(err):
		return false, &prunedError{fmt.Sprintf("%s does not tell the state of block %d, so where the contracts begin cannot be found: give --start-block "+
			"(INDEXER_START_BLOCK), or --rpc-url (STARKNET_RPC_URL) of a node that keeps all state (an archive node)", p.name, block), err}
	}
	return false, fmt.Errorf("first block of contract %s: %w", contract, err)
}

// prunedError says that a node no longer has what a log needs of it.
type prunedError struct {
	problem string
	cause   error
}

func (e *prunedError) Error() string {
	if e.cause == nil {
		return e.problem
	}
	return e.problem + ": " + e.cause.Error()
}
func (e *prunedError) Unwrap() error { return e.cause }

// has tells whether a provider has a block as far as its age goes: an error where the block is older than all that it has.
func (p *provider) has(block uint64) error {
	if oldest := p.can.oldest.Load(); block < oldest {
		return &prunedError{problem: fmt.Sprintf("%s is pruned: its oldest block is %d, and the log needs block %d: give --rpc-url (STARKNET_RPC_URL) of a node that has it (an archive node), "+
			"or begin a new log above with --start-block (INDEXER_START_BLOCK)", p.name, oldest, block)}
	}
	return nil
}

// findOldest returns the oldest block that a provider has. One that keeps all is asked once.
func (p *provider) findOldest(ctx context.Context) (uint64, error) {
	_, err := p.Header(ctx, starknet.ByNumber(0))
	if !errors.Is(err, starknet.ErrBlockNotFound) {
		return 0, err
	}
	head, err := p.Head(ctx)
	if err != nil {
		return 0, err
	}
	low, high := uint64(0), head.Number // low is gone, high is there
	for high > low+1 {
		middle := low + (high-low)/2
		_, err := p.Header(ctx, starknet.ByNumber(middle))
		switch {
		case err == nil:
			high = middle
		case errors.Is(err, starknet.ErrBlockNotFound):
			low = middle
		default:
			return 0, err
		}
	}
	return high, nil
}

// upTo returns the contracts that may have events in blocks up to one.
func (f *follows) upTo(block uint64) []schemas.Address {
	if f.since == nil {
		return f.addresses
	}
	out := make([]schemas.Address, 0, len(f.addresses))
	for _, a := range f.addresses {
		if f.since[a] <= block {
			out = append(out, a)
		}
	}
	return out
}

// reverted lowers what was found above a common block: on another branch a contract may have been deployed earlier.
func (f *follows) reverted(common uint64) {
	for a, block := range f.since {
		f.since[a] = min(block, common+1)
	}
}
