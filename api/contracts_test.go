package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// audited are models with rows that views tell of, too.
type audited struct {
	models
	rows map[string]projections.Row // by table and key
	at   *projections.Freshness
}

func (m audited) Rows(_ context.Context, as projections.AsOf, of projections.RowsOf) ([]projections.Row, projections.Freshness, error) {
	then := at
	if m.at != nil {
		then = *m.at
	}
	if as.Block == nil || *as.Block != uint64(at.Block) {
		return nil, then, fmt.Errorf("rows are asked for as of %v, not the answer's block", as)
	}
	if row, ok := m.rows[of.Table+" "+of.Key]; ok {
		return []projections.Row{row}, then, nil
	}
	return nil, then, nil
}

func (m audited) Proof(_ context.Context, as projections.AsOf, id string) (projections.ProofView, bool, projections.Freshness, error) {
	switch id {
	case "0x5", "ProofVerifier/42":
		return projections.ProofView{ID: "ProofVerifier/42", Contract: "ProofVerifier", Status: "verified", Hash: new("0x5")}, true, at, m.fault(as)
	case "Elsewhere/1":
		return projections.ProofView{ID: "Elsewhere/1", Contract: "Elsewhere", Status: "pending"}, true, at, m.fault(as)
	}
	return projections.ProofView{}, false, at, m.fault(as)
}

// contractsOf are contracts that answer by the view.
type contractsOf struct {
	answers map[string]schemas.ViewAnswer
	err     error
	asked   chan schemas.BlockRef
}

func (c contractsOf) Ask(ctx context.Context, at schemas.BlockRef, contract schemas.Contract, function string, _ map[string]any) (schemas.ViewAnswer, error) {
	if c.asked != nil {
		c.asked <- at
	}
	if errors.Is(c.err, context.DeadlineExceeded) { // it hangs
		<-ctx.Done()
		return schemas.ViewAnswer{}, ctx.Err()
	}
	if a, ok := c.answers[contract.Name+"."+function]; ok || c.err != nil {
		return a, c.err
	}
	return schemas.ViewAnswer{Reason: schemas.ReasonReverted, Detail: "a secret of the node"}, nil
}

func says(doc string) schemas.ViewAnswer { return schemas.ViewAnswer{Data: json.RawMessage(doc)} }

func askingServer(t *testing.T, m ReadModels, chain Contracts, limited bool) http.Handler {
	t.Helper()
	contracts, err := schemas.Contracts(schemas.Local)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{
		Network: schemas.Local, Contracts: contracts, Models: m, Watermarks: m.(Watermarks), Checks: checks, Chain: chain, Health: NewHealth("test", nil),
		Registry: prometheus.NewRegistry(), Logger: slog.New(slog.DiscardHandler), Limits: Limits{Enabled: limited},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.Handler()
}

func someStake(amount string) projections.Row {
	return projections.Row{"address": someone.String(), "staked_amount": amount, "locked_amount": "0", "slashed_amount": "0"}
}

const stakeAnswer = `{"amount":"5000","locked_amount":"0","total_slashed":"0","gpu_tier":"Consumer","last_claim_at":"1"}`

func TestTheContractIsAskedBesideTheProjection(t *testing.T) {
	for name, c := range map[string]struct {
		row     string
		agrees  bool
		differs string
	}{
		"they agree":  {"5000", true, "[]"},
		"they differ": {"4999", false, "[map[chain:5000 column:staked_amount member:amount must_be:equal projection:4999]]"},
	} {
		t.Run(name, func(t *testing.T) {
			m := audited{rows: map[string]projections.Row{"workers " + someone.String(): someStake(c.row)}}
			chain := contractsOf{answers: map[string]schemas.ViewAnswer{
				"ProverStaking.get_stake": says(stakeAnswer), "CDCPool.get_stake_info": says(`{"amount":"0"}`), "ReputationManager.get_reputation": says(`{"score":872}`),
			}, asked: make(chan schemas.BlockRef, 100)}
			h := askingServer(t, m, chain, false)
			for _, path := range []string{"/api/validator/status?address=", "/api/staking/info/", "/api/staking/db/info/"} {
				sign := "?"
				if strings.Contains(path, "?") {
					sign = "&"
				}
				w, plain := ask(t, h, "GET", path+someone.String(), "")
				if _, has := plain["chain"]; w.Code != http.StatusOK || has {
					t.Fatalf("%s: %d, chain %v: nobody asked for it", path, w.Code, plain["chain"])
				}
				w, answer := ask(t, h, "GET", path+someone.String()+sign+"source=chain", "")
				chainSays, ok := answer["chain"].(map[string]any)
				if w.Code != http.StatusOK || !ok {
					t.Fatalf("%s: %d %v", path, w.Code, answer)
				}
				delete(answer, "chain")
				if fmt.Sprint(answer) != fmt.Sprint(plain) {
					t.Errorf("%s: with source=chain the rest differs: %v, %v", path, answer, plain)
				}
				first := chainSays["views"].([]any)[0].(map[string]any)
				if chainSays["agrees"] != c.agrees || chainSays["block_number"] != 120.0 || chainSays["block_hash"] != "0xabc" || fmt.Sprint(first["differences"]) != c.differs ||
					first["view"] != "ProverStaking.get_stake" || first["projection"] != "workers" || first["known"] != true || first["answer"].(map[string]any)["amount"] != "5000" {
					t.Errorf("%s: %v", path, chainSays)
				}
			}
			close(chain.asked)
			for block := range chain.asked {
				if block.Number != 120 || block.Hash != (schemas.Hash{30: 0xa, 31: 0xbc}) {
					t.Errorf("a contract was asked at %v", block)
				}
			}
		})
	}
}

func TestWhenNobodyCanBeAsked(t *testing.T) {
	path := "/api/validator/status?source=chain&address=" + someone.String()
	m := audited{rows: map[string]projections.Row{"workers " + someone.String(): someStake("5000")}}
	moved := m
	moved.at = &projections.Freshness{Known: true, Block: 120, Hash: "0xdef"}
	for name, c := range map[string]struct {
		models ReadModels
		chain  Contracts
		status int
		code   string
	}{
		"no node":                   {m, nil, http.StatusServiceUnavailable, "no_provider"},
		"no node answers":           {m, contractsOf{answers: map[string]schemas.ViewAnswer{"ProverStaking.get_stake": {Reason: schemas.ReasonUnanswered, Detail: "a secret of the node"}}}, http.StatusBadGateway, "provider_failed"},
		"the question is none":      {m, contractsOf{err: errors.New("a secret of ours")}, http.StatusServiceUnavailable, "unavailable"},
		"the branch is another one": {moved, contractsOf{}, http.StatusServiceUnavailable, "unavailable"},
		"no database":               {audited{models: models{down: errors.New("a secret of the database")}}, contractsOf{}, http.StatusServiceUnavailable, "unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			w, answer := ask(t, askingServer(t, c.models, c.chain, false), "GET", path, "")
			if w.Code != c.status || answer["code"] != c.code || answer["detail"] == "" || !strings.HasPrefix(w.Header().Get("Content-Type"), problemType) || strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if w, _ := ask(t, askingServer(t, m, c.chain, false), "GET", strings.Replace(path, "source=chain&", "", 1), ""); w.Code != http.StatusOK {
				t.Errorf("without source=chain: %d", w.Code)
			}
		})
	}
}

// TestANodeThatHangs has the request end in time.
func TestANodeThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := askingServer(t, audited{}, contractsOf{err: context.DeadlineExceeded}, false)
		w, answer := ask(t, h, "GET", "/api/validator/status?source=chain&address="+someone.String(), "")
		if w.Code != http.StatusBadGateway || answer["code"] != "provider_failed" {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

func TestAViewThatDoesNotKnowAnIDSaysSo(t *testing.T) {
	h := askingServer(t, audited{}, contractsOf{}, false)
	w, answer := ask(t, h, "GET", "/api/validator/status?source=chain&address="+someone.String(), "")
	chain := answer["chain"].(map[string]any)
	first := chain["views"].([]any)[0].(map[string]any)
	if w.Code != http.StatusOK || chain["agrees"] != false || first["unknown_reason"] != schemas.ReasonReverted || first["known"] != false || first["answer"] != nil {
		t.Errorf("%d %v", w.Code, chain)
	}
}

func TestAProofIsVerifiedByItsContract(t *testing.T) {
	row := map[string]projections.Row{"proofs ProofVerifier/42": {"proof_id": "ProofVerifier/42", "status": "verified"}}
	for name, c := range map[string]struct {
		path    string
		chain   Contracts
		status  int
		want    string // proof_id, is_valid, agrees, unknown_reason
		unknown string
	}{
		"valid":                       {"0x5", contractsOf{answers: map[string]schemas.ViewAnswer{"ProofVerifier.get_proof_status": says(`"Verified"`)}}, 200, "ProofVerifier:42 true true <nil>", "[]"},
		"by its id":                   {"ProofVerifier:42", contractsOf{answers: map[string]schemas.ViewAnswer{"ProofVerifier.get_proof_status": says(`"Verified"`)}}, 200, "ProofVerifier:42 true true <nil>", "[]"},
		"the contract says otherwise": {"0x5", contractsOf{answers: map[string]schemas.ViewAnswer{"ProofVerifier.get_proof_status": says(`"Failed"`)}}, 200, "ProofVerifier:42 false false <nil>", "[]"},
		"the contract knows nothing":  {"0x5", contractsOf{}, 200, "ProofVerifier:42 <nil> <nil> reverted", "[is_valid agrees]"},
		"a contract without a view":   {"Elsewhere:1", contractsOf{}, 200, "Elsewhere:1 <nil> <nil> no_view", "[is_valid agrees]"},
		"no such proof":               {"0x6", contractsOf{}, 404, "<nil> <nil> <nil> <nil>", "<nil>"},
		"no node":                     {"0x5", nil, 503, "<nil> <nil> <nil> <nil>", "<nil>"},
		"no node answers":             {"0x5", contractsOf{answers: map[string]schemas.ViewAnswer{"ProofVerifier.get_proof_status": {Reason: schemas.ReasonUnanswered}}}, 502, "<nil> <nil> <nil> <nil>", "<nil>"},
	} {
		t.Run(name, func(t *testing.T) {
			w, a := ask(t, askingServer(t, audited{rows: row}, c.chain, false), "GET", "/api/proofs/"+c.path+"/verify", "")
			got := fmt.Sprint(a["proof_id"], " ", a["is_valid"], " ", a["agrees"], " ", a["unknown_reason"])
			if w.Code != c.status || got != c.want || fmt.Sprint(a["unknown"]) != c.unknown {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if w.Code == 200 && (a["block_number"] != 120.0 || a["block_hash"] != "0xabc") {
				t.Errorf("asked at block %v %v", a["block_number"], a["block_hash"])
			}
		})
	}
}

// TestAskingContractsHasALimitOfItsOwn: each time costs calls to a node, whatever route it is on.
func TestAskingContractsHasALimitOfItsOwn(t *testing.T) {
	h := askingServer(t, audited{}, contractsOf{}, true)
	paths := []string{"/api/validator/status?source=chain&address=" + someone.String(), "/api/staking/info/" + someone.String() + "?source=chain"}
	for i := range chainPerMinute {
		if w, _ := ask(t, h, "GET", paths[i%2], ""); w.Code != http.StatusOK || w.Header().Get("X-RateLimit-Limit") != "20" {
			t.Fatalf("request %d: %d, limit %s", i, w.Code, w.Header().Get("X-RateLimit-Limit"))
		}
	}
	for _, path := range paths {
		if w, _ := ask(t, h, "GET", path, ""); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s after %d: %d", path, chainPerMinute, w.Code)
		}
	}
	// What asks no contract is as before, and a parameter that a route does not have changes nothing.
	for _, path := range []string{"/api/validator/status?address=" + someone.String(), "/api/network/stats?source=chain"} {
		if w, _ := ask(t, h, "GET", path, ""); w.Code != http.StatusOK || w.Header().Get("X-RateLimit-Limit") == "20" || w.Header().Get("ETag") == "" {
			t.Errorf("%s: %d, limit %s, ETag %q", path, w.Code, w.Header().Get("X-RateLimit-Limit"), w.Header().Get("ETag"))
		}
	}
}

func TestFewAskContractsAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := askingServer(t, audited{}, contractsOf{err: context.DeadlineExceeded}, false)
		codes := make(chan int)
		for range chainAtOnce + 1 {
			go func() {
				w, _ := ask(t, h, "GET", "/api/validator/status?source=chain&address="+someone.String(), "")
				codes <- w.Code
			}()
		}
		count := map[int]int{}
		for range chainAtOnce + 1 {
			count[<-codes]++
		}
		if count[http.StatusBadGateway] != chainAtOnce || count[http.StatusServiceUnavailable] != 1 {
			t.Errorf("answers by status: %v", count)
		}
	})
}
