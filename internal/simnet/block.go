package simnet

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"

	"github.com/bitsage-network/validator-dashboard/internal/simnet/economy"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// block is a sealed block. It does not change any more.
type block struct {
	recipe
	number       uint64
	hash, parent schemas.Hash
	root         schemas.Felt // of the state after it
	txs          []*economy.Executed
	events       int
	version      economy.Version // of the world after it
}

// recipe is what a block follows from, besides the block before it.
type recipe struct {
	time    uint64
	branch  uint64                 // 0, and another one after each reorganisation
	carried []*economy.Transaction // from blocks that were taken back
}

// place is where a transaction is.
type place struct {
	block uint64
	index int
}

// seal makes the block that follows from executed transactions.
func (n *Net) seal(number uint64, parent *block, r recipe, txs []*economy.Executed) *block {
	b := &block{recipe: r, number: number, txs: txs, version: n.world.Version()}
	var before schemas.Felt
	switch {
	case parent != nil:
		b.parent, before = parent.hash, parent.root
	case number > 0:
		b.parent = n.emptyHash(number - 1)
	}
	parts := [][]byte{before[:]}
	for _, x := range txs {
		b.events += len(x.Events)
		reverted := byte(0)
		if x.Revert != nil {
			reverted = 1
		}
		parts = append(parts, x.Tx.Hash[:], []byte{reverted})
	}
	b.root = hash("state root", parts...)
	b.hash = schemas.Hash(hash("block", number8(n.config.Seed), b.parent[:], number8(number), number8(r.time), number8(r.branch), b.root[:]))
	return b
}

// hash is SHA-256 under a domain, cut to 250 bits so that it is a felt.
func hash(domain string, parts ...[]byte) (f schemas.Felt) {
	h := sha256.New()
	h.Write([]byte("bitsage simulated network: " + domain + "\n"))
	for _, p := range parts {
		h.Write(number8(uint64(len(p))))
		h.Write(p)
	}
	h.Sum(f[:0])
	f[0] &= 0x03
	return f
}

func number8(v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v) }

// emptyHash is the hash of a block below the first. It ends with the number, so that the block can be found by it.
func (n *Net) emptyHash(number uint64) schemas.Hash {
	f := hash("block before the first", number8(n.config.Seed), number8(number))
	f[0], f[1] = 0, 1
	copy(f[24:], number8(number))
	return schemas.Hash(f)
}

// empty finds the block below the first that has a hash.
func (n *Net) empty(h schemas.Hash) (number uint64, ok bool) {
	number = binary.BigEndian.Uint64(h[24:])
	want := n.emptyHash(number)
	return number, number < n.config.FirstBlock && bytes.Equal(want[:], h[:])
}

// emptyBlock is a block below the first.
func (n *Net) emptyBlock(number uint64) *block {
	b := &block{number: number, hash: n.emptyHash(number), root: hash("state root")}
	if number > 0 {
		b.parent = n.emptyHash(number - 1)
	}
	first := uint64(n.config.StartTime.Unix())
	if len(n.blocks) > 0 {
		first = n.blocks[0].time
	}
	back := uint64(float64(n.config.FirstBlock-number) * n.config.BlockTime.Seconds())
	b.time = first - min(first, back)
	return b
}
