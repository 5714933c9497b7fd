package economy

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// The tests of this file play what was played to the real, compiled contracts when schemas/testdata/event_vectors.json was
// recorded, and compare what they emitted and answered, felt by felt.

type noKeys struct{}

func (noKeys) PublicKey(private felt) felt    { return private }
func (noKeys) Verify(_, hash, r, _ felt) bool { return hash == r }

// player plays transactions at times of its own in a world where contracts are deployed and nothing else happened.
type player struct {
	t     *testing.T
	world *World
	now   uint64
	last  []Event
}

func stage(t *testing.T) *player {
	t.Helper()
	w, err := NewWorld(Config{Seed: 1, Workers: 2, Keys: noKeys{}})
	if err != nil {
		t.Fatal(err)
	}
	p := &player{t: t, world: w, now: 1_000_000}
	for _, c := range w.Deployed() {
		p.play(w.owner.Address, call(w.deployer, "deployContract", deployArgs{to: c, Calldata: []felt{}}))
	}
	for _, a := range []address{p.bob(), p.cafe(), w.treasury.Address, w.jobs.Address} {
		p.play(w.owner.Address, p.give(a, 9_000), p.give(a, 9_000))
	}
	for _, a := range []address{p.bob(), p.cafe(), p.alice(), w.treasury.Address} {
		for _, c := range []address{w.staking.Address, w.book.Address, w.faucet.Address} {
			p.play(a, call(&w.sage.Contract, "approve", approveArgs{c, unlimited}), call(&w.usdc.Contract, "approve", approveArgs{c, unlimited}))
		}
	}
	return p
}

func (p *player) alice() address { return p.world.owner.Address }
func (p *player) bob() address   { return p.world.workers[0].Address }
func (p *player) cafe() address  { return p.world.clients[0].Address }

func (p *player) give(to address, whole uint64) Call {
	return call(&p.world.sage.Contract, "transfer", transferArgs{to, schemas.Sage(whole)})
}

func (p *player) sage(a address) amount { return p.world.sage.balances.get(p.world.env(Block{}), a) }

// send plays a transaction, whether it reverts or not.
func (p *player) send(sender address, calls ...Call) *Executed {
	p.t.Helper()
	x, ok := p.world.Execute(Block{1, p.now}, p.world.newTransaction(sender, calls...))
	if !ok {
		p.t.Fatal("the nonce does not fit")
	}
	return x
}

// play is send for what has to succeed. Events but the fee's are kept.
func (p *player) play(sender address, calls ...Call) {
	p.t.Helper()
	x := p.send(sender, calls...)
	if x.Revert != nil {
		p.t.Fatalf("%s reverted: %v", calls[len(calls)-1].Entry, x.Revert)
	}
	p.last = append(p.last, x.Events[:len(x.Events)-1]...)
}

// felts asks a view.
func (p *player) felts(c *Contract, function string, args any) []felt {
	p.t.Helper()
	if args == nil {
		args = struct{}{}
	}
	calldata, err := c.ABI.EncodeInputs(function, args)
	if err != nil {
		p.t.Fatal(err)
	}
	out, err := p.world.View(Block{1, p.now}, Now, c.Address, schemas.Selector(function), calldata)
	if err != nil {
		p.t.Fatalf("%s.%s: %v", c.Name, function, err)
	}
	return out
}

type recording struct {
	Events []struct {
		Scenario, Contract, Event string
		Keys, Data                []felt
	}
	Calls []struct {
		Scenario, Call, Status string
		Felts                  []felt
	}
}

func readRecording(t *testing.T) (r recording) {
	t.Helper()
	doc, err := os.ReadFile("../../../schemas/testdata/event_vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(doc, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// here replaces the recording's people by ours.
func (p *player) here(felts []felt) []felt {
	out := slices.Clone(felts)
	for i, f := range out {
		switch f.String() {
		case "0xa11ce":
			out[i] = p.alice().Felt()
		case "0xb0b":
			out[i] = p.bob().Felt()
		case "0xcafe":
			out[i] = p.cafe().Felt()
		}
	}
	return out
}

// emitted checks that everything that was recorded of some contract in a scenario was emitted here too, but for names left out.
func (p *player) emitted(r recording, scenario, contract string, but ...string) {
	p.t.Helper()
	found := 0
	for _, want := range r.Events {
		if want.Scenario != scenario || want.Contract != contract || slices.Contains(but, want.Event) {
			continue
		}
		found++
		keys, data := p.here(want.Keys), p.here(want.Data)
		same := func(ev Event) bool {
			if ev.Contract.Name != contract || ev.Name() != want.Event {
				return false
			}
			k, d, err := ev.Felts()
			return err == nil && slices.Equal(k, keys) && slices.Equal(d, data)
		}
		if !slices.ContainsFunc(p.last, same) {
			p.t.Errorf("%s.%s %v %v was recorded, and is not emitted here", contract, want.Event, keys, data)
		}
	}
	if found == 0 {
		p.t.Fatalf("nothing of %s was recorded in %s", contract, scenario)
	}
}

// answers checks a view against what was recorded.
func (p *player) answers(r recording, scenario, name string, c *Contract, function string, args any) {
	p.t.Helper()
	for _, want := range r.Calls {
		if want.Scenario == scenario && want.Call == name {
			if got := p.felts(c, function, args); !slices.Equal(got, p.here(want.Felts)) {
				p.t.Errorf("%s.%s answers %v, recorded %v", c.Name, function, got, p.here(want.Felts))
			}
			return
		}
	}
	p.t.Fatalf("no call %s was recorded in %s", name, scenario)
}

func TestRecordedStaking(t *testing.T) {
	r, p := readRecording(t), stage(t)
	w := p.world
	staking := &w.staking.Contract
	p.answers(r, "s_staking", "get_config", staking, "get_config", nil)
	p.play(p.alice(), p.give(p.bob(), 9_000))
	p.play(p.bob(), call(staking, "stake", stakeArgs{schemas.Sage(1_000), schemas.ProverStakingGpuTierConsumer}))
	p.play(p.bob(), call(staking, "stake", stakeArgs{schemas.Sage(11_000), schemas.ProverStakingGpuTierEnterprise}))
	p.play(p.alice(), call(staking, "record_success", recordSuccessArgs{p.bob(), schemas.ShortString("job1")}))
	p.play(p.alice(), call(staking, "slash", slashArgs{p.bob(), schemas.ProverStakingSlashReasonTimeout, schemas.ShortString("job2")}))
	p.now = 32_536_000
	p.play(p.bob(), call(staking, "claim_rewards", nil))
	p.play(p.bob(), call(staking, "request_unstake", amountArgs{schemas.Sage(11_000)}))
	p.answers(r, "s_staking", "is_eligible", staking, "is_eligible", workerAddressArgs{p.bob()})
	p.now = 33_140_800
	if x := p.send(p.bob(), call(staking, "complete_unstake", nil)); x.Revert == nil || !strings.Contains(x.Revert.Error(), "Use initiate_large_transfer") {
		t.Errorf("unstaking 11,000 SAGE: %v", x.Revert)
	}
	p.play(p.cafe(), call(staking, "stake", stakeArgs{schemas.Sage(2_000), schemas.ProverStakingGpuTierConsumer}))
	p.answers(r, "s_staking", "get_stake", staking, "get_stake", workerAddressArgs{p.bob()})
	p.play(p.cafe(), call(staking, "request_unstake", amountArgs{schemas.Sage(1_500)}))
	p.now += 7 * secondsPerDay
	p.play(p.cafe(), call(staking, "complete_unstake", nil))
	p.answers(r, "s_staking", "w2_get_stake", staking, "get_stake", workerAddressArgs{p.cafe()})
	p.answers(r, "s_staking", "w2_is_eligible", staking, "is_eligible", workerAddressArgs{p.cafe()})
	p.answers(r, "s_staking", "total_staked", staking, "total_staked", nil)
	p.answers(r, "s_staking", "total_slashed", staking, "total_slashed", nil)
	p.emitted(r, "s_staking", "ProverStaking")
}

func TestRecordedReputation(t *testing.T) {
	r, p := readRecording(t), stage(t)
	p.now = 2_000_000
	reputation, seven := &p.world.reputation.Contract, schemas.FeltFromUint64(7)
	update := func(delta int32, reason string, job *amount) {
		p.play(p.alice(), call(reputation, "update_reputation", updateReputationArgs{seven, delta, reason, job}))
	}
	p.play(p.cafe(), call(reputation, "initialize_reputation", workerIDArgs{seven}))
	update(15, "JobCompleted", jobRef(42))
	update(-25, "JobFailed", nil)
	update(900, "JobCompleted", nil)
	p.answers(r, "s_reputation", "get_reputation_history", reputation, "get_reputation_history", historyArgs{seven, 10})
	p.play(p.alice(), call(reputation, "admin_adjust_reputation", adjustArgs{seven, 321, schemas.ShortString("because")}))
	inference := schemas.ShortString("inference")
	p.play(p.alice(), call(reputation, "set_reputation_threshold", setThresholdArgs{inference, reputationThreshold{inference, 400, 2, 9}}))
	p.answers(r, "s_reputation", "get_reputation", reputation, "get_reputation", workerIDArgs{seven})
	p.answers(r, "s_reputation", "get_reputation_unknown", reputation, "get_reputation", workerIDArgs{inference})
	p.emitted(r, "s_reputation", "ReputationManager")
	if got := p.felts(reputation, "get_network_stats", nil); got[2] != schemas.FeltFromUint64(1000) || got[3] != schemas.FeltFromUint64(500) {
		t.Errorf("with one worker at 321 the highest is %s and the lowest %s, recorded 1000 and 500", got[2], got[3])
	}
}

func TestRecordedOrderBook(t *testing.T) {
	r, p := readRecording(t), stage(t)
	book := &p.world.book.Contract
	limit := func(who address, side orderSide, price, size uint64, expires u64) {
		p.play(who, call(book, "place_limit_order", limitArgs{0, side, schemas.Sage(price), schemas.Sage(size), expires}))
	}
	limit(p.bob(), sell, 2, 100, 0)
	limit(p.bob(), sell, 3, 50, 3_600)
	limit(p.cafe(), buy, 2, 40, 0)
	p.play(p.cafe(), call(book, "place_market_order", marketArgs{0, buy, schemas.Sage(30)}))
	p.play(p.bob(), call(book, "cancel_order", orderArgs{number(2)}))
	p.play(p.alice(), call(book, "add_pair", addPairArgs{schemas.Address(schemas.FeltFromUint64(0x5555)), number(10), number(1)}))
	p.answers(r, "s_otc", "get_order_1", book, "get_order", orderArgs{number(1)})
	p.answers(r, "s_otc", "get_order_unknown", book, "get_order", orderArgs{number(99)})
	p.answers(r, "s_otc", "get_stats", book, "get_stats", nil)
	p.emitted(r, "s_otc", "OTCOrderbook")
}

func TestRecordedJobs(t *testing.T) {
	r, p := readRecording(t), stage(t)
	jobs, eleven := &p.world.jobs.Contract, workerID{schemas.FeltFromUint64(0xb)}
	submit := func(payment uint64) {
		p.play(p.cafe(), call(jobs, "submit_ai_job", submitJobArgs{jobSpec{
			JobType: typeInference, ModelID: idOf(0), InputHash: schemas.ShortString("in"), OutputFormat: schemas.ShortString("json"),
			Verification: "None", MaxReward: schemas.Sage(payment), Deadline: u64(p.now + 3600), Requirements: []felt{}, Metadata: []felt{},
		}, schemas.Sage(payment), p.cafe()}))
	}
	p.play(p.alice(), call(jobs, "register_worker", registerWorkerArgs{eleven, p.bob()}))
	submit(200)
	p.play(p.alice(), call(jobs, "assign_job_to_worker", assignArgs{idOf(1), eleven}))
	p.play(p.bob(), call(jobs, "submit_job_result", submitResultArgs{idOf(1), jobResult{
		JobID: idOf(1), WorkerID: eleven, OutputHash: schemas.ShortString("out"), Proof: []felt{}, Quote: []felt{}, GasUsed: number(1), ExecutionTime: 33,
	}}))
	p.play(p.bob(), call(jobs, "distribute_rewards", jobIDArgs{idOf(1)}))
	submit(300)
	p.play(p.bob(), call(jobs, "claim_job", jobIDArgs{idOf(2)}))
	p.answers(r, "s_jobs", "get_job_details", jobs, "get_job_details", jobIDArgs{idOf(1)})
	p.answers(r, "s_jobs", "get_job_state", jobs, "get_job_state", jobIDArgs{idOf(2)})
	p.answers(r, "s_jobs", "get_worker_stats", jobs, "get_worker_stats", jobWorkerArgs{eleven})
	p.emitted(r, "s_jobs", "JobManager")
}

func TestRecordedToken(t *testing.T) {
	r, p := readRecording(t), stage(t)
	token := &p.world.sage.Contract
	p.answers(r, "s_sage", "name", token, "name", nil)
	p.answers(r, "s_sage", "symbol", token, "symbol", nil)
	x := p.send(p.alice(), p.give(p.cafe(), 10_000))
	for _, c := range r.Calls {
		if c.Call == "transfer_10000" && !slices.Equal(x.Revert.Reason, c.Felts) {
			t.Errorf("the panic data is %v, recorded %v", x.Revert.Reason, c.Felts)
		}
	}
	alice, cafe := p.sage(p.alice()), p.sage(p.cafe())
	p.play(p.alice(), call(token, "initiate_large_transfer", initiateArgs{p.cafe(), schemas.Sage(20_000)}))
	p.play(p.alice(), call(token, "execute_large_transfer", transferIDArgs{number(0)}))
	p.play(p.alice(), call(token, "burn_from_revenue", burnArgs{schemas.Sage(100), number(5), number(7)}))
	p.play(p.alice(), p.give(p.bob(), 5_000))
	if alice.Sub(p.sage(p.alice())) != schemas.Sage(45_000) || p.sage(p.cafe()).Sub(cafe) != schemas.Sage(20_000) {
		t.Errorf("alice is %s lower and cafe %s higher, want 2*20,000 + 5,000 and 20,000", alice.Sub(p.sage(p.alice())), p.sage(p.cafe()).Sub(cafe))
	}
	p.emitted(r, "s_sage", "SAGEToken", "TGECompleted") // the liquidity went to the owner there
}

func TestRecordedFaucet(t *testing.T) {
	r, p := readRecording(t), stage(t)
	faucet := &p.world.faucet.Contract
	p.play(p.alice(), call(faucet, "refill", amountArgs{schemas.Sage(100)}))
	p.play(p.cafe(), call(faucet, "claim", nil))
	p.answers(r, "s_misc", "faucet_get_stats", faucet, "get_stats", nil)
	p.emitted(r, "s_misc", "Faucet")
}

func TestRecordedReferral(t *testing.T) {
	r, p := readRecording(t), stage(t)
	referral := &p.world.referral.Contract
	code := schemas.ShortString("MYCODE")
	p.play(p.bob(), call(referral, "register_referrer_with_code", codeArgs{code}))
	p.play(p.cafe(), call(referral, "register_with_referral", referArgs{code}))
	p.emitted(r, "s_misc", "ReferralSystem")
}

func TestRecordedPool(t *testing.T) {
	r, p := readRecording(t), stage(t)
	pool, one := &p.world.pool.Contract, schemas.FeltFromUint64(1)
	first := workerID{one}
	p.play(p.bob(), call(pool, "register_worker", registerPoolArgs{Resources: []felt{}}))
	owner := func(a address) any { return map[string]any{"owner": a} }
	p.answers(r, "s_cdc", "get_worker_by_owner", pool, "get_worker_by_owner", owner(p.bob()))
	p.answers(r, "s_cdc", "get_worker_by_owner_unknown", pool, "get_worker_by_owner", owner(p.cafe()))
	p.play(p.cafe(), call(pool, "release_worker", releaseArgs{first, idOf(5)}),
		call(pool, "allocate_job", allocateArgs{JobID: idOf(6), Requirements: modelRequirements{Dependencies: []felt{}}}))

	stake := schemas.Sage(2_000)
	p.play(p.bob(), call(&p.world.sage.Contract, "approve", approveArgs{pool.Address, unlimited}),
		call(pool, "stake", poolStakeArgs{stake, 0}), call(pool, "request_unstake", amountArgs{schemas.Sage(500)}))
	p.now += 7*secondsPerDay + 1
	p.play(p.bob(), call(pool, "complete_unstake", nil))
	p.play(p.alice(), call(pool, "slash_worker", poolSlashArgs{first, "Unavailable", []felt{}}))
	if s := p.world.pool.stakes.get(p.world.env(Block{}), p.bob()); s.Amount != schemas.Sage(1_350) {
		t.Errorf("after the slash %s are left, recorded 1,350 SAGE", s.Amount)
	}
	p.play(p.bob(), call(pool, "challenge_slash", challengeSlashArgs{one, schemas.ShortString("evh")}))
	p.play(p.alice(), call(pool, "resolve_slash_challenge", resolveSlashArgs{one, true, schemas.ShortString("because")}))

	x := p.send(p.cafe(), call(pool, "reactivate_worker", jobWorkerArgs{first}))
	if x.Revert == nil || len(x.Revert.Reason) != 5 || x.Revert.Reason[2] != schemas.ShortString("Not worker owner") {
		t.Errorf("somebody else's worker: %v", x.Revert)
	}
	x = p.send(p.bob(), call(pool, "reactivate_worker", jobWorkerArgs{first}))
	for _, c := range r.Calls {
		if c.Call == "reactivate_after_upheld" && (x.Revert == nil || !slices.Equal(x.Revert.Reason, c.Felts)) {
			t.Errorf("the panic data is %v, recorded %v", x.Revert, c.Felts)
		}
	}
	p.play(p.bob(), call(pool, "deactivate_worker", deactivateArgs{first, schemas.ShortString("bye")}),
		call(pool, "reactivate_worker", jobWorkerArgs{first}))
	p.answers(r, "s_cdc", "get_network_stats", pool, "get_network_stats", nil)
	p.emitted(r, "s_cdc", "CDCPool")
}
