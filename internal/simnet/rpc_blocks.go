package simnet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/bitsage-network/validator-dashboard/internal/simnet/economy"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

const (
	tagLatest       = "latest"
	tagL1           = "l1_accepted"
	tagPreConfirmed = "pre_confirmed"

	acceptedOnL1 = "ACCEPTED_ON_L1"
	acceptedOnL2 = "ACCEPTED_ON_L2"
	preConfirmed = "PRE_CONFIRMED"
)

// blockID is a block's number, hash or tag, as a caller names it.
type blockID struct {
	tag    string
	hash   *schemas.Hash
	number *uint64
}

// UnmarshalJSON reads the three forms of the spec.
func (b *blockID) UnmarshalJSON(doc []byte) error {
	if doc[0] == '"' {
		if err := json.Unmarshal(doc, &b.tag); err != nil {
			return err
		}
		if b.tag != tagLatest && b.tag != tagL1 && b.tag != tagPreConfirmed {
			return fmt.Errorf("unknown block tag %q", b.tag)
		}
		return nil
	}
	var named struct {
		Hash   *schemas.Hash `json:"block_hash"`
		Number *uint64       `json:"block_number"`
	}
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&named); err != nil {
		return err
	}
	if (named.Hash == nil) == (named.Number == nil) {
		return errors.New("want a block_hash, a block_number or a tag")
	}
	b.hash, b.number = named.Hash, named.Number
	return nil
}

// find returns the block that an id names. The pre-confirmed block has no hash: it is the next one. In the moment after a new block nothing is
// in it yet.
func (n *Net) find(id blockID) (*block, error) {
	head := n.head()
	if head == nil {
		return nil, errBlockNotFound
	}
	number := head.number
	switch {
	case id.hash != nil:
		var ok bool
		if number, ok = n.byHash[*id.hash]; !ok {
			if number, ok = n.empty(*id.hash); !ok {
				return nil, errBlockNotFound
			}
		}
	case id.number != nil:
		number = *id.number
	case id.tag == tagPreConfirmed && n.pending != nil && n.pendingOn == head.hash:
		return n.pending, nil
	case id.tag == tagPreConfirmed:
		next := &block{number: head.number + 1, version: head.version}
		next.time = head.time + uint64(n.config.BlockTime.Seconds())
		return next, nil
	case id.tag == tagL1:
		if head.number < uint64(n.config.L1Depth) {
			return nil, errBlockNotFound
		}
		number = head.number - uint64(n.config.L1Depth)
	}
	switch {
	case number > head.number:
		return nil, errBlockNotFound
	case number < n.config.FirstBlock:
		return n.emptyBlock(number), nil
	}
	return n.blocks[number-n.config.FirstBlock], nil
}

func (n *Net) status(b *block) string {
	if b.hash.IsZero() {
		return preConfirmed
	}
	if b.number+uint64(n.config.L1Depth) <= n.head().number {
		return acceptedOnL1
	}
	return acceptedOnL2
}

func (n *Net) blockNumber(arguments) (any, error) {
	if n.head() == nil {
		return nil, errNoBlocks
	}
	return n.head().number, nil
}

func (n *Net) blockHashAndNumber(arguments) (any, error) {
	if n.head() == nil {
		return nil, errNoBlocks
	}
	return map[string]any{"block_hash": n.head().hash.Felt(), "block_number": n.head().number}, nil
}

type (
	price struct {
		FRI schemas.Felt `json:"price_in_fri"`
		Wei schemas.Felt `json:"price_in_wei"`
	}
	blockJSON struct {
		Status       string        `json:"status,omitempty"`
		Hash         *schemas.Felt `json:"block_hash,omitempty"`
		Parent       *schemas.Felt `json:"parent_hash,omitempty"`
		Number       uint64        `json:"block_number"`
		Root         *schemas.Felt `json:"new_root,omitempty"`
		Time         uint64        `json:"timestamp"`
		Sequencer    schemas.Felt  `json:"sequencer_address"`
		L1Gas        price         `json:"l1_gas_price"`
		L2Gas        price         `json:"l2_gas_price"`
		L1DataGas    price         `json:"l1_data_gas_price"`
		L1Mode       string        `json:"l1_da_mode"`
		Version      string        `json:"starknet_version"`
		Transactions []any         `json:"transactions,omitzero"` // nil in a header alone
	}
)

// weiPerFri is what gas costs in wei for what it costs in fri: STRK is taken to be a 10,000th of ETH.
func gasPrice(fri uint64) price {
	return price{schemas.FeltFromUint64(fri), schemas.FeltFromUint64(max(fri/10_000, 1))}
}

// render writes a block as the spec has it. The pre-confirmed block has neither hash nor parent nor root nor status.
func (n *Net) render(b *block, transactions []any) blockJSON {
	out := blockJSON{
		Number: b.number, Time: b.time, Sequencer: n.world.Sequencer().Felt(), L1Mode: "BLOB", Version: "0.14.0",
		L1Gas: gasPrice(economy.L1GasPrice), L2Gas: gasPrice(economy.L2GasPrice), L1DataGas: gasPrice(economy.L1DataGasPrice),
		Transactions: transactions,
	}
	if !b.hash.IsZero() {
		own, parent := b.hash.Felt(), b.parent.Felt()
		out.Status, out.Hash, out.Parent, out.Root = n.status(b), &own, &parent, &b.root
	}
	return out
}

// withTransactions answers with a block and something for each of its transactions.
func (n *Net) withTransactions(a arguments, each func(b *block, x *economy.Executed) (any, error)) (any, error) {
	var id blockID
	if err := a.read("block_id", &id); err != nil {
		return nil, err
	}
	b, err := n.find(id)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(b.txs))
	for i, x := range b.txs {
		if out[i], err = each(b, x); err != nil {
			return nil, err
		}
	}
	return n.render(b, out), nil
}

func (n *Net) blockWithTxHashes(a arguments) (any, error) {
	return n.withTransactions(a, func(_ *block, x *economy.Executed) (any, error) { return x.Tx.Hash.Felt(), nil })
}

func (n *Net) blockWithTxs(a arguments) (any, error) {
	return n.withTransactions(a, func(_ *block, x *economy.Executed) (any, error) {
		t, err := transactionOf(x)
		t.Hash = new(x.Tx.Hash.Felt())
		return t, err
	})
}

func (n *Net) blockWithReceipts(a arguments) (any, error) {
	return n.withTransactions(a, func(b *block, x *economy.Executed) (any, error) {
		t, err := transactionOf(x)
		if err != nil {
			return nil, err
		}
		r, err := n.receiptOf(b, x)
		return map[string]any{"transaction": t, "receipt": r}, err
	})
}

func (n *Net) blockTransactionCount(a arguments) (any, error) {
	var id blockID
	if err := a.read("block_id", &id); err != nil {
		return nil, err
	}
	b, err := n.find(id)
	if err != nil {
		return nil, err
	}
	return len(b.txs), nil
}
