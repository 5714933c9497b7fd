package simnet

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Config says what network to simulate.
type Config struct {
	Seed    uint64
	Workers int // may be 0: then clients submit jobs that nobody takes
	// BlockTime is the pause between two blocks that [Net.Run] makes. Defaults to one second.
	BlockTime time.Duration
	// FirstBlock is the number of the first block; none exists below it.
	FirstBlock uint64
	// Dir keeps the journal; empty keeps nothing.
	Dir    string
	Logger *slog.Logger
}

// Net is a simulated network. It is safe for concurrent use.
type Net struct {
	config  Config
	journal *journal

	mu     sync.RWMutex
	blocks []block              // guarded by mu, by number from FirstBlock on
	byHash map[schemas.Hash]int // guarded by mu, index into blocks
	byTx   map[schemas.Hash]int // guarded by mu, index of the block of a transaction
	story  *story               // guarded by mu
	salt   uint64               // guarded by mu; counts the reorganisations, so that branches differ
}

// block is a block with what happened in it.
type block struct {
	number       uint64
	hash, parent schemas.Hash
	time         int64 // unix seconds
	salt         uint64
	txs          []transaction
}

type transaction struct {
	hash   schemas.Hash
	sender schemas.Address
	nonce  uint64
	events []event
}

type event struct {
	contract   string
	from       schemas.Address
	keys, data []schemas.Felt
	value      schemas.Event
}

// l1Depth is how many blocks behind the head blocks are accepted on L1.
const l1Depth = 20

// New opens a network, with the blocks that its journal has.
func New(c Config) (*Net, error) {
	if c.BlockTime <= 0 {
		c.BlockTime = time.Second
	}
	n := &Net{config: c}
	n.reset()
	j, entries, err := openJournal(c)
	if err != nil {
		return nil, err
	}
	n.journal = j
	for _, e := range entries {
		if e.Reorg > 0 {
			err = n.cut(e.Reorg)
		} else {
			err = n.extend(e.Time)
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("replay the simulated chain: %w", err), j.close())
		}
	}
	return n, nil
}

func (n *Net) reset() {
	n.blocks, n.byHash, n.byTx = nil, map[schemas.Hash]int{}, map[schemas.Hash]int{}
	n.story = newStory(n.config)
}

// Close closes the journal.
func (n *Net) Close() error { return n.journal.close() }

// Run makes a block every BlockTime until ctx ends.
func (n *Net) Run(ctx context.Context) error {
	tick := time.NewTicker(n.config.BlockTime)
	defer tick.Stop()
	for {
		if err := n.Produce(time.Now()); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Produce makes one block at a time, which must not lie before the newest block's.
func (n *Net) Produce(at time.Time) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	seconds := at.Unix()
	if k := len(n.blocks); k > 0 {
		seconds = max(seconds, n.blocks[k-1].time)
	}
	// The journal first: a block that was served once is there after a crash.
	if err := n.journal.append(entry{Time: seconds}); err != nil {
		return err
	}
	return n.extend(seconds)
}

// Reorg takes the newest blocks back. The next ones are another branch: what happens in them is told anew.
func (n *Net) Reorg(depth int) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if depth < 1 || depth >= len(n.blocks) {
		return fmt.Errorf("simulated reorganisation of %d blocks: the chain has %d, and its first stays", depth, len(n.blocks))
	}
	if err := n.journal.append(entry{Reorg: depth}); err != nil {
		return err
	}
	return n.cut(depth)
}

// cut drops blocks and tells the story of the others again, since a story has no way back.
func (n *Net) cut(depth int) error {
	kept := n.blocks[:len(n.blocks)-depth]
	n.reset()
	for _, b := range kept {
		n.salt = b.salt
		if err := n.extend(b.time); err != nil {
			return err
		}
	}
	n.salt = n.journal.forks + 1
	n.journal.forks++
	return nil
}

// extend adds the block that follows from the seed, the number, the branch and what happened before.
func (n *Net) extend(seconds int64) error {
	b := block{number: n.config.FirstBlock + uint64(len(n.blocks)), time: seconds, salt: n.salt}
	if k := len(n.blocks); k > 0 {
		b.parent = n.blocks[k-1].hash
	}
	b.hash = schemas.Hash(felt("block", b.parent[:], number(b.number), number(uint64(seconds)), number(n.salt), number(n.config.Seed)))
	rnd := rand.New(rand.NewPCG(n.config.Seed, b.number^n.salt<<40))
	for i, tx := range n.story.tell(rnd, b.number, seconds) {
		tx.hash = schemas.Hash(felt("tx", tx.sender[:], number(tx.nonce), number(n.config.Seed), number(n.salt), number(uint64(i))))
		for k := range tx.events {
			if err := n.story.encode(&tx.events[k]); err != nil {
				return err
			}
		}
		b.txs = append(b.txs, tx)
		n.byTx[tx.hash] = len(n.blocks)
	}
	n.byHash[b.hash] = len(n.blocks)
	n.blocks = append(n.blocks, b)
	return nil
}

// felt makes a felt of 248 bits from a label and parts. Real hashes are Poseidon or Pedersen; nothing here depends on it.
func felt(label string, parts ...[]byte) schemas.Felt {
	h := sha256.New()
	h.Write([]byte("simnet/" + label))
	for _, p := range parts {
		h.Write(p)
	}
	var f schemas.Felt
	copy(f[1:], h.Sum(nil))
	return f
}

func number(v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v) }

// Placed is an event of the chain at its place, for tests that compare what somebody made of it.
type Placed struct {
	Position  schemas.Position
	BlockHash schemas.Hash
	TxHash    schemas.Hash
	Type      string
}

// Events returns every event of the chain, in order.
func (n *Net) Events() []Placed {
	n.mu.RLock()
	defer n.mu.RUnlock()
	var out []Placed
	for _, b := range n.blocks {
		for i, tx := range b.txs {
			for k, e := range tx.events {
				out = append(out, Placed{schemas.Position{Block: b.number, Tx: uint32(i), Event: uint32(k)}, b.hash, tx.hash, e.value.EventType()})
			}
		}
	}
	return out
}
