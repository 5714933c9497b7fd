package simnet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Handler serves the chain over JSON-RPC, StarkNet's spec 0.9: POST on any path, single calls and batches, parameters by name
// or by position; and as a WebSocket, on any path, with subscriptions to new heads. Middleware wraps it, the first one outermost: that is the place for faults, such as latency or refusals.
func (n *Net) Handler(middleware ...func(http.Handler) http.Handler) http.Handler {
	calls := endpoint(n.call)
	var h http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
			n.serveStream(w, r)
			return
		}
		calls.ServeHTTP(w, r)
	})
	for i := len(middleware) - 1; i >= 0; i-- {
		h = middleware[i](h)
	}
	return h
}

const (
	maxRequest = 1 << 20
	maxBatch   = 1_000
)

// endpoint answers JSON-RPC with what it makes of single calls.
type endpoint func(q rpcRequest) (any, error)

type rpcRequest struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
}

// rpcError is an error of the spec, or of JSON-RPC itself.
type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

func (e *rpcError) Error() string { return fmt.Sprintf("%d %s", e.Code, e.Message) }

var (
	errContractNotFound   = &rpcError{Code: 20, Message: "Contract not found"}
	errEntryPointNotFound = &rpcError{Code: 21, Message: "Requested entrypoint does not exist in the contract"}
	errBlockNotFound      = &rpcError{Code: 24, Message: "Block not found"}
	errBadIndex           = &rpcError{Code: 27, Message: "Invalid transaction index in a block"}
	errClassNotFound      = &rpcError{Code: 28, Message: "Class hash not found"}
	errTxNotFound         = &rpcError{Code: 29, Message: "Transaction hash not found"}
	errPageTooBig         = &rpcError{Code: 31, Message: "Requested page size is too big"}
	errNoBlocks           = &rpcError{Code: 32, Message: "There are no blocks"}
	errBadToken           = &rpcError{Code: 33, Message: "The supplied continuation token is invalid or unknown"}
	errTooManyKeys        = &rpcError{Code: 34, Message: "Too many keys provided in a filter"}
	errParse              = &rpcError{Code: -32700, Message: "Parse error"}
	errInvalidRequest     = &rpcError{Code: -32600, Message: "Invalid Request"}
	errMethodNotFound     = &rpcError{Code: -32601, Message: "Method not found"}
)

func invalidParams(format string, args ...any) error {
	return &rpcError{Code: -32602, Message: "Invalid params", Data: fmt.Sprintf(format, args...)}
}

// ServeHTTP implements http.Handler.
func (call endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "this is the JSON-RPC of a simulated StarkNet node: POST", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "the request is too large, or was cut off", http.StatusRequestEntityTooLarge)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if answer := call.answer(body); answer != nil {
		if _, err := w.Write(answer); err != nil {
			return // the caller is gone
		}
	}
}

// answer handles a call or a batch of them. Notifications have no answer.
func (call endpoint) answer(body []byte) []byte {
	body = bytes.TrimSpace(body)
	if len(body) == 0 || body[0] != '[' {
		return call.one(body)
	}
	var batch []json.RawMessage
	if json.Unmarshal(body, &batch) != nil {
		return reply(nil, nil, errParse)
	}
	if len(batch) == 0 || len(batch) > maxBatch {
		return reply(nil, nil, errInvalidRequest)
	}
	var out []byte
	for _, q := range batch {
		if a := call.one(q); a != nil {
			out = append(append(out, ','), a...)
		}
	}
	if out == nil {
		return nil
	}
	out[0] = '['
	return append(out, ']')
}

func (call endpoint) one(text []byte) []byte {
	if !json.Valid(text) {
		return reply(nil, nil, errParse)
	}
	var q rpcRequest
	if json.Unmarshal(text, &q) != nil || q.Version != "2.0" || q.Method == "" {
		return reply(q.ID, nil, errInvalidRequest)
	}
	result, err := call(q)
	if q.ID == nil {
		return nil
	}
	return reply(q.ID, result, err)
}

func reply(id json.RawMessage, result any, err error) []byte {
	if id == nil {
		id = json.RawMessage("null")
	}
	if err == nil {
		var doc []byte
		if doc, err = json.Marshal(struct {
			Version string          `json:"jsonrpc"`
			ID      json.RawMessage `json:"id"`
			Result  any             `json:"result"`
		}{"2.0", id, result}); err == nil {
			return doc
		}
	}
	e, ok := errors.AsType[*rpcError](err)
	if !ok {
		e = &rpcError{Code: -32603, Message: "Internal error", Data: err.Error()}
	}
	doc, err := json.Marshal(struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   *rpcError       `json:"error"`
	}{"2.0", id, e})
	if err != nil {
		panic("simnet: an error that is no JSON: " + err.Error()) // ours are text
	}
	return doc
}

// method is how a method is carried out, and its parameters in the spec's order.
type method struct {
	params []string
	do     func(n *Net, a arguments) (any, error)
}

var methods = map[string]method{
	"starknet_specVersion":                     {nil, func(*Net, arguments) (any, error) { return "0.9.0", nil }},
	"starknet_chainId":                         {nil, func(*Net, arguments) (any, error) { return schemas.ChainID(schemas.Local) }},
	"starknet_syncing":                         {nil, func(*Net, arguments) (any, error) { return false, nil }},
	"starknet_blockNumber":                     {nil, (*Net).blockNumber},
	"starknet_blockHashAndNumber":              {nil, (*Net).blockHashAndNumber},
	"starknet_getBlockWithTxHashes":            {[]string{"block_id"}, (*Net).blockWithTxHashes},
	"starknet_getBlockWithTxs":                 {[]string{"block_id"}, (*Net).blockWithTxs},
	"starknet_getBlockWithReceipts":            {[]string{"block_id"}, (*Net).blockWithReceipts},
	"starknet_getBlockTransactionCount":        {[]string{"block_id"}, (*Net).blockTransactionCount},
	"starknet_getTransactionByHash":            {[]string{"transaction_hash"}, (*Net).transactionByHash},
	"starknet_getTransactionByBlockIdAndIndex": {[]string{"block_id", "index"}, (*Net).transactionByIndex},
	"starknet_getTransactionReceipt":           {[]string{"transaction_hash"}, (*Net).transactionReceipt},
	"starknet_getTransactionStatus":            {[]string{"transaction_hash"}, (*Net).transactionStatus},
	"starknet_getEvents":                       {[]string{"filter"}, (*Net).getEvents},
	"starknet_call":                            {[]string{"request", "block_id"}, (*Net).callView},
	"starknet_getClass":                        {[]string{"block_id", "class_hash"}, (*Net).class},
	"starknet_getClassAt":                      {[]string{"block_id", "contract_address"}, (*Net).classAt},
	"starknet_getClassHashAt":                  {[]string{"block_id", "contract_address"}, (*Net).classHashAt},
	"starknet_getNonce":                        {[]string{"block_id", "contract_address"}, (*Net).nonce},
}

// arguments are a call's parameters by name.
type arguments map[string]json.RawMessage

func (a arguments) read(name string, into any) error {
	raw, ok := a[name]
	if !ok || string(raw) == "null" {
		return invalidParams("%s is missing", name)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return invalidParams("%s: %v", name, err)
	}
	return nil
}

func (n *Net) call(q rpcRequest) (any, error) {
	m, ok := methods[q.Method]
	if !ok {
		return nil, errMethodNotFound
	}
	args, err := q.arguments(m.params)
	if err != nil {
		return nil, err
	}
	if bytes.Contains(q.Params, []byte(`"`+tagPreConfirmed+`"`)) {
		n.preConfirm()
	}
	n.mu.RLock()
	defer n.mu.RUnlock()
	return m.do(n, args)
}

// arguments reads the parameters, which come by name or by position.
func (q rpcRequest) arguments(names []string) (arguments, error) {
	args := arguments{}
	switch params := bytes.TrimSpace(q.Params); {
	case len(params) == 0 || string(params) == "null":
	case params[0] == '{':
		if err := json.Unmarshal(params, &args); err != nil {
			return nil, invalidParams("%v", err)
		}
		for name := range args {
			if !known(names, name) {
				return nil, invalidParams("%s has no parameter %s", q.Method, name)
			}
		}
	default:
		var list []json.RawMessage
		if err := json.Unmarshal(params, &list); err != nil || len(list) > len(names) {
			return nil, invalidParams("%s has %d parameters", q.Method, len(names))
		}
		for i, p := range list {
			args[names[i]] = p
		}
	}
	return args, nil
}

func known(names []string, name string) bool {
	for _, k := range names {
		if k == name {
			return true
		}
	}
	return false
}
