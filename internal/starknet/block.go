package starknet

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// BlockID names a block by hash, number or tag; make one with [ByHash], [ByNumber] or take a Tag.
type BlockID struct{ value any }

// ByHash names a block by its hash.
func ByHash(h schemas.Hash) BlockID {
	return BlockID{map[string]string{"block_hash": h.Felt().String()}}
}

// ByNumber names a block by its number.
func ByNumber(n uint64) BlockID { return BlockID{map[string]uint64{"block_number": n}} }

// Tags of blocks.
var (
	TagLatest       = BlockID{"latest"}
	TagL1Accepted   = BlockID{"l1_accepted"}   // from spec 0.9 on
	TagPreConfirmed = BlockID{"pre_confirmed"} // from spec 0.9 on
)

// MarshalJSON writes the id as the spec has it.
func (b BlockID) MarshalJSON() ([]byte, error) { return json.Marshal(b.value) }

// Statuses of blocks that differ from "accepted": such a block has neither hash nor parent.
const (
	StatusPreConfirmed = "PRE_CONFIRMED"
	StatusPending      = "PENDING" // spec 0.8
)

// Header is a block's header, as far as we need it.
type Header struct {
	Status    string
	Hash      schemas.Hash // zero where the block is pre-confirmed
	Number    uint64
	Parent    schemas.Hash // zero where the block is pre-confirmed
	Timestamp int64        // seconds since 1970
	Events    *int         // how many the block holds, from spec 0.10 on
	Rootless  bool         // the state root is zero, which only nodes for tests have: the hash does not commit to what the block holds
	TxHashes  []schemas.Hash
}

// Time returns the block's time.
func (h Header) Time() time.Time { return time.Unix(h.Timestamp, 0).UTC() }

// Ref names the block.
func (h Header) Ref() schemas.BlockRef { return schemas.BlockRef{Number: h.Number, Hash: h.Hash} }

// blockFields are the fields of a header on the wire, optional until they were checked.
type blockFields struct {
	Status    string        `json:"status"`
	Hash      *schemas.Hash `json:"block_hash"`
	Number    *uint64       `json:"block_number"`
	Parent    *schemas.Hash `json:"parent_hash"`
	Timestamp *int64        `json:"timestamp"`
	Events    *int          `json:"event_count"`
	Root      *schemas.Felt `json:"new_root"`
}

func (b blockFields) header() (Header, error) {
	h := Header{Status: b.Status, Events: b.Events, Rootless: b.Root != nil && b.Root.IsZero()}
	if b.Number != nil {
		h.Number = *b.Number
	}
	if b.Timestamp != nil {
		h.Timestamp = *b.Timestamp
	}
	if b.Status == StatusPreConfirmed || b.Status == StatusPending {
		return h, nil
	}
	if b.Hash == nil || b.Hash.IsZero() || b.Number == nil || b.Parent == nil || b.Timestamp == nil {
		return Header{}, fmt.Errorf("%w: a block without hash, number, parent or timestamp", ErrMalformed)
	}
	h.Hash, h.Parent = *b.Hash, *b.Parent
	return h, nil
}

// Receipt is what a transaction did.
type Receipt struct {
	TxHash    schemas.Hash  `json:"transaction_hash"`
	Status    string        `json:"execution_status"` // SUCCEEDED or REVERTED
	BlockHash *schemas.Hash `json:"block_hash"`       // only where the receipt was asked for alone
	Events    []Event       `json:"events"`           // in the order of emission, without their places
}

func (r Receipt) check() error {
	if r.TxHash.IsZero() || r.Events == nil {
		return fmt.Errorf("%w: a receipt without transaction or events", ErrMalformed)
	}
	return nil
}

// BlockNumber returns the number of the newest accepted block.
func (c *Client) BlockNumber(ctx context.Context) (n uint64, err error) {
	err = c.call(ctx, "starknet_blockNumber", nil, &n)
	return n, err
}

// Head returns the header of the newest accepted block.
func (c *Client) Head(ctx context.Context) (Header, error) {
	h, err := c.Header(ctx, TagLatest)
	if err == nil && h.Hash.IsZero() {
		err = fmt.Errorf("%s: %w: the latest block is not accepted", c.host, ErrMalformed)
	}
	return h, err
}

// Header returns a block's header and the hashes of its transactions, in order (getBlockWithTxHashes).
func (c *Client) Header(ctx context.Context, id BlockID) (Header, error) {
	const method = "starknet_getBlockWithTxHashes"
	var block struct {
		blockFields
		Transactions []schemas.Hash `json:"transactions"`
	}
	if err := c.call(ctx, method, params{"block_id": id}, &block); err != nil {
		return Header{}, err
	}
	h, err := block.header()
	if err == nil && block.Transactions == nil {
		err = fmt.Errorf("%w: a block without transactions", ErrMalformed)
	}
	if err != nil {
		return Header{}, fmt.Errorf("%s %s: %w", c.host, method, err)
	}
	h.TxHashes = block.Transactions
	return h, nil
}

// PreConfirmed returns the block that is in the making, with its receipts, as far as it is (getBlockWithReceipts). It has neither hash nor
// parent, and the next answer may have other transactions. Ok is false where the node answers with an accepted block instead.
func (c *Client) PreConfirmed(ctx context.Context) (h Header, receipts []Receipt, ok bool, err error) {
	const method = "starknet_getBlockWithReceipts"
	var block blockWithReceipts
	if err := c.call(ctx, method, params{"block_id": TagPreConfirmed}, &block); err != nil {
		return Header{}, nil, false, err
	}
	if block.Hash != nil {
		return Header{}, nil, false, nil
	}
	if block.Status == "" {
		block.Status = StatusPreConfirmed // the spec has none for this block
	}
	if h, receipts, err = block.read(); err == nil && (block.Number == nil || block.Timestamp == nil) {
		err = fmt.Errorf("%w: a pre-confirmed block without number or timestamp", ErrMalformed)
	}
	if err != nil {
		return Header{}, nil, false, fmt.Errorf("%s %s: %w", c.host, method, err)
	}
	return h, receipts, true, nil
}

// Receipts returns a block's header and receipts, in the order of its transactions (getBlockWithReceipts).
func (c *Client) Receipts(ctx context.Context, id BlockID) (Header, []Receipt, error) {
	const method = "starknet_getBlockWithReceipts"
	var block blockWithReceipts
	if err := c.call(ctx, method, params{"block_id": id}, &block); err != nil {
		return Header{}, nil, err
	}
	h, receipts, err := block.read()
	if err != nil {
		return Header{}, nil, fmt.Errorf("%s %s: %w", c.host, method, err)
	}
	return h, receipts, nil
}

// blockWithReceipts is a block with its receipts on the wire.
type blockWithReceipts struct {
	blockFields
	Transactions []struct {
		Receipt Receipt `json:"receipt"`
	} `json:"transactions"`
}

// read checks the block.
func (block blockWithReceipts) read() (Header, []Receipt, error) {
	h, err := block.header()
	if err == nil && block.Transactions == nil {
		err = fmt.Errorf("%w: a block without transactions", ErrMalformed)
	}
	receipts := make([]Receipt, len(block.Transactions))
	h.TxHashes = make([]schemas.Hash, len(block.Transactions))
	for i, t := range block.Transactions {
		receipts[i], h.TxHashes[i] = t.Receipt, t.Receipt.TxHash
		if err == nil {
			err = t.Receipt.check()
		}
	}
	return h, receipts, err
}

// Receipt returns one transaction's receipt (getTransactionReceipt).
func (c *Client) Receipt(ctx context.Context, tx schemas.Hash) (r Receipt, err error) {
	const method = "starknet_getTransactionReceipt"
	if err = c.call(ctx, method, params{"transaction_hash": tx.Felt()}, &r); err != nil {
		return Receipt{}, err
	}
	if err = r.check(); err != nil {
		return Receipt{}, fmt.Errorf("%s %s: %w", c.host, method, err)
	}
	return r, nil
}
