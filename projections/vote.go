package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Vote is one vote, or one approval, on a proposal. There is no abstaining.
type Vote struct {
	Block      int64                 `db:"block_number"`
	Offset     int64                 `db:"log_offset"`
	ID         string                `db:"event_id"`
	TxHash     schemas.Hash          `db:"tx_hash"`
	Time       time.Time             `db:"block_timestamp"`
	ProposalID string                `db:"proposal_id"`
	Contract   string                `db:"contract_name"`
	Voter      schemas.Address       `db:"voter_address"`
	Support    bool                  `db:"support"`
	Power      Maybe[schemas.Amount] `db:"voting_power"`
}

// Votes keeps every vote. At the treasury the voter chooses the power, up to the balance: it is not the voter's balance.
var Votes = Journal[Vote]{
	Table: "votes",
	Rows: func(f schemas.Fact) []Vote {
		v := Vote{
			Block: int64(f.Position.Block), Offset: f.Offset, ID: f.ID, TxHash: f.TxHash, Time: f.Time, Contract: f.ContractName,
		}
		switch e := f.Event.(type) {
		case schemas.GovernanceTreasuryVoteCast:
			v.ProposalID, v.Voter, v.Support, v.Power = numbered(f, e.ProposalID), e.Voter, e.Support, Known(e.VotingPower)
		case schemas.SAGETokenProposalVoted:
			v.ProposalID, v.Voter, v.Support, v.Power = numbered(f, e.ProposalID), e.Voter, e.VoteFor, Known(e.VotingPower)
		case schemas.TreasuryTimelockTransactionApproved:
			v.ProposalID, v.Voter, v.Support = numbered(f, e.TxID), e.Approver, true // a member is a member, and has no power
		default:
			return nil
		}
		return []Vote{v}
	},
}
