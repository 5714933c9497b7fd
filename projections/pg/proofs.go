package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// proofs are the rows of [projections.ProofView].
func (s snapshot) proofs(rows string) string {
	return `(
select p.*, (select min(c.contract_address) from ` + s.table("indexed_contracts") + ` c where c.contract_name = p.contract_name) as verifier_address,
       (select b.time from blocks b where b.number = p.valid_from) as changed_at
from ` + rows + ` p) p`
}

// Proofs returns proofs, the newest first.
func (q *Questions) Proofs(ctx context.Context, as projections.AsOf, f projections.ProofFilter, p projections.Page) (projections.Listed[projections.ProofView], projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.Listed[projections.ProofView], error) {
		proofs := tx.table("proofs")
		l := list{from: tx.proofs(proofs), counted: proofs + " p", order: creation("proof_id", "text"), walked: "proofs", over: tx.proofs}
		if p.Sort == "verified_at" {
			l.order[0] = order{"coalesce(verified_at, '-infinity')", "timestamptz"}
		}
		l.filterBy("status", f.Status)
		l.filterBy("proof_type", f.Type)
		l.filterBy("contract_name", f.Contract)
		if f.JobID != "" {
			l.filter("job_id = (%s::text)::numeric", f.JobID)
		}
		if f.Worker != nil {
			l.args = append(l.args, schemas.Address(*f.Worker).String())
			account := fmt.Sprintf("$%d", len(l.args))
			l.filter("(prover_address = "+account+" or worker_id = %s or worker_id = (select w.worker_id from "+tx.table("workers")+" w where w.address = "+account+"))", f.Worker.String())
		}
		if f.Undecided {
			l.where = append(l.where, "status in ('pending', 'challenged')")
		}
		l.filterSpan("coalesce(verified_at, rejected_at)", f.Span)
		found, err := page[projections.ProofView](ctx, tx, l, p)
		if err != nil {
			return found, fmt.Errorf("list proofs: %w", err)
		}
		return found, nil
	})
}

// Proof returns a proof by its id or, where several contracts know it, the newest by its hash; ok is false where there is none.
func (q *Questions) Proof(ctx context.Context, as projections.AsOf, id string) (p projections.ProofView, ok bool, at projections.Freshness, err error) {
	p, at, err = ask(ctx, q, as, func(tx snapshot) (p projections.ProofView, err error) {
		if p, ok, err = collectOne[projections.ProofView](ctx, tx, "from "+tx.proofs(tx.table("proofs"))+" where proof_id = $1", id); err != nil || ok {
			return p, err
		}
		p, ok, err = collectOne[projections.ProofView](ctx, tx, "from "+tx.proofs(tx.table("proofs"))+" where proof_hash = $1 order by valid_from desc, proof_id limit 1", id)
		return p, err
	})
	if err != nil {
		return p, false, at, fmt.Errorf("proof %s: %w", id, err)
	}
	return p, ok, at, nil
}

// ProofStats returns the proofs in numbers.
func (q *Questions) ProofStats(ctx context.Context, as projections.AsOf) (projections.ProofStats, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (s projections.ProofStats, err error) {
		proofs := tx.table("proofs")
		s.By, err = collect[projections.ProofNumbers](ctx, tx, `
from (select contract_name, proof_type, status, count(*) as count from `+proofs+` p group by 1, 2, 3) p
order by count desc, contract_name, proof_type, status`)
		if err != nil {
			return s, fmt.Errorf("count proofs: %w", err)
		}
		const since = "(select count(*) from %s p where created_block > coalesce((select number from blocks where time <= %s order by time desc, number desc limit 1), -1))"
		recent := "select " + fmt.Sprintf(since, proofs, tx.ago(24*time.Hour)) + ", " + fmt.Sprintf(since, proofs, tx.ago(7*24*time.Hour))
		if err := tx.QueryRow(ctx, recent).Scan(&s.LastDay, &s.LastWeek); err != nil {
			return s, fmt.Errorf("count recent proofs: %w", err)
		}
		s.Days, err = collect[projections.ProofDay](ctx, tx, `
from (select date_trunc('day', coalesce(verified_at, rejected_at), 'UTC') as day,
             count(*) filter (where status = 'verified') as valid, count(*) filter (where status = 'rejected') as invalid
      from `+proofs+` p where coalesce(verified_at, rejected_at) > `+tx.ago(30*24*time.Hour)+` group by 1) d
order by day`)
		if err != nil {
			return s, fmt.Errorf("count proofs by the day: %w", err)
		}
		return s, nil
	})
}
