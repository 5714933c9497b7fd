package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// GovernanceConfig is the rules of the treasury's proposals. No event tells them, neither at first nor when they change: all of it is
// observed.
type GovernanceConfig struct {
	Contract          string                `db:"contract_name"`
	VotingDelay       Maybe[int64]          `db:"voting_delay_seconds,observed"`
	VotingPeriod      Maybe[int64]          `db:"voting_period_seconds,observed"`
	ExecutionDelay    Maybe[int64]          `db:"execution_delay_seconds,observed"`
	QuorumThreshold   Maybe[schemas.Amount] `db:"quorum_threshold,observed"`
	ProposalThreshold Maybe[schemas.Amount] `db:"proposal_threshold,observed"`
	SeenSince         Maybe[time.Time]      `db:"observed_since,observed"` // the first block that was seen with these
}

// GovernanceConfigs has one row, from the first look on.
var GovernanceConfigs = Entity[GovernanceConfig]{
	Table: "governance_config",
	Keys: func(f schemas.Fact) []string {
		if _, ok := f.Event.(schemas.GovernanceConfig); ok {
			return []string{f.ContractName}
		}
		return nil
	},
	Fold: func(c GovernanceConfig, f schemas.Fact) GovernanceConfig {
		e, ok := f.Event.(schemas.GovernanceConfig)
		if !ok {
			return c
		}
		seen := GovernanceConfig{
			f.ContractName, seconds(e.VotingDelay), seconds(e.VotingPeriod), seconds(e.ExecutionDelay), Known(e.QuorumThreshold), Known(e.ProposalThreshold), c.SeenSince,
		}
		if c != seen {
			seen.SeenSince = Known(f.Time)
		}
		return seen
	},
}
