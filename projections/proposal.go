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
	ObservedProposal
}

// ObservedProposal is what the view says of one of the treasury's proposals when it was made, and no event.
type ObservedProposal struct {
	Description      Maybe[string]          `db:"description,observed"` // as text, or as the felt where it is none
	SeenTarget       Maybe[schemas.Address] `db:"observed_target_address,observed"`
	SeenValue        Maybe[schemas.Amount]  `db:"observed_value,observed"`
	Calldata         Maybe[schemas.Felt]    `db:"calldata,observed"`
	VotingStartsAt   Maybe[time.Time]       `db:"voting_starts_at,observed"`
	SeenVotingEndsAt Maybe[time.Time]       `db:"observed_voting_ends_at,observed"`
	SeenExecutableAt Maybe[time.Time]       `db:"observed_executable_at,observed"`
}

// CallTarget returns whom the proposal would call, whoever told it.
func (p Proposal) CallTarget() Maybe[schemas.Address] { return p.Target.or(p.SeenTarget) }

// CallValue returns what the proposal would spend, whoever told it.
func (p Proposal) CallValue() Maybe[schemas.Amount] { return p.Value.or(p.SeenValue) }

// VotingStarts returns when voting starts: where no view told it, with the proposal, but not at the treasury, which has a delay.
func (p Proposal) VotingStarts() Maybe[time.Time] {
	if p.VotingStartsAt.Known || p.Contract == contractTreasury {
		return p.VotingStartsAt
	}
	return p.CreatedAt
}

// VotingEnds returns when voting ends, whoever told it.
func (p Proposal) VotingEnds() Maybe[time.Time] { return p.VotingEndsAt.or(p.SeenVotingEndsAt) }

// ExecutableFrom returns when the proposal may be executed, whoever told it.
func (p Proposal) ExecutableFrom() Maybe[time.Time] { return p.ExecutableAt.or(p.SeenExecutableAt) }

// Proposals follows the proposals, one row each. The treasury's events have no description, target, value or timing: these are
// observed; its quorum is a rule, see [GovernanceConfigs]. The timelock can cancel everything at once without an event.
var Proposals = Entity[Proposal]{
	Table:   "proposals",
	Version: 1,
	Keys: func(f schemas.Fact) []string {
		if n, ok := proposalNumber(f.Event); ok {
			return []string{numbered(f, n)}
		}
		return nil
	},
	Fold: foldProposal,
}

const contractTreasury = "GovernanceTreasury"

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
	case schemas.ProposalDetails:
		return e.ID, true
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
	p.ID, p.Contract = numbered(f, p.Number), f.ContractName
	if p.Status == "" {
		p.Status = ProposalOpen
	}
	if e, ok := f.Event.(schemas.ProposalDetails); ok {
		p.ObservedProposal = observedProposal(e)
		return p // the rest is what events said
	}
	p.TxHash = f.TxHash
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

func observedProposal(e schemas.ProposalDetails) ObservedProposal {
	o := ObservedProposal{
		Description: shortText(e.Description), SeenTarget: Known(e.Target), SeenValue: Known(e.Value), Calldata: Known(e.Calldata),
		VotingStartsAt: chainTime(e.StartTime), SeenVotingEndsAt: chainTime(e.EndTime), SeenExecutableAt: chainTime(e.ExecutionTime),
	}
	if !o.Description.Known {
		o.Description = Known(e.Description.String())
	}
	return o
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
