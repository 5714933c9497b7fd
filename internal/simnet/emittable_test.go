package simnet

import (
	"slices"
	"strings"
	"testing"

	"github.com/bitsage-network/validator-dashboard/internal/simnet/economy"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// impossible are events that the contracts declare and cannot emit: no emit site, or none that anybody can reach.
var impossible = map[string][]string{
	"FeeManager": {"EpochAdvanced", "StakerRewardsClaimed"}, "Escrow": {"DisputeResolved"}, "MeteredBilling": {"CheckpointSubmitted", "CheckpointVerified", "CheckpointPaid"}, "FraudProof": {"WorkerSlashed", "FraudDetected"}, "Gamification": {"LeaderboardUpdated"},
	"JobManager":    {"CDCPoolNotificationFailed", "JobCancelled"},
	"PaymentRouter": {"QuoteCreated"}, "PrivacyRouter": {"DisclosureApproved", "DisclosureExecuted"},
	"SAGEToken": {
		"InflationRateChanged", "BurnRateChanged", "PhaseTransition", "ProposalQuorumAchieved", "GovernanceRightsUpgraded", "VotingPowerUpdated",
		"RateLimitExceeded", "SecurityThresholdChanged", "RevenueBurnRateAdjusted", "Paused", "Unpaused", "Upgraded",
	},
	"WorkerStaking":     {"Staked", "UnstakeInitiated", "Unstaked", "Slashed", "StakeIncreased"},
	"ValidatorRegistry": {"ValidatorRegistered", "StakeAdded", "StakeRemoved", "ValidatorJailed", "ValidatorTombstoned", "ValidatorExited", "ComputeWorkRecorded"},
}

// expected are events that a long enough chain has to show.
var expected = strings.Fields(`
	ProverStaking.Staked ProverStaking.UnstakeRequested ProverStaking.UnstakeCompleted ProverStaking.Slashed ProverStaking.RewardsClaimed
	ProverStaking.SuccessRecorded ProverStaking.ConfigUpdated JobManager.WorkerRegistered JobManager.JobSubmitted JobManager.JobAssigned
	JobManager.JobClaimed JobManager.JobCompleted JobManager.PaymentReleased JobManager.JobPaymentRegistered JobManager.ModelRegistered
	CDCPool.WorkerRegistered CDCPool.WorkerReserved CDCPool.WorkerReleased CDCPool.WorkerDeactivated CDCPool.WorkerReactivated CDCPool.StakeAdded
	CDCPool.UnstakeRequested ReputationManager.ReputationInitialized ReputationManager.ReputationUpdated ReputationManager.ThresholdSet
	ReputationManager.AdminAdjusted ReputationManager.InactivityDecayApplied ProofVerifier.ProofVerified ProofVerifier.ProofRejected
	ProofVerifier.EnclaveWhitelisted StwoVerifier.ProofSubmitted StwoVerifier.ProofVerified StwoVerifier.ProofRejected
	StwoVerifier.GpuTeeProofSubmitted StwoVerifier.EnclaveWhitelisted ProofGatedPayment.JobPaymentRegistered
	ProofGatedPayment.ProofVerifiedPaymentReady ProofGatedPayment.PaymentReleased PaymentRouter.WorkerPaid PaymentRouter.FeesDistributed
	PaymentRouter.PaymentExecuted SAGEToken.Transfer SAGEToken.Approval SAGEToken.Mint SAGEToken.Burn SAGEToken.TGECompleted
	SAGEToken.LargeTransferInitiated SAGEToken.LargeTransferExecuted OTCOrderbook.OrderPlaced OTCOrderbook.OrderCancelled
	OTCOrderbook.OrderFilled OTCOrderbook.TradeExecuted OTCOrderbook.PairAdded OTCOrderbook.ConfigUpdated GovernanceTreasury.ProposalCreated
	GovernanceTreasury.VoteCast GovernanceTreasury.ProposalExecuted GovernanceTreasury.ProposalCancelled GovernanceTreasury.FundsTransferred
	FraudProof.ChallengeSubmitted FraudProof.VoteCast FraudProof.ChallengeResolved Faucet.TokensClaimed Faucet.FaucetRefilled
	Faucet.ConfigUpdated ReferralSystem.ReferrerRegistered ReferralSystem.UserReferred ReferralSystem.TradeRecorded ReferralSystem.RewardsClaimed
	FeeManager.ConfigUpdated FeeManager.TransactionProcessed FeeManager.FeesDistributed FeeManager.TokensBurned Escrow.EscrowCreated
	Escrow.JobAccepted Escrow.JobCompleted Escrow.EscrowRefunded MeteredBilling.WorkerGPURegistered MeteredBilling.MeteredJobStarted
	MeteredBilling.MeteredJobEnded MeteredBilling.HourlyRateUpdated OptimisticTEE.ResultSubmitted OptimisticTEE.ResultChallenged
	OptimisticTEE.ResultFinalized OptimisticTEE.BatchFinalized OptimisticTEE.KeeperRewarded OptimisticTEE.KeeperPoolFunded
	OptimisticTEE.WorkerSlashed OptimisticTEE.ChallengerRewarded OptimisticTEE.ChallengerSlashed OptimisticTEE.ChallengeStakeCollected
	ProofGatedPayment.TEEFinalizedPaymentReady ProofGatedPayment.DisputeResolved CDCPool.JobAllocated CDCPool.DisputeFiled
	CDCPool.DisputeResolved SAGEToken.ProposalCreated SAGEToken.ProposalVoted`)

func TestOnlyWhatContractsCanEmit(t *testing.T) {
	n := open(t, Config{Seed: 1, Workers: 16}, 4000)
	seen := map[string]bool{}
	for _, b := range n.blocks {
		for _, x := range b.txs {
			if x.Revert != nil && len(x.Events) != 1 {
				t.Fatalf("the reverted %s has %d events besides the fee's", x.Tx.Hash, len(x.Events)-1)
			}
			for _, ev := range x.Events {
				seen[ev.Contract.Name+"."+ev.Name()] = true
				keys, data, err := ev.Felts()
				if err != nil {
					t.Fatal(err)
				}
				if name, _, err := ev.Contract.ABI.DecodeEvent(keys, data); err != nil || name != ev.Name() {
					t.Fatalf("%s decodes to %s: %v", ev.Name(), name, err)
				}
			}
			if calldata, err := x.Tx.Calldata(); err != nil || len(calldata) < 4 {
				t.Fatalf("calldata of %s: %v", x.Tx.Hash, err)
			}
		}
	}
	for contract, events := range impossible {
		for _, e := range events {
			if seen[contract+"."+e] {
				t.Errorf("%s.%s was emitted, which cannot be", contract, e)
			}
		}
	}
	for _, e := range expected {
		if !seen[e] {
			t.Errorf("%s was never emitted", e)
		}
	}
}

// orders are sequences that one transaction emits, without Transfers of tokens and the fee.
var orders = map[string][]string{
	"JobManager.claim_job":                {"CDCPool.WorkerReserved", "JobManager.JobClaimed"},
	"JobManager.submit_job_result":        {"CDCPool.WorkerReleased", "ProofGatedPayment.JobPaymentRegistered", "JobManager.JobPaymentRegistered", "JobManager.JobCompleted"},
	"ProofVerifier.submit_proof":          {"ProofVerifier.ProofVerified", "ProofGatedPayment.ProofVerifiedPaymentReady", "ProofGatedPayment.PaymentReleased"},
	"PaymentRouter.pay_with_sage":         {"SAGEToken.Approval", "SAGEToken.Transfer", "SAGEToken.Transfer", "PaymentRouter.WorkerPaid", "SAGEToken.Transfer", "SAGEToken.Transfer", "PaymentRouter.FeesDistributed", "PaymentRouter.PaymentExecuted"},
	"JobManager.distribute_rewards":       {"SAGEToken.Transfer", "SAGEToken.Transfer", "JobManager.PaymentReleased"},
	"SAGEToken.execute_large_transfer":    {"SAGEToken.Transfer", "SAGEToken.LargeTransferExecuted", "SAGEToken.Transfer"},
	"ProverStaking.claim_rewards":         {"SAGEToken.Transfer", "ProverStaking.RewardsClaimed"},
	"ProverStaking.complete_unstake":      {"SAGEToken.Transfer", "ProverStaking.UnstakeCompleted"},
	"GovernanceTreasury.execute_proposal": {"SAGEToken.Transfer", "GovernanceTreasury.FundsTransferred", "GovernanceTreasury.ProposalExecuted"},
	"FeeManager.process_transaction":      {"SAGEToken.Transfer", "SAGEToken.Transfer", "Escrow.JobCompleted", "SAGEToken.Transfer", "SAGEToken.Transfer", "SAGEToken.Transfer", "FeeManager.TransactionProcessed", "FeeManager.FeesDistributed", "FeeManager.TokensBurned"},
	"OptimisticTEE.challenge_result":      {"SAGEToken.Approval", "SAGEToken.Transfer", "OptimisticTEE.ChallengeStakeCollected", "OptimisticTEE.ResultChallenged"},
	"OptimisticTEE.finalize_result":       {"ProofGatedPayment.TEEFinalizedPaymentReady", "ProofGatedPayment.PaymentReleased", "OptimisticTEE.ResultFinalized"},
}

// verdicts are the two ways in which a challenge of a result ends, after the challenger's proof.
var verdicts = [][]string{
	{"ProofVerifier.ProofVerified", "SAGEToken.Transfer", "ProverStaking.Slashed", "OptimisticTEE.WorkerSlashed", "SAGEToken.Transfer", "OptimisticTEE.ChallengerRewarded", "ProofGatedPayment.DisputeResolved"},
	{"ProofVerifier.ProofRejected", "SAGEToken.Transfer", "OptimisticTEE.ChallengerSlashed", "ProofGatedPayment.PaymentReleased", "ProofGatedPayment.DisputeResolved"},
}

func TestEventsComeInTheContractsOrder(t *testing.T) {
	n := open(t, Config{Seed: 2, Workers: 8}, 3000)
	found, ended := map[string]bool{}, map[int]bool{}
	for _, b := range n.blocks {
		for _, x := range b.txs {
			names := eventNames(x)
			if i := slices.IndexFunc(verdicts, func(want []string) bool { return slices.Equal(names, want) }); i >= 0 {
				ended[i] = true
			}
			last := x.Tx.Calls[len(x.Tx.Calls)-1]
			entry := last.To.Name + "." + last.Entry
			if want, ok := orders[entry]; ok && slices.Equal(names, want) {
				found[entry] = true
			}
			checkMatchOrder(t, names)
		}
	}
	if len(ended) != len(verdicts) {
		t.Errorf("of the verdicts there are only %v", ended)
	}
	for entry, want := range orders {
		if !found[entry] {
			t.Errorf("%s never emitted %v", entry, want)
		}
	}
}

// eventNames are the events of a transaction but the fee's, which is the last.
func eventNames(x *economy.Executed) (out []string) {
	for _, ev := range x.Events[:len(x.Events)-1] {
		out = append(out, ev.Contract.Name+"."+ev.Name())
	}
	return out
}

// checkMatchOrder: a trade is followed by the taker's and the maker's fill, and preceded by the order in the same transaction.
func checkMatchOrder(t *testing.T, names []string) {
	t.Helper()
	for i, name := range names {
		if name != "OTCOrderbook.TradeExecuted" {
			continue
		}
		if !slices.Contains(names[:i], "OTCOrderbook.OrderPlaced") || len(names) < i+3 ||
			names[i+1] != "OTCOrderbook.OrderFilled" || names[i+2] != "OTCOrderbook.OrderFilled" {
			t.Errorf("a trade among %v", names)
		}
	}
}

func TestViewsThatRevertAndViewsThatDoNot(t *testing.T) {
	n := open(t, Config{Seed: 1, Workers: 2}, 20)
	c := caller{t, n.Handler(), 19}
	nobody, number := schemas.FeltFromUint64(99), params{"value": "999"}
	for _, v := range []struct {
		contract, function string
		args               params
	}{
		{"JobManager", "get_job_details", params{"job_id": number}},
		{"JobManager", "get_job_state", params{"job_id": number}},
		{"CDCPool", "get_worker_profile", params{"worker_id": params{"value": nobody}}},
		{"ProofVerifier", "get_proof_status", params{"job_id": number}},
		{"ProofVerifier", "get_proof_job", params{"job_id": number}},
		{"FraudProof", "get_challenge", params{"challenge_id": "999"}},
		{"ValidatorRegistry", "get_validator", params{"validator": nobody}},
		{"ValidatorRegistry", "is_active_validator", params{"validator": nobody}},
		{"WorkerStaking", "get_stake", params{"worker_id": nobody}},
		{"GovernanceTreasury", "get_proposal", params{"proposal_id": "999"}},
		{"ProofGatedPayment", "get_job_payment", params{"job_id": "999"}},
	} {
		_, e := c.felts(v.contract, v.function, v.args)
		if e == nil || e.Code != 40 || !strings.Contains(revertText(e), "Unknown enum indicator:") {
			t.Errorf("%s.%s of an unknown id: %v", v.contract, v.function, e)
		}
	}
	const zero = "0x0000000000000000000000000000000000000000000000000000000000000000"
	c.want(map[string]any{
		"order_id": "0", "maker": zero, "pair_id": 0, "side": "Buy", "order_type": "Limit", "price": "0", "amount": "0", "remaining": "0",
		"status": "Open", "created_at": "0", "expires_at": "0",
	}["remaining"], "SAGEToken", "balance_of", params{"account": nobody})
	for _, v := range []struct {
		contract, function string
		args               params
		felts              int
	}{
		{"OTCOrderbook", "get_order", params{"order_id": "999"}, 15},
		{"ProverStaking", "get_stake", params{"worker": nobody}, 13},
		{"ReputationManager", "get_reputation", params{"worker_id": nobody}, 8},
		{"ReferralSystem", "get_referrer_profile", params{"referrer": nobody}, 12},
		{"Faucet", "get_claim_info", params{"user": nobody}, 4},
		{"StwoVerifier", "get_tee_attestation", params{"proof_hash": nobody}, 5},
	} {
		felts, e := c.felts(v.contract, v.function, v.args)
		if e != nil || len(felts) != v.felts || slices.ContainsFunc(felts, func(f schemas.Felt) bool { return !f.IsZero() }) {
			t.Errorf("%s.%s of an unknown id: %v %v, want %d zeros", v.contract, v.function, felts, e, v.felts)
		}
	}
	_, e := c.felts("Collateral", "get_config", nil)
	if e == nil || !strings.Contains(revertText(e), "Not simulated") {
		t.Errorf("a view that is not simulated: %v", e)
	}
}

func revertText(e *rpcError) string {
	data, ok := e.Data.(map[string]any)
	if !ok {
		return ""
	}
	inner, ok := data["revert_error"].(map[string]any)
	if !ok {
		return ""
	}
	text, _ := inner["error"].(string)
	return text
}
