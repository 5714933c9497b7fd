package consumers_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/consumers"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// court is a judge with a log and a database of its own.
type court struct {
	*testing.T
	pool  *pgxpool.Pool
	judge *consumers.ClaimJudge
	r     reports
	stuck error // what the log answers instead of taking a record
}

func newCourt(t *testing.T) *court {
	t.Helper()
	c := &court{T: t, pool: telemetryDatabase(t), r: newReports(t, 1)}
	c.r.logs = map[string][][]schemas.Record{schemas.TopicHeartbeats: nil, schemas.TopicGPUMetrics: nil, schemas.TopicClaims: nil}
	for topic := range c.r.logs {
		c.r.logs[topic] = make([][]schemas.Record, schemas.TelemetryPartitions)
	}
	c.judge = consumers.NewClaimJudge(pg.NewQuestions(c.pool), c, slog.New(slog.DiscardHandler))
	return c
}

// Append implements consumers.ClaimLog. All claims are in partition 0.
func (c *court) Append(_ context.Context, r schemas.Record) (int32, int64, error) {
	if c.stuck != nil {
		return 0, 0, c.stuck
	}
	log := c.r.logs[schemas.TopicClaims][0]
	r.Offset = int64(len(log))
	c.r.logs[schemas.TopicClaims][0] = append(log, r)
	return 0, r.Offset, nil
}

func (c *court) claim(tx byte, amount uint64, at time.Time) schemas.ClaimRequested {
	c.Helper()
	claim := schemas.ClaimRequested{Address: schemas.Address{31: 1}, Amount: schemas.AmountFromUint64(amount), Type: "staking", TxHash: schemas.Hash{31: tx}}.Identified()
	c.r.add(c.T, schemas.TopicClaims, 0, schemas.TypeClaimRequested, at, claim)
	return claim
}

func (c *court) exec(statement string, args ...any) {
	c.Helper()
	if _, err := c.pool.Exec(c.Context(), statement, args...); err != nil {
		c.Fatalf("%s: %v", statement, err)
	}
}

// block adds sealed blocks up to a number, a second each.
func (c *court) blocks(from, to int, branch byte) {
	c.Helper()
	for n := from; n <= to; n++ {
		c.exec("insert into blocks (number, hash, time, sealed, events, log_offset) values ($1, $2, $3, true, 0, 0)",
			n, schemas.Hash{0: 1, 1: branch, 31: byte(n)}.String(), genesis.Add(time.Duration(n)*time.Second))
	}
}

// pays makes a transaction of a block pay a staking reward.
func (c *court) pays(block int, branch, tx byte, amount int) {
	c.Helper()
	hash, txHash := schemas.Hash{0: 1, 1: branch, 31: byte(block)}.String(), schemas.Hash{31: tx}.String()
	c.exec(`insert into blockchain_events (block_number, tx_index, event_index, event_id, contract_address, contract_name, event_name, event_type, raw, tx_hash,
		block_hash, block_timestamp, log_offset) values ($1, $2, 0, 'x', 'x', 'ProverStaking', 'RewardsClaimed', 'x', '{}', $3, $4, $5, 1)`,
		block, int(tx), txHash, hash, genesis)
	c.exec(`insert into reward_claims (block_number, log_offset, event_id, tx_hash, block_timestamp, contract_name, claim_type, address, amount)
		values ($1, $2, 'reward', $3, $4, 'ProverStaking', 'staking', $5, $6)`, block, int(tx), txHash, genesis, schemas.Address{31: 1}.String(), amount)
}

// sits judges, and brings the read models up to the log.
func (c *court) sits() {
	c.Helper()
	if err := c.judge.Judge(c.Context()); err != nil {
		c.Fatal(err)
	}
	c.r.store(c.T, c.pool, nil)
}

func (c *court) state(claim schemas.ClaimRequested) string {
	c.Helper()
	s, err := pg.NewQuestions(c.pool).ClaimState(c.Context(), claim.Address, claim.ClaimID)
	if err != nil {
		c.Fatal(err)
	}
	return string(s.Status)
}

var genesis = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func TestClaimsWaitForTheChain(t *testing.T) {
	c := newCourt(t)
	paid, wrong, never := c.claim(1, 70, genesis.Add(10*time.Second)), c.claim(2, 71, genesis.Add(10*time.Second)), c.claim(3, 1, genesis.Add(10*time.Second))
	c.r.store(t, c.pool, nil)
	c.blocks(1, 12, 0)
	expect := func(when, want string) {
		t.Helper()
		c.sits()
		if got := fmt.Sprint(c.state(paid), " ", c.state(wrong), " ", c.state(never)); got != want {
			t.Errorf("%s: %s, want %s", when, got, want)
		}
	}
	expect("nothing has happened", "pending pending pending")
	c.blocks(13, 20, 0)
	c.pays(15, 0, 1, 70)
	c.pays(16, 0, 2, 7)
	expect("two transactions are there", "confirmed rejected pending")
	verdicts := len(c.r.logs[schemas.TopicClaims][0])
	c.blocks(21, 109, 0)
	expect("one block before the patience ends", "confirmed rejected pending")
	if got := len(c.r.logs[schemas.TopicClaims][0]); got != verdicts {
		t.Errorf("%d records where nothing was to be said", got-verdicts)
	}
	c.blocks(110, 110, 0)
	expect("the patience is over", "confirmed rejected rejected")

	// Each reward is there once, with its claim; claims that nothing bears out are beside them.
	rows := func() string {
		t.Helper()
		var text string
		const q = `select string_agg(status || ' ' || amount || ' ' || coalesce(claim_id = $1, false) || ' ' || (reason is not null), E'\n' order by status, amount) from reward_claims_by_status`
		if err := c.pool.QueryRow(t.Context(), q, paid.ClaimID).Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	if got, want := rows(), "confirmed 7 false false\nconfirmed 70 true false\nrejected 1 false true\nrejected 71 false true"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}

	// A reorganisation takes the reward back: the claim waits again, and is judged anew when the reward is back, in another block.
	c.exec("delete from blocks where number >= 15")
	c.exec("delete from blockchain_events where block_number >= 15")
	c.exec("delete from reward_claims where block_number >= 15")
	if got := fmt.Sprint(c.state(paid), " ", c.state(never)); got != "pending pending" {
		t.Errorf("while the blocks are gone: %s", got)
	}
	expect("the blocks are gone", "pending pending pending")
	c.blocks(15, 20, 1)
	c.pays(17, 1, 1, 70)
	expect("the reward is back", "confirmed pending pending")
	if got, want := rows(), "confirmed 70 true false\npending 1 false false\npending 71 false false"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// TestClaimsWithoutATransaction: each waits for a reward of its type and amount that no other claim has.
func TestClaimsWithoutATransaction(t *testing.T) {
	c := newCourt(t)
	var claims []schemas.ClaimRequested
	for epoch := range uint32(3) {
		claim := schemas.ClaimRequested{Address: schemas.Address{31: 1}, Amount: schemas.AmountFromUint64(70), Type: "staking", Epoch: &epoch}.Identified()
		c.r.add(t, schemas.TopicClaims, 0, schemas.TypeClaimRequested, genesis.Add(10*time.Second), claim)
		claims = append(claims, claim)
	}
	c.r.store(t, c.pool, nil)
	c.blocks(1, 12, 0)
	expect := func(when string, confirmed, pending, rejected int) {
		t.Helper()
		c.sits()
		got := map[string]int{}
		for _, claim := range claims {
			got[c.state(claim)]++
		}
		if got["confirmed"] != confirmed || got["pending"] != pending || got["rejected"] != rejected {
			t.Errorf("%s: %v", when, got)
		}
		var rows, named int
		const q = "select count(*), count(claim_id) from reward_claims_by_status where status = 'confirmed'"
		if err := c.pool.QueryRow(t.Context(), q).Scan(&rows, &named); err != nil || named != confirmed {
			t.Errorf("%s: %d rewards of %d have a claim, %v", when, named, rows, err)
		}
	}
	expect("nothing has happened", 0, 3, 0)
	c.pays(5, 0, 1, 71)
	expect("another amount was paid", 0, 3, 0)
	c.pays(6, 0, 2, 70)
	c.exec("update reward_claims set event_id = 'reward-' || log_offset")
	expect("one was paid before it was claimed", 1, 2, 0)
	expect("time has passed", 1, 2, 0)
	c.blocks(13, 20, 0)
	c.pays(15, 0, 3, 70)
	c.exec("update reward_claims set event_id = 'reward-' || log_offset")
	expect("another was paid after it", 2, 1, 0)
	c.blocks(21, 110, 0)
	expect("the patience is over", 2, 0, 1)

	// A reorganisation takes the second reward back, and what the patience ended with.
	c.exec("delete from blocks where number >= 15")
	c.exec("delete from blockchain_events where block_number >= 15")
	c.exec("delete from reward_claims where block_number >= 15")
	expect("the blocks are gone", 1, 2, 0)

	// What is accepted on L1 stays: such verdicts are looked at no more.
	c.exec("insert into readers (reader, topic, part, state) values ('chain', 'bitsage.chain', 0, '{\"final\":{\"number\":200}}') on conflict (reader, topic, part) do update set state = excluded.state")
	open, err := pg.NewQuestions(c.pool).OpenClaims(t.Context(), 10)
	if err != nil || len(open) != 0 {
		t.Errorf("%+v, %v", open, err)
	}
}

func TestAVerdictThatTheLogDoesNotTakeIsGivenAgain(t *testing.T) {
	c := newCourt(t)
	claim := c.claim(1, 70, genesis)
	c.r.store(t, c.pool, nil)
	c.blocks(1, 5, 0)
	c.pays(3, 0, 1, 70)
	c.stuck = errors.New("busy")
	if err := c.judge.Judge(t.Context()); !errors.Is(err, c.stuck) {
		t.Errorf("%v", err)
	}
	c.stuck = nil
	for range 2 { // before the read models have it, it is not given twice
		if err := c.judge.Judge(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(c.r.logs[schemas.TopicClaims][0]); n != 2 {
		t.Errorf("%d records, want the claim and its verdict", n)
	}
	c.sits()
	if got := c.state(claim); got != "confirmed" {
		t.Error(got)
	}
	if open, err := pg.NewQuestions(c.pool).OpenClaims(t.Context(), 10); err != nil || len(open) != 0 {
		t.Errorf("%+v, %v", open, err)
	}
}
