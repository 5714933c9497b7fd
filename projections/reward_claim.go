package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// RewardType says what a reward was for.
type RewardType string

// The types of rewards, in the words of published clients where they have one.
const (
	RewardStaking  RewardType = "staking"
	RewardMining   RewardType = "mining"
	RewardReferral RewardType = "referral"
	RewardVesting  RewardType = "vesting"
	RewardFees     RewardType = "fees"   // a staker's share of the protocol's fees
	RewardKeeper   RewardType = "keeper" // for finalising others' results
)

// RewardClaim is a reward that a contract paid out.
type RewardClaim struct {
	Block    int64                 `db:"block_number"`
	Offset   int64                 `db:"log_offset"`
	ID       string                `db:"event_id"`
	TxHash   schemas.Hash          `db:"tx_hash"`
	Time     time.Time             `db:"block_timestamp"`
	Contract string                `db:"contract_name"`
	Type     RewardType            `db:"claim_type"`
	Claimer  schemas.Address       `db:"address"`
	Amount   schemas.Amount        `db:"amount"`
	JobID    Maybe[schemas.Amount] `db:"job_id"`
	EntryID  Maybe[int64]          `db:"vesting_entry_id"`
}

// RewardClaims keeps the rewards that the contracts say they paid: what the chain knows, not what somebody reported. CDCPool
// pays rewards without an event of its own.
var RewardClaims = Journal[RewardClaim]{
	Table: "reward_claims",
	Rows: func(f schemas.Fact) []RewardClaim {
		c := RewardClaim{
			Block: int64(f.Position.Block), Offset: f.Offset, ID: f.ID, TxHash: f.TxHash, Time: f.Time, Contract: f.ContractName,
		}
		switch e := f.Event.(type) {
		case schemas.ProverStakingRewardsClaimed:
			c.Type, c.Claimer, c.Amount = RewardStaking, e.Worker, e.Amount
		case schemas.MiningRewardsRewardDistributed:
			c.Type, c.Claimer, c.Amount, c.JobID = RewardMining, e.Worker, e.Amount, feltNumber(e.JobID)
		case schemas.ReferralSystemRewardsClaimed:
			c.Type, c.Claimer, c.Amount = RewardReferral, e.Referrer, e.Amount
		case schemas.RewardVestingRewardClaimed:
			c.Type, c.Claimer, c.Amount = RewardVesting, e.Participant, e.Amount
			c.EntryID = Known(int64(min(e.EntryID, 1<<63-1)))
		case schemas.FeeManagerStakerRewardsClaimed:
			c.Type, c.Claimer, c.Amount = RewardFees, e.Staker, e.Amount
		case schemas.OptimisticTEEKeeperRewarded:
			c.Type, c.Claimer, c.Amount = RewardKeeper, e.Keeper, e.RewardAmount // its job_id is always 0
		default:
			return nil
		}
		return []RewardClaim{c}
	},
}
