package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// FaucetState is the faucet: what it gives, and what it gave. Its first settings are its constructor's and have no event.
type FaucetState struct {
	Contract    string                `db:"contract_name"`
	Drip        Maybe[schemas.Amount] `db:"drip_amount"`
	Cooldown    Maybe[int64]          `db:"cooldown_seconds"`
	Paused      Maybe[bool]           `db:"paused"`
	Claims      int64                 `db:"claims"`
	Distributed schemas.Amount        `db:"distributed_amount"`
	TxHash      schemas.Hash          `db:"tx_hash"`
}

// Faucets follows the faucet, one row.
var Faucets = Entity[FaucetState]{
	Table: "faucets",
	Keys: func(f schemas.Fact) []string {
		switch f.Event.(type) {
		case schemas.FaucetTokensClaimed, schemas.FaucetConfigUpdated, schemas.FaucetFaucetPaused, schemas.FaucetFaucetUnpaused:
			return []string{f.ContractName}
		}
		return nil
	},
	Fold: func(s FaucetState, f schemas.Fact) FaucetState {
		s.Contract, s.TxHash = f.ContractName, f.TxHash
		switch e := f.Event.(type) {
		case schemas.FaucetTokensClaimed:
			// Whoever may claim does so of a faucet that runs, and gets the drip.
			s.Drip, s.Paused = Known(e.Amount), Known(false)
			s.Claims++
			s.Distributed = s.Distributed.Add(e.Amount)
		case schemas.FaucetConfigUpdated:
			s.Drip, s.Cooldown = Known(e.DripAmount), Known(int64(min(e.CooldownSecs, maxSeconds)))
		case schemas.FaucetFaucetPaused:
			s.Paused = Known(true)
		case schemas.FaucetFaucetUnpaused:
			s.Paused = Known(false)
		}
		return s
	},
}

// maxSeconds keeps a span that a contract tells within what a column holds.
const maxSeconds = 1<<63 - 1

// FaucetAccount is what one account got of the faucet.
type FaucetAccount struct {
	Address     schemas.Address `db:"address"`
	Claims      int64           `db:"claims"`
	Claimed     schemas.Amount  `db:"claimed_amount"`
	LastClaimAt time.Time       `db:"last_claim_at"`
	TxHash      schemas.Hash    `db:"tx_hash"`
}

// FaucetAccounts follows who claimed of the faucet, one row each.
var FaucetAccounts = Entity[FaucetAccount]{
	Table: "faucet_accounts",
	Keys: func(f schemas.Fact) []string {
		if e, ok := f.Event.(schemas.FaucetTokensClaimed); ok {
			return []string{e.User.String()}
		}
		return nil
	},
	Fold: func(a FaucetAccount, f schemas.Fact) FaucetAccount {
		a.TxHash = f.TxHash
		if e, ok := f.Event.(schemas.FaucetTokensClaimed); ok {
			a.Address, a.LastClaimAt = e.User, f.Time
			a.Claims++
			a.Claimed = a.Claimed.Add(e.Amount)
		}
		return a
	},
}

// FaucetClaim is one claim of the faucet.
type FaucetClaim struct {
	Block   int64           `db:"block_number"`
	Offset  int64           `db:"log_offset"`
	EventID string          `db:"event_id"`
	TxHash  schemas.Hash    `db:"tx_hash"`
	Time    time.Time       `db:"block_timestamp"`
	Address schemas.Address `db:"address"`
	Amount  schemas.Amount  `db:"amount"`
	Number  schemas.Amount  `db:"claim_number"` // of the account's claims
}

// FaucetClaims keeps every claim of the faucet.
var FaucetClaims = Journal[FaucetClaim]{
	Table: "faucet_claims",
	Rows: func(f schemas.Fact) []FaucetClaim {
		e, ok := f.Event.(schemas.FaucetTokensClaimed)
		if !ok {
			return nil
		}
		return []FaucetClaim{{
			Block: int64(f.Position.Block), Offset: f.Offset, EventID: f.ID, TxHash: f.TxHash, Time: f.Time,
			Address: e.User, Amount: e.Amount, Number: schemas.AmountFromUint64(e.ClaimNumber),
		}}
	},
}
