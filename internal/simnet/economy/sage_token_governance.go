package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// The token has a governance of its own, for those who hold very much of it. A proposal is open for a week, and whether it passed is told
// when somebody executes it; nothing else comes of it.

type tokenProposal struct {
	ID            amount  `json:"id"`
	Proposer      address `json:"proposer"`
	Title         felt    `json:"title"`
	Description   felt    `json:"description"`
	Type          uint32  `json:"proposal_type"`
	Inflation     int32   `json:"inflation_change"`
	BurnRate      int32   `json:"burn_rate_change"`
	Start         u64     `json:"voting_start"`
	End           u64     `json:"voting_end"`
	Starts        u64     `json:"voting_starts"`
	Ends          u64     `json:"voting_ends"`
	Delay         u64     `json:"execution_delay"`
	For           amount  `json:"votes_for"`
	Against       amount  `json:"votes_against"`
	ForVotes      amount  `json:"for_votes"`
	AgainstVotes  amount  `json:"against_votes"`
	Power         amount  `json:"total_voting_power"`
	Quorum        amount  `json:"quorum_threshold"`
	Deadline      u64     `json:"execution_deadline"`
	Status        string  `json:"status"`
	CreatedAt     u64     `json:"created_at"`
	ExecutedAt    u64     `json:"executed_at"`
	supermajority bool
}

const (
	tokenVoting     = 7 * secondsPerDay
	tokenCooldown   = secondsPerDay // between two proposals of an account
	tokenProposals  = 3             // of an account at once
	tokenQuorumBps  = 500           // of the supply
	tokenMajority   = 51            // percent
	tokenSuperMajor = 70
)

// tokenThresholds are what a proposal's type takes, in SAGE held. From the third on a simple majority is not enough.
var tokenThresholds = []amount{
	schemas.Sage(50_000), schemas.Sage(250_000), schemas.Sage(1_000_000), schemas.Sage(2_500_000), schemas.Sage(5_000_000),
}

type (
	tokenProposeArgs struct {
		Description felt   `json:"description"`
		Type        uint32 `json:"proposal_type"`
		Inflation   int32  `json:"inflation_change"`
		BurnRate    int32  `json:"burn_rate_change"`
	}
	tokenVoteArgs struct {
		ProposalID amount `json:"proposal_id"`
		For        bool   `json:"vote_for"`
		Power      amount `json:"voting_power"`
	}
)

func (t *sageToken) governanceFunctions() {
	t.entries["create_typed_proposal"] = on(t.propose)
	t.entries["vote_on_proposal"] = on(t.vote)
	t.entries["execute_proposal"] = on(t.executeProposal)
	t.views["get_proposal"] = ask(func(e *Env, q proposalArgs) tokenProposal { return t.proposal(e, q.ProposalID) })
	t.views["get_governance_stats"] = tell(t.governanceStats)
	t.views["can_create_proposal_type"] = ask(func(e *Env, q struct {
		Account address `json:"account"`
		Type    uint32  `json:"proposal_type"`
	},
	) bool {
		return t.mayPropose(e, q.Account, q.Type)
	})
}

func (t *sageToken) proposal(e *Env, which amount) tokenProposal {
	p, known := t.proposals.find(e, low(which))
	if !known {
		e.unknownEnum()
	}
	return p
}

func (t *sageToken) mayPropose(e *Env, account address, kind uint32) bool {
	return t.balances.get(e, account).Cmp(tokenThresholds[min(int(kind), len(tokenThresholds)-1)]) >= 0
}

func (t *sageToken) quorum(e *Env) amount { return bps(t.supply.get(e), tokenQuorumBps) }

// governanceStats counts what was executed with more votes for than against; the rest is never written.
func (t *sageToken) governanceStats(e *Env) any {
	passed := uint64(0)
	for n := uint64(1); n <= t.proposalCount.get(e); n++ {
		if p := t.proposals.get(e, n); p.Status == "Executed" && p.For.Cmp(p.Against) > 0 {
			passed++
		}
	}
	return map[string]any{
		"total_proposals": number(t.proposalCount.get(e)), "active_proposals": amount{}, "executed_proposals": number(passed),
		"total_voters": amount{}, "average_participation": 0, "total_voting_power": t.supply.get(e),
	}
}

func (t *sageToken) propose(e *Env, a tokenProposeArgs) {
	e.require(t.mayPropose(e, e.caller, a.Type), "Insufficient voting power")
	e.require(e.block.Time-t.lastProposal.get(e, e.caller) >= tokenCooldown, "Proposal cooldown active")
	open := t.openProposals.get(e, e.caller)
	e.require(open < tokenProposals, "Too many active proposals")
	n, now := t.proposalCount.get(e)+1, u64(e.block.Time)
	t.proposalCount.set(e, n)
	p := tokenProposal{
		ID: number(n), Proposer: e.caller, Title: a.Description, Description: a.Description, Type: a.Type, Inflation: a.Inflation, BurnRate: a.BurnRate,
		Start: now, Starts: now, End: now + tokenVoting, Ends: now + tokenVoting, Delay: secondsPerDay, Power: t.supply.get(e), Quorum: t.quorum(e),
		Deadline: now + tokenVoting + secondsPerDay, Status: "Active", CreatedAt: now, supermajority: a.Type >= 2,
	}
	t.proposals.set(e, n, p)
	t.lastProposal.set(e, e.caller, e.block.Time)
	t.openProposals.set(e, e.caller, open+1)
	e.emit(schemas.SAGETokenProposalCreated{
		ProposalID: p.ID, Proposer: e.caller, ProposalType: a.Type, Description: a.Description, VotingEndsAt: uint64(p.End),
		QuorumRequired: p.Quorum, SupermajorityRequired: p.supermajority,
	})
}

func (t *sageToken) vote(e *Env, a tokenVoteArgs) {
	p, mine := t.proposal(e, a.ProposalID), ballot{low(a.ProposalID), e.caller}
	e.require(p.Status != "Executed", "Proposal already executed")
	e.require(u64(e.block.Time) <= p.End, "Voting period ended")
	e.require(t.balances.get(e, e.caller).Cmp(a.Power) >= 0, "Insufficient voting power")
	e.require(!t.voted.get(e, mine), "Already voted")
	t.voted.set(e, mine, true)
	if a.For {
		p.For = p.For.Add(a.Power)
	} else {
		p.Against = p.Against.Add(a.Power)
	}
	t.proposals.set(e, mine.proposal, p)
	e.emit(schemas.SAGETokenProposalVoted{
		ProposalID: a.ProposalID, Voter: e.caller, VoteFor: a.For, VotingPower: a.Power, TotalVotesFor: p.For, TotalVotesAgainst: p.Against,
	})
}

func (t *sageToken) executeProposal(e *Env, a proposalArgs) {
	p := t.proposal(e, a.ProposalID)
	e.require(p.Status != "Executed", "Proposal already executed")
	e.require(u64(e.block.Time) > p.End, "Voting period active")
	votes, needed := p.For.Add(p.Against), uint64(tokenMajority)
	e.require(votes.Cmp(t.quorum(e)) >= 0, "Quorum not achieved")
	if p.supermajority {
		needed = tokenSuperMajor
	}
	p.Status, p.ExecutedAt = "Executed", u64(e.block.Time)
	t.proposals.set(e, low(a.ProposalID), p)
	if open := t.openProposals.get(e, p.Proposer); open > 0 {
		t.openProposals.set(e, p.Proposer, open-1)
	}
	e.emit(schemas.SAGETokenProposalExecuted{
		ProposalID: a.ProposalID, Result: mulDiv(p.For, number(100), votes).Cmp(number(needed)) >= 0, VotesFor: p.For, VotesAgainst: p.Against,
		ExecutionTimestamp: e.block.Time,
	})
}
