package schemas

import (
	"encoding/json"
	"fmt"
	"math"
)

// Observations complete what contracts change without an event: what a view answered at the end of a block, made a fact of the
// chain topic by the tailer. They stand after the events of their block and below its seal, and go with the block; so a replay needs
// no chain. Their value is a [ChainEvent] with the function as its name, its arguments in Args, what it answered in Data, and the
// call in Raw: the selector and the calldata as keys, the answer as data. They are of no transaction.

// Types of the observations.
const (
	TypeJobDetails       = "bitsage.jobs.JobManager.get_job_details.observed"
	TypeStakingConfig    = "bitsage.staking.ProverStaking.get_config.observed"
	TypeProposalDetails  = "bitsage.governance.GovernanceTreasury.get_proposal.observed"
	TypeGovernanceConfig = "bitsage.governance.GovernanceTreasury.get_config.observed"
	TypePairDetails      = "bitsage.trading.OTCOrderbook.get_pair.observed"
)

// Reasons why an observation has no data, beside those of events: what was asked for is unknown.
const (
	ReasonReverted   = "reverted"    // the view failed, or the class does not have it
	ReasonNoContract = "no_contract" // there is none at the address in this block
	ReasonNoState    = "no_state"    // the node no longer has the state of the block
	ReasonUnanswered = "unanswered"  // the node did not answer, however often it was asked
)

// ObservationType returns the type of the observation of a contract's view.
func ObservationType(contract, function string) string {
	return EventType(contract, function) + ".observed"
}

// ObservationPosition is the place of the n-th observation of a block: after all its events, below its seal.
func ObservationPosition(block uint64, n uint32) Position {
	return Position{Block: block, Tx: math.MaxUint32, Event: n}
}

// Observed tells whether the fact is an observation rather than an event of a contract.
func (f Fact) Observed() bool { return f.Position.Tx == math.MaxUint32 }

// JobDetails is what JobManager.get_job_details answers. CompletedAt is the execution time that the worker reported, not a time.
type JobDetails struct {
	JobID         JobRef  `json:"job_id"`
	JobType       string  `json:"job_type"`
	Client        Address `json:"client"`
	Worker        Address `json:"worker"`
	State         string  `json:"state"`
	PaymentAmount Amount  `json:"payment_amount"`
	CreatedAt     uint64  `json:"created_at,string"`
	AssignedAt    uint64  `json:"assigned_at,string"`
	CompletedAt   uint64  `json:"completed_at,string"`
	ResultHash    Felt    `json:"result_hash"`
}

// JobRef is a job's id as JobManager's views take and give it.
type JobRef struct {
	Value Amount `json:"value"`
}

// EventType returns [TypeJobDetails].
func (JobDetails) EventType() string { return TypeJobDetails }

// StakingConfig is what ProverStaking.get_config answers. Stakes are in wei, shares in hundredths of a percent.
type StakingConfig struct {
	MinStakeConsumer         Amount `json:"min_stake_consumer"`
	MinStakeWorkstation      Amount `json:"min_stake_workstation"`
	MinStakeDatacenter       Amount `json:"min_stake_datacenter"`
	MinStakeEnterprise       Amount `json:"min_stake_enterprise"`
	MinStakeFrontier         Amount `json:"min_stake_frontier"`
	SlashInvalidProofBps     uint16 `json:"slash_invalid_proof_bps"`
	SlashTimeoutBps          uint16 `json:"slash_timeout_bps"`
	SlashRepeatedFailuresBps uint16 `json:"slash_repeated_failures_bps"`
	SlashMaliciousBps        uint16 `json:"slash_malicious_bps"`
	SlashBenchmarkFraudBps   uint16 `json:"slash_benchmark_fraud_bps"`
	UnstakeLockupSecs        uint64 `json:"unstake_lockup_secs,string"`
	RewardApyBps             uint16 `json:"reward_apy_bps"`
	MaxConsecutiveFailures   uint8  `json:"max_consecutive_failures"`
}

// EventType returns [TypeStakingConfig].
func (StakingConfig) EventType() string { return TypeStakingConfig }

// ProposalDetails is what GovernanceTreasury.get_proposal answers. Times are seconds since 1970.
type ProposalDetails struct {
	ID            Amount  `json:"id"`
	Proposer      Address `json:"proposer"`
	Title         Felt    `json:"title"`
	Description   Felt    `json:"description"`
	Target        Address `json:"target"`
	Value         Amount  `json:"value"`
	Calldata      Felt    `json:"calldata"`
	VotesFor      Amount  `json:"votes_for"`
	VotesAgainst  Amount  `json:"votes_against"`
	StartTime     uint64  `json:"start_time,string"`
	EndTime       uint64  `json:"end_time,string"`
	ExecutionTime uint64  `json:"execution_time,string"`
	Executed      bool    `json:"executed"`
	Cancelled     bool    `json:"cancelled"`
	ProposalType  string  `json:"proposal_type"`
}

// EventType returns [TypeProposalDetails].
func (ProposalDetails) EventType() string { return TypeProposalDetails }

// GovernanceConfig is what GovernanceTreasury.get_config answers. Times are in seconds, thresholds in wei.
type GovernanceConfig struct {
	VotingDelay       uint64 `json:"voting_delay,string"`
	VotingPeriod      uint64 `json:"voting_period,string"`
	ExecutionDelay    uint64 `json:"execution_delay,string"`
	QuorumThreshold   Amount `json:"quorum_threshold"`
	ProposalThreshold Amount `json:"proposal_threshold"`
}

// EventType returns [TypeGovernanceConfig].
func (GovernanceConfig) EventType() string { return TypeGovernanceConfig }

// PairDetails is what OTCOrderbook.get_pair answers; all zeros for a pair that there is not.
type PairDetails struct {
	BaseToken    Address `json:"base_token"`
	QuoteToken   Address `json:"quote_token"`
	MinOrderSize Amount  `json:"min_order_size"`
	TickSize     Amount  `json:"tick_size"`
	IsActive     bool    `json:"is_active"`
}

// EventType returns [TypePairDetails].
func (PairDetails) EventType() string { return TypePairDetails }

// decodeObserved reads the data of an observation; known is false where the type is not one of them.
func decodeObserved(typ string, data []byte) (e Event, known bool, err error) {
	switch typ {
	case TypeJobDetails:
		e, err = decodeAs[JobDetails](data)
	case TypeStakingConfig:
		e, err = decodeAs[StakingConfig](data)
	case TypeProposalDetails:
		e, err = decodeAs[ProposalDetails](data)
	case TypeGovernanceConfig:
		e, err = decodeAs[GovernanceConfig](data)
	case TypePairDetails:
		e, err = decodeAs[PairDetails](data)
	default:
		return nil, false, nil
	}
	return e, true, err
}

// PairArgument is the argument of OTCOrderbook.get_pair, which its answer does not repeat.
type PairArgument struct {
	PairID uint8 `json:"pair_id"`
}

// View is a contract's function that is observed.
type View struct{ Contract, Function string }

// Views lists the functions that are observed.
func Views() []View {
	return []View{
		{"JobManager", "get_job_details"},
		{"ProverStaking", "get_config"},
		{"GovernanceTreasury", "get_proposal"},
		{"GovernanceTreasury", "get_config"},
		{"OTCOrderbook", "get_pair"},
	}
}

// String is Contract.function.
func (v View) String() string { return fmt.Sprintf("%s.%s", v.Contract, v.Function) }

// ViewAnswer is what a view answered when it was asked, or why there is no answer.
type ViewAnswer struct {
	Data   json.RawMessage // by the ABI, see [ABI.DecodeOutputs]; nil where there is none
	Reason string          // then, such as [ReasonReverted]; empty where there is an answer
	Detail string          // more of the reason, for people
}
