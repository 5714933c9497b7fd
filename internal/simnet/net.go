package simnet

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/simnet/economy"
	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Net is a simulated network. It is safe for concurrent use.
type Net struct {
	config Config

	// making is held by whoever changes the chain, from the first transaction until the block is served.
	making  sync.Mutex
	journal *journal // guarded by making
	past    []branch // guarded by making: branches that were left, the last one last
	forks   uint64   // guarded by making: branches so far

	// mu guards what is served. A block in the making changes the world above the versions that anybody reads, but in the
	// same maps, so it is made under mu too.
	mu     sync.RWMutex
	world  *economy.World
	blocks []*block // by number, from FirstBlock on
	byHash map[schemas.Hash]uint64
	byTx   map[schemas.Hash]place
	news   chan struct{} // closed, and replaced, when the chain is another
	// pending is the pre-confirmed block, as it was made when it was last asked for, and pendingOn the head that it was to follow.
	pending   *block
	pendingOn schemas.Hash

	closed  chan struct{}
	streams sync.WaitGroup // WebSocket connections
}

// branch is blocks that were taken back, by what they follow from.
type branch struct {
	from   uint64 // number of its first block
	blocks []recipe
}

// New opens a network with the blocks that its journal has. A journal of another chain, or of other rules, is an error.
func New(c Config) (*Net, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	j, entries, err := openJournal(c)
	if err != nil {
		return nil, err
	}
	n := &Net{
		config: c, journal: j, byHash: map[schemas.Hash]uint64{}, byTx: map[schemas.Hash]place{}, news: make(chan struct{}), closed: make(chan struct{}),
	}
	n.config.BlockTime = j.heading.blockTime()
	n.world, err = economy.NewWorld(economy.Config{
		Seed: c.Seed, Workers: c.Workers, BlockSeconds: n.config.BlockTime.Seconds(), Keys: starknet.Curve{},
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("simulated network: %w", err), j.close())
	}
	if err := n.replay(entries); err != nil {
		return nil, errors.Join(fmt.Errorf("simulated chain in %s: %w", j.path(), err), j.close())
	}
	n.config.BlockTime = c.BlockTime
	c.Logger.Info("a SIMULATED StarkNet network is open: a development tool, no source of real numbers",
		"seed", c.Seed, "workers", c.Workers, "first_block", c.FirstBlock, "blocks", len(n.blocks), "journal", j.path())
	return n, nil
}

// Close ends the WebSocket connections and closes the journal. The network must not be used any more.
func (n *Net) Close() error {
	close(n.closed)
	n.streams.Wait()
	n.making.Lock()
	defer n.making.Unlock()
	return n.journal.close()
}

// Run makes a block every BlockTime, with the wall clock's time, until ctx ends.
func (n *Net) Run(ctx context.Context) error {
	tick := time.NewTicker(n.config.BlockTime)
	defer tick.Stop()
	for {
		if err := n.produce(1, func(uint64) time.Time { return time.Now() }); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Produce makes one block by the network's own clock, which is BlockTime further with each block.
func (n *Net) Produce() error { return n.ProduceN(1) }

// ProduceN makes several blocks and writes them to the journal at once.
func (n *Net) ProduceN(count int) error {
	return n.produce(count, func(number uint64) time.Time {
		return n.config.StartTime.Add(time.Duration(number-n.config.FirstBlock) * n.config.BlockTime)
	})
}

func (n *Net) produce(count int, clock func(number uint64) time.Time) error {
	n.making.Lock()
	defer n.making.Unlock()
	n.mu.Lock()
	head, before := n.head(), n.world.Version()
	made := make([]*block, 0, count)
	entries := make([]entry, 0, count)
	for range count {
		number := n.config.FirstBlock
		r := recipe{branch: n.forks}
		if head != nil {
			number, r.time = head.number+1, head.time
		}
		r.time = max(r.time, uint64(max(clock(number).Unix(), 0)))
		head = n.make(number, head, r)
		made = append(made, head)
		entries = append(entries, entry{Kind: madeBlock, Time: r.time, Head: head.hash})
	}
	n.mu.Unlock()

	err := n.journal.append(entries...)
	n.mu.Lock()
	defer n.mu.Unlock()
	if err != nil {
		n.world.Truncate(before)
		return err
	}
	n.publish(made)
	return nil
}

// preConfirm makes the pre-confirmed block, unless it is made: what the world would do now, which is taken back at once. The block that comes
// may differ, as it has another time.
func (n *Net) preConfirm() {
	n.making.Lock()
	defer n.making.Unlock()
	n.mu.Lock()
	defer n.mu.Unlock()
	head := n.head()
	if head == nil || n.pending != nil && n.pendingOn == head.hash {
		return
	}
	before := n.world.Version()
	made := n.make(head.number+1, head, recipe{branch: n.forks, time: head.time + uint64(n.config.BlockTime.Seconds())})
	n.world.Truncate(before)
	n.pending, n.pendingOn = &block{recipe: made.recipe, number: made.number, txs: made.txs, events: made.events, version: head.version}, head.hash
}

// make lets the world act for one block. The caller holds mu.
func (n *Net) make(number uint64, parent *block, r recipe) *block {
	txs := n.world.Act(economy.Block{Number: number, Time: r.time}, n.config.FirstBlock, r.branch, r.carried)
	return n.seal(number, parent, r, txs)
}

// publish serves blocks. The caller holds mu.
func (n *Net) publish(made []*block) {
	for _, b := range made {
		n.blocks = append(n.blocks, b)
		n.byHash[b.hash] = b.number
		for i, x := range b.txs {
			n.byTx[x.Tx.Hash] = place{b.number, i}
		}
	}
	n.changed()
}

// changed tells whoever waits that the chain is another. The caller holds mu.
func (n *Net) changed() {
	close(n.news)
	n.news = make(chan struct{})
}

// head returns the newest block, or nil. The caller holds mu.
func (n *Net) head() *block {
	if len(n.blocks) == 0 {
		return nil
	}
	return n.blocks[len(n.blocks)-1]
}

// Head returns the newest block; ok is false before the first.
func (n *Net) Head() (ref schemas.BlockRef, ok bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	if b := n.head(); b != nil {
		return schemas.BlockRef{Number: b.number, Hash: b.hash}, true
	}
	return ref, false
}

// Workers returns the accounts of the simulated workers, with their private keys.
func (n *Net) Workers() []economy.Account { return n.world.Workers() }

// Placed is an event of one of BitSage's contracts at its place, for tests that compare what somebody made of it.
type Placed struct {
	Position  schemas.Position
	BlockHash schemas.Hash
	TxHash    schemas.Hash
	Type      string
	Value     schemas.Event
}

// Events returns every event of BitSage's contracts, in chain order. Tokens of others emit events too, which count in positions.
func (n *Net) Events() []Placed {
	n.mu.RLock()
	defer n.mu.RUnlock()
	ours := map[*economy.Contract]bool{}
	for _, c := range n.world.Deployed() {
		ours[c] = true
	}
	var out []Placed
	for _, b := range n.blocks {
		for i, x := range b.txs {
			for k, ev := range x.Events {
				if ours[ev.Contract] {
					out = append(out, Placed{
						schemas.Position{Block: b.number, Tx: uint32(i), Event: uint32(k)}, b.hash, x.Tx.Hash, ev.Value.EventType(), ev.Value,
					})
				}
			}
		}
	}
	return out
}
