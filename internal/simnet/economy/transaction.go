package economy

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Call is one call that a transaction makes. Args is a value whose JSON is the ABI's object of the entry point's inputs.
type Call struct {
	To    *Contract
	Entry string
	Args  any
}

// Felts returns the calldata of the call by the ABI of the called contract.
func (c Call) Felts() ([]schemas.Felt, error) {
	args := c.Args
	if args == nil {
		args = struct{}{}
	}
	felts, err := c.To.ABI.EncodeInputs(c.Entry, args)
	if err != nil {
		return nil, fmt.Errorf("calldata of simulated transaction: %w", err)
	}
	return felts, nil
}

// Transaction is an INVOKE transaction of an account. It keeps its hash wherever it is included.
type Transaction struct {
	Hash   schemas.Hash
	Sender schemas.Address
	Nonce  uint64
	Calls  []Call
}

// Calldata returns what the sender's __execute__ is given: the calls, each with target, selector and its own calldata.
func (t *Transaction) Calldata() ([]schemas.Felt, error) {
	out := []schemas.Felt{schemas.FeltFromUint64(uint64(len(t.Calls)))}
	for _, c := range t.Calls {
		felts, err := c.Felts()
		if err != nil {
			return nil, err
		}
		out = append(out, c.To.Address.Felt(), schemas.Selector(c.Entry), schemas.FeltFromUint64(uint64(len(felts))))
		out = append(out, felts...)
	}
	return out, nil
}

// Executed is a transaction as it went in a block: its events, or why it reverted.
type Executed struct {
	Tx     *Transaction
	Events []Event
	Revert *Revert // nil where it succeeded
	Gas    Gas
}

// Gas is what a transaction used and paid.
type Gas struct {
	L2, L1Data uint64
	Fee        uint64 // fri, 1e-18 STRK
}

// Prices of gas in fri, the same in every block.
const (
	L1GasPrice     = 0x883068d9d050
	L2GasPrice     = 0xb2d05e00
	L1DataGasPrice = 0x5a41
)

func gasOf(calls, events int) Gas {
	g := Gas{L2: 620_000 + 410_000*uint64(calls) + 55_000*uint64(events), L1Data: 128 + 96*uint64(events)}
	g.Fee = g.L2*L2GasPrice + g.L1Data*L1DataGasPrice
	return g
}

// newTransaction builds the sender's next transaction. Hashes of the simulation are SHA-256 under a domain of their own,
// cut to 250 bits: valid felts, never the hashes that StarkNet would compute.
func (w *World) newTransaction(sender schemas.Address, calls ...Call) *Transaction {
	t := &Transaction{Sender: sender, Nonce: w.nonces.get(w.env(Block{}), sender), Calls: calls}
	h := newDigest("transaction")
	h.felt(w.chainID)
	h.felt(sender.Felt())
	h.uint64(t.Nonce)
	for _, c := range calls {
		h.felt(c.To.Address.Felt())
		h.text(c.Entry)
		args, err := json.Marshal(c.Args)
		if err != nil {
			panic(fmt.Sprintf("economy: arguments of %s.%s: %v", c.To.Name, c.Entry, err))
		}
		h.bytes(args)
	}
	t.Hash = schemas.Hash(h.sum())
	return t
}

// digest builds the simulation's hashes.
type digest struct {
	h hash.Hash
}

func newDigest(domain string) digest {
	d := digest{sha256.New()}
	d.text("bitsage simulated network: " + domain)
	return d
}

func (d digest) bytes(b []byte) {
	d.uint64(uint64(len(b)))
	d.h.Write(b)
}

func (d digest) text(s string) { d.bytes([]byte(s)) }

func (d digest) felt(f schemas.Felt) { d.h.Write(f[:]) }

func (d digest) uint64(n uint64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	d.h.Write(b[:])
}

// sum returns the hash as a felt, which is never zero in practice.
func (d digest) sum() (f schemas.Felt) {
	d.h.Sum(f[:0])
	f[0] &= 0x03
	return f
}
