package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TransferFilter says which movements of SAGE a list is of: those of an account, all or in one direction.
type TransferFilter struct {
	Account schemas.Address
	In, Out bool
	Kind    TransferKind  // empty for all
	Since   time.Duration // before the newest block; zero for all times
}

// WalletSummary is the movements of SAGE of an account, added up. They are no balance.
type WalletSummary struct {
	Received    schemas.Amount   `db:"received"`
	Sent        schemas.Amount   `db:"sent"`
	ReceivedDay schemas.Amount   `db:"received_day"` // in the day before the newest block
	SentDay     schemas.Amount   `db:"sent_day"`
	Transfers   int64            `db:"transfers"`
	First       Maybe[time.Time] `db:"first_at"`
	Last        Maybe[time.Time] `db:"last_at"`
}

// FaucetView is the faucet and what one account got of it.
type FaucetView struct {
	Faucet  *FaucetState   // nil before its first event
	Account *FaucetAccount // nil where the account never claimed
}
