package simnet

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// open returns a network of so many blocks.
func open(t testing.TB, c Config, blocks int) *Net {
	t.Helper()
	n, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	produce(t, n, blocks)
	return n
}

func produce(t testing.TB, n *Net, blocks int) {
	t.Helper()
	if err := n.ProduceN(blocks); err != nil {
		t.Fatal(err)
	}
}

// TestPreConfirmed: the pre-confirmed block holds what comes next, and to look at it changes nothing.
func TestPreConfirmed(t *testing.T) {
	c := Config{Seed: 5, Workers: 8, FirstBlock: 40}
	plain, watched := open(t, c, 60), open(t, c, 0)
	events := 0
	for range 60 {
		produce(t, watched, 1)
		var made struct {
			Hash         *schemas.Felt `json:"block_hash"`
			Number       uint64        `json:"block_number"`
			Transactions []struct {
				Receipt struct {
					Hash     schemas.Hash `json:"transaction_hash"`
					Finality string       `json:"finality_status"`
					Events   []any        `json:"events"`
				} `json:"receipt"`
			} `json:"transactions"`
		}
		doc, failed := ask(t, watched.Handler(), "starknet_getBlockWithReceipts", map[string]any{"block_id": "pre_confirmed"})
		if failed != nil {
			t.Fatal(failed)
		}
		if err := json.Unmarshal(doc, &made); err != nil {
			t.Fatal(err)
		}
		i := len(watched.blocks)
		if made.Hash != nil || made.Number != 40+uint64(i) {
			t.Fatalf("block %d with hash %v is in the making", made.Number, made.Hash)
		}
		if i == len(plain.blocks) {
			break
		}
		next := plain.blocks[i].txs
		if len(made.Transactions) != len(next) {
			t.Fatalf("block %d: %d transactions in the making, %d came", made.Number, len(made.Transactions), len(next))
		}
		for k, x := range made.Transactions {
			if x.Receipt.Hash != next[k].Tx.Hash || x.Receipt.Finality != "PRE_CONFIRMED" {
				t.Errorf("block %d: transaction %d in the making is %s %s, what came is %s", made.Number, k, x.Receipt.Hash, x.Receipt.Finality, next[k].Tx.Hash)
			}
			events += len(x.Receipt.Events)
		}
	}
	if events == 0 {
		t.Error("nothing was ever in the making")
	}
	if !slices.Equal(hashes(plain), hashes(watched)) {
		t.Error("a chain that was looked at became another")
	}
}

// hashes are the hashes of all blocks, of transactions too.
func hashes(n *Net) (out []schemas.Hash) {
	for _, b := range n.blocks {
		out = append(out, b.hash)
		for _, x := range b.txs {
			out = append(out, x.Tx.Hash)
		}
	}
	return out
}

// ask calls a method and returns its result, or its error. Parameters are any value that is JSON.
func ask(t testing.TB, h http.Handler, method string, params any) (json.RawMessage, *rpcError) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
	if err != nil {
		t.Fatal(err)
	}
	var a struct {
		Result json.RawMessage
		Error  *rpcError
	}
	if err := json.Unmarshal(post(t, h, body), &a); err != nil {
		t.Fatal(err)
	}
	return a.Result, a.Error
}

func post(t testing.TB, h http.Handler, body []byte) []byte {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/rpc", bytes.NewReader(body)))
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", body, w.Code, w.Body)
	}
	return w.Body.Bytes()
}

// must reads the result of a call that has to succeed.
func must[T any](t testing.TB, h http.Handler, method string, params any) (out T) {
	t.Helper()
	result, e := ask(t, h, method, params)
	if e != nil {
		t.Fatalf("%s %v: %v %v", method, params, e, e.Data)
	}
	if err := json.Unmarshal(result, &out); err != nil {
		t.Fatalf("%s: %v in %s", method, err, result)
	}
	return out
}

type params map[string]any

func at(number uint64) params { return params{"block_number": number} }
