package simnet

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// spec is StarkNet's OpenRPC document, whose result schemas our answers are held against.
type spec struct {
	compiler *jsonschema.Compiler
	methods  map[string]int
	names    map[string][]string
	errors   map[string]struct {
		Code    int
		Message string
	}
}

func readSpec(t *testing.T) spec {
	t.Helper()
	doc, err := os.ReadFile("testdata/starknet_api_openrpc.v0.9.0.json")
	if err != nil {
		t.Fatal(err)
	}
	s := spec{compiler: jsonschema.NewCompiler(), methods: map[string]int{}, names: map[string][]string{}}
	var plain struct {
		Methods []struct {
			Name   string
			Params []struct{ Name string }
		}
		Components struct {
			Errors map[string]struct {
				Code    int
				Message string
			}
		}
	}
	if err := json.Unmarshal(doc, &plain); err != nil {
		t.Fatal(err)
	}
	for i, m := range plain.Methods {
		s.methods[m.Name] = i
		for _, p := range m.Params {
			s.names[m.Name] = append(s.names[m.Name], p.Name)
		}
	}
	s.errors = plain.Components.Errors
	// A block also fits the schema of the pre-confirmed block, which asks for less of the same: the spec's "one of" is "any of".
	tree, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.ReplaceAll(string(doc), `"oneOf"`, `"anyOf"`)))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.compiler.AddResource("file:///spec.json", tree); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s spec) check(t *testing.T, method string, result json.RawMessage) {
	t.Helper()
	i, ok := s.methods[method]
	if !ok {
		t.Fatalf("the spec has no method %s", method)
	}
	schema, err := s.compiler.Compile(fmt.Sprintf("file:///spec.json#/methods/%d/result/schema", i))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(result)))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s: %v\n%.600s", method, err, result)
	}
}

func TestAnswersFollowTheSpec(t *testing.T) {
	s := readSpec(t)
	n := open(t, Config{Seed: 1, Workers: 8, FirstBlock: 40}, 300)
	h := n.Handler()
	for name, m := range methods {
		if !slices.Equal(m.params, s.names[name]) {
			t.Errorf("%s takes %v, the spec says %v", name, m.params, s.names[name])
		}
	}
	check := func(method string, p any) {
		t.Helper()
		result, e := ask(t, h, method, p)
		if e != nil {
			t.Errorf("%s %v: %v %v", method, p, e, e.Data)
			return
		}
		s.check(t, method, result)
	}
	for _, method := range []string{"specVersion", "chainId", "syncing", "blockNumber", "blockHashAndNumber"} {
		check("starknet_"+method, []any{})
	}
	sage := addressOf(t, "SAGEToken").Felt()
	reverted := schemas.Hash{}
	for _, b := range n.blocks {
		for _, x := range b.txs {
			check("starknet_getTransactionReceipt", params{"transaction_hash": x.Tx.Hash.Felt()})
			if x.Revert != nil {
				reverted = x.Tx.Hash
			}
		}
	}
	for _, method := range []string{"getTransactionReceipt", "getTransactionStatus", "getTransactionByHash"} {
		check("starknet_"+method, params{"transaction_hash": reverted.Felt()})
	}
	for _, id := range []any{"latest", "l1_accepted", "pre_confirmed", at(40), at(41), at(0), at(339), params{"block_hash": n.blocks[7].hash.Felt()}, params{"block_hash": n.emptyHash(3).Felt()}} {
		for _, method := range []string{"getBlockWithTxHashes", "getBlockWithReceipts", "getBlockWithTxs", "getBlockTransactionCount"} {
			check("starknet_"+method, params{"block_id": id})
		}
	}
	for _, c := range n.world.Deployed() {
		check("starknet_getClassAt", params{"block_id": "latest", "contract_address": c.Address.Felt()})
		check("starknet_getClass", params{"block_id": "latest", "class_hash": c.Class.Felt()})
	}
	worker := n.Workers()[0].Address.Felt()
	check("starknet_getClassAt", params{"block_id": "latest", "contract_address": worker})
	check("starknet_getClassHashAt", params{"block_id": at(100), "contract_address": sage})
	check("starknet_getNonce", params{"block_id": "latest", "contract_address": worker})
	check("starknet_call", params{"block_id": "latest", "request": params{"contract_address": sage, "entry_point_selector": schemas.Selector("total_supply"), "calldata": []any{}}})
	check("starknet_getEvents", params{"filter": params{"from_block": at(0), "to_block": "latest", "chunk_size": 1024}})
	check("starknet_getEvents", params{"filter": params{"from_block": "pre_confirmed", "to_block": "pre_confirmed", "chunk_size": 5}})
	check("starknet_getTransactionByBlockIdAndIndex", params{"block_id": at(40), "index": 0})
}

func TestErrorsFollowTheSpec(t *testing.T) {
	s := readSpec(t)
	n := open(t, Config{Seed: 1, Workers: 2, FirstBlock: 10}, 50)
	h := n.Handler()
	sage, none := addressOf(t, "SAGEToken").Felt(), schemas.FeltFromUint64(12345)
	view := func(contract schemas.Felt, name string, calldata ...schemas.Felt) params {
		if calldata == nil {
			calldata = []schemas.Felt{}
		}
		return params{"contract_address": contract, "entry_point_selector": schemas.Selector(name), "calldata": calldata}
	}
	events := func(more params) params {
		filter := params{"from_block": at(0), "to_block": "latest", "chunk_size": 10}
		for k, v := range more {
			filter[k] = v
		}
		return params{"filter": filter}
	}
	for _, c := range []struct {
		name, method string
		params       any
		code         int
	}{
		{"number above the head", "getBlockWithTxHashes", params{"block_id": at(60)}, 24},
		{"unknown hash", "getBlockWithReceipts", params{"block_id": params{"block_hash": none}}, 24},
		{"transaction hash", "getTransactionReceipt", params{"transaction_hash": none}, 29},
		{"transaction index", "getTransactionByBlockIdAndIndex", params{"block_id": "latest", "index": 9999}, 27},
		{"no such contract", "getClassHashAt", params{"block_id": "latest", "contract_address": none}, 20},
		{"not deployed yet", "getClassHashAt", params{"block_id": at(9), "contract_address": sage}, 20},
		{"not deployed yet: call", "call", params{"block_id": at(9), "request": view(sage, "name")}, 20},
		{"no such class", "getClass", params{"block_id": "latest", "class_hash": none}, 28},
		{"nonce of nobody", "getNonce", params{"block_id": "latest", "contract_address": none}, 20},
		{"no such entry point", "call", params{"block_id": "latest", "request": view(sage, "no_such_thing")}, 21},
		{"call at no block", "call", params{"block_id": at(999), "request": view(sage, "name")}, 24},
		{"calldata too short", "call", params{"block_id": "latest", "request": view(sage, "balance_of")}, 40},
		{"calldata too long", "call", params{"block_id": "latest", "request": view(sage, "name", none)}, 40},
		{"unknown job", "call", params{"block_id": "latest", "request": view(addressOf(t, "JobManager").Felt(), "get_job_state", none, schemas.Felt{})}, 40},
		{"page too big", "getEvents", events(params{"chunk_size": 1025}), 31},
		{"page too small", "getEvents", events(params{"chunk_size": 0}), -32602},
		{"bad token", "getEvents", events(params{"continuation_token": "x"}), 33},
		{"token outside the range", "getEvents", events(params{"continuation_token": "9999-0"}), 33},
		{"token with more behind it", "getEvents", events(params{"continuation_token": "1-0z"}), 33},
		{"too many keys", "getEvents", events(params{"keys": make([][]int, 17)}), 34},
		{"events from no block", "getEvents", events(params{"from_block": params{"block_hash": none}}), 24},
		{"no such method", "getRich", params{}, -32601},
		{"missing parameter", "getBlockWithTxHashes", params{}, -32602},
		{"unknown parameter", "getBlockWithTxHashes", params{"block_id": "latest", "more": 1}, -32602},
		{"too many parameters", "getBlockWithTxHashes", []any{"latest", 1}, -32602},
		{"unknown tag", "getBlockWithTxHashes", []any{"pending"}, -32602},
		{"number and hash", "getBlockWithTxHashes", []any{params{"block_number": 1, "block_hash": none}}, -32602},
		{"felt above the prime", "getNonce", []any{"latest", "0x8" + strings.Repeat("f", 63)}, -32602},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, e := ask(t, h, "starknet_"+c.method, c.params)
			if e == nil || e.Code != c.code {
				t.Fatalf("error %v, want %d", e, c.code)
			}
			for name, listed := range s.errors {
				if listed.Code == c.code && listed.Message != e.Message {
					t.Errorf("message %q, the spec's %s says %q", e.Message, name, listed.Message)
				}
			}
		})
	}
	_, e := ask(t, h, "starknet_call", params{"block_id": "latest", "request": view(addressOf(t, "JobManager").Felt(), "get_job_state", none, schemas.Felt{})})
	data, err := json.Marshal(e.Data)
	if err != nil {
		t.Fatal(err)
	}
	const want = `0x556e6b6e6f776e20656e756d20696e64696361746f723a ('Unknown enum indicator:'), 0x454e545259504f494e545f4641494c4544 ('ENTRYPOINT_FAILED')`
	if !strings.Contains(string(data), want) {
		t.Errorf("the panic data of an unknown job is %s, without %s", data, want)
	}
	schema, err := s.compiler.Compile("file:///spec.json#/components/schemas/CONTRACT_EXECUTION_ERROR")
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(e.Data.(map[string]any)["revert_error"]); err != nil {
		t.Error(err)
	}
}

func TestProtocol(t *testing.T) {
	n := open(t, Config{Seed: 1}, 3)
	h := n.Handler()
	const version = `{"jsonrpc":"2.0","id":7,"result":"0.9.0"}`
	for name, c := range map[string]struct{ call, answer string }{
		"no parameters":   {`{"jsonrpc":"2.0","id":7,"method":"starknet_specVersion"}`, version},
		"null parameters": {`{"jsonrpc":"2.0","id":7,"method":"starknet_specVersion","params":null}`, version},
		"empty list":      {`{"jsonrpc":"2.0","id":7,"method":"starknet_specVersion","params":[]}`, version},
		"text id":         {`{"jsonrpc":"2.0","id":"a","method":"starknet_blockNumber"}`, `{"jsonrpc":"2.0","id":"a","result":2}`},
		"false is said":   {`{"jsonrpc":"2.0","id":7,"method":"starknet_syncing"}`, `{"jsonrpc":"2.0","id":7,"result":false}`},
		"batch":           {` [{"jsonrpc":"2.0","id":7,"method":"starknet_specVersion"},{"jsonrpc":"2.0","method":"starknet_chainId"},5,{"jsonrpc":"2.0","id":8,"method":"x"}]`, "[" + version + `,{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid Request"}},{"jsonrpc":"2.0","id":8,"error":{"code":-32601,"message":"Method not found"}}]`},
		"empty batch":     {`[]`, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid Request"}}`},
		"notification":    {`{"jsonrpc":"2.0","method":"starknet_chainId"}`, ``},
		"not JSON":        {`{"jsonrpc"`, `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}`},
		"other version":   {`{"jsonrpc":"1.0","id":7,"method":"starknet_specVersion"}`, `{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"Invalid Request"}}`},
	} {
		if got := string(post(t, h, []byte(c.call))); got != c.answer {
			t.Errorf("%s: %s, want %s", name, got, c.answer)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", w.Code)
	}
	byName := must[map[string]any](t, h, "starknet_getBlockWithTxHashes", params{"block_id": at(1)})
	byPlace := must[map[string]any](t, h, "starknet_getBlockWithTxHashes", []any{at(1)})
	if byName["block_hash"] != byPlace["block_hash"] {
		t.Error("by name and by position the answers differ")
	}
	refusing := n.Handler(func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) })
	})
	w = httptest.NewRecorder()
	refusing.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
	if w.Code != http.StatusTooManyRequests {
		t.Errorf("behind a middleware that refuses: %d", w.Code)
	}
}

func TestBlocksBeforeTheFirstAreEmpty(t *testing.T) {
	n := open(t, Config{Seed: 1, FirstBlock: 5}, 60)
	h := n.Handler()
	parent := "0x0"
	for number := range uint64(7) {
		b := must[struct {
			Hash   string `json:"block_hash"`
			Parent string `json:"parent_hash"`
			Number uint64 `json:"block_number"`
			Time   uint64 `json:"timestamp"`
			Status string
			Txs    []string `json:"transactions"`
		}](t, h, "starknet_getBlockWithTxHashes", params{"block_id": at(number)})
		if b.Number != number || b.Parent != parent || (number < 5) != (len(b.Txs) == 0) || number < 5 && b.Time != n.blocks[0].time-5+number || b.Status != acceptedOnL1 {
			t.Errorf("block %d is %+v after %s", number, b, parent)
		}
		parent = b.Hash
		again := must[map[string]any](t, h, "starknet_getBlockWithTxHashes", params{"block_id": params{"block_hash": b.Hash}})
		if again["block_number"] != float64(number) {
			t.Errorf("by its hash, block %d is %v", number, again["block_number"])
		}
	}
	l1 := must[map[string]any](t, h, "starknet_getBlockWithTxHashes", params{"block_id": "l1_accepted"})
	if l1["block_number"] != float64(64-40) || l1["status"] != acceptedOnL1 {
		t.Errorf("accepted on L1 is %v %v", l1["block_number"], l1["status"])
	}
	if b := must[map[string]any](t, h, "starknet_getBlockWithTxHashes", params{"block_id": at(25)}); b["status"] != acceptedOnL2 {
		t.Errorf("the block above is %v", b["status"])
	}
}
