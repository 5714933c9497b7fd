package simnet

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// caller asks views of contracts at a block, through the RPC, and reads the answers by the ABI.
type caller struct {
	t     testing.TB
	h     http.Handler
	block uint64
}

func (c caller) felts(contract, function string, args any) ([]schemas.Felt, *rpcError) {
	c.t.Helper()
	abi, err := schemas.Embedded(contract)
	if err != nil {
		c.t.Fatal(err)
	}
	if args == nil {
		args = struct{}{}
	}
	calldata, err := abi.EncodeInputs(function, args)
	if err != nil {
		c.t.Fatal(err)
	}
	if calldata == nil {
		calldata = []schemas.Felt{}
	}
	result, e := ask(c.t, c.h, "starknet_call", params{
		"request":  params{"contract_address": addressOf(c.t, contract).Felt(), "entry_point_selector": schemas.Selector(function), "calldata": calldata},
		"block_id": at(c.block),
	})
	if e != nil {
		return nil, e
	}
	var felts []schemas.Felt
	if err := json.Unmarshal(result, &felts); err != nil {
		c.t.Fatal(err)
	}
	return felts, nil
}

// text is the answer of a view in the ABI's JSON form.
func (c caller) text(contract, function string, args ...any) string {
	c.t.Helper()
	var in any
	if len(args) > 0 {
		in = args[0]
	}
	felts, e := c.felts(contract, function, in)
	if e != nil {
		c.t.Fatalf("%s.%s at block %d: %v %v", contract, function, c.block, e, e.Data)
	}
	abi, err := schemas.Embedded(contract)
	if err != nil {
		c.t.Fatal(err)
	}
	out, err := abi.DecodeOutputs(function, felts)
	if err != nil {
		c.t.Fatalf("%s.%s at block %d: %v", contract, function, c.block, err)
	}
	return string(out)
}

// want compares an answer with a value that marshals to the ABI's JSON form.
func (c caller) want(want any, contract, function string, args ...any) {
	c.t.Helper()
	doc, err := json.Marshal(want)
	if err != nil {
		c.t.Fatal(err)
	}
	if got := c.text(contract, function, args...); got != string(doc) {
		c.t.Errorf("block %d: %s.%s %v answers %s, the events say %s", c.block, contract, function, args, got, doc)
	}
}

// member compares one member of an answer that is a struct, or one place of one that is a tuple.
func (c caller) member(want any, key any, contract, function string, args ...any) {
	c.t.Helper()
	doc, err := json.Marshal(want)
	if err != nil {
		c.t.Fatal(err)
	}
	var got json.RawMessage
	text := c.text(contract, function, args...)
	switch k := key.(type) {
	case string:
		var object map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &object); err != nil {
			c.t.Fatal(err)
		}
		got = object[k]
	case int:
		var list []json.RawMessage
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			c.t.Fatal(err)
		}
		got = list[k]
	}
	if string(got) != string(doc) {
		c.t.Errorf("block %d: %s.%s %v: %v is %s, the events say %s", c.block, contract, function, args, key, got, doc)
	}
}

func addressOf(t testing.TB, contract string) schemas.Address {
	t.Helper()
	contracts, err := schemas.Contracts(schemas.Local)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range contracts {
		if c.Name == contract {
			return c.Address
		}
	}
	t.Fatalf("no address of %s", contract)
	return schemas.Address{}
}

// replayed is what the events up to a block add up to, by the audit rules of each contract.
type replayed struct {
	staked, slashed, supply, burned         schemas.Amount
	stakes, balances                        map[schemas.Address]schemas.Amount
	submitted, completed                    uint64
	workers                                 map[schemas.Felt]bool
	poolWorkers, poolActive                 uint32
	poolStaked                              schemas.Amount
	reputations                             uint32
	scores                                  map[schemas.Felt]uint32
	orders, trades, volume                  schemas.Amount
	remaining                               map[schemas.Amount]schemas.Amount
	market                                  map[schemas.Amount]bool
	challenges, valid, invalid              uint64
	routerUSD, routerBurned, routerWorker   schemas.Amount
	routerStakers, routerTreasury           schemas.Amount
	claims, distributed, volumeUSD, rewards schemas.Amount
	claimants                               map[schemas.Address]bool
	referrers, referred                     uint32
	proposals                               schemas.Amount
	votesFor, votesAgainst                  map[schemas.Amount]schemas.Amount
	afterLarge                              bool // the next Transfer only repeats the one before
	states                                  map[schemas.Amount]string
	verified, teeVerified                   uint64
	poolStatus                              map[schemas.Felt]string
	poolOf                                  map[schemas.Felt]schemas.Felt // worker by dispute
	processed                               uint64
	gmv, fees, toWorkers, burnedFees        schemas.Amount
	locked, released, refunded              schemas.Amount
	escrows                                 uint64
	results                                 map[schemas.Amount]bool // whether one still waits
	metered                                 map[schemas.Amount]bool // whether a job still runs
	tokenFor, tokenAgainst                  map[schemas.Amount]schemas.Amount
}

// replay folds the events of a network up to a block.
func replay(n *Net, upTo uint64) *replayed {
	r := &replayed{
		stakes: map[schemas.Address]schemas.Amount{}, balances: map[schemas.Address]schemas.Amount{}, workers: map[schemas.Felt]bool{},
		scores: map[schemas.Felt]uint32{}, remaining: map[schemas.Amount]schemas.Amount{}, market: map[schemas.Amount]bool{},
		claimants: map[schemas.Address]bool{}, votesFor: map[schemas.Amount]schemas.Amount{}, votesAgainst: map[schemas.Amount]schemas.Amount{},
		states: map[schemas.Amount]string{}, poolStatus: map[schemas.Felt]string{}, poolOf: map[schemas.Felt]schemas.Felt{},
		results: map[schemas.Amount]bool{}, metered: map[schemas.Amount]bool{},
		tokenFor: map[schemas.Amount]schemas.Amount{}, tokenAgainst: map[schemas.Amount]schemas.Amount{},
	}
	tx := schemas.Hash{}
	for _, e := range n.Events() {
		if e.Position.Block > upTo {
			break
		}
		if e.TxHash != tx {
			r.endTransaction()
			tx = e.TxHash
		}
		r.token(e.Value)
		r.apply(e.Value)
	}
	r.endTransaction()
	return r
}

// endTransaction: what a market order did not get is refunded without an event.
func (r *replayed) endTransaction() {
	for id := range r.market {
		r.remaining[id] = schemas.Amount{}
		delete(r.market, id)
	}
}

// token replays SAGE with the rule of large transfers.
func (r *replayed) token(event schemas.Event) {
	switch ev := event.(type) {
	case schemas.SAGETokenTransfer:
		if r.afterLarge {
			r.afterLarge = false
			return
		}
		if ev.From.IsZero() {
			r.supply = r.supply.Add(ev.Value)
		} else {
			r.balances[ev.From] = r.balances[ev.From].Sub(ev.Value)
		}
		r.balances[ev.To] = r.balances[ev.To].Add(ev.Value)
	case schemas.SAGETokenLargeTransferInitiated:
		r.balances[ev.From] = r.balances[ev.From].Sub(ev.Amount)
	case schemas.SAGETokenLargeTransferExecuted:
		r.afterLarge = true
	case schemas.SAGETokenBurn:
		r.supply, r.burned = r.supply.Sub(ev.Amount), r.burned.Add(ev.Amount)
	}
}

var one = schemas.AmountFromUint64(1)

func (r *replayed) apply(event schemas.Event) {
	switch ev := event.(type) {
	case schemas.ProverStakingStaked:
		r.staked, r.stakes[ev.Worker] = r.staked.Add(ev.Amount), ev.TotalStake
	case schemas.ProverStakingUnstakeCompleted:
		r.staked, r.stakes[ev.Worker] = r.staked.Sub(ev.Amount), r.stakes[ev.Worker].Sub(ev.Amount)
	case schemas.ProverStakingSlashed:
		r.staked, r.stakes[ev.Worker] = r.staked.Sub(ev.Amount), r.stakes[ev.Worker].Sub(ev.Amount)
		r.slashed = r.slashed.Add(ev.Amount)
	case schemas.JobManagerJobSubmitted:
		r.submitted++
		r.states[ev.JobID] = "Queued"
	case schemas.JobManagerJobAssigned:
		r.states[ev.JobID] = "Processing"
	case schemas.JobManagerJobClaimed:
		r.states[ev.JobID] = "Processing"
	case schemas.JobManagerJobCompleted:
		r.completed++
		r.states[ev.JobID] = "Completed"
	case schemas.JobManagerPaymentReleased:
		r.states[ev.JobID] = "Paid"
	case schemas.JobManagerWorkerRegistered:
		r.workers[ev.WorkerID] = true
	case schemas.CDCPoolWorkerRegistered:
		r.poolWorkers++
		r.poolActive++
		r.poolStatus[ev.WorkerID.Value] = "active"
	case schemas.CDCPoolWorkerDeactivated:
		if r.poolStatus[ev.WorkerID.Value] == "active" {
			r.poolActive--
		}
		r.poolStatus[ev.WorkerID.Value] = "inactive"
	case schemas.CDCPoolWorkerReactivated:
		r.poolActive++
		r.poolStatus[ev.WorkerID.Value] = "active"
	case schemas.CDCPoolDisputeFiled:
		r.poolStatus[ev.WorkerID], r.poolOf[ev.DisputeID] = "inactive", ev.WorkerID
	case schemas.CDCPoolDisputeResolved:
		r.poolStatus[r.poolOf[ev.DisputeID]] = map[bool]string{true: "slashed", false: "active"}[ev.Upheld]
	case schemas.CDCPoolStakeAdded:
		r.poolStaked = r.poolStaked.Add(ev.Amount)
	case schemas.ReputationManagerReputationInitialized:
		r.reputations++
		r.scores[ev.WorkerID] = ev.InitialScore
	case schemas.ReputationManagerReputationUpdated:
		r.scores[ev.WorkerID] = ev.NewScore
	case schemas.ReputationManagerAdminAdjusted:
		r.scores[ev.WorkerID] = ev.NewScore
	case schemas.StwoVerifierProofVerified:
		if ev.ProofSource == schemas.StwoVerifierProofSourceGpuTeeSTWO {
			r.teeVerified++
		} else {
			r.verified++
		}
	default:
		r.applyMarket(event)
		r.applyServices(event)
	}
}

func (r *replayed) applyServices(event schemas.Event) {
	switch ev := event.(type) {
	case schemas.FeeManagerTransactionProcessed:
		r.processed++
		r.gmv, r.fees, r.toWorkers = r.gmv.Add(ev.Gmv), r.fees.Add(ev.ProtocolFee), r.toWorkers.Add(ev.WorkerPayment)
	case schemas.FeeManagerTokensBurned:
		r.burnedFees = ev.TotalBurned
	case schemas.EscrowEscrowCreated:
		r.locked = r.locked.Add(ev.MaxCost)
		r.escrows++
	case schemas.EscrowEscrowRefunded:
		r.locked, r.refunded = r.locked.Sub(ev.Amount), r.refunded.Add(ev.Amount)
		r.escrows--
	case schemas.EscrowJobCompleted:
		r.locked, r.refunded = r.locked.Sub(ev.ActualCost).Sub(ev.RefundToClient), r.refunded.Add(ev.RefundToClient)
		r.released = r.released.Add(ev.ActualCost)
		r.escrows--
	case schemas.OptimisticTEEResultSubmitted:
		r.results[ev.JobID] = true
	case schemas.OptimisticTEEResultFinalized:
		r.results[ev.JobID] = false
	case schemas.OptimisticTEEResultChallenged:
		r.results[ev.JobID] = false
	case schemas.MeteredBillingMeteredJobStarted:
		r.metered[ev.JobID] = true
	case schemas.MeteredBillingMeteredJobEnded:
		r.metered[ev.JobID] = false
	case schemas.SAGETokenProposalVoted:
		r.tokenFor[ev.ProposalID], r.tokenAgainst[ev.ProposalID] = ev.TotalVotesFor, ev.TotalVotesAgainst
	}
}

func (r *replayed) applyMarket(event schemas.Event) {
	switch ev := event.(type) {
	case schemas.OTCOrderbookOrderPlaced:
		r.orders = r.orders.Add(one)
		r.remaining[ev.OrderID] = ev.Amount
		if ev.OrderType == schemas.OTCOrderbookOrderTypeMarket {
			r.market[ev.OrderID] = true
		}
	case schemas.OTCOrderbookOrderFilled:
		r.remaining[ev.OrderID] = r.remaining[ev.OrderID].Sub(ev.FilledAmount)
	case schemas.OTCOrderbookOrderCancelled:
		r.remaining[ev.OrderID] = schemas.Amount{}
	case schemas.OTCOrderbookTradeExecuted:
		r.trades, r.volume = r.trades.Add(one), r.volume.Add(ev.Amount)
	case schemas.FraudProofChallengeSubmitted:
		r.challenges++
	case schemas.FraudProofChallengeResolved:
		if ev.Status == schemas.FraudProofChallengeStatusValidProof {
			r.valid++
		} else {
			r.invalid++
		}
	case schemas.PaymentRouterPaymentExecuted:
		r.routerUSD = r.routerUSD.Add(ev.UsdValue)
	case schemas.PaymentRouterFeesDistributed:
		r.routerBurned, r.routerWorker = r.routerBurned.Add(ev.Burned), r.routerWorker.Add(ev.ToWorker)
		r.routerStakers, r.routerTreasury = r.routerStakers.Add(ev.ToStakers), r.routerTreasury.Add(ev.ToTreasury)
	case schemas.FaucetTokensClaimed:
		r.claims, r.distributed = r.claims.Add(one), r.distributed.Add(ev.Amount)
		r.claimants[ev.User] = true
	case schemas.ReferralSystemTradeRecorded:
		r.volumeUSD, r.rewards = r.volumeUSD.Add(ev.VolumeUsd), r.rewards.Add(ev.ReferrerReward)
	case schemas.ReferralSystemReferrerRegistered:
		r.referrers++
	case schemas.ReferralSystemUserReferred:
		r.referred++
	case schemas.GovernanceTreasuryProposalCreated:
		r.proposals = r.proposals.Add(one)
	case schemas.GovernanceTreasuryVoteCast:
		if ev.Support {
			r.votesFor[ev.ProposalID] = r.votesFor[ev.ProposalID].Add(ev.VotingPower)
		} else {
			r.votesAgainst[ev.ProposalID] = r.votesAgainst[ev.ProposalID].Add(ev.VotingPower)
		}
	}
}

type decimal = fmt.Stringer

func count(n uint64) decimal { return schemas.AmountFromUint64(n) }

// checkInvariants compares what the views answer at a block with what the events up to it add up to.
func checkInvariants(t testing.TB, n *Net, block uint64) {
	t.Helper()
	r, c := replay(n, block), caller{t, n.Handler(), block}
	c.want(r.staked, "ProverStaking", "total_staked")
	c.want(r.slashed, "ProverStaking", "total_slashed")
	for w, stake := range r.stakes {
		c.member(stake, "amount", "ProverStaking", "get_stake", params{"worker": w})
	}
	c.want(r.supply, "SAGEToken", "total_supply")
	c.want(r.supply, "SAGEToken", "totalSupply")
	c.want(r.burned, "SAGEToken", "get_total_burned")
	for a, balance := range r.balances {
		c.want(balance, "SAGEToken", "balance_of", params{"account": a})
	}
	c.want(count(r.submitted), "JobManager", "get_total_jobs")
	c.want(count(r.completed), "JobManager", "get_completed_jobs")
	c.want(count(r.submitted-r.completed), "JobManager", "get_active_jobs")
	c.want(count(uint64(len(r.workers))), "JobManager", "get_worker_count")
	for id, state := range r.states {
		c.want(state, "JobManager", "get_job_state", params{"job_id": params{"value": id}})
		c.member(state, "state", "JobManager", "get_job_details", params{"job_id": params{"value": id}})
		if low := id.Big().Uint64(); low > 40 {
			break
		}
	}
	c.member(r.poolWorkers, 0, "CDCPool", "get_network_stats")
	c.member(r.poolActive, 1, "CDCPool", "get_network_stats")
	c.member(r.poolStaked, 2, "CDCPool", "get_network_stats")
	c.want(r.poolActive, "CDCPool", "get_active_workers_count")
	c.member(r.reputations, 0, "ReputationManager", "get_network_stats")
	for w, score := range r.scores {
		c.member(score, "score", "ReputationManager", "get_reputation", params{"worker_id": w})
	}
	c.want(count(r.verified), "StwoVerifier", "get_verified_count")
	c.want(count(r.teeVerified), "StwoVerifier", "get_gpu_tee_verified_count")
	checkMarketInvariants(c, r)
}

func checkMarketInvariants(c caller, r *replayed) {
	c.t.Helper()
	c.want(r.orders, "OTCOrderbook", "get_order_count")
	c.want(r.trades, "OTCOrderbook", "get_trade_count")
	c.member(r.volume, 2, "OTCOrderbook", "get_stats")
	for id, left := range r.remaining {
		c.member(left, "remaining", "OTCOrderbook", "get_order", params{"order_id": id})
	}
	for i, want := range []any{count(r.challenges), count(r.valid), count(r.invalid), schemas.Amount{}, schemas.Amount{}} {
		c.member(want, i, "FraudProof", "get_stats")
	}
	for i, want := range []any{r.routerUSD, r.routerBurned, r.routerWorker, r.routerStakers, r.routerTreasury} {
		c.member(want, i, "PaymentRouter", "get_stats")
	}
	c.member(r.claims, "total_claims", "Faucet", "get_stats")
	c.member(r.distributed, "total_distributed", "Faucet", "get_stats")
	c.member(count(uint64(len(r.claimants))), "unique_claimants", "Faucet", "get_stats")
	for i, want := range []any{r.volumeUSD, r.rewards, r.referrers, r.referred} {
		c.member(want, i, "ReferralSystem", "get_stats")
	}
	c.want(r.proposals, "GovernanceTreasury", "get_proposal_count")
	for id := one; id.Cmp(r.proposals) <= 0; id = id.Add(one) {
		c.member(r.votesFor[id], "votes_for", "GovernanceTreasury", "get_proposal", params{"proposal_id": id})
		c.member(r.votesAgainst[id], "votes_against", "GovernanceTreasury", "get_proposal", params{"proposal_id": id})
	}
	c.member(schemas.Amount{}, "total_stake", "ValidatorRegistry", "get_stats")
	checkServiceInvariants(c, r)
}

func checkServiceInvariants(c caller, r *replayed) {
	c.t.Helper()
	for member, want := range map[string]any{
		"transaction_count": count(r.processed), "total_gmv": r.gmv, "total_protocol_fees": r.fees, "total_to_workers": r.toWorkers, "total_burned": r.burnedFees,
	} {
		c.member(want, member, "FeeManager", "get_fee_stats")
	}
	for member, want := range map[string]any{
		"total_locked": r.locked, "total_released": r.released, "total_refunded": r.refunded, "active_count": count(r.escrows),
	} {
		c.member(want, member, "Escrow", "get_stats")
	}
	waiting := uint64(0)
	for _, waits := range r.results {
		if waits {
			waiting++
		}
	}
	c.want(count(waiting), "OptimisticTEE", "get_pending_job_count")
	for job, runs := range r.metered {
		c.member(runs, "is_active", "MeteredBilling", "get_metered_job", params{"job_id": job})
	}
	for id, votes := range r.tokenFor {
		c.member(votes, "votes_for", "SAGEToken", "get_proposal", params{"proposal_id": id})
		c.member(r.tokenAgainst[id], "votes_against", "SAGEToken", "get_proposal", params{"proposal_id": id})
	}
}

func TestViewsAgreeWithEvents(t *testing.T) {
	for _, c := range []Config{{Seed: 1, Workers: 8}, {Seed: 2, Workers: 3, FirstBlock: 5000}, {Seed: 3, Workers: 40}, {Seed: 4}} {
		t.Run(fmt.Sprint(c.Seed), func(t *testing.T) {
			t.Parallel()
			n := open(t, c, 900)
			rnd := rand.New(rand.NewPCG(c.Seed, 0))
			for _, block := range []uint64{0, 1, uint64(rnd.IntN(900)), uint64(rnd.IntN(900)), uint64(rnd.IntN(900)), 899} {
				checkInvariants(t, n, c.FirstBlock+block)
			}
			for range 3 {
				if err := n.Reorg(1 + rnd.IntN(35)); err != nil {
					t.Fatal(err)
				}
				produce(t, n, 1+rnd.IntN(40))
				head := n.head().number
				for _, block := range []uint64{head - uint64(rnd.IntN(40)), head} {
					checkInvariants(t, n, block)
				}
			}
		})
	}
}
