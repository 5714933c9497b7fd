//go:build node

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/NethermindEth/juno/core/felt"
	"github.com/NethermindEth/starknet.go/curve"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// strk is the token that every devnet has from its first block on.
const strk = "0x04718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938d"

// devnet is a running starknet-devnet: a real node with a chain of its own.
type devnet struct {
	t        *testing.T
	url      string
	accounts []account // those that it deploys
}

type account struct {
	Address schemas.Address `json:"address"`
	Private schemas.Felt    `json:"private_key"`
}

// startDevnet starts the program that STARKNET_DEVNET names, and ends it with the test.
func startDevnet(t *testing.T) *devnet {
	t.Helper()
	program := os.Getenv("STARKNET_DEVNET")
	if program == "" {
		t.Fatal("STARKNET_DEVNET does not name starknet-devnet 0.10.1: run these tests by make test-node, which finds it")
	}
	port := freePort(t)
	output := &bytes.Buffer{}
	cmd := exec.Command(program, "--host", "127.0.0.1", "--port", port, "--seed", "1", "--accounts", "3", "--state-archive-capacity", "full")
	cmd.Stdout, cmd.Stderr = output, output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() {
		_ = cmd.Wait() // killed below
		close(exited)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // gone already where it failed
		<-exited
		if t.Failed() {
			t.Logf("output of the node:\n%s", output)
		}
	})
	n := &devnet{t: t, url: "http://127.0.0.1:" + port + "/rpc"}
	for deadline := time.Now().Add(30 * time.Second); n.try("starknet_chainId", nil, nil) != nil; {
		select {
		case <-exited:
			t.Fatal("the node ended")
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatal("the node did not answer within 30 s")
		}
	}
	n.call("devnet_getPredeployedAccounts", map[string]any{"with_balance": false}, &n.accounts)
	return n
}

// call calls a method with parameters by name.
func (n *devnet) call(method string, params map[string]any, result any) {
	n.t.Helper()
	if err := n.try(method, params, result); err != nil {
		n.t.Fatal(err)
	}
}

func (n *devnet) try(method string, params map[string]any, result any) error {
	if params == nil {
		params = map[string]any{}
	}
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
	if err != nil {
		return err
	}
	res, err := http.Post(n.url, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	var answer struct {
		Result json.RawMessage    `json:"result"`
		Error  *starknet.RPCError `json:"error"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if answer.Error != nil {
		return fmt.Errorf("%s: %w", method, answer.Error)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(answer.Result, result)
}

func (n *devnet) head() (ref schemas.BlockRef) {
	n.t.Helper()
	var head struct {
		Hash   schemas.Hash `json:"block_hash"`
		Number uint64       `json:"block_number"`
	}
	n.call("starknet_blockHashAndNumber", nil, &head)
	return schemas.BlockRef{Number: head.Number, Hash: head.Hash}
}

// nextSecond waits until a block that is made now has another time than the newest one.
func (n *devnet) nextSecond() {
	n.t.Helper()
	var newest struct {
		Time int64 `json:"timestamp"`
	}
	n.call("starknet_getBlockWithTxHashes", map[string]any{"block_id": "latest"}, &newest)
	<-time.After(time.Until(time.Unix(newest.Time+1, 0)))
}

// mint makes STRK out of nothing, in a block of its own.
func (n *devnet) mint(to schemas.Address, amount uint64) {
	n.t.Helper()
	n.call("devnet_mint", map[string]any{"address": to, "amount": amount, "unit": "FRI"}, nil)
}

// abort takes the chain back to before a block.
func (n *devnet) abort(first uint64) {
	n.t.Helper()
	n.call("devnet_abortBlocks", map[string]any{"starting_block_id": starknet.ByNumber(first)}, nil)
}

// transfer sends STRK from the node's first account.
func (n *devnet) transfer(to schemas.Address, amount uint64) {
	n.t.Helper()
	token, err := schemas.ParseAddress(strk)
	if err != nil {
		n.t.Fatal(err)
	}
	n.invoke(n.accounts[0], token, "transfer", to.Felt(), schemas.FeltFromUint64(amount), schemas.FeltFromUint64(0))
}

// invoke has an account call a contract by a signed transaction, in a block of its own.
func (n *devnet) invoke(from account, to schemas.Address, function string, arguments ...schemas.Felt) {
	n.t.Helper()
	var nonce schemas.Felt
	n.call("starknet_getNonce", map[string]any{"block_id": "latest", "contract_address": from.Address.Felt()}, &nonce)
	calldata := append([]schemas.Felt{
		schemas.FeltFromUint64(1), to.Felt(), schemas.Selector(function), schemas.FeltFromUint64(uint64(len(arguments))),
	}, arguments...)
	hash := n.invokeHash(from, nonce, calldata)
	r, s, err := starknet.Curve{}.Sign(from.Private, hash)
	if err != nil {
		n.t.Fatal(err)
	}
	bound := func(amount, price uint64) map[string]schemas.Felt {
		return map[string]schemas.Felt{"max_amount": schemas.FeltFromUint64(amount), "max_price_per_unit": schemas.FeltFromUint64(price)}
	}
	none := []schemas.Felt{}
	var sent struct {
		Hash schemas.Hash `json:"transaction_hash"`
	}
	n.call("starknet_addInvokeTransaction", map[string]any{"invoke_transaction": map[string]any{
		"type": "INVOKE", "version": "0x3", "sender_address": from.Address.Felt(), "calldata": calldata, "signature": []schemas.Felt{r, s},
		"nonce": nonce, "tip": "0x0", "paymaster_data": none, "account_deployment_data": none,
		"nonce_data_availability_mode": "L1", "fee_data_availability_mode": "L1",
		"resource_bounds": map[string]any{
			"l1_gas": bound(gasAmount, gasPrice), "l2_gas": bound(gasAmount, gasPrice), "l1_data_gas": bound(gasAmount, gasPrice),
		},
	}}, &sent)
	if sent.Hash.Felt() != hash {
		n.t.Fatalf("the node says the transaction is %s, signed was %s", sent.Hash, hash)
	}
	var receipt struct {
		Status string `json:"execution_status"`
		Reason string `json:"revert_reason"`
	}
	n.call("starknet_getTransactionReceipt", map[string]any{"transaction_hash": hash}, &receipt)
	if receipt.Status != "SUCCEEDED" {
		n.t.Fatalf("%s is %s: %s", function, receipt.Status, receipt.Reason)
	}
}

// Bounds of each resource that a transfer may use: far more than it takes, and less than the account has.
const (
	gasAmount = 10_000_000
	gasPrice  = 2_000_000_000
)

// invokeHash is what the sender of an invoke of version 3 signs.
func (n *devnet) invokeHash(from account, nonce schemas.Felt, calldata []schemas.Felt) schemas.Felt {
	n.t.Helper()
	chain, err := schemas.ChainID(schemas.Sepolia)
	if err != nil {
		n.t.Fatal(err)
	}
	zero := schemas.FeltFromUint64(0)
	bound := func(resource string) schemas.Felt {
		v := new(big.Int).Lsh(schemas.ShortString(resource).Big(), 192)
		v.Or(v, new(big.Int).Lsh(big.NewInt(gasAmount), 128))
		f, err := schemas.FeltFromBig(v.Or(v, big.NewInt(gasPrice)))
		if err != nil {
			n.t.Fatal(err)
		}
		return f
	}
	return n.poseidon(
		schemas.ShortString("invoke"), schemas.FeltFromUint64(3), from.Address.Felt(),
		n.poseidon(zero, bound("L1_GAS"), bound("L2_GAS"), bound("L1_DATA")),
		n.poseidon(), chain, nonce, zero, n.poseidon(), n.poseidon(calldata...),
	)
}

func (n *devnet) poseidon(felts ...schemas.Felt) schemas.Felt {
	n.t.Helper()
	in := make([]*felt.Felt, len(felts))
	for i, f := range felts {
		in[i] = new(felt.Felt).SetBytes(f[:])
	}
	out := curve.PoseidonArray(in...).Bytes()
	f, err := schemas.FeltFromBytes(out[:])
	if err != nil {
		n.t.Fatal(err)
	}
	return f
}
