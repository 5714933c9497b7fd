package starknet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

var (
	verifier = schemas.Contract{Name: "ProofVerifier", Address: schemas.Address{31: 7}}
	theBlock = schemas.BlockRef{Number: 12, Hash: schemas.Hash{31: 9}}
	ofJob    = map[string]any{"job_id": map[string]any{"value": "5"}}
)

// refusing answers every call with an error of the node.
func refusing(code int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var req struct{ ID int64 }
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		_, _ = fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%d,"error":{"code":%d,"message":"no"}}`, req.ID, code)
	})
}

func broken(w http.ResponseWriter, _ *http.Request) { http.Error(w, "down", http.StatusBadGateway) }

// telling is a node whose contract has a class without an ABI, and answers every view with the same felts.
func telling(result string) *node {
	return &node{results: map[string]string{
		"starknet_getClassHashAt": `"0x1"`, "starknet_getClassAt": `{}`, "starknet_call": result, "starknet_blockNumber": `12`,
	}}
}

func TestAViewIsAskedOfTheFirstNodeThatAnswers(t *testing.T) {
	good := telling(`["0x2"]`)
	for name, c := range map[string]struct {
		nodes  []http.Handler
		data   string
		reason string
	}{
		"the first":                          {[]http.Handler{good, http.HandlerFunc(broken)}, `"Verified"`, ""},
		"the second, as the first is down":   {[]http.Handler{http.HandlerFunc(broken), good}, `"Verified"`, ""},
		"the second, which has the state":    {[]http.Handler{refusing(24), good}, `"Verified"`, ""},
		"nobody":                             {nil, "", schemas.ReasonUnanswered},
		"all are down":                       {[]http.Handler{http.HandlerFunc(broken), http.HandlerFunc(broken)}, "", schemas.ReasonUnanswered},
		"none has the state":                 {[]http.Handler{refusing(24), refusing(24)}, "", schemas.ReasonNoState},
		"a view that fails fails everywhere": {[]http.Handler{refusing(40), good}, "", schemas.ReasonReverted},
		"no such contract":                   {[]http.Handler{refusing(20), good}, "", schemas.ReasonNoContract},
		"an answer that is none":             {[]http.Handler{telling(`["0x63"]`)}, "", schemas.ReasonBadValue},
	} {
		t.Run(name, func(t *testing.T) {
			var nodes []*Client
			for _, h := range c.nodes {
				nodes = append(nodes, clientOf(t, h))
			}
			got, err := NewViews(nodes...).Ask(t.Context(), theBlock, verifier, "get_proof_status", ofJob)
			if err != nil || string(got.Data) != c.data || got.Reason != c.reason || (got.Detail == "") != (c.reason == "") {
				t.Errorf("answers %s, %q (%s), %v; want %s, %q", got.Data, got.Reason, got.Detail, err, c.data, c.reason)
			}
		})
	}
}

func TestAViewIsAskedAtTheBlock(t *testing.T) {
	n := telling(`["0x2"]`)
	views := NewViews(clientOf(t, n))
	for _, c := range []struct {
		at   schemas.BlockRef
		want string
	}{
		{theBlock, `{"block_hash":"0x9"}`},
		{schemas.BlockRef{Number: 12}, `{"block_number":12}`}, // a quiet block: the log does not have its hash
	} {
		if _, err := views.Ask(t.Context(), c.at, verifier, "get_proof_status", ofJob); err != nil {
			t.Fatal(err)
		}
		if got := string(n.params["block_id"]); got != c.want {
			t.Errorf("asked at %s, want %s", got, c.want)
		}
	}
}

// TestAViewIsReadByItsClass has a class that counts the proofs in another type than this build's ABI.
func TestAViewIsReadByItsClass(t *testing.T) {
	n := telling(`["0x2","0x1"]`)
	abi := `[{"type":"interface","name":"v::I","items":[{"type":"function","name":"get_proof_status","inputs":[{"name":"job","type":"core::felt252"}],"outputs":[{"type":"core::integer::u256"}],"state_mutability":"view"}]},{"type":"event","name":"v::Event","kind":"enum","variants":[]}]`
	doc, err := json.Marshal(abi)
	if err != nil {
		t.Fatal(err)
	}
	n.results["starknet_getClassAt"] = `{"abi":` + string(doc) + `}`
	got, err := NewViews(clientOf(t, n)).Ask(t.Context(), theBlock, verifier, "get_proof_status", map[string]any{"job": "0x5"})
	if err != nil || string(got.Data) != `"340282366920938463463374607431768211458"` {
		t.Errorf("answers %s %q %s, %v", got.Data, got.Reason, got.Detail, err)
	}
}

func TestAQuestionThatIsNoneIsAnError(t *testing.T) {
	views := NewViews(clientOf(t, telling(`["0x2"]`)))
	if _, err := views.Ask(t.Context(), theBlock, verifier, "get_nothing", nil); err == nil {
		t.Error("a view that there is not has an answer")
	}
	if _, err := views.Ask(t.Context(), theBlock, verifier, "get_proof_status", nil); err == nil {
		t.Error("a view without its argument has an answer")
	}
	if _, err := views.Ask(t.Context(), theBlock, schemas.Contract{Name: "Nobody"}, "get_proof_status", ofJob); err == nil {
		t.Error("a contract without an ABI has an answer")
	}
}

func TestANodeThatHangsIsLeft(t *testing.T) {
	hangs := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // a server sees that its caller is gone once it has read what came
		<-r.Context().Done()
	})
	views := NewViews(clientOf(t, hangs), clientOf(t, telling(`["0x2"]`)))
	views.within = 50 * time.Millisecond
	if got, err := views.Ask(t.Context(), theBlock, verifier, "get_proof_status", ofJob); err != nil || got.Reason != "" {
		t.Errorf("answers %q, %v: the second node was not asked", got.Reason, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := views.Ask(ended, theBlock, verifier, "get_proof_status", ofJob); !errors.Is(err, context.Canceled) {
		t.Errorf("after its end: %v", err)
	}
}

func TestWhetherAContractIsOlder(t *testing.T) {
	for name, c := range map[string]struct {
		node  http.Handler
		block uint64
		there bool
		fails bool
	}{
		"before the chain":         {http.HandlerFunc(broken), 0, false, false},
		"it was there":             {telling(`[]`), 5, true, false},
		"it was not":               {refusing(20), 5, false, false},
		"the node no longer knows": {refusing(24), 5, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			there, err := NewViews(clientOf(t, c.node)).ThereBefore(t.Context(), verifier.Address, c.block)
			if there != c.there || (err != nil) != c.fails {
				t.Errorf("%v, %v; want %v", there, err, c.there)
			}
		})
	}
}
