package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

func pairView() projections.PairView {
	price := func(n uint64) *schemas.Amount { return new(schemas.AmountFromUint64(n)) }
	return projections.PairView{
		Pair: projections.Pair{
			ID: schemas.AmountFromUint64(1), QuoteToken: projections.Known(schemas.Address{31: 8}), MinOrderSize: projections.Known(schemas.Sage(1)), Orders: 3,
			ObservedPair: projections.ObservedPair{
				BaseToken: projections.Known(schemas.Address{31: 7}), TickSize: projections.Known(schemas.AmountFromUint64(2)), Active: projections.Known(true),
			},
		},
		Market: projections.Market{Last: price(18), Open: price(24), High: price(30), Low: price(17), Volume: schemas.Sage(7), QuoteVolume: schemas.AmountFromUint64(140), Trades: 4},
	}
}

func (m models) Pairs(_ context.Context, as projections.AsOf) ([]projections.PairView, projections.Freshness, error) {
	untraded := projections.PairView{Pair: projections.Pair{ID: schemas.AmountFromUint64(0)}}
	return []projections.PairView{untraded, pairView()}, at, m.fault(as)
}

func (m models) Pair(_ context.Context, as projections.AsOf, id int64) (projections.PairView, bool, projections.Freshness, error) {
	return pairView(), id == 1, at, m.fault(as)
}

func (m models) OrderBook(_ context.Context, as projections.AsOf, pair int64, _ int) (projections.OrderBook, projections.Freshness, error) {
	if pair != 1 {
		return projections.OrderBook{}, at, m.fault(as)
	}
	of := func(price, amount uint64) projections.Level {
		return projections.Level{Price: schemas.AmountFromUint64(price), Amount: schemas.AmountFromUint64(amount), Orders: 1}
	}
	return projections.OrderBook{Bids: []projections.Level{of(18, 10), of(17, 5)}, Asks: []projections.Level{of(22, 4)}}, at, m.fault(as)
}

func orderView() projections.OrderView {
	return projections.OrderView{
		Order: projections.Order{
			ID: schemas.AmountFromUint64(7), Maker: projections.Known(someone), PairID: projections.Known(int64(1)), Side: projections.Known("sell"),
			Type: projections.Known("limit"), Price: projections.Known(schemas.AmountFromUint64(20)), Amount: projections.Known(schemas.Sage(3)),
			Filled: projections.Known(schemas.Sage(1)), Remaining: projections.Known(schemas.Sage(2)), Status: projections.OrderPartial,
			PlacedAt: projections.Known(time.Unix(1_763_999_000, 0)), TxHash: schemas.Hash{31: 1},
		},
		Created: 118, UpdatedAt: projections.Known(time.Unix(1_763_999_500, 0)),
	}
}

func (m models) Orders(_ context.Context, as projections.AsOf, f projections.OrderFilter, p projections.Page) (projections.Listed[projections.OrderView], projections.Freshness, error) {
	if f.Status == projections.OrderCancelled || p.After != nil {
		return projections.Listed[projections.OrderView]{Total: 2}, at, m.fault(as)
	}
	unseen := projections.OrderView{Order: projections.Order{ID: schemas.AmountFromUint64(6), Status: projections.OrderFilled, TxHash: schemas.Hash{31: 2}}, Created: 117}
	return projections.Listed[projections.OrderView]{Rows: []projections.OrderView{orderView(), unseen}, Total: 9, More: true}, at, m.fault(as)
}

func (m models) Order(_ context.Context, as projections.AsOf, id schemas.Amount) (projections.OrderView, bool, projections.Freshness, error) {
	return orderView(), id == schemas.AmountFromUint64(7), at, m.fault(as)
}

func (m models) Trades(_ context.Context, as projections.AsOf, f projections.TradeFilter, _ projections.Page) (projections.Listed[projections.TradeView], projections.Freshness, error) {
	t := projections.TradeView{Trade: projections.Trade{
		Offset: 901, Block: 119, ID: schemas.AmountFromUint64(3), MakerOrder: schemas.AmountFromUint64(7), TakerOrder: schemas.AmountFromUint64(8), Maker: someone,
		Taker: schemas.Address{31: 9}, Price: schemas.AmountFromUint64(20), Amount: schemas.Sage(1), Quote: schemas.AmountFromUint64(20),
		MakerFee: schemas.AmountFromUint64(1), TakerFee: schemas.AmountFromUint64(2), Time: time.Unix(1_763_999_500, 0), TxHash: schemas.Hash{31: 3},
	}}
	if f.Pair != nil {
		t.Pair, t.Side = projections.Known(*f.Pair), projections.Known("sell")
	}
	return projections.Listed[projections.TradeView]{Rows: []projections.TradeView{t}, Total: 1}, at, m.fault(as)
}

func (m models) Candles(_ context.Context, as projections.AsOf, _ int64, _, _ time.Duration) ([]projections.Candle, projections.Freshness, error) {
	n := schemas.AmountFromUint64
	return []projections.Candle{{Start: time.Unix(1_763_996_400, 0), Open: n(20), High: n(24), Low: n(18), Close: n(22), Volume: schemas.Sage(3), Trades: 3}}, at, m.fault(as)
}

func (m models) Prices(_ context.Context, as projections.AsOf, pair int64, since time.Duration) ([]projections.PricePoint, projections.Freshness, error) {
	if pair != 1 {
		return nil, at, m.fault(as)
	}
	begin := at.Time.Add(-since)
	return []projections.PricePoint{
		{Time: begin, Price: schemas.AmountFromUint64(20)}, {Time: begin.Add(since / 4), Price: schemas.AmountFromUint64(24)},
	}, at, m.fault(as)
}

func (m models) Proposals(_ context.Context, as projections.AsOf, _ projections.ProposalFilter, _ projections.Page) (projections.Listed[projections.ProposalView], projections.Freshness, error) {
	return projections.Listed[projections.ProposalView]{Rows: []projections.ProposalView{proposalView()}, Total: 2, More: true}, at, m.fault(as)
}

func proposalView() projections.ProposalView {
	return projections.ProposalView{Proposal: projections.Proposal{
		ID: "GovernanceTreasury/7", Contract: "GovernanceTreasury", Number: schemas.AmountFromUint64(7), Proposer: projections.Known(someone), Title: projections.Known("burn"),
		Type: projections.Known("Treasury"), Status: projections.ProposalExecuted, For: schemas.Sage(5), Against: schemas.Sage(2), Votes: 3,
		CreatedAt: projections.Known(time.Unix(1_763_000_000, 0)), EndedAt: projections.Known(time.Unix(1_763_900_000, 0)), EndedBy: projections.Known(someone),
		TxHash: schemas.Hash{31: 4},
		ObservedProposal: projections.ObservedProposal{
			Description: projections.Known("burn it"), SeenTarget: projections.Known(schemas.Address{31: 6}), SeenValue: projections.Known(schemas.Sage(9)),
			Calldata: projections.Known(schemas.FeltFromUint64(7)), VotingStartsAt: projections.Known(time.Unix(1_763_100_000, 0)),
			SeenVotingEndsAt: projections.Known(time.Unix(1_763_700_000, 0)), SeenExecutableAt: projections.Known(time.Unix(1_763_800_000, 0)),
		},
	}, Created: 90, Rule: projections.Known(schemas.Sage(4))}
}

func (m models) GovernanceRules(_ context.Context, as projections.AsOf) (projections.GovernanceConfig, projections.Freshness, error) {
	if as.Past() { // nobody had looked yet
		return projections.GovernanceConfig{}, at, m.fault(as)
	}
	return projections.GovernanceConfig{
		Contract: "GovernanceTreasury", VotingDelay: projections.Known(int64(10)), VotingPeriod: projections.Known(int64(120)), ExecutionDelay: projections.Known(int64(30)),
		QuorumThreshold: projections.Known(schemas.Sage(4)), ProposalThreshold: projections.Known(schemas.Sage(1)), SeenSince: projections.Known(time.Unix(1_763_000_000, 0)),
	}, at, m.fault(as)
}

func (m models) StakingRules(_ context.Context, as projections.AsOf) (r projections.StakingRules, _ projections.Freshness, err error) {
	r.MinConsumer, r.APY, r.ChangedAt = projections.Known(schemas.Sage(2)), projections.Known(int64(1200)), projections.Known(time.Unix(1_763_000_000, 0))
	if as.Past() { // a view told nothing then
		return r, at, m.fault(as)
	}
	share := func(bps int64) projections.Maybe[int64] { return projections.Known(bps) }
	stake := func(n uint64) projections.Maybe[schemas.Amount] { return projections.Known(schemas.Sage(n)) }
	r.ObservedStaking = projections.ObservedStaking{
		SeenMinConsumer: stake(2), SeenAPY: share(1200), MinWorkstation: stake(3), MinDataCenter: stake(4), MinEnterprise: stake(5), MinFrontier: stake(6),
		SlashInvalidProof: share(1000), SlashTimeout: share(500), SlashFailures: share(2500), SlashMalicious: share(5000), SlashBenchmarkFraud: share(7500),
		UnstakeLockup: share(300), MaxFailures: share(3), SeenSince: projections.Known(time.Unix(1_763_000_000, 0)),
	}
	return r, at, m.fault(as)
}

func (m models) Proposal(_ context.Context, as projections.AsOf, id string) (projections.ProposalView, bool, projections.Freshness, error) {
	if id == "SAGEToken/1" {
		return projections.ProposalView{Proposal: projections.Proposal{ID: id, Contract: "SAGEToken", Status: projections.ProposalOpen}}, true, at, m.fault(as)
	}
	return proposalView(), id == "GovernanceTreasury/7", at, m.fault(as)
}

func (m models) Votes(_ context.Context, as projections.AsOf, f projections.VoteFilter, _ projections.Page) (projections.Listed[projections.Vote], projections.Freshness, error) {
	v := projections.Vote{
		Block: 100, Offset: 700, ProposalID: f.Proposal, Voter: someone, Support: true, Power: projections.Known(schemas.Sage(5)), Time: time.Unix(1_763_100_000, 0),
		TxHash: schemas.Hash{31: 5},
	}
	return projections.Listed[projections.Vote]{Rows: []projections.Vote{v}, Total: 3, More: true}, at, m.fault(as)
}

func (m models) GovernanceStats(_ context.Context, as projections.AsOf) (projections.GovernanceStats, projections.Freshness, error) {
	return projections.GovernanceStats{ByStatus: map[string]int64{"open": 1, "executed": 2, "cancelled": 1}, Votes: 9, Voters: 4}, at, m.fault(as)
}

func (m models) Voter(_ context.Context, as projections.AsOf, _ schemas.Address) (projections.VoterView, projections.Freshness, error) {
	return projections.VoterView{Votes: 2, Proposals: 2, MostPower: projections.Known(schemas.Sage(5)), Proposed: 1}, at, m.fault(as)
}

func (m models) Transfers(_ context.Context, as projections.AsOf, _ projections.TransferFilter, _ projections.Page) (projections.Listed[projections.Transfer], projections.Freshness, error) {
	of := func(offset int64, kind projections.TransferKind, from, to schemas.Address) projections.Transfer {
		return projections.Transfer{
			Block: 119, Offset: offset, EventID: fmt.Sprint("event-", offset), TxHash: schemas.Hash{31: 6}, Time: time.Unix(1_763_999_500, 0), Kind: kind, From: from, To: to,
			Amount: schemas.Sage(2),
		}
	}
	contracts, err := schemas.Contracts(schemas.Sepolia)
	if err != nil {
		return projections.Listed[projections.Transfer]{}, at, err
	}
	sage := contracts[0].Address
	return projections.Listed[projections.Transfer]{Rows: []projections.Transfer{
		of(904, projections.TransferMoved, someone, sage), of(903, projections.TransferMoved, schemas.Address{31: 9}, someone),
		of(902, projections.TransferMinted, schemas.Address{}, someone), of(901, projections.TransferInitiated, someone, schemas.Address{31: 9}),
	}, Total: 5, More: true}, at, m.fault(as)
}

func (m models) Wallet(_ context.Context, as projections.AsOf, _ schemas.Address) (projections.WalletSummary, projections.Freshness, error) {
	return projections.WalletSummary{
		Received: schemas.Sage(9), Sent: schemas.Sage(2), ReceivedDay: schemas.Sage(1), Transfers: 4, First: projections.Known(time.Unix(1_763_000_000, 0)),
	}, at, m.fault(as)
}

func (m models) Faucet(_ context.Context, as projections.AsOf, account *schemas.Address) (projections.FaucetView, projections.Freshness, error) {
	f := projections.FaucetState{Drip: projections.Known(schemas.AmountFromUint64(20_000_000_000_000_000)), Paused: projections.Known(false), Claims: 3, Distributed: schemas.Sage(1)}
	v := projections.FaucetView{Faucet: &f}
	if account != nil && *account == someone {
		f.Cooldown = projections.Known(int64(3600))
		v.Account = &projections.FaucetAccount{Address: someone, Claims: 2, Claimed: schemas.Sage(1), LastClaimAt: at.Time.Add(-10 * time.Minute)}
	}
	return v, at, m.fault(as)
}

func (m models) FaucetClaims(_ context.Context, as projections.AsOf, _ schemas.Address, _ projections.Page) (projections.Listed[projections.FaucetClaim], projections.Freshness, error) {
	return projections.Listed[projections.FaucetClaim]{Rows: []projections.FaucetClaim{{
		Block: 119, Offset: 800, EventID: "event-800", TxHash: schemas.Hash{31: 7}, Time: time.Unix(1_763_999_500, 0), Address: someone, Amount: schemas.Sage(1),
		Number: schemas.AmountFromUint64(2),
	}}, Total: 2, More: true}, at, m.fault(as)
}

// TestAnswersAsWritten asks each path of testdata/transcripts and compares the answers with what stands below it; -rewrite writes that.
func TestAnswersAsWritten(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{})
	datadriven.Walk(t, "testdata/transcripts", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			r := httptest.NewRequest(http.MethodGet, strings.ReplaceAll(strings.TrimSpace(d.Input), "SOMEONE", someone.String()), nil)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			var out bytes.Buffer
			fmt.Fprintln(&out, w.Code)
			for _, name := range []string{"X-Total-Count", "X-Next-Cursor"} {
				if v := w.Header().Get(name); v != "" {
					fmt.Fprintf(&out, "%s: %s\n", name, v)
				}
			}
			if err := json.Indent(&out, bytes.TrimSpace(w.Body.Bytes()), "", " "); err != nil {
				t.Fatal(err)
			}
			return regexp.MustCompile(`"instance": "[^"]*"`).ReplaceAllString(out.String(), `"instance": "…"`) + "\n"
		})
	})
}

func (m models) RowHistory(_ context.Context, as projections.AsOf, table, key string, from int64, _ int) (projections.RowHistory, projections.Freshness, error) {
	if table != "jobs" || key != "7" {
		return projections.RowHistory{}, at, m.fault(as)
	}
	submitted := schemas.Fact{
		Event: schemas.JobManagerJobSubmitted{JobID: schemas.AmountFromUint64(7), Client: someone, Payment: schemas.Sage(1)}, ID: "event-1",
		Type: "bitsage.jobs.JobManager.JobSubmitted", Offset: 42, Position: schemas.Position{Block: 100}, Time: time.Unix(1_763_900_000, 0),
		ChainEvent: schemas.ChainEvent{ContractName: "JobManager", Name: "JobSubmitted", TxHash: schemas.Hash{31: 8}, BlockHash: schemas.Hash{31: 9}, Data: json.RawMessage(`{"job_id":"7"}`)},
	}
	state := projections.Jobs.Fold(projections.Job{}, submitted)
	return projections.RowHistory{Versions: []projections.Version{{State: state, Created: 100, From: 100, Offset: 42}}, Total: 2, More: true, Events: []schemas.Fact{submitted}}, at, m.fault(as)
}
