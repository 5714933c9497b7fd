package projections

import (
	"strconv"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ProposalStatus is how a proposal ended, or that it did not yet.
type ProposalStatus string

// The statuses of a proposal. No event says that voting has ended or that a proposal was defeated: it stays open.
const (
	ProposalOpen      ProposalStatus = "open"
	ProposalExecuted  ProposalStatus = "executed"
	ProposalRejected  ProposalStatus = "rejected"
	ProposalCancelled ProposalStatus = "cancelled"
)

// Proposal is something to decide at one of three contracts: the treasury's governance, the token's own, and the timelock,
// whose members approve transactions. Each counts its proposals on its own, so the id names the contract.
type Proposal struct {
	ID           string                 `db:"proposal_id"` // <contract>/<number>
	Contract     string                 `db:"contract_name"`
	Number       schemas.Amount         `db:"number"`
	Proposer     Maybe[schemas.Address] `db:"proposer_address"`
	Title        Maybe[string]          `db:"title"`
	Type         Maybe[string]          `db:"proposal_type"`
	Status       ProposalStatus         `db:"status"`
	For          schemas.Amount         `db:"votes_for"`
	Against      schemas.Amount         `db:"votes_against"`
	Votes        int64                  `db:"votes"`
	Quorum       Maybe[schemas.Amount]  `db:"quorum_required"`
	Approvals    Maybe[int64]           `db:"approvals"`
	Threshold    Maybe[int64]           `db:"approvals_required"`
	Target       Maybe[schemas.Address] `db:"target_address"`
	Value        Maybe[schemas.Amount]  `db:"value"`
	CreatedAt    Maybe[time.Time]       `db:"created_at"`
	VotingEndsAt Maybe[time.Time]       `db:"voting_ends_at"`
	ExecutableAt Maybe[time.Time]       `db:"executable_at"`
	EndedAt      Maybe[time.Time]       `db:"ended_at"`
	EndedBy      Maybe[schemas.Address] `db:"ended_by"`
	TxHash       schemas.Hash           `db:"tx_hash"`
}

// Proposals follows the proposals, one row each. The treasury's events have no description, target, value, timing or quorum:
// its rows leave them unknown. The timelock can cancel everything at once without an event.
var Proposals = Entity[Proposal]{
	Table: "proposals",
	Keys: func(f schemas.Fact) []string {
		if n, ok := proposalNumber(f.Event); ok {
			return []string{numbered(f, n)}
		}
		return nil
	},
	Fold: foldProposal,
}

func proposalNumber(event schemas.Event) (schemas.Amount, bool) {
	switch e := event.(type) {
	case schemas.GovernanceTreasuryProposalCreated:
		return e.ProposalID, true
	case schemas.GovernanceTreasuryVoteCast:
		return e.ProposalID, true
	case schemas.GovernanceTreasuryProposalExecuted:
		return e.ProposalID, true
	case schemas.GovernanceTreasuryProposalCancelled:
		return e.ProposalID, true
	case schemas.SAGETokenProposalCreated:
		return e.ProposalID, true
	case schemas.SAGETokenProposalVoted:
		return e.ProposalID, true
	case schemas.SAGETokenProposalExecuted:
		return e.ProposalID, true
	case schemas.TreasuryTimelockTransactionProposed:
		return e.TxID, true
	case schemas.TreasuryTimelockTransactionApproved:
		return e.TxID, true
	case schemas.TreasuryTimelockTransactionExecuted:
		return e.TxID, true
	case schemas.TreasuryTimelockTransactionCancelled:
		return e.TxID, true
	}
	return schemas.Amount{}, false
}

func foldProposal(p Proposal, f schemas.Fact) Proposal {
	p.Number, _ = proposalNumber(f.Event)
	p.ID, p.Contract, p.TxHash = numbered(f, p.Number), f.ContractName, f.TxHash
	if p.Status == "" {
		p.Status = ProposalOpen
	}
	switch e := f.Event.(type) {
	case schemas.GovernanceTreasuryProposalCreated:
		p.Proposer, p.Title, p.Type = Known(e.Proposer), shortText(e.Title), Known(string(e.ProposalType))
		p.CreatedAt = Known(f.Time)
	case schemas.GovernanceTreasuryVoteCast:
		p = p.voted(e.Support, e.VotingPower)
	case schemas.GovernanceTreasuryProposalExecuted:
		p = p.ended(ProposalExecuted, f.Time, e.Executor)
	case schemas.GovernanceTreasuryProposalCancelled:
		p = p.ended(ProposalCancelled, f.Time, e.Canceller)
	case schemas.SAGETokenProposalCreated:
		// The type is a number here; the token's contract has no names for it.
		p.Proposer, p.Title, p.Type = Known(e.Proposer), shortText(e.Description), Known(strconv.FormatUint(uint64(e.ProposalType), 10))
		p.CreatedAt, p.VotingEndsAt, p.Quorum = Known(f.Time), chainTime(e.VotingEndsAt), Known(e.QuorumRequired)
	case schemas.SAGETokenProposalVoted:
		// The event has the totals, and they count.
		p = p.voted(e.VoteFor, e.VotingPower)
		p.For, p.Against = e.TotalVotesFor, e.TotalVotesAgainst
	case schemas.SAGETokenProposalExecuted:
		p.For, p.Against, p.EndedAt = e.VotesFor, e.VotesAgainst, Known(f.Time)
		p.Status = ProposalRejected
		if e.Result {
			p.Status = ProposalExecuted
		}
	case schemas.TreasuryTimelockTransactionProposed:
		p.Proposer, p.Target, p.Value = Known(e.Proposer), Known(e.Target), Known(e.Value)
		p.CreatedAt, p.ExecutableAt = Known(f.Time), chainTime(e.ExecutionTime)
	case schemas.TreasuryTimelockTransactionApproved:
		p.Approvals, p.Threshold = Known(int64(e.Approvals)), Known(int64(e.Threshold))
		p.Votes++
	case schemas.TreasuryTimelockTransactionExecuted:
		p = p.ended(ProposalExecuted, f.Time, e.Executor)
	case schemas.TreasuryTimelockTransactionCancelled:
		p = p.ended(ProposalCancelled, f.Time, e.Canceller)
	}
	return p
}

func (p Proposal) voted(support bool, power schemas.Amount) Proposal {
	p.Votes++
	if support {
		p.For = p.For.Add(power)
	} else {
		p.Against = p.Against.Add(power)
	}
	return p
}

func (p Proposal) ended(s ProposalStatus, at time.Time, by schemas.Address) Proposal {
	p.Status, p.EndedAt, p.EndedBy = s, Known(at), Known(by)
	return p
}
