package simnet

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// price is a resource price, the same in every block.
func price(fri, wei string) map[string]string {
	return map[string]string{"price_in_fri": fri, "price_in_wei": wei}
}

func (n *Net) status(index int) string {
	if index <= len(n.blocks)-1-l1Depth {
		return "ACCEPTED_ON_L1"
	}
	return "ACCEPTED_ON_L2"
}

func (n *Net) getBlock(id blockID, receipts bool) (any, error) {
	i, err := n.index(id)
	if err != nil {
		return nil, err
	}
	b := n.blocks[i]
	out := map[string]any{
		"status": n.status(i), "block_hash": b.hash.Felt(), "parent_hash": b.parent.Felt(), "block_number": b.number,
		"new_root": felt("root", b.hash[:]), "timestamp": b.time, "sequencer_address": felt("sequencer"),
		"l1_gas_price": price("0x883068d9d050", "0x3b9aca00"), "l2_gas_price": price("0xb2d05e00", "0x5f5e1"),
		"l1_data_gas_price": price("0x5a41", "0x1"), "l1_da_mode": "BLOB", "starknet_version": "0.14.0",
	}
	if !receipts {
		hashes := make([]schemas.Felt, len(b.txs))
		for k, tx := range b.txs {
			hashes[k] = tx.hash.Felt()
		}
		out["transactions"] = hashes
		return out, nil
	}
	list := make([]any, len(b.txs))
	for k, tx := range b.txs {
		list[k] = map[string]any{"transaction": invoke(tx), "receipt": n.receipt(i, tx)}
	}
	out["transactions"] = list
	return out, nil
}

// invoke is the transaction's content, as far as a simulated account has any.
func invoke(tx transaction) map[string]any {
	bound := map[string]string{"max_amount": "0x100000", "max_price_per_unit": "0x1000000000000"}
	return map[string]any{
		"type": "INVOKE", "version": "0x3", "sender_address": tx.sender.Felt(), "calldata": []schemas.Felt{{}},
		"signature": []schemas.Felt{felt("signature", tx.hash[:])}, "nonce": schemas.FeltFromUint64(tx.nonce), "tip": "0x0",
		"paymaster_data": []schemas.Felt{}, "account_deployment_data": []schemas.Felt{},
		"nonce_data_availability_mode": "L1", "fee_data_availability_mode": "L1",
		"resource_bounds": map[string]any{"l1_gas": bound, "l2_gas": bound, "l1_data_gas": bound},
	}
}

func (n *Net) receipt(block int, tx transaction) map[string]any {
	events := make([]map[string]any, len(tx.events))
	for k, e := range tx.events {
		events[k] = map[string]any{"from_address": e.from.Felt(), "keys": e.keys, "data": notNil(e.data)}
	}
	gas := 600_000 + 55_000*len(tx.events)
	return map[string]any{
		"type": "INVOKE", "transaction_hash": tx.hash.Felt(), "finality_status": n.status(block), "execution_status": "SUCCEEDED",
		"actual_fee":    map[string]string{"amount": fmt.Sprintf("0x%x", gas*0xb2d05e00), "unit": "FRI"},
		"messages_sent": []any{}, "events": events,
		"execution_resources": map[string]int{"l1_gas": 0, "l2_gas": gas, "l1_data_gas": 128},
	}
}

func notNil(felts []schemas.Felt) []schemas.Felt {
	if felts == nil {
		return []schemas.Felt{}
	}
	return felts
}

func (n *Net) getReceipt(args arguments) (any, error) {
	var hash schemas.Hash
	if err := args.read("transaction_hash", &hash); err != nil {
		return nil, err
	}
	i, ok := n.byTx[hash]
	if !ok {
		return nil, errTxNotFound
	}
	k := slices.IndexFunc(n.blocks[i].txs, func(tx transaction) bool { return tx.hash == hash })
	out := n.receipt(i, n.blocks[i].txs[k])
	out["block_hash"], out["block_number"] = n.blocks[i].hash.Felt(), n.blocks[i].number
	return out, nil
}

// Bounds of getEvents, as real nodes have them.
const (
	maxChunk = 1_024
	maxKeys  = 16
)

type eventFilter struct {
	From    *blockID         `json:"from_block"`
	To      *blockID         `json:"to_block"`
	Address *schemas.Address `json:"address"`
	Keys    [][]schemas.Felt `json:"keys"`
	Chunk   int              `json:"chunk_size"`
	Token   string           `json:"continuation_token"`
}

func (f eventFilter) matches(e event) bool {
	if f.Address != nil && e.from != *f.Address {
		return false
	}
	for i, any := range f.Keys {
		if len(any) > 0 && (i >= len(e.keys) || !slices.Contains(any, e.keys[i])) {
			return false
		}
	}
	return true
}

// getEvents pages through the matching events. A token names the block and the number of its events that were passed over.
func (n *Net) getEvents(args arguments) (any, error) {
	var f eventFilter
	if err := args.read("filter", &f); err != nil {
		return nil, err
	}
	switch {
	case f.Chunk < 1:
		return nil, invalidParams("chunk_size: want at least 1")
	case f.Chunk > maxChunk:
		return nil, errPageTooBig
	case len(f.Keys) > maxKeys:
		return nil, errTooManyKeys
	}
	from, to, err := n.span(f)
	if err != nil {
		return nil, err
	}
	skip := 0
	if f.Token != "" {
		var start int
		if k, err := fmt.Sscanf(f.Token, "%d-%d", &start, &skip); k != 2 || err != nil || start < from || start > to || skip < 0 {
			return nil, errBadToken
		}
		from = start
	}
	found := []map[string]any{}
	for i := from; i <= to; i++ {
		seen := 0
		for _, tx := range n.blocks[i].txs {
			for _, e := range tx.events {
				if !f.matches(e) {
					continue
				}
				if seen++; seen <= skip {
					continue
				}
				if len(found) == f.Chunk {
					return map[string]any{"events": found, "continuation_token": fmt.Sprintf("%d-%d", i, seen-1)}, nil
				}
				found = append(found, map[string]any{
					"from_address": e.from.Felt(), "keys": e.keys, "data": notNil(e.data), "transaction_hash": tx.hash.Felt(),
					"block_hash": n.blocks[i].hash.Felt(), "block_number": n.blocks[i].number,
				})
			}
		}
		skip = 0
	}
	return map[string]any{"events": found}, nil
}

// span returns the range of blocks that a filter names; a number above the head means the head.
func (n *Net) span(f eventFilter) (from, to int, err error) {
	to = len(n.blocks) - 1
	if f.From != nil {
		switch {
		case f.From.number != nil && *f.From.number < n.config.FirstBlock:
		case f.From.number != nil && *f.From.number > n.config.FirstBlock+uint64(max(to, 0)):
			return 0, -1, nil
		default:
			if from, err = n.index(*f.From); err != nil {
				return 0, 0, err
			}
		}
	}
	if f.To != nil && (f.To.number == nil || *f.To.number < n.config.FirstBlock+uint64(max(to, 0))) {
		if f.To.number != nil && *f.To.number < n.config.FirstBlock {
			return 0, -1, nil
		}
		to, err = n.index(*f.To)
	}
	return from, to, err
}

// classHash is the class of a contract: one for each ABI.
func classHash(contract string) schemas.Felt { return felt("class/" + contract) }

func (n *Net) contractAt(address schemas.Address) (string, bool) {
	for name, a := range n.story.contracts {
		if a == address {
			return name, true
		}
	}
	return "", false
}

// atBlock answers what is asked of a contract or account at a block.
func (n *Net) atBlock(method string, args arguments) (any, error) {
	var id blockID
	if err := args.read("block_id", &id); err != nil {
		return nil, err
	}
	at, err := n.index(id)
	if err != nil {
		return nil, err
	}
	if method == "starknet_call" {
		return n.view(args, at)
	}
	var address schemas.Address
	if err := args.read("contract_address", &address); err != nil {
		return nil, err
	}
	if method == "starknet_getNonce" {
		return n.nonceAt(address, at)
	}
	name, ok := n.contractAt(address)
	if !ok {
		return nil, errContractNotFound
	}
	if method == "starknet_getClassHashAt" {
		return classHash(name), nil
	}
	doc, err := schemas.EmbeddedJSON(name)
	if err != nil {
		return nil, err
	}
	var abi json.RawMessage
	if err := json.Unmarshal(doc, &abi); err != nil {
		return nil, err
	}
	return map[string]any{
		"sierra_program": []schemas.Felt{{}}, "contract_class_version": "0.1.0", "abi": string(abi),
		"entry_points_by_type": map[string]any{"CONSTRUCTOR": []any{}, "EXTERNAL": []any{}, "L1_HANDLER": []any{}},
	}, nil
}

func (n *Net) nonceAt(address schemas.Address, at int) (any, error) {
	nonce, found := uint64(0), false
	for _, b := range n.blocks[:at+1] {
		for _, tx := range b.txs {
			if tx.sender == address {
				nonce, found = tx.nonce+1, true
			}
		}
	}
	if _, isContract := n.contractAt(address); !found && !isContract {
		return nil, errContractNotFound
	}
	return schemas.FeltFromUint64(nonce), nil
}
