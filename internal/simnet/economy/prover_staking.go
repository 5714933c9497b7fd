package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// proverStaking holds the workers' stakes. A worker is its account's address here.
type proverStaking struct {
	Contract
	owner, treasury, tee address
	sage                 *sageToken

	config        Cell[stakingConfig]
	stakes        Map[address, workerStake]
	requests      Map[address, unstakeRequest]
	staked, taken Cell[amount]
}

type stakingConfig struct {
	Consumer             amount `json:"min_stake_consumer"`
	Workstation          amount `json:"min_stake_workstation"`
	DataCenter           amount `json:"min_stake_datacenter"`
	Enterprise           amount `json:"min_stake_enterprise"`
	Frontier             amount `json:"min_stake_frontier"`
	SlashInvalidProof    uint16 `json:"slash_invalid_proof_bps"`
	SlashTimeout         uint16 `json:"slash_timeout_bps"`
	SlashRepeatedFailure uint16 `json:"slash_repeated_failures_bps"`
	SlashMalicious       uint16 `json:"slash_malicious_bps"`
	SlashBenchmarkFraud  uint16 `json:"slash_benchmark_fraud_bps"`
	UnstakeLockup        u64    `json:"unstake_lockup_secs"`
	RewardAPY            uint16 `json:"reward_apy_bps"`
	MaxFailures          uint8  `json:"max_consecutive_failures"`
}

type workerStake struct {
	Amount              amount                       `json:"amount"`
	Locked              amount                       `json:"locked_amount"`
	StakedAt            u64                          `json:"staked_at"`
	LastClaimAt         u64                          `json:"last_claim_at"`
	GpuTier             schemas.ProverStakingGpuTier `json:"gpu_tier"`
	IsActive            bool                         `json:"is_active"`
	ConsecutiveFailures uint8                        `json:"consecutive_failures"`
	TotalSlashed        amount                       `json:"total_slashed"`
	PendingRewards      amount                       `json:"pending_rewards"`
}

type unstakeRequest struct {
	amount  amount
	unlocks uint64
}

// gpuTiers are the tiers in the contract's order; the first is the default of an unknown stake.
var gpuTiers = []schemas.ProverStakingGpuTier{
	schemas.ProverStakingGpuTierConsumer, schemas.ProverStakingGpuTierWorkstation, schemas.ProverStakingGpuTierDataCenter,
	schemas.ProverStakingGpuTierEnterprise, schemas.ProverStakingGpuTierFrontier,
}

func (c stakingConfig) minimum(tier schemas.ProverStakingGpuTier) amount {
	switch tier {
	case schemas.ProverStakingGpuTierWorkstation:
		return c.Workstation
	case schemas.ProverStakingGpuTierDataCenter:
		return c.DataCenter
	case schemas.ProverStakingGpuTierEnterprise:
		return c.Enterprise
	case schemas.ProverStakingGpuTierFrontier:
		return c.Frontier
	default:
		return c.Consumer
	}
}

func (s *proverStaking) functions() {
	s.entries = map[string]entry{
		"stake":            on(s.stake),
		"request_unstake":  on(s.requestUnstake),
		"complete_unstake": onCall(s.completeUnstake),
		"claim_rewards":    onCall(s.claimRewards),
		"slash":            on(s.slash),
		"record_success":   on(s.recordSuccess),
		"update_config":    on(s.updateConfig),
		"set_job_manager":  on(func(*Env, setJobManagerArgs) {}),
		"set_verifier":     on(func(*Env, setVerifierArgs) {}),
	}
	s.views = map[string]view{
		"get_stake": ask(func(e *Env, q workerAddressArgs) workerStake { return s.read(e, q.Worker) }),
		"get_min_stake": ask(func(e *Env, q struct {
			GpuTier schemas.ProverStakingGpuTier `json:"gpu_tier"`
		},
		) amount {
			return s.config.get(e).minimum(q.GpuTier)
		}),
		"is_eligible":   ask(func(e *Env, q workerAddressArgs) bool { return s.eligible(e, q.Worker) }),
		"get_config":    cellView(&s.config),
		"total_staked":  cellView(&s.staked),
		"total_slashed": cellView(&s.taken),
	}
}

type (
	setJobManagerArgs struct {
		JobManager address `json:"job_manager"`
	}
	setVerifierArgs struct {
		Verifier address `json:"verifier"`
	}
	workerAddressArgs struct {
		Worker address `json:"worker"`
	}
)

func (s *proverStaking) construct(e *Env) {
	s.config.set(e, stakingConfig{
		Consumer: schemas.Sage(1_000), Workstation: schemas.Sage(2_500), DataCenter: schemas.Sage(5_000),
		Enterprise: schemas.Sage(10_000), Frontier: schemas.Sage(25_000),
		SlashInvalidProof: 1_000, SlashTimeout: 500, SlashRepeatedFailure: 2_500, SlashMalicious: 5_000, SlashBenchmarkFraud: 7_500,
		UnstakeLockup: 7 * secondsPerDay, RewardAPY: 1_500, MaxFailures: 3,
	})
}

// read returns a stake; an unknown one has zeros and the first tier.
func (s *proverStaking) read(e *Env, worker address) workerStake {
	st, known := s.stakes.find(e, worker)
	if !known {
		st.GpuTier = gpuTiers[0]
	}
	return st
}

func (s *proverStaking) eligible(e *Env, worker address) bool {
	st, c := s.read(e, worker), s.config.get(e)
	return st.IsActive && st.Amount.Cmp(c.minimum(st.GpuTier)) >= 0 && st.ConsecutiveFailures < c.MaxFailures
}

type stakeArgs struct {
	Amount  amount                       `json:"amount"`
	GpuTier schemas.ProverStakingGpuTier `json:"gpu_tier"`
}

func (s *proverStaking) stake(e *Env, a stakeArgs) {
	st, c, now := s.read(e, e.caller), s.config.get(e), u64(e.block.Time)
	total := st.Amount.Add(a.Amount)
	e.requireText(total.Cmp(c.minimum(a.GpuTier)) >= 0, "Insufficient stake for tier")
	s.sage.transferFrom(e.into(&s.sage.Contract), transferFromArgs{e.caller, s.Address, a.Amount})
	if !st.Amount.IsZero() {
		st.PendingRewards = st.PendingRewards.Add(c.rewards(st, now))
	}
	st.Amount, st.GpuTier, st.IsActive, st.LastClaimAt = total, a.GpuTier, true, now
	if st.StakedAt == 0 {
		st.StakedAt = now
	}
	s.stakes.set(e, e.caller, st)
	s.staked.set(e, s.staked.get(e).Add(a.Amount))
	e.emit(schemas.ProverStakingStaked{Worker: e.caller, Amount: a.Amount, GpuTier: a.GpuTier, TotalStake: total})
}

// rewards is what a stake earned since it was last claimed.
func (c stakingConfig) rewards(st workerStake, now u64) amount {
	if now <= st.LastClaimAt {
		return amount{}
	}
	perYear := mulDiv(number(uint64(c.RewardAPY)), number(uint64(now-st.LastClaimAt)), number(1))
	return mulDiv(st.Amount, perYear, number(10_000*365*secondsPerDay))
}

type amountArgs struct {
	Amount amount `json:"amount"`
}

func (s *proverStaking) requestUnstake(e *Env, a amountArgs) {
	st := s.read(e, e.caller)
	e.requireText(st.Amount.Cmp(a.Amount) >= 0, "Insufficient stake")
	e.requireText(st.Locked.IsZero(), "Pending unstake exists")
	unlocks := e.block.Time + uint64(s.config.get(e).UnstakeLockup)
	st.Locked = a.Amount
	s.stakes.set(e, e.caller, st)
	s.requests.set(e, e.caller, unstakeRequest{a.Amount, unlocks})
	e.emit(schemas.ProverStakingUnstakeRequested{Worker: e.caller, Amount: a.Amount, UnlockTime: unlocks})
}

func (s *proverStaking) completeUnstake(e *Env) {
	r := s.requests.get(e, e.caller)
	e.requireText(!r.amount.IsZero(), "No pending unstake")
	e.requireText(e.block.Time >= r.unlocks, "Lockup not expired")
	st := s.read(e, e.caller)
	rest, ok := st.Amount.SubOK(r.amount) // a slash in between may have taken too much
	e.require(ok, "u256_sub Overflow")
	st.Amount, st.Locked = rest, amount{}
	if rest.Cmp(s.config.get(e).minimum(st.GpuTier)) < 0 {
		st.IsActive = false
	}
	s.stakes.set(e, e.caller, st)
	s.requests.set(e, e.caller, unstakeRequest{})
	s.staked.set(e, s.staked.get(e).Sub(r.amount))
	s.sage.transfer(e.into(&s.sage.Contract), transferArgs{e.caller, r.amount})
	e.emit(schemas.ProverStakingUnstakeCompleted{Worker: e.caller, Amount: r.amount})
}

func (s *proverStaking) claimRewards(e *Env) {
	st, now := s.read(e, e.caller), u64(e.block.Time)
	total := st.PendingRewards.Add(s.config.get(e).rewards(st, now))
	e.requireText(!total.IsZero(), "No rewards to claim")
	st.PendingRewards, st.LastClaimAt = amount{}, now
	s.stakes.set(e, e.caller, st)
	s.sage.transferFrom(e.into(&s.sage.Contract), transferFromArgs{s.treasury, e.caller, total})
	e.emit(schemas.ProverStakingRewardsClaimed{Worker: e.caller, Amount: total})
}

type slashArgs struct {
	Worker address                          `json:"worker"`
	Reason schemas.ProverStakingSlashReason `json:"reason"`
	JobID  felt                             `json:"job_id"`
}

func (s *proverStaking) slash(e *Env, a slashArgs) {
	e.requireText(e.caller == s.owner || e.caller == s.tee, "Unauthorized")
	st, c := s.read(e, a.Worker), s.config.get(e)
	share := c.SlashInvalidProof
	switch a.Reason {
	case schemas.ProverStakingSlashReasonTimeout:
		share = c.SlashTimeout
	case schemas.ProverStakingSlashReasonRepeatedFailures:
		share = c.SlashRepeatedFailure
	case schemas.ProverStakingSlashReasonMalicious:
		share = c.SlashMalicious
	case schemas.ProverStakingSlashReasonBenchmarkFraud:
		share = c.SlashBenchmarkFraud
	case schemas.ProverStakingSlashReasonInvalidProof:
	}
	taken := bps(st.Amount, uint64(share))
	st.Amount, st.TotalSlashed = st.Amount.Sub(taken), st.TotalSlashed.Add(taken)
	e.require(st.ConsecutiveFailures < 255, "u8_add Overflow")
	st.ConsecutiveFailures++
	if st.Amount.Cmp(c.minimum(st.GpuTier)) < 0 || st.ConsecutiveFailures >= c.MaxFailures {
		st.IsActive = false
	}
	s.stakes.set(e, a.Worker, st)
	s.staked.set(e, s.staked.get(e).Sub(taken))
	s.taken.set(e, s.taken.get(e).Add(taken))
	s.sage.transfer(e.into(&s.sage.Contract), transferArgs{s.treasury, taken})
	e.emit(schemas.ProverStakingSlashed{Worker: a.Worker, Amount: taken, Reason: a.Reason, JobID: a.JobID})
}

type recordSuccessArgs struct {
	Worker address `json:"worker"`
	JobID  felt    `json:"job_id"`
}

func (s *proverStaking) recordSuccess(e *Env, a recordSuccessArgs) {
	e.requireText(e.caller == s.owner, "Unauthorized")
	st := s.read(e, a.Worker)
	st.ConsecutiveFailures = 0
	s.stakes.set(e, a.Worker, st)
	e.emit(schemas.ProverStakingSuccessRecorded{Worker: a.Worker, JobID: a.JobID})
}

type stakingConfigArgs struct {
	Config stakingConfig `json:"config"`
}

func (s *proverStaking) updateConfig(e *Env, a stakingConfigArgs) {
	e.requireText(e.caller == s.owner, "Only owner")
	s.config.set(e, a.Config)
	e.emit(schemas.ProverStakingConfigUpdated{MinStakeConsumer: a.Config.Consumer, RewardApyBps: a.Config.RewardAPY})
}
