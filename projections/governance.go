package projections

import "github.com/bitsage-network/validator-dashboard/schemas"

// ProposalView is a proposal with the block that it began in, and its contract's rule of how many votes it needs.
type ProposalView struct {
	Proposal
	Created int64                 `db:"created_block"`
	Rule    Maybe[schemas.Amount] `db:"quorum_threshold"`
}

// QuorumNeeded returns how many votes the proposal needs: what its own event told, or else the rule.
func (p ProposalView) QuorumNeeded() Maybe[schemas.Amount] { return p.Quorum.or(p.Rule) }

// ProposalFilter says which proposals a list is of; what is empty filters nothing.
type ProposalFilter struct {
	Status ProposalStatus
	Type   string
}

// VoteFilter says which votes a list is of; what is empty filters nothing.
type VoteFilter struct {
	Proposal string
	Voter    *schemas.Address
}

// GovernanceStats counts proposals and votes.
type GovernanceStats struct {
	ByStatus map[string]int64
	Votes    int64
	Voters   int64 // accounts that voted at least once
}

// VoterView is what one account did with its votes. What it could vote with is not told by events.
type VoterView struct {
	Votes     int64                 `db:"votes"`
	Proposals int64                 `db:"proposals"`
	MostPower Maybe[schemas.Amount] `db:"most_power"` // of a vote
	Proposed  int64                 `db:"proposed"`
}
