package api

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// GovernanceModels answers what is asked of proposals and votes.
type GovernanceModels interface {
	Proposals(ctx context.Context, as projections.AsOf, f projections.ProposalFilter, p projections.Page) (projections.Listed[projections.ProposalView], projections.Freshness, error)
	Proposal(ctx context.Context, as projections.AsOf, id string) (projections.ProposalView, bool, projections.Freshness, error)
	Votes(ctx context.Context, as projections.AsOf, f projections.VoteFilter, p projections.Page) (projections.Listed[projections.Vote], projections.Freshness, error)
	GovernanceStats(ctx context.Context, as projections.AsOf) (projections.GovernanceStats, projections.Freshness, error)
	GovernanceRules(ctx context.Context, as projections.AsOf) (projections.GovernanceConfig, projections.Freshness, error)
	Voter(ctx context.Context, as projections.AsOf, account schemas.Address) (projections.VoterView, projections.Freshness, error)
}

// governanceRoutes are of proposals and votes.
func (s *Server) governanceRoutes() []endpoint {
	const ids = `Three contracts have proposals, and each counts its own: an id is <contract>-<number>, such as GovernanceTreasury-7; a number alone is one of the
treasury's. No event tells the treasury's description, target, value and times: a view of the contract does, when the proposal is made. Its quorum is
the rule at the end, or that of now.`
	return []endpoint{
		read(Route{Path: "/api/governance/proposals", Tag: "Governance", Summary: "Proposals, the newest first", About: ids, Of: Chain, PerMinute: 30}, s.proposals),
		read(Route{Path: "/api/governance/proposals/{id}", Tag: "Governance", Summary: "One proposal", About: ids, Of: Chain, NotFound: true}, s.proposal),
		read(Route{Path: "/api/governance/proposals/{id}/votes", Tag: "Governance", Summary: "A proposal's votes, the newest first", About: ids, Of: Chain}, s.proposalVotes),
		read(Route{
			Path: "/api/governance/voting-power/{address}", Tag: "Governance", Summary: "What an account did with its votes", Of: Chain,
			About: "No event tells what an account could vote with: its balance is asked of the token. What it did vote with is told.",
		}, s.votingPower),
		read(Route{
			Path: "/api/governance/delegations/{address}", Tag: "Governance", Summary: "An account's delegations", Of: Chain,
			About: "The contracts have no delegation, so the list is empty.",
		}, s.delegations),
		read(Route{
			Path: "/api/governance/stats", Tag: "Governance", Summary: "Proposals and votes in numbers", Of: Chain,
			About: "passed counts proposals that were executed: no event tells of one that passed before that.",
		}, s.governanceStats),
		read(Route{
			Path: "/api/governance/config", Tag: "Governance", Summary: "Where governance happens, and the treasury's rules", Of: Chain,
			About: "No event tells the treasury's rules: a view of the contract does, at each proposal and once an hour.",
		}, s.governanceConfig),
	}
}

type proposal struct {
	ID          string   `json:"id"`
	ProposalID  string   `json:"proposal_id" doc:"As id."`
	Contract    string   `json:"contract_name"`
	Number      string   `json:"number" doc:"Among those of its contract."`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Proposer    string   `json:"proposer"`
	Status      string   `json:"status" enum:"active,executed,rejected,cancelled" doc:"No event says that voting has ended: a proposal stays active until it is executed or cancelled."`
	For         string   `json:"votes_for"`
	Against     string   `json:"votes_against"`
	Votes       int64    `json:"votes"`
	Quorum      string   `json:"quorum"`
	Approvals   *int64   `json:"approvals" doc:"Of the timelock's members."`
	Threshold   *int64   `json:"approvals_required"`
	Target      *string  `json:"target_address"`
	Value       *string  `json:"value"`
	Calldata    *string  `json:"calldata"`
	Start       int64    `json:"start_time" doc:"When voting begins at the treasury; elsewhere when the proposal was made."`
	End         int64    `json:"end_time"`
	Executable  *int64   `json:"executable_at"`
	Category    string   `json:"category"`
	CreatedAt   *string  `json:"created_at" format:"date-time"`
	ExecutedAt  *string  `json:"executed_at" format:"date-time"`
	EndedBy     *string  `json:"ended_by"`
	TxHash      string   `json:"tx_hash" doc:"Of the event that shaped it last."`
	Unknown     unknowns `json:"unknown"`
}

type proposals struct {
	Proposals []proposal `json:"proposals"`
	Total     int64      `json:"total"`
	Next      *Cursor    `json:"next_cursor"`
}

// proposalStatuses are the words of clients for the states of proposals.
var proposalStatuses = map[string]projections.ProposalStatus{
	"active": projections.ProposalOpen, "executed": projections.ProposalExecuted, "rejected": projections.ProposalRejected, "cancelled": projections.ProposalCancelled,
}

func (s *Server) proposals(ctx context.Context, in *struct {
	Moment
	Paged
	Status   string `query:"status" enum:"active,executed,rejected,cancelled" doc:"Only proposals of this status."`
	Category string `query:"category" maxLength:"64" doc:"Only proposals of this category."`
	Limit    int    `query:"limit" default:"20" minimum:"1" maximum:"100" doc:"How many at most."`
	PerPage  int    `query:"per_page" minimum:"1" maximum:"100" doc:"As limit, for clients that say so."`
},
) (a proposals, at projections.Freshness, err error) {
	if in.PerPage > 0 {
		in.Limit = in.PerPage
	}
	list := listOf("proposals", in.Status, in.Category)
	p, as, err := in.page(in.Moment, list, 2, in.Limit)
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.Proposals(ctx, as, projections.ProposalFilter{Status: proposalStatuses[in.Status], Type: in.Category}, p)
	a = proposals{Proposals: make([]proposal, len(found.Rows)), Total: found.Total}
	for i, row := range found.Rows {
		a.Proposals[i] = proposalAnswer(row)
	}
	a.Next = cursorBelow(found, list, at, func(p projections.ProposalView) []string { return []string{fmt.Sprint(p.Created), p.ID} })
	return a, at, err
}

// ProposalOf are the parameters of what is of one proposal. Embed it beside [Moment].
type ProposalOf struct {
	ID string `path:"id" pattern:"^([A-Za-z]{1,32}-)?[0-9]{1,77}$" doc:"The proposal's id."`
}

// key is the id as the read models have it.
func (p ProposalOf) key() string {
	contract, number, ok := strings.Cut(p.ID, "-")
	if !ok {
		contract, number = "GovernanceTreasury", p.ID
	}
	return contract + "/" + strings.TrimLeft(number[:len(number)-1], "0") + number[len(number)-1:]
}

func (s *Server) proposal(ctx context.Context, in *struct {
	ProposalOf
	Moment
},
) (a proposal, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	p, ok, at, err := s.config.Models.Proposal(ctx, as, in.key())
	if err == nil && !ok {
		err = problemError{fault(notFound, fmt.Sprintf("proposal %s is not on the chain", in.ID))}
	}
	return proposalAnswer(p), at, err
}

func proposalAnswer(p projections.ProposalView) proposal {
	id := strings.Replace(p.ID, "/", "-", 1)
	quorum, ends, start := p.QuorumNeeded(), p.VotingEnds(), p.VotingStarts()
	out := proposal{
		ID: id, ProposalID: id, Contract: p.Contract, Number: p.Number.String(), Title: p.Title.Value, Description: p.Description.Value,
		Proposer: p.Proposer.Value.String(), Status: string(p.Status), For: p.For.String(), Against: p.Against.String(), Votes: p.Votes,
		Quorum: quorum.Value.String(), Approvals: valueOf(p.Approvals), Threshold: valueOf(p.Threshold), Target: printed(p.CallTarget()), Value: printed(p.CallValue()),
		Calldata: printed(p.Calldata), Start: unixOrZero(start), End: unixOrZero(ends), Executable: unix(valueOf(p.ExecutableFrom())), Category: p.Type.Value,
		CreatedAt: rfc3339(p.CreatedAt), EndedBy: printed(p.EndedBy), TxHash: p.TxHash.String(), Unknown: unknowns{},
	}
	if p.Status == projections.ProposalOpen {
		out.Status = "active"
	}
	if p.Status == projections.ProposalExecuted {
		out.ExecutedAt = rfc3339(p.EndedAt)
	}
	out.Unknown.unless(p.Title.Known, "title")
	out.Unknown.unless(p.Description.Known, "description")
	out.Unknown.unless(p.Proposer.Known, "proposer")
	out.Unknown.unless(quorum.Known, "quorum")
	out.Unknown.unless(start.Known, "start_time")
	out.Unknown.unless(ends.Known, "end_time")
	out.Unknown.unless(p.Type.Known, "category")
	return out
}

// printed is a value's text; nil of one that is not known.
func printed[T interface {
	comparable
	fmt.Stringer
}](m projections.Maybe[T]) *string {
	if !m.Known {
		return nil
	}
	return new(m.Value.String())
}

// unknowns names the members of an answer that hold neutral values because nobody knows better.
type unknowns []string

// unless names members unless their values are known.
func (u *unknowns) unless(known bool, names ...string) {
	if !known {
		*u = append(*u, names...)
	}
}

// valueOf returns a value that may not be known; nil where it is not.
func valueOf[T comparable](m projections.Maybe[T]) *T {
	if !m.Known {
		return nil
	}
	return &m.Value
}

// unixOrZero returns unix seconds, 0 of a time that is not known.
func unixOrZero(t projections.Maybe[time.Time]) int64 {
	if !t.Known {
		return 0
	}
	return t.Value.Unix()
}

type vote struct {
	ProposalID string  `json:"proposal_id"`
	Voter      string  `json:"voter"`
	Support    bool    `json:"support" doc:"There is no abstaining."`
	Weight     *string `json:"weight" doc:"Null for a member of the timelock, whose approval has none."`
	VotedAt    string  `json:"voted_at" format:"date-time"`
	TxHash     string  `json:"tx_hash"`
	Block      int64   `json:"block_number"`
}

type votes struct {
	Votes []vote  `json:"votes"`
	Total int64   `json:"total"`
	Next  *Cursor `json:"next_cursor"`
}

func (s *Server) proposalVotes(ctx context.Context, in *struct {
	ProposalOf
	Moment
	Paged
	Limit int `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"How many at most."`
},
) (a votes, at projections.Freshness, err error) {
	list := listOf("votes", in.key())
	p, as, err := in.page(in.Moment, list, 1, in.Limit)
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.Votes(ctx, as, projections.VoteFilter{Proposal: in.key()}, p)
	a = votes{Votes: make([]vote, len(found.Rows)), Total: found.Total}
	for i, v := range found.Rows {
		a.Votes[i] = vote{
			ProposalID: strings.Replace(v.ProposalID, "/", "-", 1), Voter: v.Voter.String(), Support: v.Support, VotedAt: v.Time.UTC().Format(time.RFC3339),
			TxHash: v.TxHash.String(), Block: v.Block,
		}
		if v.Power.Known {
			a.Votes[i].Weight = new(v.Power.Value.String())
		}
	}
	a.Next = cursorBelow(found, list, at, func(v projections.Vote) []string { return []string{fmt.Sprint(v.Offset)} })
	return a, at, err
}

// AccountOf are the parameters of what is of one account, named in the path. Embed it beside [Moment].
type AccountOf struct {
	Account addressText `path:"address" doc:"Whose: an address in any case and with any padding."`
}

type votingPower struct {
	Address   string   `json:"address"`
	Balance   string   `json:"balance"`
	ToMe      string   `json:"delegated_to_me" doc:"There is no delegation."`
	Away      string   `json:"delegated_away" doc:"There is no delegation."`
	Total     string   `json:"total_voting_power"`
	Delegate  *string  `json:"delegate"`
	Votes     int64    `json:"votes_cast"`
	Proposals int64    `json:"proposals_voted_on"`
	Proposed  int64    `json:"proposals_created"`
	MostPower *string  `json:"most_power_used" doc:"The greatest power of a vote; the voter chooses it, up to the balance."`
	Unknown   unknowns `json:"unknown"`
}

func (s *Server) votingPower(ctx context.Context, in *struct {
	AccountOf
	Moment
},
) (a votingPower, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	v, at, err := s.config.Models.Voter(ctx, as, in.Account.Address)
	a = votingPower{
		Address: in.Account.String(), Balance: "0", ToMe: "0", Away: "0", Total: "0", Votes: v.Votes, Proposals: v.Proposals, Proposed: v.Proposed,
		Unknown: unknowns{"balance", "total_voting_power"},
	}
	if v.MostPower.Known {
		a.MostPower = new(v.MostPower.Value.String())
	}
	return a, at, err
}

type delegation struct {
	Delegator   string `json:"delegator"`
	Delegate    string `json:"delegate"`
	Amount      string `json:"amount"`
	DelegatedAt string `json:"delegated_at" format:"date-time"`
}

type delegations struct {
	Delegations []delegation `json:"delegations"`
}

func (s *Server) delegations(ctx context.Context, in *struct {
	AccountOf
	Moment
},
) (a delegations, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	_, at, err = s.config.Models.Voter(ctx, as, in.Account.Address) // for the place in the log that the answer is of
	return delegations{Delegations: []delegation{}}, at, err
}

type governanceStats struct {
	Total         int64    `json:"total_proposals"`
	Active        int64    `json:"active_proposals"`
	Passed        int64    `json:"passed_proposals" doc:"That were executed."`
	Rejected      int64    `json:"rejected_proposals"`
	Cancelled     int64    `json:"cancelled_proposals"`
	Votes         int64    `json:"total_votes_cast"`
	Voters        int64    `json:"unique_voters"`
	Power         string   `json:"total_voting_power"`
	Participation float64  `json:"participation_rate"`
	Unknown       unknowns `json:"unknown"`
}

func (s *Server) governanceStats(ctx context.Context, in *struct{ Moment }) (a governanceStats, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	n, at, err := s.config.Models.GovernanceStats(ctx, as)
	a = governanceStats{
		Active: n.ByStatus[string(projections.ProposalOpen)], Passed: n.ByStatus[string(projections.ProposalExecuted)],
		Rejected: n.ByStatus[string(projections.ProposalRejected)], Cancelled: n.ByStatus[string(projections.ProposalCancelled)],
		Votes: n.Votes, Voters: n.Voters, Power: "0", Unknown: unknowns{"total_voting_power", "participation_rate"},
	}
	a.Total = a.Active + a.Passed + a.Rejected + a.Cancelled
	return a, at, err
}

type governanceConfig struct {
	Contracts map[string]string `json:"contracts" doc:"Where proposals are made, by the contract's name."`
	Quorum    string            `json:"quorum" doc:"Wei of SAGE, at the treasury, as all that follows."`
	Threshold string            `json:"proposal_threshold" doc:"Wei of SAGE that whoever makes a proposal must have."`
	Delay     int64             `json:"voting_delay_secs"`
	Period    int64             `json:"voting_period_secs"`
	Execution int64             `json:"execution_delay_secs" doc:"From the end of voting."`
	Observed  *int64            `json:"observed_since" doc:"When a view first told what it tells still."`
	Unknown   []string          `json:"unknown"`
}

func (s *Server) governanceConfig(ctx context.Context, in *struct{ Moment }) (a governanceConfig, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	r, at, err := s.config.Models.GovernanceRules(ctx, as)
	a = governanceConfig{Contracts: map[string]string{}, Observed: unix(valueOf(r.SeenSince)), Unknown: []string{}}
	a.Quorum = orUnknown(&a.Unknown, "quorum", valueOf(r.QuorumThreshold)).String()
	a.Threshold = orUnknown(&a.Unknown, "proposal_threshold", valueOf(r.ProposalThreshold)).String()
	a.Delay = orUnknown(&a.Unknown, "voting_delay_secs", valueOf(r.VotingDelay))
	a.Period = orUnknown(&a.Unknown, "voting_period_secs", valueOf(r.VotingPeriod))
	a.Execution = orUnknown(&a.Unknown, "execution_delay_secs", valueOf(r.ExecutionDelay))
	for _, k := range s.config.Contracts {
		switch k.Name {
		case "GovernanceTreasury", "SAGEToken", "TreasuryTimelock":
			a.Contracts[k.Name] = k.Address.String()
		}
	}
	return a, at, err
}
