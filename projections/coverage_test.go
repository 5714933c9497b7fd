package projections

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// unused lists the events that no read model uses, with the reason: a whole family, the rest of a contract, or one event. What
// is listed here is kept all the same, decoded, in blockchain_events.
var unused = map[string]string{
	// Whole families.
	"admin":    "says who may do what, pauses, upgrades and settings, of which no answer is made",
	"privacy":  "the amounts are encrypted; no answer is made of it yet",
	"referral": "no answer is made of referrals yet",
	"token":    "supply and balances are asked of views: gas fees are taken without an event, so that a replay of Transfers drifts; the rest is settings",

	"Faucet.FaucetRefilled": "puts SAGE in, which its Transfer tells; what is left is asked of a view",

	// Jobs and workers.
	"CDCPool.JobAllocated":                 "anybody may have the pool say it",
	"CDCPool.WorkerReserved":               "anybody may have the pool say it",
	"CDCPool.WorkerReleased":               "anybody may have the pool say it",
	"CDCPool.WorkerDeactivated":            "the pool's count of active workers drifts; who is active is told by stakes and heartbeats",
	"CDCPool.WorkerReactivated":            "the pool's count of active workers drifts; who is active is told by stakes and heartbeats",
	"EnclaveRegistry":                      "which enclaves are trusted is no state of a worker",
	"Escrow.JobAccepted":                   "escrow's jobs are another namespace; no answer is made of them yet",
	"Escrow.JobCompleted":                  "tells the cost before fees, and not what of it the worker got",
	"JobManager.CDCPoolNotificationFailed": "is never emitted",
	"JobManager.ModelRegistered":           "no answer is made of models",
	"MeteredBilling.MeteredJobStarted":     "metered jobs are another namespace; no answer is made of them yet",
	"MeteredBilling.MeteredJobEnded":       "metered jobs are another namespace; no answer is made of them yet",
	"MeteredBilling.WorkerGPURegistered":   "tiers are numbers of its own; GPUs are told by telemetry",
	"ObelyskProverRegistry":                "provers are another register than workers; stakes and proofs there are used",
	"WorkerAccount":                        "an account's own events, not the network's",

	// Payments.
	"DynamicPricing":                        "prices of models, not payments",
	"Escrow.EscrowCreated":                  "locks a client's money and pays nobody",
	"Escrow.EscrowRefunded":                 "gives a client's money back",
	"FeeManager.EpochAdvanced":              "is never emitted",
	"FeeManager.FeesDistributed":            "the protocol's share, not a worker's",
	"FeeManager.TokensBurned":               "the protocol's share, not a worker's",
	"FeeManager.TransactionProcessed":       "names no job; whether it is a payment beside another contract's its events do not say",
	"MeteredBilling.CheckpointPaid":         "whether tokens move is not known, and PaymentRouter's event would count twice",
	"MeteredBilling.HourlyRateUpdated":      "a price",
	"OracleWrapper":                         "prices",
	"Paymaster":                             "who pays for gas",
	"PaymentRouter.FeesDistributed":         "has no job; the worker's part of it is WorkerPaid, in the same transaction",
	"PaymentRouter.PaymentExecuted":         "what the client paid; what the worker got is WorkerPaid, in the same transaction",
	"PaymentRouter.PrivacyCreditsDeposited": "a client's credit, not a payment",
	"PaymentRouter.PrivacyPayment":          "a client's payment whose worker is not told",
	"PaymentRouter.QuoteCreated":            "is never emitted",
	"PrivacyRouter.WorkerPaymentClaimed":    "collects what WorkerPaymentReceived told",
	"ProofGatedPayment.CheckpointPaid":      "whether tokens move is not known, and PaymentRouter's event would count twice",

	// Stakes and rewards.
	"AchievementNFT":                 "badges, not rewards in tokens",
	"Collateral.EpochAdvanced":       "a number that no answer needs",
	"Collateral.WeightUpdated":       "a weight, not a stake",
	"Gamification":                   "points and ranks of a game, on scales of their own; never the reputation",
	"LinearVestingWithCliff":         "vesting of founders' tokens, not rewards",
	"MilestoneVesting":               "vesting of founders' tokens, not rewards",
	"MiningRewards.DailyCapReached":  "says what was not paid",
	"MiningRewards.PoolDepleted":     "says what will not be paid",
	"OptimisticTEE.KeeperPoolFunded": "funds rewards and pays none",
	"RewardVesting.EpochAdvanced":    "a number that no answer needs",
	"RewardVesting.RewardVested":     "promises a reward; it is paid by RewardClaimed",
	"SAGEToken.EcosystemEmission":    "goes to a pool; its Transfer is the mint",
	"SAGEToken.VestingReleased":      "goes to a pool; its Transfer is the mint",

	// Proofs and reputation.
	"FheVerifier":                              "no answer is made of it, and nothing is known of it from execution",
	"InferenceVerifier":                        "no answer is made of it, and nothing is known of it from execution",
	"SumcheckVerifierContract":                 "no answer is made of it, and nothing is known of it from execution",
	"OptimisticTEE.BatchFinalized":             "sums up what ResultFinalized tells one by one",
	"ProofVerifier.EnclaveRevoked":             "which enclaves are trusted is no state of a proof",
	"ProofVerifier.EnclaveWhitelisted":         "which enclaves are trusted is no state of a proof",
	"StwoVerifier.EnclaveRevoked":              "which enclaves are trusted is no state of a proof",
	"StwoVerifier.EnclaveWhitelisted":          "which enclaves are trusted is no state of a proof",
	"StwoVerifier.VerificationCallbackSet":     "a setting",
	"ReputationManager.InactivityDecayApplied": "names no worker, and its count is always 0",
	"ReputationManager.ThresholdSet":           "a setting",

	// Trading, governance, consensus.
	"ReferralSystem.TradeRecorded":        "the referrer's view of a trade that TradeExecuted tells",
	"GovernanceTreasury.CouncilUpdated":   "the first members have no event, so that no list of them would be whole",
	"GovernanceTreasury.EmergencyAction":  "is no proposal",
	"GovernanceTreasury.FundsTransferred": "names no proposal; ProposalExecuted of the same transaction does",
	"SAGEToken.GovernancePaused":          "is no proposal",
	"SAGEToken.GovernanceResumed":         "is no proposal",
	"SAGEToken.GovernanceRightsUpgraded":  "is never emitted",
	"SAGEToken.ProposalQuorumAchieved":    "is never emitted",
	"SAGEToken.VotingPowerUpdated":        "is never emitted",
	"TreasuryTimelock":                    "members and settings of the timelock are no proposals",
	"Escrow.DisputeResolved":              "cannot be reached: no dispute is ever opened",
	"FraudProof.WorkerSlashed":            "is never emitted",
	"ValidatorRegistry":                   "nobody can register at the contract as it is written, and these are of registered validators",
}

// everyEvent returns a fact of each event of the catalogue, and of each view that is observed, with zeros for members.
func everyEvent(t *testing.T) map[string]schemas.Fact {
	t.Helper()
	facts := map[string]schemas.Fact{}
	for _, entry := range schemas.Catalogue() {
		for event := range entry.Events {
			typ := schemas.EventType(entry.Contract, event)
			e, err := schemas.DecodeEventData(typ, []byte("{}"))
			if err != nil {
				t.Fatal(err)
			}
			if _, unknown := e.(schemas.Unknown); unknown {
				t.Fatalf("%s is in the catalogue and has no type", typ)
			}
			facts[typ] = schemas.Fact{
				Event: e, Type: typ, ID: "id", Time: time.Unix(0, 0).UTC(),
				ChainEvent: schemas.ChainEvent{ContractName: entry.Contract, Name: event},
			}
		}
	}
	for _, v := range schemas.Views() {
		typ, members := schemas.ObservationType(v.Contract, v.Function), "{}"
		if typ == schemas.TypePairDetails {
			members = `{"quote_token":"0x1"}` // without one there is no pair
		}
		e, err := schemas.DecodeEventData(typ, []byte(members))
		if err != nil {
			t.Fatal(err)
		}
		facts[typ] = schemas.Fact{
			Event: e, Type: typ, ID: "id", Time: time.Unix(0, 0).UTC(), Position: schemas.ObservationPosition(0, 0),
			ChainEvent: schemas.ChainEvent{ContractName: v.Contract, Name: v.Function, Args: []byte(`{"pair_id":1}`)},
		}
	}
	return facts
}

// readBy names the read models that use a fact, but for the two that count and keep all.
func readBy(f schemas.Fact) (tables []string) {
	set := Chain()
	for _, m := range set.Entities {
		if m.Table != IndexedContracts.Table && len(m.Keys(f)) > 0 {
			tables = append(tables, m.Table)
		}
	}
	for _, m := range set.Journals {
		if m.Table != BlockchainEvents.Table && len(m.Rows(f)) > 0 {
			tables = append(tables, m.Table)
		}
	}
	return tables
}

// listed returns the entry of unused that speaks of an event: its own, its contract's, or its family's.
func listed(typ string) string {
	parts := strings.Split(typ, ".") // bitsage.<family>.<Contract>.<Event>
	for _, entry := range []string{parts[2] + "." + parts[3], parts[2], parts[1]} {
		if _, ok := unused[entry]; ok {
			return entry
		}
	}
	return ""
}

func TestEveryEventIsUsedOrListedWithTheReason(t *testing.T) {
	needed := map[string]bool{}
	for typ, f := range everyEvent(t) {
		tables, entry := readBy(f), listed(typ)
		switch {
		case len(tables) == 0 && entry == "":
			t.Errorf("%s is used by no read model: use it, or list it in unused with the reason", typ)
		case len(tables) == 0:
			needed[entry] = true
		case strings.Contains(entry, "."):
			t.Errorf("%s is listed as unused, and %v use it", typ, tables)
		}
	}
	for _, entry := range slices.Sorted(maps.Keys(unused)) {
		if !needed[entry] {
			t.Errorf("unused lists %s, which speaks of no unused event", entry)
		}
	}
}

func TestEveryUsedEventIsNarrated(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	narrated, line := map[string]bool{}, regexp.MustCompile(`(?m)^\d+ (\w+\.\w+)(?:\(\S*\))? \{`)
	for _, file := range files {
		doc, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range line.FindAllStringSubmatch(string(doc), -1) {
			narrated[m[1]] = true
		}
	}
	for typ, f := range everyEvent(t) {
		if name := f.ContractName + "." + f.Name; len(readBy(f)) > 0 && !narrated[name] {
			t.Errorf("%s is used by %v, and no transcript narrates it", typ, readBy(f))
		}
	}
}

// traps are what executions of the contracts have shown that one would not guess from their events, with an event that its
// transcript must have, by the name that the transcript begins with.
var traps = map[string]string{
	"pay_gas_fee":        "SAGEToken.Transfer",              // debits an account and the supply without an event
	"large_transfer":     "SAGEToken.LargeTransferExecuted", // takes twice what it gives
	"large_payout":       "ProverStaking.UnstakeRequested",  // reverts from 10,000 SAGE on
	"worker_staking":     "WorkerStaking.Staked",            // cannot be: the first stake reverts
	"reputation_marks":   "ReputationManager.AdminAdjusted", // the contract's highest and lowest are of all times
	"platform_fee":       "JobManager.PaymentReleased",      // is less than the payment that was submitted
	"pool_drift":         "CDCPool.DisputeFiled",            // follows a slash that has no event
	"validator_registry": "ValidatorRegistry.EpochAdvanced", // nobody can register
}

func TestEveryTrapHasItsTranscript(t *testing.T) {
	doc, err := os.ReadFile("testdata/traps.txt")
	if err != nil {
		t.Fatal(err)
	}
	narrated := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?s)# Trap (\w+): (.*?)\n----\n(.*?)\n(?:\n|$)`).FindAllStringSubmatch(string(doc), -1) {
		name, told, rows := m[1], m[2], m[3]
		event, known := traps[name]
		switch {
		case !known:
			t.Errorf("traps does not list %s", name)
		case narrated[name]:
			t.Errorf("%s is narrated twice", name)
		case !regexp.MustCompile(`(?m)^\d+ ` + regexp.QuoteMeta(event) + ` \{`).MatchString(told):
			t.Errorf("the transcript of %s does not have %s", name, event)
		case rows == "" || rows == "nothing":
			t.Errorf("the transcript of %s shows no row", name)
		}
		narrated[name] = true
	}
	for name := range traps {
		if !narrated[name] {
			t.Errorf("%s has no transcript", name)
		}
	}
}

// TestFoldsAreTotal gives every fold each event as its first, so that none relies on what came before.
func TestFoldsAreTotal(t *testing.T) {
	for typ, f := range everyEvent(t) {
		for _, m := range Chain().Entities {
			for _, key := range m.Keys(f) {
				state := m.Fold(nil, f)
				values := m.Values(state)
				if values[0] != key {
					t.Errorf("%s: the fold of %s makes the key %v of %s", typ, m.Table, values[0], key)
				}
				back, err := m.Restore(values)
				if err != nil || back != state {
					t.Errorf("%s: a row of %s comes back as %+v, %v, and was %+v", typ, m.Table, back, err, state)
				}
			}
		}
	}
}
