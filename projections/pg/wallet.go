package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Transfers returns a page of an account's movements of SAGE, the newest first.
func (q *Questions) Transfers(ctx context.Context, as projections.AsOf, f projections.TransferFilter, p projections.Page) (projections.Listed[projections.Transfer], projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.Listed[projections.Transfer], error) {
		l := list{from: "wallet_transfers t", order: newestFirst()}
		tx.upTo(&l)
		switch account := f.Account.String(); {
		case f.In == f.Out:
			l.filter("(from_address = %[1]s or to_address = %[1]s)", account)
		case f.In:
			l.filter("to_address = %s", account)
			l.filter("kind <> %s", string(projections.TransferInitiated)) // nobody has that yet
		default:
			l.filter("from_address = %s", account)
		}
		if f.Kind != "" {
			l.filter("kind = %s", string(f.Kind))
		}
		if f.Since > 0 {
			l.filter("block_timestamp > %s", tx.at.Time.Add(-f.Since))
		}
		found, err := page[projections.Transfer](ctx, tx, l, p)
		if err != nil {
			return found, fmt.Errorf("list transfers of %s: %w", f.Account, err)
		}
		return found, nil
	})
}

// Wallet adds an account's movements of SAGE up.
func (q *Questions) Wallet(ctx context.Context, as projections.AsOf, account schemas.Address) (projections.WalletSummary, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.WalletSummary, error) {
		s, _, err := collectOne[projections.WalletSummary](ctx, tx, `
from (select coalesce(sum(amount) filter (where arrived), 0) as received,
             coalesce(sum(amount) filter (where from_address = $1), 0) as sent,
             coalesce(sum(amount) filter (where arrived and block_timestamp > $2), 0) as received_day,
             coalesce(sum(amount) filter (where from_address = $1 and block_timestamp > $2), 0) as sent_day,
             count(*) as transfers, min(block_timestamp) as first_at, max(block_timestamp) as last_at
      from (select *, to_address = $1 and kind <> 'large_initiated' as arrived from wallet_transfers) t
      where (from_address = $1 or to_address = $1) and block_number <= $3) w`, account.String(), tx.at.Time.Add(-24*time.Hour), tx.at.Block)
		if err != nil {
			return s, fmt.Errorf("wallet %s: %w", account, err)
		}
		return s, nil
	})
}

// Faucet returns the faucet and, where an account is given, what that got of it.
func (q *Questions) Faucet(ctx context.Context, as projections.AsOf, account *schemas.Address) (projections.FaucetView, projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (v projections.FaucetView, err error) {
		faucet, known, err := collectOne[projections.FaucetState](ctx, tx, "from "+tx.table("faucets")+" f limit 1")
		if err != nil {
			return v, fmt.Errorf("faucet: %w", err)
		}
		if known {
			v.Faucet = &faucet
		}
		if account == nil {
			return v, nil
		}
		got, known, err := collectOne[projections.FaucetAccount](ctx, tx, "from "+tx.table("faucet_accounts")+" a where address = $1", account.String())
		if err != nil {
			return v, fmt.Errorf("faucet's account %s: %w", account, err)
		}
		if known {
			v.Account = &got
		}
		return v, nil
	})
}

// FaucetClaims returns a page of what an account got of the faucet, the newest first.
func (q *Questions) FaucetClaims(ctx context.Context, as projections.AsOf, account schemas.Address, p projections.Page) (projections.Listed[projections.FaucetClaim], projections.Freshness, error) {
	return ask(ctx, q, as, func(tx snapshot) (projections.Listed[projections.FaucetClaim], error) {
		l := list{from: "faucet_claims c", order: newestFirst()}
		tx.upTo(&l)
		l.filter("address = %s", account.String())
		found, err := page[projections.FaucetClaim](ctx, tx, l, p)
		if err != nil {
			return found, fmt.Errorf("claims of %s: %w", account, err)
		}
		return found, nil
	})
}
