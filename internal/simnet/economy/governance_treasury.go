package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// governanceTreasury holds funds that proposals spend. Voting power is the SAGE balance, and the voter says how much of it
// counts.
type governanceTreasury struct {
	Contract
	owner address
	sage  *sageToken

	count     Cell[amount]
	proposals Map[uint64, proposal]
	voted     Map[ballot, bool]
}

type ballot struct {
	proposal uint64
	voter    address
}

type proposal struct {
	ID          amount                                 `json:"id"`
	Proposer    address                                `json:"proposer"`
	Title       felt                                   `json:"title"`
	Description felt                                   `json:"description"`
	Target      address                                `json:"target"`
	Value       amount                                 `json:"value"`
	Calldata    felt                                   `json:"calldata"`
	For         amount                                 `json:"votes_for"`
	Against     amount                                 `json:"votes_against"`
	Start       u64                                    `json:"start_time"`
	End         u64                                    `json:"end_time"`
	Execution   u64                                    `json:"execution_time"`
	Executed    bool                                   `json:"executed"`
	Cancelled   bool                                   `json:"cancelled"`
	Type        schemas.GovernanceTreasuryProposalType `json:"proposal_type"`
}

type governanceConfig struct {
	Delay          u64    `json:"voting_delay"`
	Period         u64    `json:"voting_period"`
	ExecutionDelay u64    `json:"execution_delay"`
	Quorum         amount `json:"quorum_threshold"`
	Threshold      amount `json:"proposal_threshold"`
}

// governanceRules are short enough that a proposal's whole life can be watched.
var governanceRules = governanceConfig{Delay: 10, Period: 120, ExecutionDelay: 30, Quorum: schemas.Sage(4_000), Threshold: schemas.Sage(1_000)}

func (g *governanceTreasury) functions() {
	g.entries = map[string]entry{
		"propose":          on(g.propose),
		"vote":             on(g.vote),
		"execute_proposal": on(g.execute),
		"cancel_proposal":  on(g.cancel),
	}
	g.views = map[string]view{
		"get_proposal":       ask(func(e *Env, q proposalArgs) proposal { return g.known(e, q.ProposalID) }),
		"get_proposal_count": cellView(&g.count),
		"get_voting_power":   ask(func(e *Env, q accountArgs) amount { return g.sage.balances.get(e, q.Account) }),
		"get_config":         constant(governanceRules),
		"can_execute": ask(func(e *Env, q proposalArgs) bool {
			p := g.known(e, q.ProposalID)
			return !p.Executed && !p.Cancelled && e.block.Time >= uint64(p.Execution) && p.For.Cmp(p.Against) > 0 &&
				p.For.Cmp(governanceRules.Quorum) >= 0
		}),
		"has_voted": ask(func(e *Env, q struct {
			ProposalID amount  `json:"proposal_id"`
			Voter      address `json:"voter"`
		},
		) bool {
			return g.voted.get(e, ballot{low(q.ProposalID), q.Voter})
		}),
	}
}

// known returns a proposal, or reverts as storage of an enum without a default does.
func (g *governanceTreasury) known(e *Env, which amount) proposal {
	p, ok := g.proposals.find(e, low(which))
	if !ok {
		e.unknownEnum()
	}
	return p
}

type (
	proposalArgs struct {
		ProposalID amount `json:"proposal_id"`
	}
	proposeArgs struct {
		Title       felt                                   `json:"title"`
		Description felt                                   `json:"description"`
		Target      address                                `json:"target"`
		Value       amount                                 `json:"value"`
		Calldata    felt                                   `json:"calldata"`
		Type        schemas.GovernanceTreasuryProposalType `json:"proposal_type"`
	}
	voteArgs struct {
		ProposalID amount `json:"proposal_id"`
		Support    bool   `json:"support"`
		Power      amount `json:"voting_power"`
	}
)

func (g *governanceTreasury) propose(e *Env, a proposeArgs) {
	e.require(g.sage.balances.get(e, e.caller).Cmp(governanceRules.Threshold) >= 0, "Insufficient voting power")
	n, start := g.count.get(e).Add(number(1)), u64(e.block.Time)+governanceRules.Delay
	end := start + governanceRules.Period
	g.proposals.set(e, low(n), proposal{
		ID: n, Proposer: e.caller, Title: a.Title, Description: a.Description, Target: a.Target, Value: a.Value, Calldata: a.Calldata,
		Start: start, End: end, Execution: end + governanceRules.ExecutionDelay, Type: a.Type,
	})
	g.count.set(e, n)
	e.emit(schemas.GovernanceTreasuryProposalCreated{ProposalID: n, Proposer: e.caller, Title: a.Title, ProposalType: a.Type})
}

func (g *governanceTreasury) vote(e *Env, a voteArgs) {
	p, now := g.known(e, a.ProposalID), u64(e.block.Time)
	mine := ballot{low(a.ProposalID), e.caller}
	e.require(!p.Executed && !p.Cancelled, "Invalid proposal state")
	e.require(now >= p.Start, "Voting not started")
	e.require(now <= p.End, "Voting ended")
	e.require(!g.voted.get(e, mine), "Already voted")
	e.require(a.Power.Cmp(g.sage.balances.get(e, e.caller)) <= 0, "Insufficient voting power")
	g.voted.set(e, mine, true)
	if a.Support {
		p.For = p.For.Add(a.Power)
	} else {
		p.Against = p.Against.Add(a.Power)
	}
	g.proposals.set(e, mine.proposal, p)
	e.emit(schemas.GovernanceTreasuryVoteCast{ProposalID: a.ProposalID, Voter: e.caller, Support: a.Support, VotingPower: a.Power})
}

func (g *governanceTreasury) execute(e *Env, a proposalArgs) {
	p := g.known(e, a.ProposalID)
	e.require(!p.Executed && !p.Cancelled, "Invalid proposal state")
	e.require(u64(e.block.Time) >= p.Execution, "Timelock not expired")
	e.require(p.For.Cmp(p.Against) > 0, "Proposal defeated")
	e.require(p.For.Cmp(governanceRules.Quorum) >= 0, "Quorum not reached")
	p.Executed = true
	g.proposals.set(e, low(a.ProposalID), p)
	if p.Type == schemas.GovernanceTreasuryProposalTypeTreasury {
		g.sage.transfer(e.into(&g.sage.Contract), transferArgs{p.Target, p.Value})
		e.emit(schemas.GovernanceTreasuryFundsTransferred{To: p.Target, Amount: p.Value, Reason: schemas.ShortString("Proposal execution")})
	}
	e.emit(schemas.GovernanceTreasuryProposalExecuted{ProposalID: a.ProposalID, Executor: e.caller})
}

func (g *governanceTreasury) cancel(e *Env, a proposalArgs) {
	p := g.known(e, a.ProposalID)
	e.require(e.caller == p.Proposer || e.caller == g.owner, "Unauthorized")
	e.require(!p.Executed && !p.Cancelled, "Invalid proposal state")
	p.Cancelled = true
	g.proposals.set(e, low(a.ProposalID), p)
	e.emit(schemas.GovernanceTreasuryProposalCancelled{ProposalID: a.ProposalID, Canceller: e.caller})
}
