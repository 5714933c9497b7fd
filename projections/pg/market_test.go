package pg_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// market fills the tables with two pairs: of pair 1 there were trades two days ago and in the last day, of pair 2 none.
func market(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	exec(t, pool, "insert into readers (reader, topic, part, next_offset, log_time) values ('chain', 'bitsage.chain', 0, 987, $1)", blockTime)
	const block = "insert into blocks (number, hash, time, sealed, events, log_offset) values ($1, $2, $3, true, 1, $1)"
	for n, ago := range map[int]time.Duration{100: 48 * time.Hour, 110: 3 * time.Hour, 115: time.Hour, 120: 0} {
		exec(t, pool, block, n, fmt.Sprintf("0x%x", n), blockTime.Add(-ago))
	}
	const pair = "insert into pairs (pair_id, quote_token, min_order_size, orders_placed, tx_hash, created_block, valid_from, log_offset) values ($1::text::numeric, $2, 1, 3, '0x1', 100, 100, 1)"
	exec(t, pool, pair, "1", account(8).String())
	exec(t, pool, pair, "2", nil)
	const order = `insert into %s (order_id, maker_address, pair_id, side, order_type, price, amount, filled_amount, remaining_amount, status, placed_at, tx_hash,
		created_block, valid_from, log_offset%s) values ($1::text::numeric, $2, 1, $3, 'limit', $4::text::numeric, 100, 0, $5::text::numeric, $6, $7, '0x1', $8, $9, 1%s)`
	place := func(id, maker int, side, price, remaining, status string, created, changed int) {
		exec(t, pool, fmt.Sprintf(order, "orders", "", ""), fmt.Sprint(id), account(byte(maker)).String(), side, price, remaining, status, blockTime, created, changed)
	}
	place(1, 1, "sell", "20", "0", "filled", 100, 110)
	place(2, 1, "sell", "22", "60", "partial", 110, 115)
	place(3, 2, "sell", "22", "10", "open", 110, 110)
	place(4, 2, "buy", "18", "100", "open", 115, 115)
	place(5, 2, "buy", "19", "100", "cancelled", 115, 120)
	place(6, 3, "buy", "30", "0", "filled", 115, 115)
	// Order 1 was open until block 110, order 5 until block 120.
	exec(t, pool, fmt.Sprintf(order, "orders_versions", ", valid_to", ", 110"), "1", account(1).String(), "sell", "20", "100", "open", blockTime, 100, 100)
	exec(t, pool, fmt.Sprintf(order, "orders_versions", ", valid_to", ", 120"), "5", account(2).String(), "buy", "19", "100", "open", blockTime, 115, 115)
	const trade = `insert into trades (block_number, log_offset, event_id, tx_hash, block_timestamp, trade_id, maker_order_id, taker_order_id, maker_address, taker_address,
		price, amount, quote_amount, maker_fee, taker_fee) values ($1, $2, 'x', '0x1', $3, $2::bigint, 1, 6, $4, $5, $6::text::numeric, 10, 200, 1, 2)`
	for i, of := range []struct {
		block int
		ago   time.Duration
		price string
	}{{100, 48 * time.Hour, "20"}, {110, 3 * time.Hour, "24"}, {115, time.Hour, "18"}, {120, 0, "22"}} {
		exec(t, pool, trade, of.block, i+1, blockTime.Add(-of.ago), account(1).String(), account(3).String(), of.price)
	}
}

func TestQuestionsOnTrading(t *testing.T) {
	pool, q := database(t)
	market(t, pool)
	amounts := func(some ...*schemas.Amount) (out []string) {
		for _, a := range some {
			if a == nil {
				out = append(out, "-")
			} else {
				out = append(out, a.String())
			}
		}
		return out
	}
	at := func(block uint64) projections.AsOf { return projections.AsOf{Block: &block} }

	t.Run("a day's market", func(t *testing.T) {
		pairs, _, err := q.Pairs(t.Context(), projections.AsOf{})
		if err != nil || len(pairs) != 2 {
			t.Fatal(pairs, err)
		}
		m := pairs[0].Market
		if got := amounts(m.Last, m.Open, m.High, m.Low, &m.Volume, &m.QuoteVolume); !slices.Equal(got, []string{"22", "20", "24", "18", "30", "600"}) || m.Trades != 3 {
			t.Error(got, m.Trades)
		}
		if pairs[1].Last != nil || pairs[1].Trades != 0 {
			t.Error("pair 2 has a price without a trade:", pairs[1].Market)
		}
	})
	t.Run("a market of the past", func(t *testing.T) {
		p, ok, _, err := q.Pair(t.Context(), at(110), 1)
		if got := amounts(p.Last, p.Open, p.High, p.Low, &p.Volume); err != nil || !ok || !slices.Equal(got, []string{"24", "20", "24", "24", "10"}) {
			t.Error(got, ok, err)
		}
		if _, ok, _, err := q.Pair(t.Context(), projections.AsOf{}, 9); ok || err != nil {
			t.Error("a pair that is not there:", ok, err)
		}
	})
	t.Run("the book", func(t *testing.T) {
		for block, want := range map[uint64]string{
			120: "bids 18:100/1 asks 22:70/2",
			115: "bids 19:100/1 18:100/1 asks 22:70/2",
			100: "bids asks 20:100/1",
		} {
			b, _, err := q.OrderBook(t.Context(), at(block), 1, 10)
			if err != nil {
				t.Fatal(err)
			}
			got := "bids"
			for _, l := range b.Bids {
				got += fmt.Sprintf(" %s:%s/%d", l.Price, l.Amount, l.Orders)
			}
			got += " asks"
			for _, l := range b.Asks {
				got += fmt.Sprintf(" %s:%s/%d", l.Price, l.Amount, l.Orders)
			}
			if got != want {
				t.Errorf("block %d: %s, want %s", block, got, want)
			}
		}
	})
	t.Run("pages of orders", func(t *testing.T) {
		var ids []string
		p := projections.Page{Limit: 2}
		for {
			found, _, err := q.Orders(t.Context(), projections.AsOf{}, projections.OrderFilter{}, p)
			if err != nil || found.Total != 6 {
				t.Fatal(found.Total, err)
			}
			for _, o := range found.Rows {
				ids = append(ids, o.ID.String())
				p.After = []string{fmt.Sprint(o.Created), o.ID.String()}
			}
			if !found.More {
				break
			}
		}
		if !slices.Equal(ids, []string{"6", "5", "4", "3", "2", "1"}) {
			t.Error(ids)
		}
		maker := account(2)
		mine, _, err := q.Orders(t.Context(), at(115), projections.OrderFilter{Maker: &maker, Status: projections.OrderOpen}, projections.Page{Limit: 10})
		if err != nil || mine.Total != 3 || mine.More || mine.Rows[0].ID.String() != "5" || !mine.Rows[0].UpdatedAt.Value.Equal(blockTime.Add(-time.Hour)) {
			t.Error(mine, err)
		}
	})
	t.Run("trades", func(t *testing.T) {
		pair, taker := int64(1), account(3)
		found, _, err := q.Trades(t.Context(), at(115), projections.TradeFilter{Pair: &pair, Account: &taker}, projections.Page{Limit: 2})
		if err != nil || found.Total != 3 || !found.More || found.Rows[0].ID.String() != "3" || found.Rows[0].Side.Value != "buy" {
			t.Error(found, err)
		}
	})
	t.Run("candles and prices", func(t *testing.T) {
		candles, _, err := q.Candles(t.Context(), projections.AsOf{}, 1, 24*time.Hour, 72*time.Hour)
		if err != nil || len(candles) != 2 || candles[1].Open.String() != "24" || candles[1].Close.String() != "22" || candles[1].Low.String() != "18" || candles[1].Trades != 3 {
			t.Error(candles, err)
		}
		prices, _, err := q.Prices(t.Context(), projections.AsOf{}, 1, 24*time.Hour)
		if err != nil || len(prices) != 4 || prices[0].Price.String() != "20" || !prices[0].Time.Equal(blockTime.Add(-24*time.Hour)) {
			t.Error(prices, err)
		}
	})
}

func TestQuestionsOnGovernance(t *testing.T) {
	pool, q := database(t)
	market(t, pool)
	const proposal = `insert into proposals (proposal_id, contract_name, number, proposer_address, title, proposal_type, status, votes_for, votes_against, votes, tx_hash,
		created_block, valid_from, log_offset) values ($1, 'GovernanceTreasury', 1, $2, 'x', 'Treasury', $3, 5, 3, 2, '0x1', $4, $4, 1)`
	exec(t, pool, proposal, "GovernanceTreasury/1", account(1).String(), "executed", 100)
	exec(t, pool, proposal, "GovernanceTreasury/2", account(1).String(), "open", 115)
	const vote = `insert into votes (block_number, log_offset, event_id, tx_hash, block_timestamp, proposal_id, contract_name, voter_address, support, voting_power)
		values ($1, $2, 'x', '0x1', $3, $4, 'GovernanceTreasury', $5, true, $6)`
	exec(t, pool, vote, 100, 1, blockTime, "GovernanceTreasury/1", account(1).String(), 7)
	exec(t, pool, vote, 115, 2, blockTime, "GovernanceTreasury/1", account(2).String(), 3)
	exec(t, pool, vote, 120, 3, blockTime, "GovernanceTreasury/2", account(1).String(), 9)
	past := projections.AsOf{Block: new(uint64(115))}

	s, _, err := q.GovernanceStats(t.Context(), projections.AsOf{})
	if err != nil || s.Votes != 3 || s.Voters != 2 || s.ByStatus["open"] != 1 || s.ByStatus["executed"] != 1 {
		t.Error(s, err)
	}
	open, _, err := q.Proposals(t.Context(), projections.AsOf{}, projections.ProposalFilter{Status: projections.ProposalOpen, Type: "Treasury"}, projections.Page{Limit: 5})
	if err != nil || open.Total != 1 || open.Rows[0].ID != "GovernanceTreasury/2" || open.Rows[0].Created != 115 {
		t.Error(open, err)
	}
	if p, ok, _, err := q.Proposal(t.Context(), past, "GovernanceTreasury/1"); err != nil || !ok || p.For.String() != "5" {
		t.Error(p, ok, err)
	}
	// The rules changed in block 110 and in block 120: a proposal that has ended keeps the quorum of its end.
	const rules = "insert into governance_config%s (contract_name, quorum_threshold, observed_since, created_block, valid_from, log_offset%s) values ('GovernanceTreasury', $1, $2, 90, $3, 1%s)"
	exec(t, pool, fmt.Sprintf(rules, "_versions", ", valid_to", ", 110"), 4000, blockTime, 90)
	exec(t, pool, fmt.Sprintf(rules, "_versions", ", valid_to", ", 120"), 5000, blockTime, 110)
	exec(t, pool, fmt.Sprintf(rules, "", "", ""), 6000, blockTime, 120)
	for _, of := range []struct {
		id     string
		quorum uint64
		as     projections.AsOf
	}{
		{"GovernanceTreasury/1", 4000, projections.AsOf{}},
		{"GovernanceTreasury/2", 6000, projections.AsOf{}},
		{"GovernanceTreasury/2", 5000, past},
	} {
		if p, _, _, err := q.Proposal(t.Context(), of.as, of.id); err != nil || p.QuorumNeeded() != projections.Known(schemas.AmountFromUint64(of.quorum)) {
			t.Error(of, p.QuorumNeeded(), err)
		}
	}
	for at, want := range map[uint64]string{100: "4000", 115: "5000", 120: "6000"} {
		if r, _, err := q.GovernanceRules(t.Context(), projections.AsOf{Block: &at}); err != nil || r.QuorumThreshold.Value.String() != want {
			t.Error(at, r, err)
		}
	}
	votes, _, err := q.Votes(t.Context(), past, projections.VoteFilter{Proposal: "GovernanceTreasury/1"}, projections.Page{Limit: 1})
	if err != nil || votes.Total != 2 || !votes.More || votes.Rows[0].Voter != account(2) {
		t.Error(votes, err)
	}
	v, _, err := q.Voter(t.Context(), past, account(1))
	if err != nil || v.Votes != 1 || v.Proposals != 1 || v.MostPower.Value.String() != "7" || v.Proposed != 2 {
		t.Error(v, err)
	}
}

func TestQuestionsOnStakingRules(t *testing.T) {
	pool, q := database(t)
	market(t, pool)
	// Of 10^12 wei a rate of 15 % makes 10^12 * 1500 * 3600 / (10000 * 31536000) = 17123287.6 in the hour before the newest block.
	exec(t, pool, `insert into rewards (address, earning_amount, earning_since, settled_stake_seconds, unclaimed_since, claimed_amount, claims, tx_hash, created_block,
		valid_from, log_offset) values ($1, 1000000000000, $2, 0, $2, 0, 0, '0x1', 100, 100, 1)`, account(1).String(), blockTime.Add(-time.Hour))
	at := func(block uint64) projections.AsOf { return projections.AsOf{Block: &block} }
	told := func(as projections.AsOf, bps int64, isTold bool, claimable, consumer, frontier string) {
		t.Helper()
		r, _, err := q.StakingRules(t.Context(), as)
		rate, ok := r.RewardBps()
		tiers := r.Tiers()
		if err != nil || rate != bps || ok != isTold || tiers[0].MinStake.Value.String() != consumer || tiers[4].MinStake.Value.String() != frontier {
			t.Error(rate, ok, tiers, err)
		}
		v, _, err := q.Rewards(t.Context(), as, account(1))
		if err != nil || v.Claimable == nil || v.Claimable.String() != claimable {
			t.Errorf("%+v %v", v, err)
		}
	}
	told(projections.AsOf{}, 1500, false, "17123287", schemas.Sage(1000).String(), schemas.Sage(25_000).String())

	// A view tells the first rules.
	exec(t, pool, `insert into staking_config (contract_name, observed_min_stake_consumer, observed_reward_apy_bps, min_stake_frontier, observed_since, created_block, valid_from,
		log_offset) values ('ProverStaking', 7, 3000, 9, $1, 110, 110, 1)`, blockTime.Add(-2*time.Hour))
	told(projections.AsOf{}, 3000, true, "34246575", "7", "9")

	// An event tells others, and of the last tier nothing.
	exec(t, pool, `insert into staking_config_versions (contract_name, observed_min_stake_consumer, observed_reward_apy_bps, min_stake_frontier, observed_since, created_block,
		valid_from, log_offset, valid_to) select contract_name, observed_min_stake_consumer, observed_reward_apy_bps, min_stake_frontier, observed_since, created_block,
		valid_from, log_offset, 120 from staking_config`)
	exec(t, pool, `update staking_config set min_stake_consumer = 8, reward_apy_bps = 1500, changed_at = $1, tx_hash = '0x1', valid_from = 120,
		observed_min_stake_consumer = null, observed_reward_apy_bps = null, min_stake_frontier = null, observed_since = null`, blockTime)
	told(projections.AsOf{}, 1500, true, "17123287", "8", "0")
	told(at(115), 3000, true, "0", "7", "9")
}

func TestQuestionsOnWallets(t *testing.T) {
	pool, q := database(t)
	market(t, pool)
	const transfer = `insert into transfers (block_number, log_offset, event_id, tx_hash, block_timestamp, event_index, kind, from_address, to_address, amount)
		values ($1, $2, 'x', $3, $4, $5, $6, $7, $8, $9)`
	move := func(block, offset int, tx string, ago time.Duration, index int, kind projections.TransferKind, from, to byte, amount int) {
		exec(t, pool, transfer, block, offset, tx, blockTime.Add(-ago), index, kind, account(from).String(), account(to).String(), amount)
	}
	move(100, 1, "0xa", 48*time.Hour, 0, projections.TransferMinted, 0, 1, 1000)
	move(110, 2, "0xb", 3*time.Hour, 0, projections.TransferInitiated, 1, 2, 300)
	move(115, 3, "0xc", time.Hour, 0, projections.TransferMoved, 1, 2, 300)
	move(115, 4, "0xc", time.Hour, 1, projections.TransferExecuted, 1, 2, 300)
	move(115, 5, "0xc", time.Hour, 2, projections.TransferMoved, 1, 2, 300) // the same move again
	move(115, 6, "0xc", time.Hour, 3, projections.TransferMoved, 1, 2, 300) // another one
	move(120, 7, "0xd", 0, 0, projections.TransferMoved, 2, 1, 50)

	all, _, err := q.Transfers(t.Context(), projections.AsOf{}, projections.TransferFilter{Account: account(1)}, projections.Page{Limit: 10})
	var offsets []int64
	for _, r := range all.Rows {
		offsets = append(offsets, r.Offset)
	}
	if err != nil || all.Total != 5 || !slices.Equal(offsets, []int64{7, 6, 3, 2, 1}) {
		t.Error(offsets, all.Total, err)
	}
	in, _, err := q.Transfers(t.Context(), projections.AsOf{}, projections.TransferFilter{Account: account(2), In: true, Since: 24 * time.Hour}, projections.Page{Limit: 1})
	if err != nil || in.Total != 2 || !in.More {
		t.Error("what was initiated has not arrived:", in, err)
	}
	s, _, err := q.Wallet(t.Context(), projections.AsOf{}, account(1))
	if err != nil || s.Received.String() != "1050" || s.Sent.String() != "900" || s.ReceivedDay.String() != "50" || s.SentDay.String() != "900" || s.Transfers != 5 {
		t.Error(s, err)
	}
	if s, _, err := q.Wallet(t.Context(), projections.AsOf{}, account(7)); err != nil || s.Transfers != 0 || s.First.Known {
		t.Error("a wallet that never moved anything:", s, err)
	}

	if v, _, err := q.Faucet(t.Context(), projections.AsOf{}, new(account(1))); err != nil || v.Faucet != nil || v.Account != nil {
		t.Error("a faucet that nobody has seen:", v, err)
	}
	exec(t, pool, "insert into faucets values ('Faucet', 20, 3600, false, 2, 40, '0x1', 100, 110, 1)")
	exec(t, pool, "insert into faucet_accounts values ($1, 2, 40, $2, '0x1', 100, 110, 1)", account(1).String(), blockTime)
	exec(t, pool, "insert into faucet_claims values (100, 1, 'x', '0x1', $2, $1, 20, 1), (110, 2, 'y', '0x2', $2, $1, 20, 2)", account(1).String(), blockTime)
	v, _, err := q.Faucet(t.Context(), projections.AsOf{}, new(account(1)))
	if err != nil || v.Faucet == nil || v.Faucet.Cooldown.Value != 3600 || v.Account == nil || v.Account.Claimed.String() != "40" {
		t.Error(v, err)
	}
	claims, _, err := q.FaucetClaims(t.Context(), projections.AsOf{Block: new(uint64(100))}, account(1), projections.Page{Limit: 5})
	if err != nil || claims.Total != 1 || claims.Rows[0].Number.String() != "1" {
		t.Error(claims, err)
	}
}
