package projections

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Some numbers a contract tells by a view that the read models tell by the events. Where both are of the same block they must agree; where
// they do not, an event is missing, or a row is wrong. What there is to compare is data: [Invariants] for sums, [RowViews] for single rows.

// Relation says how a contract's number is to that of the read models.
type Relation int

// The relations. Where a contract changes a number without an event, one bound is left.
const (
	Equal Relation = iota
	AtMost
	AtLeast
)

// String is the relation for people.
func (r Relation) String() string { return [...]string{"equal", "at most", "at least"}[r] }

// Holds tells whether a contract's number is what a read model's says that it must be.
func (r Relation) Holds(model, contract *big.Int) bool {
	c := contract.Cmp(model)
	return c == 0 || r == AtMost && c < 0 || r == AtLeast && c > 0
}

// Is is a condition: a column has one of these values. A nil among them stands for unknown. A column may go on into JSON: event_data.status.
type Is struct {
	Column string
	Values []any
	Not    bool // none of them
}

// Term is a sum over the rows of a read model.
type Term struct {
	Table    string
	Of       string // the column whose values are added up, which may go on into JSON; empty to count rows
	Distinct bool   // count the different values of Of
	Minus    bool
	Where    []Is
}

// Each says that an invariant is of every value that a column has.
type Each struct {
	Table, Column string
	Argument      string // of the view
}

// EachValue stands in a term's conditions for the value that an invariant is asked of.
type EachValue struct{}

// Invariant is a number that read models and a view both tell.
type Invariant struct {
	Name   string // what it is, for people
	View   schemas.View
	Member string // of the answer: a member's name, or a place in a tuple; empty where the answer is the number
	Is     Relation
	Terms  []Term // the read models' number is their sum
	Each   *Each  // nil where there is one such number
}

// Projection is the read model that is to blame where the numbers differ.
func (i Invariant) Projection() string { return i.Terms[0].Table }

// Of is the invariant for one value of those that Each names, with the view's arguments.
func (i Invariant) Of(value string) (one Invariant, args map[string]any) {
	one, args = i, map[string]any{i.Each.Argument: value}
	one.Terms = slices.Clone(i.Terms)
	for n, t := range one.Terms {
		t.Where = slices.Clone(t.Where)
		for m, is := range t.Where {
			if slices.Equal(is.Values, []any{EachValue{}}) {
				t.Where[m].Values = []any{value}
			}
		}
		one.Terms[n] = t
	}
	return one, args
}

// Told is the number in an answer of the view.
func (i Invariant) Told(answer json.RawMessage) (*big.Int, error) {
	text, err := member(answer, i.Member)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", i.View, err)
	}
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return nil, fmt.Errorf("%s: %q is no number", i.View, text)
	}
	return n, nil
}

// Row is a row of a read model, by column, its values as a [Column] has them.
type Row map[string]any

// text is a value as views tell it; false where it is unknown.
func (r Row) text(column string) (string, bool) {
	switch v := r[column].(type) {
	case nil:
		return "", false
	case time.Time:
		return strconv.FormatInt(v.Unix(), 10), true
	default:
		return fmt.Sprint(v), true
	}
}

// Same is a column that a member of a view's answer must agree with.
type Same struct {
	Column string
	Member string
	Is     Relation
	// As gives what the member must be, where that is not the column as it stands; false where the row does not tell.
	As func(Row) (string, bool)
}

// RowView is a view that tells what the rows of an entity tell.
type RowView struct {
	Table string
	View  schemas.View
	// Prefix is what the keys of its rows begin with; what follows, the id, is what Args makes the view's arguments of.
	Prefix string
	Args   func(id string) map[string]any
	Where  []Is // further conditions for its rows
	Same   []Same
}

// ID is what the view knows a row by; false where the row is another contract's.
func (v RowView) ID(key string) (string, bool) { return strings.CutPrefix(key, v.Prefix) }

// Difference is a value of which a read model and a contract tell differently.
type Difference struct {
	Column, Member  string
	Model, Contract string
	Is              Relation // that does not hold
}

// Differences compares a row with an answer of the view. It fails where the answer has not the members that it must have.
func (v RowView) Differences(r Row, answer json.RawMessage) ([]Difference, error) {
	var out []Difference
	for _, s := range v.Same {
		contract, err := member(answer, s.Member)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.View, err)
		}
		model, known := r.text(s.Column)
		if s.As != nil {
			model, known = s.As(r)
		}
		if !known || model == contract {
			continue
		}
		m, number := new(big.Int).SetString(model, 10)
		c, too := new(big.Int).SetString(contract, 10)
		if number && too && s.Is.Holds(m, c) {
			continue
		}
		out = append(out, Difference{s.Column, s.Member, model, contract, s.Is})
	}
	return out, nil
}

// member is a part of a view's answer as text: that of a name of a struct, or of a place in a tuple.
func member(answer json.RawMessage, name string) (string, error) {
	if name != "" {
		var list []json.RawMessage
		var object map[string]json.RawMessage
		if n, err := strconv.Atoi(name); err == nil {
			if err := json.Unmarshal(answer, &list); err != nil || n >= len(list) {
				return "", fmt.Errorf("the answer has no place %s", name)
			}
			answer = list[n]
		} else if err := json.Unmarshal(answer, &object); err != nil || object[name] == nil {
			return "", fmt.Errorf("the answer has no member %s", name)
		} else {
			answer = object[name]
		}
	}
	var text string
	if json.Unmarshal(answer, &text) == nil {
		return text, nil
	}
	return string(answer), nil // a number, or true and false
}

func is(column string, values ...any) Is { return Is{Column: column, Values: values} }

func known(column string) Is { return Is{Column: column, Values: []any{nil}, Not: true} }

func of(contract string) Is { return is("contract_name", contract) }

func rows(table string, where ...Is) Term { return Term{Table: table, Where: where} }

func sum(table, of string, where ...Is) Term { return Term{Table: table, Of: of, Where: where} }

func minus(t Term) Term {
	t.Minus = true
	return t
}

// eventsOf are those of a contract, in the journal that has all.
func eventsOf(contract, event string, where ...Is) []Is {
	return append([]Is{of(contract), is("event_name", event)}, where...)
}

// told is the sum of a member of a contract's events.
func told(contract, event, member string) Term {
	return sum("blockchain_events", "event_data."+member, eventsOf(contract, event)...)
}

// times counts a contract's events.
func times(contract, event string, where ...Is) Term {
	return rows("blockchain_events", eventsOf(contract, event, where...)...)
}

// different counts the values of a member of a contract's events.
func different(contract, event, member string) Term {
	t := told(contract, event, member)
	t.Distinct = true
	return t
}

// Invariants lists the numbers that views tell, too.
func Invariants() []Invariant {
	number := func(name, contract, view, member string, terms ...Term) Invariant {
		return Invariant{Name: name, View: schemas.View{Contract: contract, Function: view}, Member: member, Terms: terms}
	}
	bound := func(r Relation, i Invariant) Invariant {
		i.Is = r
		return i
	}
	each := func(e Each, i Invariant) Invariant {
		i.Each = &e
		return i
	}
	its := func(column string) Is { return is(column, EachValue{}) }

	const stakingEvents, hours = "staking_events", "network_hours"
	changes := func(contract string, t StakingEventType) []Is { return []Is{of(contract), is("event_type", string(t))} }
	const prover, pool, jobs, book, token = "ProverStaking", "CDCPool", "JobManager", "OTCOrderbook", "SAGEToken"
	const stats, totals = "get_stats", "total_staked"
	moved := []any{string(TransferMoved), string(TransferMinted)}
	return []Invariant{
		number("stakes, by their changes", prover, totals, "", sum(stakingEvents, "amount", changes(prover, StakeAdded)...),
			minus(sum(stakingEvents, "amount", changes(prover, StakeWithdrawn)...)), minus(sum(stakingEvents, "amount", changes(prover, StakeSlashed)...))),
		number("stakes", prover, totals, "", sum("stakes", "amount", of(prover))),
		number("stakes of workers", prover, totals, "", sum("workers", "staked_amount")),
		number("stakes, by hours", prover, totals, "", sum(hours, "staked_amount"), minus(sum(hours, "unstaked_amount")), minus(sum(hours, "slashed_amount"))),
		number("slashed", prover, "total_slashed", "", sum("slashing_events", "amount", of(prover))),
		number("slashed, by stakes", prover, "total_slashed", "", sum("stakes", "slashed_amount", of(prover))),
		number("slashed, by hours", prover, "total_slashed", "", sum(hours, "slashed_amount")),

		// A paymaster burns what gas costs without an event.
		bound(AtMost, number("supply", token, "total_supply", "", sum("transfers", "amount", is("kind", string(TransferMinted))), minus(told(token, "Burn", "amount")))),
		bound(AtMost, number("supply, by hours", token, "total_supply", "", sum(hours, "minted_amount"), minus(sum(hours, "burned_amount")))),
		number("burned", token, "get_total_burned", "", told(token, "Burn", "amount")),
		number("burned, by hours", token, "get_total_burned", "", sum(hours, "burned_amount")),
		// The transfer of a large one is told twice around its execution, and its sender pays twice.
		each(Each{"transfers", "to_address", "account"}, bound(AtMost, number("balance of an account", token, "balance_of", "",
			sum("transfers", "amount", its("to_address"), is("kind", moved...)),
			minus(sum("transfers", "amount", its("to_address"), is("kind", string(TransferExecuted)))),
			minus(sum("transfers", "amount", its("from_address"), is("kind", moved...))),
			sum("transfers", "amount", its("from_address"), is("kind", string(TransferExecuted))),
			minus(sum("transfers", "amount", its("from_address"), is("kind", string(TransferInitiated))))))),

		number("jobs submitted", jobs, "get_total_jobs", "", rows("jobs", known("submitted_at"))),
		number("jobs completed", jobs, "get_completed_jobs", "", rows("jobs", known("completed_at"))),
		number("jobs under way", jobs, "get_active_jobs", "", rows("jobs", known("submitted_at"), is("completed_at", nil), is("cancelled_at", nil))),
		number("jobs submitted, by hours", jobs, "get_total_jobs", "", sum(hours, "jobs_submitted")),
		number("jobs completed, by hours", jobs, "get_completed_jobs", "", sum(hours, "jobs_completed")),
		number("jobs under way, by hours", jobs, "get_active_jobs", "", sum(hours, "jobs_submitted"), minus(sum(hours, "jobs_completed")), minus(sum(hours, "jobs_cancelled"))),
		number("registered workers", jobs, "get_worker_count", "", different(jobs, "WorkerRegistered", "worker_id")),

		number("workers of the pool", pool, "get_network_stats", "0", times(pool, "WorkerRegistered")),
		number("stakes of the pool, by their changes", pool, "get_network_stats", "2", sum(stakingEvents, "amount", changes(pool, StakeAdded)...),
			minus(sum(stakingEvents, "amount", changes(pool, StakeWithdrawn)...))),
		// One that is not active any more is deactivated without a change of the count.
		bound(AtLeast, number("active workers of the pool", pool, "get_active_workers_count", "",
			times(pool, "WorkerRegistered"), minus(times(pool, "WorkerDeactivated")), times(pool, "WorkerReactivated"))),

		number("workers with a reputation", "ReputationManager", "get_network_stats", "0", rows("reputation_events", is("event_type", "initialized"))),
		number("reputations", "ReputationManager", "get_network_stats", "0", rows("reputations")),

		number("orders", book, "get_order_count", "", rows("orders", known("placed_at"))),
		number("trades", book, "get_trade_count", "", rows("trades")),
		number("volume", book, stats, "2", sum("trades", "amount")),
		number("trades, by hours", book, "get_trade_count", "", sum(hours, "trades")),
		number("volume, by hours", book, stats, "2", sum(hours, "traded_amount")),

		number("challenges", "FraudProof", stats, "0", rows("fraud_cases", of("FraudProof"), known("opened_at"))),
		number("challenges upheld", "FraudProof", stats, "1", rows("fraud_cases", of("FraudProof"), is("status", string(CaseUpheld)))),
		number("challenges rejected", "FraudProof", stats, "2", rows("fraud_cases", of("FraudProof"), is("status", string(CaseRejected)))),
		number("slashed for fraud", "FraudProof", stats, "3", told("FraudProof", "FraudDetected", "penalty_amount")),

		number("proofs verified", "StwoVerifier", "get_verified_count", "", times("StwoVerifier", "ProofVerified", Is{"event_data.proof_source", []any{"GpuTeeSTWO"}, true})),
		number("proofs verified in a TEE", "StwoVerifier", "get_gpu_tee_verified_count", "", times("StwoVerifier", "ProofVerified", is("event_data.proof_source", "GpuTeeSTWO"))),

		number("stakes of validators", "ValidatorRegistry", stats, "total_stake", sum("stakes", "amount", of("ValidatorRegistry"))),

		number("payments in dollars", "PaymentRouter", stats, "0", told("PaymentRouter", "PaymentExecuted", "usd_value")),
		number("burned of payments", "PaymentRouter", stats, "1", told("PaymentRouter", "FeesDistributed", "burned")),
		number("paid to workers", "PaymentRouter", stats, "2", told("PaymentRouter", "FeesDistributed", "to_worker")),
		number("paid to stakers", "PaymentRouter", stats, "3", told("PaymentRouter", "FeesDistributed", "to_stakers")),
		number("paid to the treasury", "PaymentRouter", stats, "4", told("PaymentRouter", "FeesDistributed", "to_treasury")),

		number("transactions with a fee", "FeeManager", "get_fee_stats", "transaction_count", times("FeeManager", "TransactionProcessed")),
		number("value of transactions with a fee", "FeeManager", "get_fee_stats", "total_gmv", told("FeeManager", "TransactionProcessed", "gmv")),
		number("fees", "FeeManager", "get_fee_stats", "total_protocol_fees", told("FeeManager", "TransactionProcessed", "protocol_fee")),
		number("paid to workers after fees", "FeeManager", "get_fee_stats", "total_to_workers", told("FeeManager", "TransactionProcessed", "worker_payment")),
		number("burned of fees", "FeeManager", "get_fee_stats", "total_burned", told("FeeManager", "TokensBurned", "amount")),
		number("fees to the treasury", "FeeManager", "get_fee_stats", "total_to_treasury", told("FeeManager", "FeesDistributed", "treasury_amount")),
		number("fees to stakers", "FeeManager", "get_fee_stats", "total_to_stakers", told("FeeManager", "FeesDistributed", "staker_pool_amount")),

		// A job that is completed frees all that was locked for it: what it cost, and what the client gets back.
		number("locked in escrow", "Escrow", stats, "total_locked", told("Escrow", "EscrowCreated", "max_cost"), minus(told("Escrow", "EscrowRefunded", "amount")),
			minus(told("Escrow", "JobCompleted", "actual_cost")), minus(told("Escrow", "JobCompleted", "refund_to_client"))),
		number("released from escrow", "Escrow", stats, "total_released", told("Escrow", "JobCompleted", "actual_cost")),
		number("refunded from escrow", "Escrow", stats, "total_refunded", told("Escrow", "EscrowRefunded", "amount"), told("Escrow", "JobCompleted", "refund_to_client")),

		number("jobs in escrow", "Escrow", stats, "active_count", times("Escrow", "EscrowCreated"), minus(times("Escrow", "EscrowRefunded")), minus(times("Escrow", "JobCompleted"))),
		number("jobs completed from escrow", "Escrow", stats, "completed_count", times("Escrow", "JobCompleted")),

		number("claims at the faucet", "Faucet", stats, "total_claims", rows("faucet_claims")),
		number("claims at the faucet, in all", "Faucet", stats, "total_claims", sum("faucets", "claims", of("Faucet"))),
		number("given by the faucet", "Faucet", stats, "total_distributed", sum("faucet_claims", "amount")),
		number("given by the faucet, in all", "Faucet", stats, "total_distributed", sum("faucets", "distributed_amount", of("Faucet"))),
		number("accounts that the faucet gave to", "Faucet", stats, "unique_claimants", rows("faucet_accounts")),

		number("volume of referred traders", "ReferralSystem", stats, "0", told("ReferralSystem", "TradeRecorded", "volume_usd")),
		number("rewards of referrers", "ReferralSystem", stats, "1", told("ReferralSystem", "TradeRecorded", "referrer_reward")),
		number("referrers", "ReferralSystem", stats, "2", times("ReferralSystem", "ReferrerRegistered")),
		number("referred users", "ReferralSystem", stats, "3", times("ReferralSystem", "UserReferred")),

		number("proposals", "GovernanceTreasury", "get_proposal_count", "", rows("proposals", of("GovernanceTreasury"), known("created_at"))),

		number("proposals at the token", token, "get_governance_stats", "total_proposals", rows("proposals", of(token), known("created_at"))),

		number("results that wait for challenges", "OptimisticTEE", "get_pending_job_count", "", rows("proofs", of("OptimisticTEE"), is("status", string(ProofPending)))),
		// One that is submitted again after it was settled waits once more.
		bound(AtLeast, number("results that wait for challenges, by events", "OptimisticTEE", "get_pending_job_count", "", different("OptimisticTEE", "ResultSubmitted", "job_id"),
			minus(times("OptimisticTEE", "ResultFinalized")), minus(times("OptimisticTEE", "ResultChallenged")))),
		number("workers slashed for results", "OptimisticTEE", "get_slash_stats", "0", times("OptimisticTEE", "WorkerSlashed")),
		number("stakes that challengers got back", "OptimisticTEE", "get_slash_stats", "2", told("OptimisticTEE", "ChallengerRewarded", "stake_returned")),
	}
}

// RowViews lists the views that tell what single rows tell.
func RowViews() []RowView {
	named := func(argument string) func(string) map[string]any {
		return func(id string) map[string]any { return map[string]any{argument: id} }
	}
	// word translates the words of a status.
	word := func(column string, words map[string]string) func(Row) (string, bool) {
		return func(r Row) (string, bool) {
			has, _ := r.text(column)
			w, ok := words[has]
			return w, ok
		}
	}
	hasStatus := func(status string) func(Row) (string, bool) {
		return func(r Row) (string, bool) { return strconv.FormatBool(r["status"] == status), true }
	}
	job := func(id string) map[string]any { return map[string]any{"job_id": map[string]any{"value": id}} }
	stake := schemas.View{Contract: "ProverStaking", Function: "get_stake"}
	return []RowView{
		{
			Table: "workers", View: stake, Args: named("worker"),
			Same: []Same{
				{Column: "staked_amount", Member: "amount"}, {Column: "locked_amount", Member: "locked_amount"}, {Column: "slashed_amount", Member: "total_slashed"},
			},
		},
		{
			Table: "stakes", Prefix: "ProverStaking/", View: stake, Args: named("worker"),
			Same: []Same{
				{Column: "amount", Member: "amount"},
				{Column: "locked_amount", Member: "locked_amount"},
				{Column: "slashed_amount", Member: "total_slashed"},
				{Column: "gpu_tier", Member: "gpu_tier"},
			},
		},
		{
			// The pool slashes without an event.
			Table: "stakes", Prefix: "CDCPool/", View: schemas.View{Contract: "CDCPool", Function: "get_stake_info"}, Args: named("worker"),
			Same: []Same{{Column: "amount", Member: "amount", Is: AtMost}},
		},
		{
			Table: "rewards", View: stake, Args: named("worker"),
			Same: []Same{{Column: "earning_amount", Member: "amount"}, {Column: "earning_since", Member: "last_claim_at"}},
		},
		{
			Table: "reputations", View: schemas.View{Contract: "ReputationManager", Function: "get_reputation"}, Args: named("worker_id"),
			Same: []Same{{Column: "score", Member: "score"}},
		},
		{
			Table: "jobs", View: schemas.View{Contract: "JobManager", Function: "get_job_details"}, Args: job,
			Same: []Same{
				{Column: "status", Member: "state", As: jobState},
				{Column: "client_address", Member: "client"},
				{Column: "worker_address", Member: "worker"},
				{Column: "payment_amount", Member: "payment_amount"},
				{Column: "job_type", Member: "job_type"},
			},
		},
		{
			Table: "job_payments", View: schemas.View{Contract: "ProofGatedPayment", Function: "get_job_payment"}, Args: named("job_id"),
			Where: []Is{known("registered_at")}, // JobManager pays others by itself
			Same: []Same{
				{Column: "status", Member: "status", As: gatedStatus}, {Column: "promised_amount", Member: "sage_amount"}, {Column: "worker_address", Member: "worker"},
			},
		},
		{
			Table: "proofs", Prefix: "ProofVerifier/", View: schemas.View{Contract: "ProofVerifier", Function: "get_proof_status"}, Args: job,
			Same: []Same{{Column: "status", As: word("status", map[string]string{"verified": "Verified", "rejected": "Failed"})}},
		},
		{
			Table: "proofs", Prefix: "StwoVerifier/0x", View: schemas.View{Contract: "StwoVerifier", Function: "is_proof_verified"},
			Args:  func(id string) map[string]any { return map[string]any{"proof_hash": "0x" + id} },
			Where: []Is{known("proof_hash")},
			Same:  []Same{{Column: "status", As: hasStatus(string(ProofVerified))}},
		},
		{
			Table: "proofs", Prefix: "OptimisticTEE/", View: schemas.View{Contract: "OptimisticTEE", Function: "get_result_status"}, Args: named("job_id"),
			Same: []Same{{Column: "status", As: word("status", map[string]string{"pending": "0", "verified": "1", "challenged": "2", "rejected": "3"})}},
		},
		{
			Table: "fraud_cases", Prefix: "CDCPool/", View: schemas.View{Contract: "CDCPool", Function: "get_dispute"}, Args: named("dispute_id"),
			Same: []Same{
				{Column: "status", Member: "status", As: disputeStatus},
				{Column: "slash_id", Member: "slash_id"},
				{Column: "worker_id", Member: "worker_id"},
				{Column: "challenger_address", Member: "challenger"},
				{Column: "deposit", Member: "dispute_bond"},
				{Column: "deadline", Member: "deadline"},
			},
		},
		{
			Table: "fraud_cases", Prefix: "FraudProof/", View: schemas.View{Contract: "FraudProof", Function: "get_challenge"}, Args: named("challenge_id"),
			Same: []Same{
				// An open one may have run out, which no event tells.
				{Column: "status", Member: "status", As: word("status", map[string]string{"upheld": "ValidProof", "rejected": "InvalidProof"})},
				{Column: "job_id", Member: "job_id"},
				{Column: "worker_id", Member: "worker_id"},
				{Column: "challenger_address", Member: "challenger"},
				{Column: "deposit", Member: "deposit"},
			},
		},
		{
			Table: "orders", View: schemas.View{Contract: "OTCOrderbook", Function: "get_order"}, Args: named("order_id"),
			Same: []Same{
				{Column: "remaining_amount", Member: "remaining"},
				{Column: "maker_address", Member: "maker"},
				{Column: "amount", Member: "amount"},
				{Column: "price", Member: "price"},
				{Column: "status", Member: "status", As: word("status", map[string]string{"open": "Open", "partial": "PartialFill", "filled": "Filled", "cancelled": "Cancelled"})},
			},
		},
		{
			Table: "proposals", Prefix: "GovernanceTreasury/", View: schemas.View{Contract: "GovernanceTreasury", Function: "get_proposal"}, Args: named("proposal_id"),
			Same: []Same{
				{Column: "votes_for", Member: "votes_for"},
				{Column: "votes_against", Member: "votes_against"},
				{Column: "status", Member: "executed", As: hasStatus(string(ProposalExecuted))},
				{Column: "status", Member: "cancelled", As: hasStatus(string(ProposalCancelled))},
			},
		},
		{
			Table: "proposals", Prefix: "SAGEToken/", View: schemas.View{Contract: "SAGEToken", Function: "get_proposal"}, Args: named("proposal_id"),
			Same: []Same{
				{Column: "votes_for", Member: "votes_for"},
				{Column: "votes_against", Member: "votes_against"},
				{Column: "proposer_address", Member: "proposer"},
				{Column: "quorum_required", Member: "quorum_threshold"},
				{Column: "voting_ends_at", Member: "voting_end"},
				{Column: "status", Member: "status", As: word("status", map[string]string{"open": "Active", "executed": "Executed", "rejected": "Executed"})},
			},
		},
		{
			Table: "faucet_accounts", View: schemas.View{Contract: "Faucet", Function: "get_claim_info"}, Args: named("user"),
			Same: []Same{{Column: "claims", Member: "claim_count"}, {Column: "claimed_amount", Member: "total_claimed"}, {Column: "last_claim_at", Member: "last_claim"}},
		},
	}
}

// disputeStatus is what CDCPool calls the status of a dispute.
func disputeStatus(r Row) (string, bool) {
	switch r["upheld"] {
	case true:
		return "Resolved", true
	case false:
		return "Overturned", true
	}
	return "Pending", r["status"] == string(CaseOpen)
}

// jobState is what JobManager calls the state of a job.
func jobState(r Row) (string, bool) {
	switch status, _ := r.text("status"); {
	case status == string(JobCompleted) && r["paid_at"] != nil:
		return "Paid", true
	case status == string(JobCompleted):
		return "Completed", true
	case status == string(JobAssigned):
		return "Processing", true
	case status == string(JobPending):
		return "Queued", true
	case status == string(JobCancelled):
		return "Cancelled", true
	}
	return "", false
}

// gatedStatus is what ProofGatedPayment calls the status of a payment. Of what JobManager pays by itself it does not hear.
func gatedStatus(r Row) (string, bool) {
	switch {
	case r["cancelled_at"] != nil:
		return "Cancelled", true
	case r["released_at"] != nil:
		return "PaymentReleased", true
	case r["ready_at"] != nil:
		return "ProofVerified", true
	}
	return "Pending", true
}

// RowsOf says which rows of a read model an audit looks at: that of a key, or some by chance.
type RowsOf struct {
	Table  string
	Prefix string // of their keys
	Where  []Is
	Key    string // empty for some by chance
	Limit  int    // of those
}
