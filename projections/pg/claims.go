package pg

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

const dueClaims = `
with newest as (
    select number, hash from blocks where sealed order by number desc limit 1
), revocable as materialized (
    select claim_id, block_number, block_hash from reward_claim_verdicts
    where block_number > coalesce((select (state->'final'->>'number')::bigint from readers where reader = 'chain'), -1)
    order by block_number desc limit 20 * $1
), waiting as (
    select * from reward_claim_requests where judged_block is null
    union all
    select r.* from revocable v
    cross join lateral (select * from reward_claim_requests where claim_id = v.claim_id limit 1) r -- by its key, on old servers too
    where (select b.hash from blocks b where b.number = v.block_number) is distinct from v.block_hash
)
select r.claim_id, r.address, r.amount::text, r.claim_type, coalesce(r.tx_hash, '0x0'), n.number, n.hash, n.number - m.number, t.block_number, t.block_hash, t.event_id
from waiting r
cross join newest n
cross join lateral (
    select coalesce((select number from blocks where time <= r.requested_at order by time desc, number desc limit 1), n.number) as number
) m
left join lateral (
    (select block_number, block_hash, null as event_id from blockchain_events e where e.tx_hash = r.tx_hash limit 1)
    union all
    (select c.block_number, b.hash, c.event_id
     from reward_claims c join blocks b on b.number = c.block_number
     where r.tx_hash is null and c.address = r.address and c.amount = r.amount and c.claim_type = r.claim_type and c.block_number >= m.number - $2
       and not exists (select from reward_claim_verdicts v where v.reward_event_id = c.event_id and v.claim_id <> r.claim_id)
     order by c.log_offset limit 1)
) t on true
where t.block_number is not null or n.number - m.number >= $2
order by r.requested_at, r.claim_id limit $1`

// OpenClaims returns the claims that are due: those without a verdict, or with one whose block no longer stands, to which the chain has
// something to say at this moment, be it that they have waited for too long. The oldest come first, and no more than limit. Indexes find
// them: claims without a verdict have one, and of verdicts only the newest are looked at, whose blocks may still leave the chain.
func (q *Questions) OpenClaims(ctx context.Context, limit int) ([]projections.OpenClaim, error) {
	claims, _, err := ask(ctx, q, projections.AsOf{}, func(tx snapshot) ([]projections.OpenClaim, error) {
		rows, err := tx.Query(ctx, dueClaims, limit, projections.ClaimPatience)
		if err != nil {
			return nil, err
		}
		type found struct {
			projections.OpenClaim
			reward *string
		}
		some, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f found, err error) {
			f.OpenClaim, f.reward, err = openClaim(row)
			return f, err
		})
		if err != nil {
			return nil, err
		}
		claims := make([]projections.OpenClaim, len(some))
		for i, f := range some {
			claims[i] = f.OpenClaim
			by, value := "tx_hash", f.TxHash.String()
			if f.reward != nil {
				by, value = "event_id", *f.reward
			}
			if f.Tx == nil {
				continue
			}
			if claims[i].Paid, err = paidBy(ctx, tx, by, value, f.Tx.Number); err != nil {
				return nil, err
			}
		}
		return claims, nil
	})
	if err != nil {
		return nil, fmt.Errorf("open claims: %w", err)
	}
	return claims, nil
}

func openClaim(row pgx.CollectableRow) (c projections.OpenClaim, reward *string, err error) {
	var address, amount, tx, newest string
	var number int64
	var txBlock *int64
	var txHash *string
	if err := row.Scan(&c.ClaimID, &address, &amount, &c.Type, &tx, &number, &newest, &c.Waited, &txBlock, &txHash, &reward); err != nil {
		return c, nil, err
	}
	if c.Address, err = schemas.ParseAddress(address); err != nil {
		return c, nil, err
	}
	if c.Amount, err = schemas.ParseAmount(amount); err != nil {
		return c, nil, err
	}
	if c.TxHash, err = schemas.ParseHash(tx); err != nil {
		return c, nil, err
	}
	c.Newest.Number = uint64(number)
	if c.Newest.Hash, err = schemas.ParseHash(newest); err != nil || txBlock == nil {
		return c, nil, err
	}
	c.Tx = &schemas.BlockRef{Number: uint64(*txBlock)}
	c.Tx.Hash, err = schemas.ParseHash(*txHash)
	return c, reward, err
}

// paidBy returns the rewards of a block that have a transaction or an id, in order.
func paidBy(ctx context.Context, tx pgx.Tx, column, value string, block uint64) ([]projections.PaidReward, error) {
	rows, err := tx.Query(ctx, `select claim_type, address, amount::text, contract_name, event_id from reward_claims
where `+column+` = $1 and block_number = $2 order by log_offset`, value, int64(block))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p projections.PaidReward, err error) {
		var address, amount string
		if err := row.Scan(&p.Type, &address, &amount, &p.Contract, &p.EventID); err != nil {
			return p, err
		}
		if p.Claimer, err = schemas.ParseAddress(address); err != nil {
			return p, err
		}
		p.Amount, err = schemas.ParseAmount(amount)
		return p, err
	})
}

// ClaimState returns how far a claim has come, and what its claimer was paid in all. A claim that is not known yet is pending.
func (q *Questions) ClaimState(ctx context.Context, claimer schemas.Address, id string) (projections.ClaimState, error) {
	const state = `
select coalesce(v.status, 'pending'), v.reason, coalesce((select sum(amount) from reward_claims where address = $1), 0)::text
from (select 1) one
left join reward_claim_verdicts v on v.claim_id = $2 and exists (select from blocks b where b.number = v.block_number and b.hash = v.block_hash)`
	s, _, err := ask(ctx, q, projections.AsOf{}, func(tx snapshot) (s projections.ClaimState, err error) {
		var claimed string
		if err := tx.QueryRow(ctx, state, claimer.String(), id).Scan(&s.Status, &s.Reason, &claimed); err != nil {
			return s, err
		}
		s.Claimed, err = schemas.ParseAmount(claimed)
		return s, err
	})
	if err != nil {
		return s, fmt.Errorf("claim %s: %w", id, err)
	}
	return s, nil
}
