package projections_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
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
	rows    map[string][]map[string]any // by table, each row by column
}

// TestReadModelsAgreeWithViews folds a simulated network, and asks the contracts' views about every row, at random blocks and
// after reorganisations.
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
		block.Facts = append(block.Facts, schemas.Fact{
			Event: e.Value, Type: e.Type, Position: e.Position, Time: block.Time, Offset: int64(i),
			ChainEvent: schemas.ChainEvent{ContractName: parts[2], Name: parts[3], TxHash: e.TxHash, BlockHash: e.BlockHash},
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
	a := audit{t, network, upTo, map[string][]map[string]any{}}
	for i, m := range set.Entities {
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
	row := map[string]any{}
	for i, c := range columns {
		row[c.Name] = values[i]
	}
	a.rows[table] = append(a.rows[table], row)
}

// view asks a view at the block. What it answers as a struct comes by member, a tuple by place.
func (a audit) view(contract, function string, args map[string]any) any {
	a.Helper()
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
	var out any
	if err := json.Unmarshal(doc, &out); err != nil {
		a.Fatal(err)
	}
	return out
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
	a.trading()
	a.hours()
	a.governance()
	a.staking()
	a.rewards()
	a.proofs()
	a.payments()
	a.cases()
}

// hours holds the network's numbers by the hour against the views that count the same.
func (a audit) hours() {
	total := func(column string) string { return a.sum("network_hours", column, every) }
	count := func(column string) string {
		var n int64
		for _, row := range a.rows["network_hours"] {
			n += row[column].(int64)
		}
		return number(int(n))
	}
	a.same("jobs submitted, by hours", count("jobs_submitted"), a.view("JobManager", "get_total_jobs", nil))
	a.same("jobs completed, by hours", count("jobs_completed"), a.view("JobManager", "get_completed_jobs", nil))
	a.same("trades, by hours", count("trades"), a.view("OTCOrderbook", "get_trade_count", nil))
	a.same("volume, by hours", total("traded_amount"), a.view("OTCOrderbook", "get_stats", nil).([]any)[2])
	a.same("slashed, by hours", total("slashed_amount"), a.view("ProverStaking", "total_slashed", nil))
	a.same("burned, by hours", total("burned_amount"), a.view("SAGEToken", "get_total_burned", nil))
	staked := amount(a.T, total("staked_amount")).Sub(amount(a.T, total("unstaked_amount"))).Sub(amount(a.T, total("slashed_amount")))
	a.same("staked, by hours", staked.String(), a.view("ProverStaking", "total_staked", nil))
	supply := amount(a.T, total("minted_amount")).Sub(amount(a.T, total("burned_amount")))
	a.same("supply, by hours", supply.String(), a.view("SAGEToken", "total_supply", nil))
}

func amount(t *testing.T, text string) schemas.Amount {
	t.Helper()
	a, err := schemas.ParseAmount(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// sum adds up a column of the rows that a condition takes.
func (a audit) sum(table, column string, takes func(map[string]any) bool) string {
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

func every(map[string]any) bool { return true }

func with(column string, value any) func(map[string]any) bool {
	return func(row map[string]any) bool { return row[column] == value }
}

func number(n int) string { return schemas.AmountFromUint64(uint64(n)).String() }

func (a audit) trading() {
	a.same("orders", number(len(a.rows["orders"])), a.view("OTCOrderbook", "get_order_count", nil))
	a.same("trades", number(len(a.rows["trades"])), a.view("OTCOrderbook", "get_trade_count", nil))
	a.same("volume", a.sum("trades", "amount", every), a.view("OTCOrderbook", "get_stats", nil).([]any)[2])
	statuses := map[any]any{"open": "Open", "partial": "PartialFill", "filled": "Filled", "cancelled": "Cancelled"}
	for _, o := range a.rows["orders"] {
		is := a.view("OTCOrderbook", "get_order", map[string]any{"order_id": o["order_id"]}).(map[string]any)
		a.same("remaining of an order", o["remaining_amount"], is["remaining"])
		a.same("status of an order", statuses[o["status"]], is["status"])
		a.same("maker of an order", o["maker_address"], is["maker"])
	}
}

func (a audit) governance() {
	treasury := 0
	for _, p := range a.rows["proposals"] {
		if p["contract_name"] != "GovernanceTreasury" {
			continue
		}
		treasury++
		is := a.view("GovernanceTreasury", "get_proposal", map[string]any{"proposal_id": p["number"]}).(map[string]any)
		a.same("votes for", p["votes_for"], is["votes_for"])
		a.same("votes against", p["votes_against"], is["votes_against"])
		a.same("executed", p["status"] == "executed", is["executed"])
		a.same("cancelled", p["status"] == "cancelled", is["cancelled"])
		supports := func(v map[string]any) bool { return v["proposal_id"] == p["proposal_id"] && v["support"] == true }
		a.same("sum of the votes for", a.sum("votes", "voting_power", supports), is["votes_for"])
	}
	a.same("proposals", number(treasury), a.view("GovernanceTreasury", "get_proposal_count", nil))
}

func (a audit) staking() {
	of := func(contract, kind string) func(map[string]any) bool {
		return func(row map[string]any) bool { return row["contract_name"] == contract && row["event_type"] == kind }
	}
	staked, err := schemas.ParseAmount(a.sum("staking_events", "amount", of("ProverStaking", "stake")))
	if err != nil {
		a.Fatal(err)
	}
	for _, kind := range []string{"unstake", "slashed"} {
		gone, err := schemas.ParseAmount(a.sum("staking_events", "amount", of("ProverStaking", kind)))
		if err != nil {
			a.Fatal(err)
		}
		staked = staked.Sub(gone)
	}
	for _, s := range a.rows["stakes"] {
		switch s["contract_name"] {
		case "ProverStaking":
			is := a.view("ProverStaking", "get_stake", map[string]any{"worker": s["worker_address"]}).(map[string]any)
			a.same("stake", s["amount"], is["amount"])
			a.same("locked stake", s["locked_amount"], is["locked_amount"])
			a.same("slashed stake", s["slashed_amount"], is["total_slashed"])
			a.same("tier", s["gpu_tier"], is["gpu_tier"])
			for _, w := range a.rows["workers"] {
				if w["address"] == s["worker_address"] {
					a.same("stake among the workers", w["staked_amount"], is["amount"])
				}
			}
		case "CDCPool":
			is := a.view("CDCPool", "get_stake_info", map[string]any{"worker": s["worker_address"]}).(map[string]any)
			a.same("stake in the pool", s["amount"], is["amount"])
		}
	}
	a.same("staked", staked.String(), a.view("ProverStaking", "total_staked", nil))
	a.same("slashed", a.sum("slashing_events", "amount", with("contract_name", "ProverStaking")), a.view("ProverStaking", "total_slashed", nil))
	for _, r := range a.rows["reputations"] {
		var last any
		for _, e := range a.rows["reputation_events"] {
			if e["worker_id"] == r["worker_id"] {
				last = e["new_score"]
			}
		}
		is := a.view("ReputationManager", "get_reputation", map[string]any{"worker_id": r["worker_id"]}).(map[string]any)
		a.same("reputation", last, int64(is["score"].(float64)))
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

func (a audit) proofs() {
	for _, p := range a.rows["proofs"] {
		if p["contract_name"] != "ProofVerifier" {
			continue
		}
		want := map[any]any{"verified": "Verified", "rejected": "Failed"}[p["status"]]
		a.same("proof of a job", want, a.view("ProofVerifier", "get_proof_status", map[string]any{"job_id": map[string]any{"value": p["job_id"]}}))
	}
}

// payments are as much as the workers earned, and none of them is one that ProofGatedPayment only released.
func (a audit) payments() {
	for _, w := range a.rows["workers"] {
		a.same("earnings of a worker", w["total_earnings"], a.sum("payments", "amount", with("worker_address", w["address"])))
	}
	for _, p := range a.rows["job_payments"] {
		if p["registered_at"] == nil {
			continue // JobManager paid it, without a proof
		}
		// JobManager may pay a job that is registered, where it is set to pay by itself again; the other contract does not hear of it.
		want := "Pending"
		switch {
		case p["released_at"] != nil:
			want = "PaymentReleased"
		case p["ready_at"] != nil:
			want = "ProofVerified"
		}
		is := a.view("ProofGatedPayment", "get_job_payment", map[string]any{"job_id": p["job_id"]}).(map[string]any)
		a.same("status of a payment", want, is["status"])
		a.same("promised amount", p["promised_amount"], is["sage_amount"])
	}
	for _, j := range a.rows["jobs"] {
		if paid, ok := j["paid_amount"]; ok && paid != nil {
			is := func(p map[string]any) bool { return p["job_id"] == j["job_id"] && p["payment_type"] == "job" }
			a.same("payment of a job", a.sum("payments", "amount", is), paid)
		}
	}
}

func (a audit) cases() {
	opened, upheld, rejected := 0, 0, 0
	for _, c := range a.rows["fraud_cases"] {
		if c["contract_name"] != "FraudProof" {
			continue
		}
		opened++
		switch c["status"] {
		case "upheld":
			upheld++
		case "rejected":
			rejected++
		}
	}
	stats := a.view("FraudProof", "get_stats", nil).([]any)
	for i, n := range []int{opened, upheld, rejected} {
		a.same("fraud cases", number(n), stats[i])
	}
}
