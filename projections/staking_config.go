package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// StakingConfig is what ProverStaking says of its own rules when they change: two of many. The other tiers' minimums, the shares
// of slashes, the lockup and the failures that are allowed are told by no event.
type StakingConfig struct {
	Contract    string         `db:"contract_name"`
	MinConsumer schemas.Amount `db:"min_stake_consumer"`
	APY         int64          `db:"reward_apy_bps"`
	ChangedAt   time.Time      `db:"changed_at"`
	TxHash      schemas.Hash   `db:"tx_hash"`
}

// StakingConfigs has one row, from the first change on. Until then the contract's defaults hold: 1,000 SAGE and 1500, which is
// 15 % a year.
var StakingConfigs = Entity[StakingConfig]{
	Table: "staking_config",
	Keys: func(f schemas.Fact) []string {
		if _, ok := f.Event.(schemas.ProverStakingConfigUpdated); ok {
			return []string{f.ContractName}
		}
		return nil
	},
	Fold: func(c StakingConfig, f schemas.Fact) StakingConfig {
		if e, ok := f.Event.(schemas.ProverStakingConfigUpdated); ok {
			c = StakingConfig{f.ContractName, e.MinStakeConsumer, int64(e.RewardApyBps), f.Time, f.TxHash}
		}
		return c
	},
}
