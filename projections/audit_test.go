package projections_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
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
	auditSeed    = 6 // of chains on which all happens that can
	secondsAYear = 31_536_000
)

// audit holds what the read models are after a block beside what the contracts' views answer at that block.
type audit struct {
	*testing.T
	network *simnet.Net
	block   uint64
	rows    map[string][]projections.Row // by table
	keys    map[string]string            // the key's column, by table of an entity
	answers map[string]json.RawMessage
}

// TestReadModelsAgreeWithViews folds simulated networks, and asks the contracts' views about every sum and every row, at random blocks and
// after reorganisations. In one of them blocks are half an hour apart, so that what takes days comes to its end, too. At last it tells of
// each thing that is compared whether a fault in the read models would be noticed.
func TestReadModelsAgreeWithViews(t *testing.T) {
	about := map[string]bool{}
	for _, blockTime := range []time.Duration{time.Second, 30 * time.Minute} {
		rnd := rand.New(rand.NewPCG(auditSeed, uint64(blockTime)))
		network, err := simnet.New(simnet.Config{Seed: auditSeed, Workers: 6, L1Depth: 100, BlockTime: blockTime})
		if err != nil {
			t.Fatal(err)
		}
		if err := network.ProduceN(auditBlocks); err != nil {
			t.Fatal(err)
		}
		at := func(block uint64) {
			a := auditAt(t, network, block, blockTime)
			a.check()
			a.notices(about)
		}
		at(uint64(rnd.IntN(auditBlocks)))
		at(uint64(350 + rnd.IntN(50))) // while payments wait for proofs
		at(auditBlocks - 1)
		for range 2 {
			if err := network.Reorg(1 + rnd.IntN(90)); err != nil {
				t.Fatal(err)
			}
			head, _ := network.Head()
			at(head.Number - uint64(rnd.IntN(90)))
			at(head.Number)
		}
		if err := network.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, noticed := range about {
		if reason, never := idle[name]; never == noticed {
			t.Errorf("%s: it had something to be about: %v, and the list of what never has says: %q", name, noticed, reason)
		}
	}
}

// idle is what there is never anything to be about on the simulated network, with the reason.
var idle = map[string]string{
	"challenges upheld":                           "a challenge that is right cannot be settled, since WorkerStaking has no stakes",
	"slashed for fraud":                           "as before",
	"stakes of validators":                        "nobody can register",
	"jobs job_type by JobManager.get_job_details": "it is observed, and only events are folded here",
}

// auditAt folds the blocks of a network up to one.
func auditAt(t *testing.T, network *simnet.Net, upTo uint64, blockTime time.Duration) audit {
	t.Helper()
	var steps []schemas.Step
	for i, e := range network.Events() {
		if e.Position.Block > upTo {
			break
		}
		if n := len(steps); n == 0 || steps[n-1].Block.Number != e.Position.Block {
			at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(e.Position.Block) * blockTime)
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
	a := audit{t, network, upTo, map[string][]projections.Row{}, map[string]string{}, map[string]json.RawMessage{}}
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

// answer is what a view answers at the block, in the ABI's JSON form. It is asked once.
func (a audit) answer(view schemas.View, args map[string]any) json.RawMessage {
	a.Helper()
	question := fmt.Sprint(view, args)
	if doc, ok := a.answers[question]; ok {
		return doc
	}
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
	a.answers[question] = doc
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
	for _, i := range projections.Invariants() {
		for _, one := range a.each(i) {
			if drift := a.drift(one); drift != "" {
				a.Error(drift)
			}
		}
	}
	for _, v := range projections.RowViews() {
		for _, row := range a.told(v) {
			for _, drift := range a.rowDrift(v, row) {
				a.Errorf("block %d: %s %v: %s is %s, %s says %s", a.block, v.Table, row[a.keys[v.Table]], drift.Column, drift.Model, v.View, drift.Contract)
			}
		}
	}
	a.same("rewards of challengers", "0", a.view("FraudProof", "get_stats", nil).([]any)[4]) // the contract never writes it
	a.votes()
	a.reputations()
	a.rewards()
	a.payments()
}

// question is an invariant of one value of those that it is of, with the view's arguments.
type question struct {
	projections.Invariant
	args map[string]any
}

// each is the questions that an invariant asks.
func (a audit) each(i projections.Invariant) (asked []question) {
	if i.Each == nil {
		return []question{{i, nil}}
	}
	seen := map[any]bool{}
	for _, row := range a.rows[i.Each.Table] {
		if value := row[i.Each.Column]; value != nil && !seen[value] {
			seen[value] = true
			one, args := i.Of(value.(string))
			asked = append(asked, question{one, args})
		}
	}
	return asked
}

// silentHere are the numbers that contracts change here, too, without an event. What else may be less or more elsewhere is equal here.
var silentHere = map[string]bool{
	"active workers of the pool": true, "results that wait for challenges, by events": true,
}

// drift says how the read models and a contract differ.
func (a audit) drift(q question) string {
	a.Helper()
	contract, err := q.Told(a.answer(q.View, q.args))
	if err != nil {
		a.Fatal(err)
	}
	is := projections.Equal
	if silentHere[q.Name] {
		is = q.Is
	}
	if model := a.total(q.Terms); !is.Holds(model, contract) {
		return fmt.Sprintf("block %d: %s: the read models come to %s, %s %v says %s", a.block, q.Name, model, q.View, q.args, contract)
	}
	return ""
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
		if slices.ContainsFunc(is.Values, func(v any) bool { return same(v, value) }) == is.Not {
			return false
		}
	}
	return true
}

// same compares values by their text; most are text, and are compared faster.
func same(a, b any) bool {
	s, text := a.(string)
	t, too := b.(string)
	if text && too {
		return s == t
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
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

// told are the rows that a view tells of, too.
func (a audit) told(v projections.RowView) (rows []projections.Row) {
	for _, row := range a.rows[v.Table] {
		if _, ours := v.ID(row[a.keys[v.Table]].(string)); ours && takes(row, v.Where) {
			rows = append(rows, row)
		}
	}
	return rows
}

// rowDrift is how a row and what the view says of it differ.
func (a audit) rowDrift(v projections.RowView, row projections.Row) []projections.Difference {
	a.Helper()
	id, _ := v.ID(row[a.keys[v.Table]].(string))
	differences, err := v.Differences(row, a.answer(v.View, v.Args(id)))
	if err != nil {
		a.Fatal(err)
	}
	return differences
}

// notices makes the read models wrong in each way that something is there to notice, one after the other, and tells of what goes unnoticed.
// It notes what there was anything to be about.
func (a audit) notices(about map[string]bool) {
	a.Helper()
	for _, i := range projections.Invariants() {
		asked := a.each(i)
		if len(asked) == 0 {
			continue
		}
		something := true
		for n, term := range asked[0].Terms {
			something = something && slices.ContainsFunc(a.rows[term.Table], func(r projections.Row) bool { return takes(r, i.Terms[n].Where) || i.Each != nil })
			// One row more, and one whose number is lower: where the contract may have less or more, only one of them is noticed.
			wrong := a
			wrong.rows = maps.Clone(a.rows)
			noticed := false
			for _, number := range []string{"7000000000007", "-7000000000007"} {
				wrong.rows[term.Table] = append(slices.Clone(a.rows[term.Table]), imitated(term, number))
				noticed = noticed || wrong.drift(asked[0]) != ""
			}
			if !noticed && !silentHere[i.Name] {
				a.Errorf("%s: one row more of %s %v goes unnoticed", i.Name, term.Table, term.Where)
			}
		}
		about[i.Name] = about[i.Name] || something
	}
	for _, v := range projections.RowViews() {
		rows := a.told(v)
		for n, s := range v.Same {
			name := fmt.Sprintf("%s %s by %s", v.Prefix+v.Table, s.Column, v.View)
			about[name] = about[name] || a.noticesRow(v, n, rows)
		}
	}
}

// noticesRow tells whether a wrong value in one of some rows makes the n-th of what is compared differ.
func (a audit) noticesRow(v projections.RowView, n int, rows []projections.Row) bool {
	only := v
	only.Same = v.Same[n : n+1]
	for _, row := range rows {
		for column, value := range row {
			if column == a.keys[v.Table] || v.Same[n].As == nil && column != v.Same[n].Column {
				continue
			}
			for _, other := range append(others(a.rows[v.Table], column), more(value, 1), more(value, -1)) {
				wrong := maps.Clone(row)
				wrong[column] = other
				if len(a.rowDrift(only, wrong)) > 0 {
					return true
				}
			}
		}
	}
	return false
}

// more is a number and something; what is none becomes another text.
func more(value any, by int64) any {
	switch v := value.(type) {
	case int64:
		return v + by
	case time.Time:
		return v.Add(time.Duration(by) * time.Second)
	case string:
		if n, ok := new(big.Int).SetString(v, 10); ok {
			return n.Add(n, big.NewInt(by)).String()
		}
		return v + "?"
	}
	return value
}

// others are some of the values that rows have in a column.
func others(rows []projections.Row, column string) (values []any) {
	for _, row := range rows {
		if !slices.Contains(values, row[column]) && len(values) < 10 {
			values = append(values, row[column])
		}
	}
	return values
}

// imitated is a row that a term takes, and gives a number.
func imitated(term projections.Term, number string) projections.Row {
	row, inside := projections.Row{}, map[string]any{}
	put := func(column string, value any) {
		if _, name, is := strings.Cut(column, "."); is {
			inside[name] = value
		} else {
			row[column] = value
		}
	}
	for _, is := range term.Where {
		value := is.Values[0]
		if is.Not {
			value = "another"
		}
		put(is.Column, value)
	}
	if term.Of != "" {
		put(term.Of, number)
	}
	if len(inside) > 0 {
		doc, err := json.Marshal(inside)
		if err != nil {
			panic(err)
		}
		row["event_data"] = string(doc)
	}
	return row
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
