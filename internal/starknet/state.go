package starknet

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// SpecVersion returns the version of the JSON-RPC spec that the node speaks, such as 0.9.0.
func (c *Client) SpecVersion(ctx context.Context) (v string, err error) {
	err = c.call(ctx, "starknet_specVersion", nil, &v)
	return v, err
}

// ChainID returns the id of the node's chain, a short string as a felt.
func (c *Client) ChainID(ctx context.Context) (id schemas.Felt, err error) {
	err = c.call(ctx, "starknet_chainId", nil, &id)
	return id, err
}

// Nonce returns an account's nonce at a block (getNonce).
func (c *Client) Nonce(ctx context.Context, id BlockID, account schemas.Address) (n schemas.Felt, err error) {
	err = c.call(ctx, "starknet_getNonce", params{"block_id": id, "contract_address": account.Felt()}, &n)
	return n, err
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

// ABIAt returns the ABI document of a contract's class at a block, a JSON array of entries (getClassAt). It is nil where the
// class tells none.
func (c *Client) ABIAt(ctx context.Context, id BlockID, contract schemas.Address) (json.RawMessage, error) {
	const method = "starknet_getClassAt"
	var class struct {
		ABI json.RawMessage `json:"abi"`
	}
	if err := c.call(ctx, method, params{"block_id": id, "contract_address": contract.Felt()}, &class); err != nil {
		return nil, err
	}
	switch {
	case len(class.ABI) == 0 || string(class.ABI) == "null":
		return nil, nil
	case class.ABI[0] != '"':
		return class.ABI, nil // of a legacy class
	}
	var text string // Sierra classes hold it as text
	if err := json.Unmarshal(class.ABI, &text); err != nil {
		return nil, fmt.Errorf("%s %s: ABI of the class of %s: %w: %w", c.host, method, contract, ErrMalformed, err)
	}
	return json.RawMessage(text), nil
}
