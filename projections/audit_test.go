package projections_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/simnet"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

const (
	auditBlocks  = 1_200
	secondsAYear = 31_536_000
)

// audit holds what the read models are after a block beside what the contracts' views answer at that block.
type audit struct {
	*testing.T
	network *simnet.Net
	block   uint64
	rows    map[string][]projections.Row // by table
	keys    map[string]string            // the key's column, by table of an entity
}

// TestReadModelsAgreeWithViews folds a simulated network, and asks the contracts' views about every sum and every row, at random blocks
// and after reorganisations.
func TestReadModelsAgreeWithViews(t *testing.T) {
	for _, seed := range []uint64{1, 2} {
		network, err := simnet.New(simnet.Config{Seed: seed, Workers: 6, L1Depth: 100})
		if err != nil {
			t.Fatal(err)
		}
		if err := network.ProduceN(auditBlocks); err != nil {
			t.Fatal(err)
		}
		rnd := rand.New(rand.NewPCG(seed, 0))
		for _, block := range []uint64{uint64(rnd.IntN(auditBlocks)), auditBlocks - 1} {
			auditAt(t, network, block).check()
		}
		if err := network.Reorg(1 + rnd.IntN(90)); err != nil {
			t.Fatal(err)
		}
		head, _ := network.Head()
		auditAt(t, network, head.Number).check()
		if err := network.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// auditAt folds the blocks of a network up to one.
func auditAt(t *testing.T, network *simnet.Net, upTo uint64) audit {
	t.Helper()
	var steps []schemas.Step
	for i, e := range network.Events() {
		if e.Position.Block > upTo {
			break
		}
		if n := len(steps); n == 0 || steps[n-1].Block.Number != e.Position.Block {
			at := time.Date(2026, 1, 1, 0, 0, int(e.Position.Block), 0, time.UTC)
			steps = append(steps, schemas.Step{Block: &schemas.Block{BlockRef: schemas.BlockRef{Number: e.Position.Block, Hash: e.BlockHash}, Time: at}})
		}
		block := steps[len(steps)-1].Block
		parts := strings.Split(e.Type, ".")
		data, err := json.Marshal(e.Value)
		if err != nil {
			t.Fatal(err)
		}
		block.Facts = append(block.Facts, schemas.Fact{
			Event: e.Value, Type: e.Type, Position: e.Position, Time: block.Time, Offset: int64(i),
			ChainEvent: schemas.ChainEvent{ContractName: parts[2], Name: parts[3], Data: data, TxHash: e.TxHash, BlockHash: e.BlockHash},
		})
	}
	set := projections.Chain()
	folder := projections.NewFolder(set)
	for i, keys := range folder.Missing(steps) {
		folder.Learn(i, keys, nil)
	}
	batch, err := folder.Fold(steps)
	if err != nil {
		t.Fatal(err)
	}
	a := audit{t, network, upTo, map[string][]projections.Row{}, map[string]string{}}
	for i, m := range set.Entities {
		a.keys[m.Table] = m.Columns[0].Name
		for _, key := range batch.Entities[i].SortedKeys() {
			a.add(m.Table, m.Columns, m.Values(batch.Entities[i].Current[key].State))
		}
	}
	for i, m := range set.Journals {
		for _, row := range batch.Journals[i] {
			a.add(m.Table, m.Columns, row)
		}
	}
	return a
}

func (a audit) add(table string, columns []projections.Column, values []any) {
	row := projections.Row{}
	for i, c := range columns {
		row[c.Name] = values[i]
	}
	a.rows[table] = append(a.rows[table], row)
}

// view asks a view at the block. What it answers as a struct comes by member, a tuple by place.
func (a audit) view(contract, function string, args map[string]any) any {
	a.Helper()
	var out any
	if err := json.Unmarshal(a.answer(schemas.View{Contract: contract, Function: function}, args), &out); err != nil {
		a.Fatal(err)
	}
	return out
}

// answer is what a view answers at the block, in the ABI's JSON form.
func (a audit) answer(view schemas.View, args map[string]any) json.RawMessage {
	a.Helper()
	contract, function := view.Contract, view.Function
	abi, err := schemas.Embedded(contract)
	if err != nil {
		a.Fatal(err)
	}
	calldata, err := abi.EncodeInputs(function, args)
	if err != nil {
		a.Fatal(err)
	}
	if calldata == nil {
		calldata = []schemas.Felt{}
	}
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": "starknet_call", "params": map[string]any{
		"request":  map[string]any{"contract_address": contractAddress(a.T, contract), "entry_point_selector": schemas.Selector(function), "calldata": calldata},
		"block_id": map[string]any{"block_number": a.block},
	}})
	if err != nil {
		a.Fatal(err)
	}
	w := httptest.NewRecorder()
	a.network.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/rpc", bytes.NewReader(body)))
	var answer struct {
		Result []schemas.Felt
		Error  json.RawMessage
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Error != nil {
		a.Fatalf("block %d: %s.%s %v: %v %s", a.block, contract, function, args, err, answer.Error)
	}
	doc, err := abi.DecodeOutputs(function, answer.Result)
	if err != nil {
		a.Fatal(err)
	}
	return doc
}

func contractAddress(t *testing.T, name string) schemas.Address {
	t.Helper()
	contracts, err := schemas.Contracts(schemas.Local)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range contracts {
		if c.Name == name {
			return c.Address
		}
	}
	t.Fatalf("no address of %s", name)
	return schemas.Address{}
}

func (a audit) same(what string, got, want any) {
	a.Helper()
	if got != want {
		a.Errorf("block %d: %s: the read model says %v, the contract %v", a.block, what, got, want)
	}
}

func (a audit) check() {
	a.Helper()
	for _, table := range []string{"orders", "trades", "proposals", "votes", "rewards", "reward_claims", "proofs", "payments", "staking_events", "reputation_events"} {
		if len(a.rows[table]) == 0 && a.block > auditBlocks/2 {
			a.Errorf("block %d: %s is empty: the audit has no teeth", a.block, table)
		}
	}
	a.invariants()
	a.rowViews()
	a.votes()
	a.reputations()
	a.rewards()
	a.payments()
}

// invariants holds every sum of [projections.Invariants] beside what the contract says. Here nothing happens behind the events' back, so
// what may be less or more elsewhere is equal.
func (a audit) invariants() {
	a.Helper()
	for _, i := range projections.Invariants() {
		if i.Each == nil {
			a.holds(i, nil)
			continue
		}
		asked := map[any]bool{}
		for _, row := range a.rows[i.Each.Table] {
			if value := row[i.Each.Column]; value != nil && !asked[value] {
				asked[value] = true
				one, args := i.Of(value.(string))
				a.holds(one, args)
			}
		}
	}
}

func (a audit) holds(i projections.Invariant, args map[string]any) {
	a.Helper()
	contract, err := i.Told(a.answer(i.View, args))
	if err != nil {
		a.Fatal(err)
	}
	if model := a.total(i.Terms); model.Cmp(contract) != 0 {
		a.Errorf("block %d: %s: the read models come to %s, %s %v says %s", a.block, i.Name, model, i.View, args, contract)
	}
}

// total adds up terms, as they are meant.
func (a audit) total(terms []projections.Term) *big.Int {
	a.Helper()
	total := new(big.Int)
	for _, t := range terms {
		n, seen := new(big.Int), map[any]bool{}
		for _, row := range a.rows[t.Table] {
			if !takes(row, t.Where) {
				continue
			}
			value := valueOf(row, t.Of)
			switch {
			case t.Of == "" || t.Distinct && value != nil && !seen[value]:
				n.Add(n, big.NewInt(1))
			case !t.Distinct && value != nil:
				v, ok := new(big.Int).SetString(fmt.Sprint(value), 10)
				if !ok {
					a.Fatalf("%s.%s is %v", t.Table, t.Of, value)
				}
				n.Add(n, v)
			}
			seen[value] = true
		}
		if t.Minus {
			n.Neg(n)
		}
		total.Add(total, n)
	}
	return total
}

// takes tells whether a row fulfils conditions.
func takes(row projections.Row, where []projections.Is) bool {
	for _, is := range where {
		value := valueOf(row, is.Column)
		if slices.ContainsFunc(is.Values, func(v any) bool { return fmt.Sprint(v) == fmt.Sprint(value) }) == is.Not {
			return false
		}
	}
	return true
}

// valueOf is a column's value, or what it has under a name in JSON; nil where it is unknown.
func valueOf(row projections.Row, column string) any {
	column, name, inside := strings.Cut(column, ".")
	value := row[column]
	if !inside || value == nil {
		return value
	}
	var doc map[string]any
	if err := json.Unmarshal([]byte(value.(string)), &doc); err != nil {
		return err
	}
	return doc[name]
}

// rowViews holds every row of [projections.RowViews] beside what the contract says.
func (a audit) rowViews() {
	a.Helper()
	for _, v := range projections.RowViews() {
		seen := 0
		for _, row := range a.rows[v.Table] {
			id, ours := v.ID(row[a.keys[v.Table]].(string))
			if !ours || !takes(row, v.Where) {
				continue
			}
			seen++
			differences, err := v.Differences(row, a.answer(v.View, v.Args(id)))
			if err != nil {
				a.Fatal(err)
			}
			for _, d := range differences {
				a.Errorf("block %d: %s %s: %s is %s, %s says %s", a.block, v.Table, id, d.Column, d.Model, v.View, d.Contract)
			}
		}
		if seen == 0 && a.block > auditBlocks/2 {
			a.Errorf("block %d: %s has no row that %s tells of: the audit has no teeth", a.block, v.Table, v.View)
		}
	}
}

// sum adds up a column of the rows that a condition takes.
func (a audit) sum(table, column string, takes func(projections.Row) bool) string {
	a.Helper()
	var total schemas.Amount
	for _, row := range a.rows[table] {
		text, ok := row[column].(string)
		if !ok || !takes(row) {
			continue
		}
		n, err := schemas.ParseAmount(text)
		if err != nil {
			a.Fatal(err)
		}
		total = total.Add(n)
	}
	return total.String()
}

func with(column string, value any) func(projections.Row) bool {
	return func(row projections.Row) bool { return row[column] == value }
}

func number(n int) string { return schemas.AmountFromUint64(uint64(n)).String() }

// votes are as many as the proposals have.
func (a audit) votes() {
	a.Helper()
	for _, p := range a.rows["proposals"] {
		supports := func(v projections.Row) bool { return v["proposal_id"] == p["proposal_id"] && v["support"] == true }
		a.same("sum of the votes for", a.sum("votes", "voting_power", supports), p["votes_for"])
	}
}

// reputations are what their newest event says.
func (a audit) reputations() {
	a.Helper()
	for _, r := range a.rows["reputations"] {
		var last any
		for _, e := range a.rows["reputation_events"] {
			if e["worker_id"] == r["worker_id"] {
				last = e["new_score"]
			}
		}
		a.same("reputation", last, r["score"])
	}
}

// rewards compares the terms with the contract's: what it settled at the rate of the day, what earns, and since when.
func (a audit) rewards() {
	config := a.view("ProverStaking", "get_config", nil).(map[string]any)
	rate, changedAt := int64(1_500), time.Time{}
	for _, c := range a.rows["staking_config"] {
		rate, changedAt = c["reward_apy_bps"].(int64), c["changed_at"].(time.Time)
	}
	a.same("rate of rewards", rate, int64(config["reward_apy_bps"].(float64)))
	for _, r := range a.rows["rewards"] {
		is := a.view("ProverStaking", "get_stake", map[string]any{"worker": r["address"]}).(map[string]any)
		a.same("earning", r["earning_amount"], is["amount"])
		a.same("earning since", number(int(r["earning_since"].(time.Time).Unix())), is["last_claim_at"])
		if !changedAt.Before(r["unclaimed_since"].(time.Time)) {
			continue // the settled part may be of another rate
		}
		settled, err := schemas.ParseAmount(r["settled_stake_seconds"].(string))
		if err != nil {
			a.Fatal(err)
		}
		pending, err := schemas.ParseAmount(is["pending_rewards"].(string))
		if err != nil {
			a.Fatal(err)
		}
		n := settled.Big()
		n.Mul(n, schemas.AmountFromUint64(uint64(rate)).Big())
		n.Div(n, schemas.AmountFromUint64(10_000*secondsAYear).Big())
		if off := n.Sub(n, pending.Big()); off.Sign() < 0 || !off.IsInt64() || off.Int64() > 100 {
			a.Errorf("block %d: settled rewards of %s are %s wei off", a.block, r["address"], off)
		}
	}
}

// payments are as much as the workers earned, and as jobs were paid.
func (a audit) payments() {
	for _, w := range a.rows["workers"] {
		a.same("earnings of a worker", w["total_earnings"], a.sum("payments", "amount", with("worker_address", w["address"])))
	}
	for _, j := range a.rows["jobs"] {
		if paid, ok := j["paid_amount"]; ok && paid != nil {
			is := func(p projections.Row) bool { return p["job_id"] == j["job_id"] && p["payment_type"] == "job" }
			a.same("payment of a job", a.sum("payments", "amount", is), paid)
		}
	}
}
