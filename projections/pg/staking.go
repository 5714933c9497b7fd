package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// StakingEvents returns changes of stakes, the newest first.
func (q *Questions) StakingEvents(ctx context.Context, as projections.AsOf, f projections.StakingFilter, p projections.Page) (projections.Listed[projections.StakingEventView], projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.Listed[projections.StakingEventView], error) {
		l := list{from: "staking_events e", order: newestFirst()}
		tx.upTo(&l)
		l.filterBy("worker_address", f.Staker)
		l.filterBy("event_type", f.Type)
		l.filterBy("contract_name", f.Contract)
		l.filterSpan("block_timestamp", f.Span)
		found, err := page[projections.StakingEventView](ctx, tx, l, p)
		if err != nil {
			return found, fmt.Errorf("list changes of stakes: %w", err)
		}
		return found, nil
	})
}

// proverStaking is the contract whose stakes make a worker.
const proverStaking = "ProverStaking"

// StakingStats returns ProverStaking's stakes in numbers.
func (q *Questions) StakingStats(ctx context.Context, as projections.AsOf) (projections.StakingStats, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (s projections.StakingStats, err error) {
		s.ByTier, err = collect[projections.TierNumbers](ctx, tx, `
from (select gpu_tier, count(*) as count, count(*) filter (where stake_active) as active, sum(staked_amount) as staked
      from `+tx.table("workers")+` w where staked_amount > 0 group by 1) t
order by staked desc, gpu_tier`)
		if err != nil {
			return s, fmt.Errorf("count stakes: %w", err)
		}
		s.ByType, err = collect[projections.StakingEventNumbers](ctx, tx, `
from (select event_type, count(*) as count, count(*) filter (where block_timestamp > `+tx.ago(24*time.Hour)+`) as day, sum(amount) as sum
      from staking_events where contract_name = $1 and block_number <= $2 group by 1) e
order by event_type`, proverStaking, tx.at.Block)
		if err != nil {
			return s, fmt.Errorf("count changes of stakes: %w", err)
		}
		s.Days, err = collect[projections.StakingDay](ctx, tx, `
from (select date_trunc('day', hour, 'UTC') as day, sum(staked_amount) as staked, sum(unstaked_amount) as withdrawn, sum(slashed_amount) as slashed
      from `+tx.table("network_hours")+` h where hour > `+tx.ago(30*24*time.Hour)+` group by 1) d
order by day`)
		if err != nil {
			return s, fmt.Errorf("sum up stakes by the day: %w", err)
		}
		s.StakingRules, err = tx.stakingRules(ctx)
		return s, err
	})
}

// StakingRules returns the rules of ProverStaking as far as events and views told them.
func (q *Questions) StakingRules(ctx context.Context, as projections.AsOf) (projections.StakingRules, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.StakingRules, error) { return tx.stakingRules(ctx) })
}

func (s snapshot) stakingRules(ctx context.Context) (r projections.StakingRules, err error) {
	r.StakingConfig, _, err = collectOne[projections.StakingConfig](ctx, s, "from "+s.table("staking_config")+" c where contract_name = $1", proverStaking)
	if err != nil {
		return r, fmt.Errorf("rules of staking: %w", err)
	}
	return r, nil
}

// Rewards returns what an account earned, may claim and was paid. What a stake earns follows from the terms in [projections.Rewards].
func (q *Questions) Rewards(ctx context.Context, as projections.AsOf, address schemas.Address) (projections.RewardsView, projections.Freshness, error) {
	r, at, err := ask(ctx, q, as, func(tx snapshot) (r projections.RewardsView, err error) {
		rules, err := tx.stakingRules(ctx)
		if err != nil {
			return r, err
		}
		// The contract counts whole seconds.
		now := "timestamptz '" + tx.at.Time.UTC().Truncate(time.Second).Format(time.RFC3339) + "'"
		// The rates with the time that each holds from: the first, where a view told it before any event, from the beginning.
		const rate = "select coalesce(changed_at, '-infinity') as changed_at, coalesce(reward_apy_bps, observed_reward_apy_bps) as reward_apy_bps from "
		changes := fmt.Sprintf("(%[1]sstaking_config where valid_from <= %[2]d union all %[1]sstaking_config_versions where valid_from <= %[2]d)", rate, tx.at.Block)
		bps, _ := rules.RewardBps()
		r, _, err = collectOne[projections.RewardsView](ctx, tx, fmt.Sprintf(`
from (
    select coalesce((select total_earnings from %[1]s w where address = $1), 0) as earned,
           c.*, coalesce((select sum(promised_amount) from %[2]s p where worker_address = $1 and status not in ('paid', 'cancelled')), 0) as pending,
           case
               when r.settled_stake_seconds = 0 then 0
               when not exists (select from %[9]s c where changed_at between r.unclaimed_since and r.earning_since) then trunc(r.settled_stake_seconds *
                   coalesce((select reward_apy_bps from %[9]s c where changed_at < r.unclaimed_since order by changed_at desc limit 1), 1500) / %[3]s)
           end + trunc(r.earning_amount * %[4]s * extract(epoch from %[5]s - date_trunc('second', r.earning_since)) / %[3]s) as claimable,
           trunc(r.earning_amount * %[4]s * 86400 / %[3]s) as a_day, r.address is not null as has_rewards,
           (select staked_at from %[6]s s where stake_id = '%[7]s/' || $1) as staked_at
    from (select count(*) as claims, coalesce(sum(amount), 0) as claimed, coalesce(sum(amount) filter (where claim_type = 'mining'), 0) as mining,
                 coalesce(sum(amount) filter (where claim_type = 'staking'), 0) as staking, max(block_timestamp) as last_claim_at
          from reward_claims where address = $1 and block_number <= $2) c
    left join %[8]s r on r.address = $1
) r`, tx.table("workers"), tx.table("job_payments"), "(10000 * 31536000::numeric)", fmt.Sprint(bps), now, tx.table("stakes"), proverStaking, tx.table("rewards"), changes),
			address.String(), tx.at.Block)
		r.Rules = rules
		return r, err
	})
	if err != nil {
		return r, at, fmt.Errorf("rewards of %s: %w", address, err)
	}
	return r, at, nil
}
