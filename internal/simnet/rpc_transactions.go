package simnet

import (
	"fmt"

	"github.com/bitsage-network/validator-dashboard/internal/simnet/economy"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

type (
	bounds struct {
		Amount schemas.Felt `json:"max_amount"`
		Price  schemas.Felt `json:"max_price_per_unit"`
	}
	transactionJSON struct {
		Hash       *schemas.Felt     `json:"transaction_hash,omitempty"`
		Type       string            `json:"type"`
		Version    string            `json:"version"`
		Nonce      schemas.Felt      `json:"nonce"`
		Sender     schemas.Felt      `json:"sender_address"`
		Signature  []schemas.Felt    `json:"signature"`
		Calldata   []schemas.Felt    `json:"calldata"`
		Bounds     map[string]bounds `json:"resource_bounds"`
		Tip        schemas.Felt      `json:"tip"`
		Paymaster  []schemas.Felt    `json:"paymaster_data"`
		Deployment []schemas.Felt    `json:"account_deployment_data"`
		NonceMode  string            `json:"nonce_data_availability_mode"`
		FeeMode    string            `json:"fee_data_availability_mode"`
	}
	eventJSON struct {
		From schemas.Felt   `json:"from_address"`
		Keys []schemas.Felt `json:"keys"`
		Data []schemas.Felt `json:"data"`
	}
	fee struct {
		Amount schemas.Felt `json:"amount"`
		Unit   string       `json:"unit"`
	}
	resources struct {
		L1     uint64 `json:"l1_gas"`
		L1Data uint64 `json:"l1_data_gas"`
		L2     uint64 `json:"l2_gas"`
	}
	receiptJSON struct {
		Type         string        `json:"type"`
		Hash         schemas.Felt  `json:"transaction_hash"`
		Fee          fee           `json:"actual_fee"`
		Execution    string        `json:"execution_status"`
		RevertReason string        `json:"revert_reason,omitempty"`
		Finality     string        `json:"finality_status"`
		Messages     []any         `json:"messages_sent"`
		Events       []eventJSON   `json:"events"`
		Resources    resources     `json:"execution_resources"`
		BlockHash    *schemas.Felt `json:"block_hash,omitempty"`
		BlockNumber  *uint64       `json:"block_number,omitempty"`
	}
)

// transactionOf writes a transaction as the spec has it. Its signature is a placeholder that follows from its hash.
func transactionOf(x *economy.Executed) (transactionJSON, error) {
	calldata, err := x.Tx.Calldata()
	if err != nil {
		return transactionJSON{}, err
	}
	none := []schemas.Felt{}
	bound := func(amount, price uint64) bounds {
		return bounds{schemas.FeltFromUint64(amount), schemas.FeltFromUint64(price)}
	}
	return transactionJSON{
		Type: "INVOKE", Version: "0x3", Nonce: schemas.FeltFromUint64(x.Tx.Nonce), Sender: x.Tx.Sender.Felt(),
		Signature: []schemas.Felt{hash("signature r", x.Tx.Hash[:]), hash("signature s", x.Tx.Hash[:])}, Calldata: calldata,
		Bounds: map[string]bounds{
			"l1_gas": bound(0, 2*economy.L1GasPrice), "l2_gas": bound(2*x.Gas.L2, 2*economy.L2GasPrice),
			"l1_data_gas": bound(2*x.Gas.L1Data, 2*economy.L1DataGasPrice),
		},
		Tip: schemas.Felt{}, Paymaster: none, Deployment: none, NonceMode: "L1", FeeMode: "L1",
	}, nil
}

func (n *Net) receiptOf(b *block, x *economy.Executed) (receiptJSON, error) {
	r := receiptJSON{
		Type: "INVOKE", Hash: x.Tx.Hash.Felt(), Fee: fee{schemas.FeltFromUint64(x.Gas.Fee), "FRI"}, Execution: "SUCCEEDED",
		Finality: n.status(b), Messages: []any{}, Events: make([]eventJSON, len(x.Events)),
		Resources: resources{0, x.Gas.L1Data, x.Gas.L2},
	}
	if x.Revert != nil {
		r.Execution = "REVERTED"
		r.RevertReason = fmt.Sprintf("Error in contract %s: %s", x.Revert.Contract.Felt(), x.Revert.Error())
	}
	for i, ev := range x.Events {
		keys, data, err := ev.Felts()
		if err != nil {
			return r, err
		}
		r.Events[i] = eventJSON{ev.Contract.Address.Felt(), keys, orEmpty(data)}
	}
	return r, nil
}

// orEmpty keeps null out of answers.
func orEmpty(felts []schemas.Felt) []schemas.Felt {
	if felts == nil {
		return []schemas.Felt{}
	}
	return felts
}

// executed finds a transaction by the hash that a call asks for.
func (n *Net) executed(a arguments) (*block, *economy.Executed, error) {
	var h schemas.Hash
	if err := a.read("transaction_hash", &h); err != nil {
		return nil, nil, err
	}
	at, ok := n.byTx[h]
	if !ok {
		return nil, nil, errTxNotFound
	}
	b := n.blocks[at.block-n.config.FirstBlock]
	return b, b.txs[at.index], nil
}

func (n *Net) transactionByHash(a arguments) (any, error) {
	_, x, err := n.executed(a)
	if err != nil {
		return nil, err
	}
	return named(x)
}

// named is a transaction with its hash.
func named(x *economy.Executed) (any, error) {
	t, err := transactionOf(x)
	t.Hash = new(x.Tx.Hash.Felt())
	return t, err
}

func (n *Net) transactionByIndex(a arguments) (any, error) {
	var id blockID
	var index int
	if err := a.read("block_id", &id); err != nil {
		return nil, err
	}
	if err := a.read("index", &index); err != nil {
		return nil, err
	}
	b, err := n.find(id)
	if err != nil {
		return nil, err
	}
	if index < 0 || index >= len(b.txs) {
		return nil, errBadIndex
	}
	return named(b.txs[index])
}

func (n *Net) transactionReceipt(a arguments) (any, error) {
	b, x, err := n.executed(a)
	if err != nil {
		return nil, err
	}
	r, err := n.receiptOf(b, x)
	r.BlockHash, r.BlockNumber = new(b.hash.Felt()), &b.number
	return r, err
}

func (n *Net) transactionStatus(a arguments) (any, error) {
	b, x, err := n.executed(a)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"finality_status": n.status(b), "execution_status": "SUCCEEDED"}
	if x.Revert != nil {
		out["execution_status"], out["failure_reason"] = "REVERTED", x.Revert.Error()
	}
	return out, nil
}
