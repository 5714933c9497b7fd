package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// payments is the list of payments that a filter leaves.
func (s snapshot) payments(f projections.PaymentFilter) list {
	l := list{from: "payments p", order: newestFirst()}
	s.upTo(&l)
	l.filterBy("worker_address", f.Worker)
	l.filterBy("payment_type", f.Type)
	l.filterBy("token", f.Token)
	l.filterSpan("block_timestamp", f.Span)
	if f.Within != nil {
		l.filter("block_timestamp > %s", s.at.Time.Add(-*f.Within))
	}
	return l
}

// Payments returns payments, the newest first.
func (q *Questions) Payments(ctx context.Context, as projections.AsOf, f projections.PaymentFilter, p projections.Page) (projections.Listed[projections.PaymentView], projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.Listed[projections.PaymentView], error) {
		found, err := page[projections.PaymentView](ctx, tx, tx.payments(f), p)
		if err != nil {
			return found, fmt.Errorf("list payments: %w", err)
		}
		return found, nil
	})
}

// EachPayment gives every payment of the list of [Questions.Payments] to row, see [each].
func (q *Questions) EachPayment(ctx context.Context, as projections.AsOf, f projections.PaymentFilter, p projections.Page, begin func(projections.Freshness), row func(projections.PaymentView) error) error {
	return each(ctx, q, as, p, func(tx snapshot) list { return tx.payments(f) }, begin, row)
}

// PaymentDays returns the payments that a filter leaves, by the day.
func (q *Questions) PaymentDays(ctx context.Context, as projections.AsOf, f projections.PaymentFilter) ([]projections.PaymentDay, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) ([]projections.PaymentDay, error) {
		l := tx.payments(f)
		days, err := collect[projections.PaymentDay](ctx, tx, `
from (select date_trunc('day', block_timestamp, 'UTC') as day, count(*) as count, coalesce(sum(amount), 0) as sum
      from payments p`+l.conditions()+` group by 1) d
order by day`, l.args...)
		if err != nil {
			return nil, fmt.Errorf("payments by the day: %w", err)
		}
		return days, nil
	})
}

// paymentsBy sums up the payments that a filter leaves by an expression.
func (s snapshot) paymentsBy(ctx context.Context, by string, f projections.PaymentFilter) ([]projections.PaymentNumbers, error) {
	l := s.payments(f)
	sums, err := collect[projections.PaymentNumbers](ctx, s, `
from (select `+by+` as name, count(*) as count, coalesce(sum(amount), 0) as sum from payments p`+l.conditions()+` group by 1) p
order by sum desc, name`, l.args...)
	if err != nil {
		return nil, fmt.Errorf("payments by %s: %w", by, err)
	}
	return sums, nil
}

// paidSince sums up the payments of a window before the snapshot's moment.
func (s snapshot) paidSince(ctx context.Context, worker string, window time.Duration) (projections.PaymentNumbers, error) {
	sums, err := s.paymentsBy(ctx, "''", projections.PaymentFilter{Worker: worker, Within: &window})
	if err != nil || len(sums) == 0 {
		return projections.PaymentNumbers{}, err
	}
	return sums[0], nil
}

// standing is where a worker is among all, and what is still to come.
type standing struct {
	Rank    int64          `db:"rank"`
	Workers int64          `db:"workers"`
	Hidden  int64          `db:"hidden"`
	Pending schemas.Amount `db:"pending"`
	Earned  *bool          `db:"earned"`
}

// Earnings returns what a worker was paid.
func (q *Questions) Earnings(ctx context.Context, as projections.AsOf, address schemas.Address) (projections.Earnings, projections.Freshness, error) {
	e, at, err := ask(ctx, q, as, func(tx snapshot) (e projections.Earnings, err error) {
		worker := address.String()
		if e.ByType, err = tx.paymentsBy(ctx, "payment_type", projections.PaymentFilter{Worker: worker}); err != nil {
			return e, err
		}
		if e.ByToken, err = tx.paymentsBy(ctx, "coalesce(token, '')", projections.PaymentFilter{Worker: worker}); err != nil {
			return e, err
		}
		for window, to := range map[time.Duration]*projections.PaymentNumbers{24 * time.Hour: &e.Day, 7 * 24 * time.Hour: &e.Week, 30 * 24 * time.Hour: &e.Month} {
			if *to, err = tx.paidSince(ctx, worker, window); err != nil {
				return e, err
			}
		}
		more, _, err := collectOne[standing](ctx, tx, fmt.Sprintf(`
from (select (select 1 + count(*) from %[1]s w where total_earnings > mine.total_earnings) as rank,
             (select count(*) from %[1]s w where total_earnings > 0) as workers,
             (select count(*) from payments p where worker_address = $1 and block_number <= $2 and amount is null) as hidden,
             coalesce((select sum(promised_amount) from %[2]s p where worker_address = $1 and status not in ('paid', 'cancelled')), 0) as pending,
             mine.total_earnings > 0 as earned
      from (select 1) one left join %[1]s mine on mine.address = $1) s`, tx.table("workers"), tx.table("job_payments")), worker, tx.at.Block)
		if e.Workers, e.Hidden, e.Pending = more.Workers, more.Hidden, more.Pending; more.Earned != nil && *more.Earned {
			e.Rank = &more.Rank
		}
		return e, err
	})
	if err != nil {
		return e, at, fmt.Errorf("earnings of %s: %w", address, err)
	}
	return e, at, nil
}

// EarningStats returns the payments of all workers in numbers, and those who earned most.
func (q *Questions) EarningStats(ctx context.Context, as projections.AsOf, top int) (projections.EarningStats, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (e projections.EarningStats, err error) {
		if e.ByType, err = tx.paymentsBy(ctx, "payment_type", projections.PaymentFilter{}); err != nil {
			return e, err
		}
		if e.Day, err = tx.paidSince(ctx, "", 24*time.Hour); err != nil {
			return e, err
		}
		for _, t := range e.ByType {
			if t.Name != string(projections.PaymentPrivate) {
				e.Readable += t.Count
			}
		}
		e.Top, err = collect[projections.Earner](ctx, tx, `
from (select w.address, w.total_earnings, (select count(*) from payments p where p.worker_address = w.address and p.block_number <= $1) as payments
      from `+tx.table("workers")+` w where w.total_earnings > 0 order by w.total_earnings desc, w.address desc limit $2) w`, tx.at.Block, top)
		if err != nil {
			return e, fmt.Errorf("top earners: %w", err)
		}
		return e, nil
	})
}

// rewardEntries are the rows of [projections.RewardEntry] of the account $1.
const rewardEntries = `(
select log_offset, block_timestamp, amount, job_id, payment_type as kind, false as claimed, null as contract_name, tx_hash, block_number
from payments where worker_address = $1
union all
select log_offset, block_timestamp, amount, job_id, claim_type, true, contract_name, tx_hash, block_number
from reward_claims where address = $1) r`

// RewardHistory returns what a validator got, the newest first, and the sums over all pages.
func (q *Questions) RewardHistory(ctx context.Context, as projections.AsOf, address schemas.Address, f projections.RewardFilter, p projections.Page) (list projections.Listed[projections.RewardEntry], sums projections.RewardSums, at projections.Freshness, err error) {
	list, at, err = ask(ctx, q, as, func(tx snapshot) (found projections.Listed[projections.RewardEntry], err error) {
		l := tx.rewardEntries(address, f)
		sums, _, err = collectOne[projections.RewardSums](ctx, tx, `
from (select coalesce(sum(amount), 0) as sum, coalesce(sum(amount) filter (where not claimed), 0) as job_sum,
             count(distinct job_id) filter (where not claimed) as jobs, count(*) as entries
      from `+l.from+l.conditions()+`) s`, l.args...)
		if err != nil {
			return found, err
		}
		return page[projections.RewardEntry](ctx, tx, l, p)
	})
	if err != nil {
		return list, sums, at, fmt.Errorf("rewards of %s: %w", address, err)
	}
	return list, sums, at, nil
}

// EachReward gives every entry of the list of [Questions.RewardHistory] to row, see [each].
func (q *Questions) EachReward(ctx context.Context, as projections.AsOf, address schemas.Address, f projections.RewardFilter, p projections.Page, begin func(projections.Freshness), row func(projections.RewardEntry) error) error {
	return each(ctx, q, as, p, func(tx snapshot) list { return tx.rewardEntries(address, f) }, begin, row)
}

func (s snapshot) rewardEntries(address schemas.Address, f projections.RewardFilter) list {
	l := list{from: rewardEntries, args: []any{address.String()}, order: newestFirst()}
	s.upTo(&l)
	l.filterSpan("block_timestamp", f.Span)
	if f.Within != nil {
		l.filter("block_timestamp > %s", s.at.Time.Add(-*f.Within))
	}
	return l
}
