package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ConsensusVote is one vote on a fraud case that goes to arbitration.
type ConsensusVote struct {
	Block    int64           `db:"block_number"`
	Offset   int64           `db:"log_offset"`
	ID       string          `db:"event_id"`
	TxHash   schemas.Hash    `db:"tx_hash"`
	Time     time.Time       `db:"block_timestamp"`
	CaseID   string          `db:"case_id"`
	Voter    schemas.Address `db:"voter_address"`
	Supports bool            `db:"supports_challenger"`
	Power    schemas.Amount  `db:"voting_power"` // the voter's balance of SAGE
}

// ConsensusVotes keeps every vote on a fraud case. The contract lets an account vote more than once and counts each time.
var ConsensusVotes = Journal[ConsensusVote]{
	Table: "consensus_votes",
	Rows: func(f schemas.Fact) []ConsensusVote {
		e, ok := f.Event.(schemas.FraudProofVoteCast)
		if !ok {
			return nil
		}
		return []ConsensusVote{{
			Block: int64(f.Position.Block), Offset: f.Offset, ID: f.ID, TxHash: f.TxHash, Time: f.Time,
			CaseID: numbered(f, e.ChallengeID), Voter: e.Voter, Supports: e.SupportsChallenger, Power: e.VotingPower,
		}}
	},
}
