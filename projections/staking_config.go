package projections

import (
	"math"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// StakingConfig is the rules of ProverStaking. When they change, the event tells two of thirteen; the others are observed.
type StakingConfig struct {
	Contract    string                `db:"contract_name"`
	MinConsumer Maybe[schemas.Amount] `db:"min_stake_consumer"`
	APY         Maybe[int64]          `db:"reward_apy_bps"`
	ChangedAt   Maybe[time.Time]      `db:"changed_at"`
	TxHash      Maybe[schemas.Hash]   `db:"tx_hash"`
	ObservedStaking
}

// ObservedStaking is what the view says of the rules: two that an event may have told, and eleven that none tells. Shares are in
// hundredths of a percent.
type ObservedStaking struct {
	SeenMinConsumer     Maybe[schemas.Amount] `db:"observed_min_stake_consumer,observed"`
	SeenAPY             Maybe[int64]          `db:"observed_reward_apy_bps,observed"`
	MinWorkstation      Maybe[schemas.Amount] `db:"min_stake_workstation,observed"`
	MinDataCenter       Maybe[schemas.Amount] `db:"min_stake_datacenter,observed"`
	MinEnterprise       Maybe[schemas.Amount] `db:"min_stake_enterprise,observed"`
	MinFrontier         Maybe[schemas.Amount] `db:"min_stake_frontier,observed"`
	SlashInvalidProof   Maybe[int64]          `db:"slash_invalid_proof_bps,observed"`
	SlashTimeout        Maybe[int64]          `db:"slash_timeout_bps,observed"`
	SlashFailures       Maybe[int64]          `db:"slash_repeated_failures_bps,observed"`
	SlashMalicious      Maybe[int64]          `db:"slash_malicious_bps,observed"`
	SlashBenchmarkFraud Maybe[int64]          `db:"slash_benchmark_fraud_bps,observed"`
	UnstakeLockup       Maybe[int64]          `db:"unstake_lockup_seconds,observed"`
	MaxFailures         Maybe[int64]          `db:"max_consecutive_failures,observed"`
	SeenSince           Maybe[time.Time]      `db:"observed_since,observed"` // the first block that was seen with these
}

// StakingConfigs has one row, from the first change or look on. Until then the contract's defaults hold: 1,000 SAGE and 1500, which is
// 15 % a year. A change makes what was observed before it unknown, as it may have changed, too.
var StakingConfigs = Entity[StakingConfig]{
	Table:   "staking_config",
	Version: 1,
	Keys: func(f schemas.Fact) []string {
		switch f.Event.(type) {
		case schemas.ProverStakingConfigUpdated, schemas.StakingConfig:
			return []string{f.ContractName}
		}
		return nil
	},
	Fold: func(c StakingConfig, f schemas.Fact) StakingConfig {
		c.Contract = f.ContractName
		switch e := f.Event.(type) {
		case schemas.ProverStakingConfigUpdated:
			c = StakingConfig{
				Contract: f.ContractName, MinConsumer: Known(e.MinStakeConsumer), APY: Known(int64(e.RewardApyBps)), ChangedAt: Known(f.Time), TxHash: Known(f.TxHash),
			}
		case schemas.StakingConfig:
			seen := ObservedStaking{
				Known(e.MinStakeConsumer), Known(int64(e.RewardApyBps)), Known(e.MinStakeWorkstation), Known(e.MinStakeDatacenter), Known(e.MinStakeEnterprise),
				Known(e.MinStakeFrontier), Known(int64(e.SlashInvalidProofBps)), Known(int64(e.SlashTimeoutBps)), Known(int64(e.SlashRepeatedFailuresBps)),
				Known(int64(e.SlashMaliciousBps)), Known(int64(e.SlashBenchmarkFraudBps)), seconds(e.UnstakeLockupSecs), Known(int64(e.MaxConsecutiveFailures)),
				c.SeenSince,
			}
			if c.ObservedStaking != seen {
				seen.SeenSince = Known(f.Time)
			}
			c.ObservedStaking = seen
		}
		return c
	},
}

// seconds reads a span of time; one that no table holds is unknown.
func seconds(n uint64) Maybe[int64] {
	if n > math.MaxInt64 {
		return Maybe[int64]{}
	}
	return Known(int64(n))
}
