package simnet

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Handler serves the chain over JSON-RPC, StarkNet's spec 0.9: POST on any path, single calls and batches, parameters by name
// or by position.
func (n *Net) Handler() http.Handler { return http.HandlerFunc(n.serve) }

const maxRequest = 1 << 20

type rpcRequest struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
}

type rpcAnswer struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Result  any             `json:"result,omitempty"`
	Error   *rpcError       `json:"error,omitempty"`
}

type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

func (e *rpcError) Error() string { return fmt.Sprintf("%d %s", e.Code, e.Message) }

// Errors of the spec.
var (
	errContractNotFound = &rpcError{Code: 20, Message: "Contract not found"}
	errBlockNotFound    = &rpcError{Code: 24, Message: "Block not found"}
	errTxNotFound       = &rpcError{Code: 29, Message: "Transaction hash not found"}
	errPageTooBig       = &rpcError{Code: 31, Message: "Requested page size is too big"}
	errBadToken         = &rpcError{Code: 33, Message: "The supplied continuation token is invalid or unknown"}
	errTooManyKeys      = &rpcError{Code: 34, Message: "Too many keys provided in a filter"}
	errMethodNotFound   = &rpcError{Code: -32601, Message: "Method not found"}
)

func invalidParams(format string, args ...any) error {
	return &rpcError{Code: -32602, Message: "Invalid params", Data: fmt.Sprintf(format, args...)}
}

func (n *Net) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		http.Error(w, "this is the JSON-RPC of a simulated StarkNet node: POST", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "the request is too large, or was cut off", http.StatusRequestEntityTooLarge)
		return
	}
	var answer any
	var batch []rpcRequest
	if json.Unmarshal(body, &batch) == nil {
		answers := make([]rpcAnswer, len(batch))
		for i, request := range batch {
			answers[i] = n.call(request)
		}
		answer = answers
	} else {
		var request rpcRequest
		if err := json.Unmarshal(body, &request); err != nil {
			answer = rpcAnswer{Version: "2.0", ID: json.RawMessage("null"), Error: &rpcError{Code: -32700, Message: "Parse error"}}
		} else {
			answer = n.call(request)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		return // the caller is gone
	}
}

// names are each method's parameters in the spec's order, for calls by position.
var names = map[string][]string{
	"starknet_getBlockWithTxHashes":  {"block_id"},
	"starknet_getBlockWithReceipts":  {"block_id"},
	"starknet_getEvents":             {"filter"},
	"starknet_getTransactionReceipt": {"transaction_hash"},
	"starknet_call":                  {"request", "block_id"},
	"starknet_getClassHashAt":        {"block_id", "contract_address"},
	"starknet_getClassAt":            {"block_id", "contract_address"},
	"starknet_getNonce":              {"block_id", "contract_address"},
}

// arguments are a call's parameters by name.
type arguments map[string]json.RawMessage

func (a arguments) read(name string, into any) error {
	raw, ok := a[name]
	if !ok {
		return invalidParams("%s is missing", name)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		if e, ok := errors.AsType[*rpcError](err); ok {
			return e
		}
		return invalidParams("%s: %v", name, err)
	}
	return nil
}

func (n *Net) call(request rpcRequest) rpcAnswer {
	answer := rpcAnswer{Version: "2.0", ID: request.ID}
	if answer.ID == nil {
		answer.ID = json.RawMessage("null")
	}
	args := arguments{}
	if len(request.Params) > 0 && json.Unmarshal(request.Params, &args) != nil {
		var list []json.RawMessage
		if json.Unmarshal(request.Params, &list) != nil || len(list) > len(names[request.Method]) {
			answer.Error = &rpcError{Code: -32602, Message: "Invalid params"}
			return answer
		}
		args = arguments{}
		for i, p := range list {
			args[names[request.Method][i]] = p
		}
	}
	n.mu.RLock()
	defer n.mu.RUnlock()
	result, err := n.dispatch(request.Method, args)
	if err != nil {
		e, ok := errors.AsType[*rpcError](err)
		if !ok {
			e = &rpcError{Code: -32603, Message: "Internal error", Data: err.Error()}
		}
		answer.Error = e
		return answer
	}
	answer.Result = result
	return answer
}

func (n *Net) dispatch(method string, args arguments) (any, error) {
	switch method {
	case "starknet_specVersion":
		return "0.9.0", nil
	case "starknet_chainId":
		return schemas.ChainID(schemas.Local)
	case "starknet_syncing":
		return new(bool), nil
	case "starknet_blockNumber", "starknet_blockHashAndNumber":
		if len(n.blocks) == 0 {
			return nil, &rpcError{Code: 32, Message: "There are no blocks"}
		}
		head := n.blocks[len(n.blocks)-1]
		if method == "starknet_blockNumber" {
			return head.number, nil
		}
		return map[string]any{"block_hash": head.hash.Felt(), "block_number": head.number}, nil
	case "starknet_getEvents":
		return n.getEvents(args)
	case "starknet_getTransactionReceipt":
		return n.getReceipt(args)
	case "starknet_getBlockWithTxHashes", "starknet_getBlockWithReceipts":
		var id blockID
		if err := args.read("block_id", &id); err != nil {
			return nil, err
		}
		return n.getBlock(id, method == "starknet_getBlockWithReceipts")
	case "starknet_call", "starknet_getClassHashAt", "starknet_getClassAt", "starknet_getNonce":
		return n.atBlock(method, args)
	}
	return nil, errMethodNotFound
}

// blockID is a block's number, hash or tag.
type blockID struct {
	tag    string
	hash   *schemas.Hash
	number *uint64
}

// UnmarshalJSON reads the three forms of the spec.
func (b *blockID) UnmarshalJSON(doc []byte) error {
	if json.Unmarshal(doc, &b.tag) == nil {
		if b.tag != "latest" && b.tag != "l1_accepted" && b.tag != "pre_confirmed" {
			return fmt.Errorf("unknown block tag %q", b.tag)
		}
		return nil
	}
	var named struct {
		Hash   *schemas.Hash `json:"block_hash"`
		Number *uint64       `json:"block_number"`
	}
	if err := json.Unmarshal(doc, &named); err != nil {
		return err
	}
	if (named.Hash == nil) == (named.Number == nil) {
		return errors.New("want a block_hash, a block_number or a tag")
	}
	b.hash, b.number = named.Hash, named.Number
	return nil
}

// index finds the block in n.blocks. The pre-confirmed block is answered by the newest one: nothing waits here.
func (n *Net) index(id blockID) (int, error) {
	at := len(n.blocks) - 1
	switch {
	case id.hash != nil:
		i, ok := n.byHash[*id.hash]
		if !ok {
			return 0, errBlockNotFound
		}
		return i, nil
	case id.number != nil:
		if *id.number < n.config.FirstBlock || *id.number-n.config.FirstBlock > uint64(max(at, 0)) {
			return 0, errBlockNotFound
		}
		at = int(*id.number - n.config.FirstBlock)
	case id.tag == "l1_accepted":
		at -= l1Depth
	}
	if at < 0 || at >= len(n.blocks) {
		return 0, errBlockNotFound
	}
	return at, nil
}
