package simnet

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Recorded is a block of a real network, as a node's starknet_getBlockWithReceipts answered it, served as a chain of that one
// block. It has no classes and no state. It does not change, and is safe for concurrent use.
type Recorded struct {
	chain schemas.Felt
	block json.RawMessage // with receipts
	recordedFields
	events []recordedEvent
}

type recordedFields struct {
	Hash         schemas.Hash `json:"block_hash"`
	Number       uint64       `json:"block_number"`
	Transactions []struct {
		Receipt json.RawMessage `json:"receipt"`
	} `json:"transactions"`
}

type recordedEvent struct {
	From        schemas.Address `json:"from_address"`
	Keys        []schemas.Felt  `json:"keys"`
	Data        []schemas.Felt  `json:"data"`
	BlockHash   schemas.Hash    `json:"block_hash"`
	BlockNumber uint64          `json:"block_number"`
	TxHash      schemas.Hash    `json:"transaction_hash"`
}

// NewRecorded reads a recorded answer. The network is the one whose chain id is served.
func NewRecorded(network string, answer []byte) (*Recorded, error) {
	var doc struct {
		Result json.RawMessage `json:"result"`
	}
	chain, err := schemas.ChainID(network)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(answer, &doc); err != nil {
		return nil, fmt.Errorf("recorded block: %w", err)
	}
	r := &Recorded{chain: chain, block: doc.Result}
	if err := json.Unmarshal(doc.Result, &r.recordedFields); err != nil {
		return nil, fmt.Errorf("recorded block: %w", err)
	}
	if r.Hash.IsZero() {
		return nil, errors.New("recorded block: no block_hash in it: it must be the answer to starknet_getBlockWithReceipts")
	}
	for i, tx := range r.Transactions {
		var receipt struct {
			Hash   schemas.Hash    `json:"transaction_hash"`
			Events []recordedEvent `json:"events"`
		}
		if err := json.Unmarshal(tx.Receipt, &receipt); err != nil {
			return nil, fmt.Errorf("recorded block %d, receipt %d: %w", r.Number, i, err)
		}
		for _, e := range receipt.Events {
			e.BlockHash, e.BlockNumber, e.TxHash = r.Hash, r.Number, receipt.Hash
			r.events = append(r.events, e)
		}
	}
	return r, nil
}

// Handler serves the block over JSON-RPC, StarkNet's spec 0.9.
func (r *Recorded) Handler() http.Handler { return endpoint(r.call) }

// Emitters are the contracts that the block has events of, in the order of their first ones.
func (r *Recorded) Emitters() (out []schemas.Address) {
	for _, e := range r.events {
		if !slices.Contains(out, e.From) {
			out = append(out, e.From)
		}
	}
	return out
}

func (r *Recorded) call(q rpcRequest) (any, error) {
	m, ok := methods[q.Method]
	if !ok {
		return nil, errMethodNotFound
	}
	args, err := q.arguments(m.params)
	if err != nil {
		return nil, err
	}
	switch q.Method {
	case "starknet_specVersion":
		return "0.9.0", nil
	case "starknet_chainId":
		return r.chain, nil
	case "starknet_blockNumber":
		return r.Number, nil
	case "starknet_blockHashAndNumber":
		return map[string]any{"block_hash": r.Hash.Felt(), "block_number": r.Number}, nil
	case "starknet_getBlockWithReceipts":
		return r.block, r.named(args, "block_id")
	case "starknet_getBlockWithTxHashes":
		return r.withHashes(args)
	case "starknet_getTransactionReceipt":
		return r.receipt(args)
	case "starknet_getEvents":
		return r.getEvents(args)
	}
	return nil, errMethodNotFound
}

// named refuses an id of another block.
func (r *Recorded) named(a arguments, argument string) error {
	var id blockID
	if err := a.read(argument, &id); err != nil {
		return err
	}
	return r.check(id)
}

func (r *Recorded) check(id blockID) error {
	switch {
	case id.hash != nil && *id.hash == r.Hash, id.number != nil && *id.number == r.Number, id.tag == tagLatest:
		return nil
	}
	return errBlockNotFound
}

func (r *Recorded) withHashes(a arguments) (any, error) {
	if err := r.named(a, "block_id"); err != nil {
		return nil, err
	}
	var fields map[string]any
	if err := json.Unmarshal(r.block, &fields); err != nil {
		return nil, err
	}
	hashes := make([]json.RawMessage, len(r.Transactions))
	for i, tx := range r.Transactions {
		var receipt struct {
			Hash json.RawMessage `json:"transaction_hash"`
		}
		if err := json.Unmarshal(tx.Receipt, &receipt); err != nil {
			return nil, err
		}
		hashes[i] = receipt.Hash
	}
	fields["transactions"] = hashes
	return fields, nil
}

// receipt answers with a transaction's receipt, and the block that receipts name when they are asked for alone.
func (r *Recorded) receipt(a arguments) (any, error) {
	var tx schemas.Hash
	if err := a.read("transaction_hash", &tx); err != nil {
		return nil, err
	}
	for _, in := range r.Transactions {
		var hash struct {
			Hash schemas.Hash `json:"transaction_hash"`
		}
		if err := json.Unmarshal(in.Receipt, &hash); err != nil {
			return nil, err
		}
		if hash.Hash != tx {
			continue
		}
		var fields map[string]any
		if err := json.Unmarshal(in.Receipt, &fields); err != nil {
			return nil, err
		}
		fields["block_hash"], fields["block_number"] = r.Hash.Felt(), r.Number
		return fields, nil
	}
	return nil, errTxNotFound
}

// getEvents answers a page of the block's events. Its token is the number of events that the pages before it had.
func (r *Recorded) getEvents(a arguments) (any, error) {
	var f eventFilter
	if err := a.read("filter", &f); err != nil {
		return nil, err
	}
	switch {
	case f.Chunk == nil || *f.Chunk < 1 || f.From == nil || f.To == nil:
		return nil, invalidParams("filter: chunk_size or a block is missing")
	case *f.Chunk > maxChunk:
		return nil, errPageTooBig
	case len(f.Keys) > 0:
		return nil, invalidParams("filter: a recorded block is not searched by keys")
	}
	if err := errors.Join(r.check(*f.From), r.check(*f.To)); err != nil {
		return nil, errBlockNotFound
	}
	passed := []recordedEvent{}
	for _, e := range r.events {
		if f.Address == nil || *f.Address == e.From {
			passed = append(passed, e)
		}
	}
	skip := 0
	if f.Token != nil {
		var err error
		if skip, err = strconv.Atoi(*f.Token); err != nil || skip < 1 || skip >= len(passed) {
			return nil, errBadToken
		}
	}
	end := min(skip+*f.Chunk, len(passed))
	page := map[string]any{"events": passed[skip:end]}
	if end < len(passed) {
		page["continuation_token"] = strconv.Itoa(end)
	}
	return page, nil
}
