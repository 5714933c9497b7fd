package pg

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// OpenClaims returns the claims that have no verdict, or one whose block no longer stands, with what the chain says to them at one
// moment; the oldest first, and no more than limit.
func (q *Questions) OpenClaims(ctx context.Context, limit int) ([]projections.OpenClaim, error) {
	const open = `
select r.claim_id, r.address, r.amount::text, r.claim_type, r.tx_hash,
       n.number, n.hash, n.number - coalesce((select number from blocks where time <= r.requested_at order by time desc, number desc limit 1), n.number),
       t.block_number, t.block_hash
from reward_claim_requests r
cross join lateral (select number, hash from blocks where sealed order by number desc limit 1) n
left join reward_claim_verdicts v on v.claim_id = r.claim_id
left join lateral (select block_number, block_hash from blockchain_events e where e.tx_hash = r.tx_hash limit 1) t on true
where v.claim_id is null or not exists (select from blocks b where b.number = v.block_number and b.hash = v.block_hash)
order by r.requested_at, r.claim_id limit $1`
	claims, _, err := ask(ctx, q, projections.AsOf{}, func(tx snapshot) ([]projections.OpenClaim, error) {
		rows, err := tx.Query(ctx, open, limit)
		if err != nil {
			return nil, err
		}
		claims, err := pgx.CollectRows(rows, openClaim)
		if err != nil {
			return nil, err
		}
		for i := range claims {
			if claims[i].Tx == nil {
				continue
			}
			if claims[i].Paid, err = paidBy(ctx, tx, claims[i].TxHash); err != nil {
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

func openClaim(row pgx.CollectableRow) (c projections.OpenClaim, err error) {
	var address, amount, tx, newest string
	var number int64
	var txBlock *int64
	var txHash *string
	if err := row.Scan(&c.ClaimID, &address, &amount, &c.Type, &tx, &number, &newest, &c.Waited, &txBlock, &txHash); err != nil {
		return c, err
	}
	if c.Address, err = schemas.ParseAddress(address); err != nil {
		return c, err
	}
	if c.Amount, err = schemas.ParseAmount(amount); err != nil {
		return c, err
	}
	if c.TxHash, err = schemas.ParseHash(tx); err != nil {
		return c, err
	}
	c.Newest.Number = uint64(number)
	if c.Newest.Hash, err = schemas.ParseHash(newest); err != nil || txBlock == nil {
		return c, err
	}
	c.Tx = &schemas.BlockRef{Number: uint64(*txBlock)}
	c.Tx.Hash, err = schemas.ParseHash(*txHash)
	return c, err
}

// paidBy returns the rewards of a transaction, in order.
func paidBy(ctx context.Context, tx pgx.Tx, hash schemas.Hash) ([]projections.PaidReward, error) {
	rows, err := tx.Query(ctx, "select claim_type, address, amount::text, contract_name, event_id from reward_claims where tx_hash = $1 order by log_offset", hash.String())
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
