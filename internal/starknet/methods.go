package starknet

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// BlockID names a block by hash, number or tag; make one with [ByHash], [ByNumber] or a Tag constant.
type BlockID struct{ value any }

// ByHash names a block by its hash.
func ByHash(h schemas.Hash) BlockID {
	return BlockID{map[string]string{"block_hash": h.Felt().String()}}
}

// ByNumber names a block by its number.
func ByNumber(n uint64) BlockID { return BlockID{map[string]uint64{"block_number": n}} }

// Tags of blocks.
var (
	TagLatest     = BlockID{"latest"}
	TagL1Accepted = BlockID{"l1_accepted"} // from spec 0.9 on
)

// MarshalJSON writes the id as the spec has it.
func (b BlockID) MarshalJSON() ([]byte, error) { return json.Marshal(b.value) }

// Header is a block's header, as far as we need it.
type Header struct {
	Status    string         `json:"status"`
	Hash      schemas.Hash   `json:"block_hash"`
	Number    uint64         `json:"block_number"`
	Parent    schemas.Hash   `json:"parent_hash"`
	Timestamp int64          `json:"timestamp"`   // seconds since 1970
	Events    *int           `json:"event_count"` // from spec 0.10 on
	TxHashes  []schemas.Hash `json:"-"`
}

// Time returns the block's time.
func (h Header) Time() time.Time { return time.Unix(h.Timestamp, 0).UTC() }

// Ref names the block.
func (h Header) Ref() schemas.BlockRef { return schemas.BlockRef{Number: h.Number, Hash: h.Hash} }

// Event is an emitted event as getEvents gives it. What older specs or pre-confirmed blocks lack is nil.
type Event struct {
	From        schemas.Address `json:"from_address"`
	Keys        []schemas.Felt  `json:"keys"`
	Data        []schemas.Felt  `json:"data"`
	BlockHash   *schemas.Hash   `json:"block_hash"`
	BlockNumber *uint64         `json:"block_number"`
	TxHash      schemas.Hash    `json:"transaction_hash"`
	TxIndex     *uint32         `json:"transaction_index"` // from spec 0.10 on
	EventIndex  *uint32         `json:"event_index"`       // from spec 0.10 on; in its transaction
}

// Filter says which events getEvents returns.
type Filter struct {
	From, To BlockID
	Address  *schemas.Address // nil for every contract
	Chunk    int              // events a page
	Token    string           // where the page before ended; empty for the first
}

// Page is one page of events, with the token of the next; the last page has none.
type Page struct {
	Events []Event `json:"events"`
	Token  string  `json:"continuation_token"`
}

// Receipt is what a transaction did: its events in order.
type Receipt struct {
	TxHash schemas.Hash `json:"transaction_hash"`
	Events []Event      `json:"events"`
}

// SpecVersion returns the version of the JSON-RPC spec that the node speaks.
func (c *Client) SpecVersion(ctx context.Context) (v string, err error) {
	err = c.call(ctx, "starknet_specVersion", nil, &v)
	return v, err
}

// ChainID returns the id of the node's chain, a short string as a felt.
func (c *Client) ChainID(ctx context.Context) (id schemas.Felt, err error) {
	err = c.call(ctx, "starknet_chainId", nil, &id)
	return id, err
}

// Head returns the newest accepted block.
func (c *Client) Head(ctx context.Context) (schemas.BlockRef, error) {
	var head struct {
		Hash   schemas.Hash `json:"block_hash"`
		Number uint64       `json:"block_number"`
	}
	err := c.call(ctx, "starknet_blockHashAndNumber", nil, &head)
	return schemas.BlockRef{Number: head.Number, Hash: head.Hash}, err
}

// Header returns a block's header and the hashes of its transactions, in order.
func (c *Client) Header(ctx context.Context, id BlockID) (Header, error) {
	var block struct {
		Header
		Transactions []schemas.Hash `json:"transactions"`
	}
	err := c.call(ctx, "starknet_getBlockWithTxHashes", params{"block_id": id}, &block)
	block.TxHashes = block.Transactions
	return block.Header, err
}

// Receipts returns the receipts of a block, in the order of its transactions.
func (c *Client) Receipts(ctx context.Context, id BlockID) ([]Receipt, error) {
	var block struct {
		Transactions []struct {
			Receipt Receipt `json:"receipt"`
		} `json:"transactions"`
	}
	if err := c.call(ctx, "starknet_getBlockWithReceipts", params{"block_id": id}, &block); err != nil {
		return nil, err
	}
	receipts := make([]Receipt, len(block.Transactions))
	for i, t := range block.Transactions {
		receipts[i] = t.Receipt
	}
	return receipts, nil
}

// Receipt returns one transaction's receipt.
func (c *Client) Receipt(ctx context.Context, tx schemas.Hash) (r Receipt, err error) {
	err = c.call(ctx, "starknet_getTransactionReceipt", params{"transaction_hash": tx.Felt()}, &r)
	return r, err
}

// Events returns one page of events.
func (c *Client) Events(ctx context.Context, f Filter) (page Page, err error) {
	filter := params{"from_block": f.From, "to_block": f.To, "chunk_size": f.Chunk}
	if f.Address != nil {
		filter["address"] = f.Address.Felt()
	}
	if f.Token != "" {
		filter["continuation_token"] = f.Token
	}
	err = c.call(ctx, "starknet_getEvents", params{"filter": filter}, &page)
	return page, err
}

// Call asks a view of a contract at a block.
func (c *Client) Call(ctx context.Context, id BlockID, contract schemas.Address, entryPoint schemas.Felt, calldata []schemas.Felt) (result []schemas.Felt, err error) {
	if calldata == nil {
		calldata = []schemas.Felt{}
	}
	request := params{"contract_address": contract.Felt(), "entry_point_selector": entryPoint, "calldata": calldata}
	err = c.call(ctx, "starknet_call", params{"request": request, "block_id": id}, &result)
	return result, err
}

// ClassHashAt returns the class of a contract at a block.
func (c *Client) ClassHashAt(ctx context.Context, id BlockID, contract schemas.Address) (h schemas.Hash, err error) {
	err = c.call(ctx, "starknet_getClassHashAt", params{"block_id": id, "contract_address": contract.Felt()}, &h)
	return h, err
}

// ABIAt returns the ABI document of a contract's class at a block: a JSON array of entries.
func (c *Client) ABIAt(ctx context.Context, id BlockID, contract schemas.Address) (json.RawMessage, error) {
	var class struct {
		ABI json.RawMessage `json:"abi"`
	}
	if err := c.call(ctx, "starknet_getClassAt", params{"block_id": id, "contract_address": contract.Felt()}, &class); err != nil {
		return nil, err
	}
	if len(class.ABI) > 0 && class.ABI[0] == '"' { // Sierra classes hold it as text, legacy ones as an array
		var text string
		if err := json.Unmarshal(class.ABI, &text); err != nil {
			return nil, fmt.Errorf("ABI of the class of %s: %w", contract, err)
		}
		return json.RawMessage(text), nil
	}
	return class.ABI, nil
}
