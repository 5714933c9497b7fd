package pg

import (
	"context"
	"fmt"
	"math"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// proposals is where proposals are read from: those of the snapshot's moment, each with its contract's quorum: the rule of now, or of when it
// ended.
func (s snapshot) proposals() string {
	now := int64(math.MaxInt64)
	if s.past {
		now = s.at.Block
	}
	return fmt.Sprintf(`(select p.*, g.quorum_threshold
from %s p
left join lateral (
    select quorum_threshold
    from (select contract_name, quorum_threshold, valid_from from governance_config
          union all
          select contract_name, quorum_threshold, valid_from from governance_config_versions) c
    where c.contract_name = p.contract_name and c.valid_from <= case p.status when 'open' then %d else p.valid_from end
    order by c.valid_from desc limit 1) g on true) p`, s.table("proposals"), now)
}

// GovernanceRules returns the rules of the treasury's proposals as far as views told them.
func (q *Questions) GovernanceRules(ctx context.Context, as projections.AsOf) (projections.GovernanceConfig, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.GovernanceConfig, error) {
		c, _, err := collectOne[projections.GovernanceConfig](ctx, tx, "from "+tx.table("governance_config")+" g where contract_name = $1", "GovernanceTreasury")
		if err != nil {
			return c, fmt.Errorf("rules of governance: %w", err)
		}
		return c, nil
	})
}

// Proposals returns a page of the proposals of all contracts, the newest first.
func (q *Questions) Proposals(ctx context.Context, as projections.AsOf, f projections.ProposalFilter, p projections.Page) (projections.Listed[projections.ProposalView], projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.Listed[projections.ProposalView], error) {
		l := list{from: tx.proposals(), counted: tx.table("proposals") + " p", order: []order{{"created_block", "bigint"}, {"proposal_id", "text"}}}
		if f.Status != "" {
			l.filter("status = %s", string(f.Status))
		}
		if f.Type != "" {
			l.filter("proposal_type = %s", f.Type)
		}
		found, err := page[projections.ProposalView](ctx, tx, l, p)
		if err != nil {
			return found, fmt.Errorf("list proposals: %w", err)
		}
		return found, nil
	})
}

// Proposal returns one proposal; ok is false where the log does not have it.
func (q *Questions) Proposal(ctx context.Context, as projections.AsOf, id string) (p projections.ProposalView, ok bool, at projections.Freshness, err error) {
	p, at, err = ask(ctx, q, as, func(tx snapshot) (p projections.ProposalView, err error) {
		p, ok, err = collectOne[projections.ProposalView](ctx, tx, "from "+tx.proposals()+" where proposal_id = $1", id)
		return p, err
	})
	if err != nil {
		return p, false, at, fmt.Errorf("proposal %s: %w", id, err)
	}
	return p, ok, at, nil
}

// Votes returns a page of votes, the newest first.
func (q *Questions) Votes(ctx context.Context, as projections.AsOf, f projections.VoteFilter, p projections.Page) (projections.Listed[projections.Vote], projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.Listed[projections.Vote], error) {
		l := list{from: "votes v", order: newestFirst()}
		tx.upTo(&l)
		if f.Proposal != "" {
			l.filter("proposal_id = %s", f.Proposal)
		}
		if f.Voter != nil {
			l.filter("voter_address = %s", f.Voter.String())
		}
		found, err := page[projections.Vote](ctx, tx, l, p)
		if err != nil {
			return found, fmt.Errorf("list votes: %w", err)
		}
		return found, nil
	})
}

// GovernanceStats counts proposals and votes.
func (q *Questions) GovernanceStats(ctx context.Context, as projections.AsOf) (projections.GovernanceStats, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (s projections.GovernanceStats, err error) {
		if s.ByStatus, err = counts(ctx, tx, "select status, count(*) from "+tx.table("proposals")+" p group by 1"); err != nil {
			return s, fmt.Errorf("count proposals: %w", err)
		}
		const votes = "select count(*), count(distinct voter_address) from votes where block_number <= $1"
		if err := tx.QueryRow(ctx, votes, tx.at.Block).Scan(&s.Votes, &s.Voters); err != nil {
			return s, fmt.Errorf("count votes: %w", err)
		}
		return s, nil
	})
}

// Voter returns what an account did with its votes.
func (q *Questions) Voter(ctx context.Context, as projections.AsOf, account schemas.Address) (projections.VoterView, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.VoterView, error) {
		v, _, err := collectOne[projections.VoterView](ctx, tx, `
from (select count(*) as votes, count(distinct proposal_id) as proposals, max(voting_power) as most_power
      from votes where voter_address = $1 and block_number <= $2) v
cross join (select count(*) as proposed from `+tx.table("proposals")+` p where proposer_address = $1) p`, account.String(), tx.at.Block)
		if err != nil {
			return v, fmt.Errorf("votes of %s: %w", account, err)
		}
		return v, nil
	})
}
