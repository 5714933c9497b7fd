package api

import (
	"context"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// WalletModels answers what is asked of accounts' SAGE.
type WalletModels interface {
	Transfers(ctx context.Context, as projections.AsOf, f projections.TransferFilter, p projections.Page) (projections.Listed[projections.Transfer], projections.Freshness, error)
	Wallet(ctx context.Context, as projections.AsOf, account schemas.Address) (projections.WalletSummary, projections.Freshness, error)
	// Faucet returns the faucet and, where an account is given, what that got of it.
	Faucet(ctx context.Context, as projections.AsOf, account *schemas.Address) (projections.FaucetView, projections.Freshness, error)
	FaucetClaims(ctx context.Context, as projections.AsOf, account schemas.Address, p projections.Page) (projections.Listed[projections.FaucetClaim], projections.Freshness, error)
}

// walletRoutes are of accounts' SAGE, and of the faucet.
func (s *Server) walletRoutes() []endpoint {
	const told = `A large transfer takes its amount when it is initiated and once more when it is executed, as the contract does; the move that it tells twice
stands here once. Gas fees are taken without an event, so that movements do not add up to a balance.`
	const faucet = `The faucet's first settings have no event: they are unknown until it gives, or changes them. can_claim tells whether the cooldown since the last claim
is over at the newest block and the faucet runs; what is left in it is not told.`
	return []endpoint{
		read(Route{Path: "/api/wallet/{address}/transactions", Tag: "Wallets", Summary: "An account's movements of SAGE, the newest first", About: told, Of: Chain}, s.walletTransactions),
		read(Route{Path: "/api/wallet/{address}/summary", Tag: "Wallets", Summary: "An account's movements of SAGE, added up", About: told, Of: Chain}, s.walletSummary),
		read(Route{Path: "/api/wallet/{address}/transfers/recent", Tag: "Wallets", Summary: "What an account sent last", About: told, Of: Chain}, s.recentTransfers),
		read(Route{Path: "/api/faucet/status/{address}", Tag: "Faucet", Summary: "Whether an account may claim", About: faucet, Of: Chain}, s.faucetStatus),
		read(Route{Path: "/api/faucet/config", Tag: "Faucet", Summary: "What the faucet gives", About: faucet, Of: Chain}, s.faucetConfig),
		read(Route{Path: "/api/faucet/history/{address}", Tag: "Faucet", Summary: "What an account got of the faucet, the newest first", About: faucet, Of: Chain}, s.faucetHistory),
	}
}

type walletTransaction struct {
	ID              string  `json:"id"`
	Type            string  `json:"tx_type" enum:"send,receive,mint,initiate"`
	Amount          string  `json:"amount"`
	AmountFormatted string  `json:"amount_formatted"`
	Counterparty    string  `json:"counterparty"`
	Contract        *string `json:"counterparty_contract" doc:"What the counterparty is called, where it is one of the network's contracts."`
	Token           string  `json:"token"`
	Status          string  `json:"status" enum:"confirmed"`
	Timestamp       int64   `json:"timestamp"`
	TxHash          string  `json:"tx_hash"`
	Block           int64   `json:"block_number"`
}

type walletTransactions struct {
	Transactions []walletTransaction `json:"transactions"`
	Total        int64               `json:"total"`
	Page         int                 `json:"page"`
	Limit        int                 `json:"limit"`
	Next         *Cursor             `json:"next_cursor"`
}

// periods are the spans of time that lists are asked for; of all times is none.
var periods = map[string]time.Duration{"24h": 24 * time.Hour, "7d": 7 * 24 * time.Hour, "30d": 30 * 24 * time.Hour, "90d": 90 * 24 * time.Hour, "all": 0}

func (s *Server) walletTransactions(ctx context.Context, in *struct {
	AccountOf
	Moment
	Paged
	Type   string `query:"tx_type" enum:"send,receive,mint,initiate" doc:"Only movements of this type."`
	Period string `query:"period" default:"all" enum:"24h,7d,30d,90d,all" doc:"How long before the newest block."`
	Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"200" doc:"How many at most."`
},
) (a walletTransactions, at projections.Freshness, err error) {
	f := projections.TransferFilter{Account: in.Account.Address, Since: periods[in.Period]}
	switch in.Type {
	case "send":
		f.Out, f.Kind = true, projections.TransferMoved
	case "receive":
		f.In, f.Kind = true, projections.TransferMoved
	case "mint":
		f.Kind = projections.TransferMinted
	case "initiate":
		f.Out, f.Kind = true, projections.TransferInitiated
	}
	list := listOf("transactions", in.Account, in.Type, in.Period)
	p, as, err := in.page(in.Moment, list, 1, in.Limit)
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.Transfers(ctx, as, f, p)
	names := s.contractNames()
	a = walletTransactions{Transactions: make([]walletTransaction, len(found.Rows)), Total: found.Total, Page: max(in.Page, 1), Limit: in.Limit}
	for i, t := range found.Rows {
		a.Transactions[i] = transactionAnswer(t, in.Account.Address, names)
	}
	a.Next = cursorBelow(found, list, at, transferPlace)
	return a, at, err
}

// transferPlace is what a transfer's place in a list is.
func transferPlace(t projections.Transfer) []string { return []string{fmt.Sprint(t.Offset)} }

// contractNames are the names of the contracts that are followed.
func (s *Server) contractNames() map[schemas.Address]string {
	names := map[schemas.Address]string{}
	for _, k := range s.config.Contracts {
		names[k.Address] = k.Name
	}
	return names
}

func transactionAnswer(t projections.Transfer, account schemas.Address, names map[schemas.Address]string) walletTransaction {
	out := walletTransaction{
		ID: t.EventID, Amount: t.Amount.String(), AmountFormatted: t.Amount.FormatSage(), Token: "SAGE", Status: "confirmed", Timestamp: t.Time.Unix(),
		TxHash: t.TxHash.String(), Block: t.Block,
	}
	other := t.To
	switch {
	case t.Kind == projections.TransferInitiated:
		out.Type = "initiate"
	case t.From == account:
		out.Type = "send"
	case t.Kind == projections.TransferMinted:
		out.Type, other = "mint", t.From
	default:
		out.Type, other = "receive", t.From
	}
	out.Counterparty = other.String()
	if name, ok := names[other]; ok {
		out.Contract = &name
	}
	return out
}

type walletSummary struct {
	Address           string  `json:"address"`
	Received          string  `json:"total_received"`
	ReceivedFormatted string  `json:"total_received_formatted"`
	Sent              string  `json:"total_sent"`
	SentFormatted     string  `json:"total_sent_formatted"`
	ReceivedDay       string  `json:"received_24h"`
	SentDay           string  `json:"sent_24h"`
	Transactions      int64   `json:"total_transactions"`
	First             *string `json:"first_transaction_at" format:"date-time"`
	Last              *string `json:"last_transaction_at" format:"date-time"`
}

func (s *Server) walletSummary(ctx context.Context, in *struct {
	AccountOf
	Moment
},
) (a walletSummary, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	w, at, err := s.config.Models.Wallet(ctx, as, in.Account.Address)
	return walletSummary{
		Address: in.Account.String(), Received: w.Received.String(), ReceivedFormatted: w.Received.FormatSage(), Sent: w.Sent.String(), SentFormatted: w.Sent.FormatSage(),
		ReceivedDay: w.ReceivedDay.String(), SentDay: w.SentDay.String(), Transactions: w.Transfers, First: rfc3339(w.First), Last: rfc3339(w.Last),
	}, at, err
}

type recentTransfer struct {
	ID        string `json:"id"`
	To        string `json:"to"`
	Amount    string `json:"amount"`
	Status    string `json:"status" enum:"completed"`
	Time      string `json:"time" format:"date-time"`
	Timestamp int64  `json:"timestamp"`
	Private   bool   `json:"is_private" doc:"Of SAGE's own transfers none is."`
	TxHash    string `json:"tx_hash"`
	Symbol    string `json:"token_symbol"`
}

type recentTransfers struct {
	Transfers []recentTransfer `json:"transfers"`
	Total     int64            `json:"total"`
	Next      *Cursor          `json:"next_cursor"`
}

func (s *Server) recentTransfers(ctx context.Context, in *struct {
	AccountOf
	Moment
	Paged
	Limit int `query:"limit" default:"10" minimum:"1" maximum:"100" doc:"How many at most."`
},
) (a recentTransfers, at projections.Freshness, err error) {
	list := listOf("recent transfers", in.Account)
	p, as, err := in.page(in.Moment, list, 1, in.Limit)
	if err != nil {
		return a, at, err
	}
	f := projections.TransferFilter{Account: in.Account.Address, Out: true, Kind: projections.TransferMoved}
	found, at, err := s.config.Models.Transfers(ctx, as, f, p)
	a = recentTransfers{Transfers: make([]recentTransfer, len(found.Rows)), Total: found.Total}
	for i, t := range found.Rows {
		a.Transfers[i] = recentTransfer{
			ID: t.EventID, To: t.To.String(), Amount: t.Amount.String(), Status: "completed", Time: t.Time.UTC().Format(time.RFC3339), Timestamp: t.Time.Unix(),
			TxHash: t.TxHash.String(), Symbol: "SAGE",
		}
	}
	a.Next = cursorBelow(found, list, at, transferPlace)
	return a, at, err
}

type faucetStatus struct {
	Address          string   `json:"address"`
	CanClaim         bool     `json:"can_claim"`
	Wait             int64    `json:"time_until_next_claim_secs"`
	Amount           string   `json:"claim_amount"`
	AmountFormatted  string   `json:"claim_amount_formatted"`
	Claimed          string   `json:"total_claimed"`
	ClaimedFormatted string   `json:"total_claimed_formatted"`
	Claims           int64    `json:"claim_count"`
	LastClaim        *int64   `json:"last_claim_at"`
	Unknown          unknowns `json:"unknown"`
}

func (s *Server) faucetStatus(ctx context.Context, in *struct {
	AccountOf
	Moment
},
) (a faucetStatus, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	v, at, err := s.config.Models.Faucet(ctx, as, &in.Account.Address)
	if err != nil {
		return a, at, err
	}
	faucet, account := orZero(v.Faucet), orZero(v.Account)
	a = faucetStatus{
		Address: in.Account.String(), Amount: faucet.Drip.Value.String(), AmountFormatted: faucet.Drip.Value.FormatSage(), Claimed: account.Claimed.String(),
		ClaimedFormatted: account.Claimed.FormatSage(), Claims: account.Claims, Unknown: unknowns{},
	}
	if v.Account != nil {
		a.LastClaim = new(account.LastClaimAt.Unix())
		if faucet.Cooldown.Known {
			a.Wait = max(0, account.LastClaimAt.Unix()+faucet.Cooldown.Value-at.Time.Unix())
		}
	}
	a.CanClaim = faucet.Paused.Known && !faucet.Paused.Value && a.Wait == 0 && (v.Account == nil || faucet.Cooldown.Known)
	a.Unknown.unless(faucet.Drip.Known, "claim_amount", "claim_amount_formatted")
	waits := v.Account != nil && !faucet.Cooldown.Known
	a.Unknown.unless(!waits, "time_until_next_claim_secs")
	a.Unknown.unless(!waits && faucet.Paused.Known, "can_claim")
	return a, at, nil
}

func orZero[T any](p *T) (v T) {
	if p != nil {
		return *p
	}
	return v
}

type faucetConfig struct {
	Enabled           bool     `json:"enabled"`
	Amount            string   `json:"claim_amount"`
	AmountFormatted   string   `json:"claim_amount_formatted"`
	Cooldown          int64    `json:"cooldown_secs"`
	CooldownFormatted string   `json:"cooldown_formatted"`
	Network           string   `json:"network"`
	Claims            int64    `json:"total_claims"`
	Distributed       string   `json:"total_distributed"`
	Unknown           unknowns `json:"unknown"`
}

func (s *Server) faucetConfig(ctx context.Context, in *struct{ Moment }) (a faucetConfig, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	v, at, err := s.config.Models.Faucet(ctx, as, nil)
	f := orZero(v.Faucet)
	a = faucetConfig{
		Enabled: f.Paused.Known && !f.Paused.Value, Amount: f.Drip.Value.String(), AmountFormatted: f.Drip.Value.FormatSage(), Cooldown: f.Cooldown.Value,
		Network: s.config.Network, Claims: f.Claims, Distributed: f.Distributed.String(), Unknown: unknowns{},
	}
	if f.Cooldown.Known {
		a.CooldownFormatted = (time.Duration(min(f.Cooldown.Value, 1<<32)) * time.Second).String()
	}
	a.Unknown.unless(f.Paused.Known, "enabled")
	a.Unknown.unless(f.Drip.Known, "claim_amount", "claim_amount_formatted")
	a.Unknown.unless(f.Cooldown.Known, "cooldown_secs", "cooldown_formatted")
	return a, at, err
}

type faucetClaim struct {
	ID              string `json:"id"`
	Amount          string `json:"amount"`
	AmountFormatted string `json:"amount_formatted"`
	Type            string `json:"claim_type" enum:"standard"`
	Number          string `json:"claim_number" doc:"Of the account's claims."`
	ClaimedAt       int64  `json:"claimed_at"`
	TxHash          string `json:"tx_hash"`
	Block           int64  `json:"block_number"`
}

type faucetHistory struct {
	Claims           []faucetClaim `json:"claims"`
	Total            int64         `json:"total_claims"`
	Claimed          string        `json:"total_claimed"`
	ClaimedFormatted string        `json:"total_claimed_formatted"`
	Next             *Cursor       `json:"next_cursor"`
}

func (s *Server) faucetHistory(ctx context.Context, in *struct {
	AccountOf
	Moment
	Paged
	Limit int `query:"limit" default:"20" minimum:"1" maximum:"100" doc:"How many at most."`
},
) (a faucetHistory, at projections.Freshness, err error) {
	list := listOf("faucet claims", in.Account)
	p, as, err := in.page(in.Moment, list, 1, in.Limit)
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.FaucetClaims(ctx, as, in.Account.Address, p)
	if err != nil {
		return a, at, err
	}
	if at.Known {
		as = projections.AsOf{Block: new(uint64(at.Block))} // so that the sum is of the same block
	}
	v, _, err := s.config.Models.Faucet(ctx, as, &in.Account.Address)
	account := orZero(v.Account)
	a = faucetHistory{
		Claims: make([]faucetClaim, len(found.Rows)), Total: found.Total, Claimed: account.Claimed.String(), ClaimedFormatted: account.Claimed.FormatSage(),
	}
	for i, c := range found.Rows {
		a.Claims[i] = faucetClaim{
			ID: c.EventID, Amount: c.Amount.String(), AmountFormatted: c.Amount.FormatSage(), Type: "standard", Number: c.Number.String(), ClaimedAt: c.Time.Unix(),
			TxHash: c.TxHash.String(), Block: c.Block,
		}
	}
	a.Next = cursorBelow(found, list, at, func(c projections.FaucetClaim) []string { return []string{fmt.Sprint(c.Offset)} })
	return a, at, err
}
