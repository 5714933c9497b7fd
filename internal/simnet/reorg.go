package simnet

import (
	"errors"
	"fmt"

	"github.com/bitsage-network/validator-dashboard/internal/simnet/economy"
)

// Reorg replaces the newest blocks by as many of another branch, at once, as a follower of a real chain sees it. Transactions of
// the old blocks come again in the new ones, the same block or the next, as far as the senders' nonces still fit; others are new.
// It refuses to touch the first block, and blocks that are accepted on L1.
func (n *Net) Reorg(depth int) error { return n.fork(entry{Kind: reorganised, Depth: depth}) }

// Rollback takes the newest blocks back and puts nothing in their place: the head is lower until new blocks are made, which are
// another branch. It refuses what [Net.Reorg] does.
func (n *Net) Rollback(depth int) error { return n.fork(entry{Kind: rolledBack, Depth: depth}) }

// Restore goes back to the branch that the last reorganisation left, with the same blocks and hashes: the chain goes A, B, A.
// Restoring again goes to B.
func (n *Net) Restore() error { return n.fork(entry{Kind: restored}) }

// fork carries out a reorganisation and serves it once the journal has it.
func (n *Net) fork(what entry) error {
	n.making.Lock()
	defer n.making.Unlock()
	// Readers wait until the journal has it: the world cannot show the old branch while it holds the new one.
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.mayFork(what); err != nil {
		return err
	}
	before := n.past
	undo, err := n.change(what)
	if err != nil {
		return err
	}
	if head := n.head(); head != nil {
		what.Head = head.hash
	}
	if err := n.journal.append(what); err != nil {
		n.forks--
		n.past = before
		n.remake(undo)
		return err
	}
	n.config.Logger.Info("the simulated chain was reorganised", "how", what.Kind, "from", undo.from, "taken_back", len(undo.blocks))
	return nil
}

// mayFork says why a reorganisation is refused.
func (n *Net) mayFork(what entry) error {
	depth := what.Depth
	if what.Kind == restored {
		if len(n.past) == 0 {
			return errors.New("no branch of the simulated chain was left, so there is none to go back to")
		}
		depth = int(n.config.FirstBlock + uint64(len(n.blocks)) - n.past[len(n.past)-1].from)
	}
	if depth < 0 || depth == 0 && what.Kind != restored || depth >= len(n.blocks) {
		return fmt.Errorf("simulated reorganisation of %d blocks: the chain has %d, and its first stays", depth, len(n.blocks))
	}
	if depth > n.config.L1Depth {
		return fmt.Errorf("simulated reorganisation of %d blocks: those more than %d behind the head are accepted on L1", depth, n.config.L1Depth)
	}
	return nil
}

// change cuts the chain back and makes the blocks of the other branch. It returns the branch that was left. The caller holds
// both locks.
func (n *Net) change(what entry) (left branch, err error) {
	target := branch{from: n.config.FirstBlock + uint64(len(n.blocks)) - uint64(what.Depth)}
	switch what.Kind {
	case restored:
		target = n.past[len(n.past)-1]
		n.past = n.past[:len(n.past)-1]
	case reorganised:
		target.blocks = n.mixed(n.blocks[len(n.blocks)-what.Depth:], n.forks+1)
	case rolledBack:
	default:
		return left, fmt.Errorf("unknown kind of reorganisation %q", what.Kind)
	}
	left = n.cut(target.from)
	n.past = append(n.past[:len(n.past):len(n.past)], left)
	n.forks++
	n.extend(target.blocks)
	return left, nil
}

// remake puts a branch back that was cut. The caller holds both locks.
func (n *Net) remake(b branch) {
	n.cut(b.from)
	n.extend(b.blocks)
}

// mixed says how another branch follows from blocks: half of a block's transactions come again in the block of the same number,
// the rest in the next.
func (n *Net) mixed(old []*block, fork uint64) []recipe {
	out := make([]recipe, len(old))
	var late []*economy.Transaction
	for i, b := range old {
		out[i] = recipe{time: b.time, branch: fork, carried: late}
		late = nil
		for k, x := range b.txs {
			if k < (len(b.txs)+1)/2 || i == len(old)-1 {
				out[i].carried = append(out[i].carried, x.Tx)
			} else {
				late = append(late, x.Tx)
			}
		}
	}
	return out
}

// cut takes back the blocks from a number on.
func (n *Net) cut(from uint64) branch {
	keep := from - n.config.FirstBlock
	left := branch{from: from}
	for _, b := range n.blocks[keep:] {
		left.blocks = append(left.blocks, b.recipe)
		delete(n.byHash, b.hash)
		for _, x := range b.txs {
			delete(n.byTx, x.Tx.Hash)
		}
	}
	clear(n.blocks[keep:])
	n.blocks = n.blocks[:keep]
	n.world.Truncate(n.head().version)
	n.changed()
	return left
}

// extend makes blocks as recipes say.
func (n *Net) extend(recipes []recipe) {
	for _, r := range recipes {
		head := n.head()
		n.publish([]*block{n.make(head.number+1, head, r)})
	}
}
