package economy

import (
	"fmt"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// modeBlocks is for how many blocks payments go one way before the owner switches between the legacy and the proof-gated flow:
// two turns of the first to one of the second.
const modeBlocks = 200

// improvise is what happens in a block that nobody planned. Rates are per block, for eight workers, and grow with them.
func (s *scene) improvise() {
	s.switchFlow()
	s.join()
	s.submitJobs()
	s.takeJobs()
	scale := max(1, float64(len(s.workers))/8)
	for _, habit := range []struct {
		rate float64
		do   func()
	}{
		{0.28, s.trade},
		{0.07, s.drip},
		{0.08, s.gift},
		{0.05, s.stwoProof},
		{0.02, s.claimRewards},
		{0.015, s.topUp},
		{0.01, s.poolStake},
		{0.008, s.unstake},
		{0.012, s.refer},
		{0.006, s.propose},
		{0.005, s.fail},
		{0.004, s.whale},
		{0.004, s.burn},
		{0.002, s.mint},
		{0.002, s.adjust},
		{0.001, s.decay},
		{0.003, s.newModel},
		{0.002, s.rejoin},
		{0.003, s.malice},
	} {
		for range s.often(habit.rate * scale) {
			habit.do()
		}
	}
}

func (s *scene) switchFlow() {
	want := (s.block.Number-s.first)/modeBlocks%3 == 1
	if want == s.jobs.proofGated.get(s.e) {
		return
	}
	to := setPaymentArgs{}
	if want {
		to.Payment = s.gated.Address
	}
	s.send(s.owner.Address, call(&s.jobs.Contract, "set_proof_gated_payment", to), call(&s.proofs.Contract, "set_proof_gated_payment", to))
}

// join brings the next workers in: the owner gives them SAGE, they stake and register everywhere.
func (s *scene) join() {
	next := s.actors.joined.get(s.e)
	for range max(1, len(s.workers)/40) {
		if next >= len(s.workers) {
			return
		}
		w := s.workers[next].Address
		tier := gpuTiers[tierOf(s.seed, next)]
		stake := bps(s.staking.config.get(s.e).minimum(tier), uint64(s.between(10_000, 19_000)))
		s.fund(w, stake.Add(schemas.Sage(400)))
		worker := workerID{schemas.FeltFromUint64(s.pool.nextWorker.get(s.e) + 1)} // the pool's next id, kept for JobManager
		calls := []Call{
			s.approve(&s.staking.Contract, stake),
			call(&s.staking.Contract, "stake", stakeArgs{stake, tier}),
			call(&s.pool.Contract, "register_worker", registerPoolArgs{capabilities(tier, next), []felt{}, s.random()}),
			call(&s.jobs.Contract, "register_worker", registerWorkerArgs{worker, w}),
			call(&s.reputation.Contract, "initialize_reputation", workerIDArgs{worker.Value}),
		}
		if s.maybe(0.1) { // a false start
			calls = append(calls, call(&s.pool.Contract, "deactivate_worker", deactivateArgs{worker, schemas.ShortString("maintenance")}),
				call(&s.pool.Contract, "reactivate_worker", jobWorkerArgs{worker}))
		}
		if !s.send(w, calls...) {
			return
		}
		next++
		s.actors.joined.set(s.e, next)
	}
}

// fund gives an account SAGE in pieces that a plain transfer takes.
func (s *scene) fund(to address, value amount) {
	piece := schemas.Sage(9_500)
	var calls []Call
	for ; value.Cmp(piece) > 0; value = value.Sub(piece) {
		calls = append(calls, s.give(to, piece))
	}
	s.send(s.owner.Address, append(calls, s.give(to, value))...)
}

// tierOf gives most workers small machines.
func tierOf(seed uint64, worker int) int {
	d := newDigest("tier")
	d.uint64(seed)
	d.uint64(uint64(worker))
	f := d.sum()
	for tier, below := range []byte{100, 165, 215, 242} {
		if f[31] < below {
			return tier
		}
	}
	return len(gpuTiers) - 1
}

func capabilities(tier schemas.ProverStakingGpuTier, worker int) schemas.CDCPoolWorkerCapabilities {
	models := map[schemas.ProverStakingGpuTier]struct {
		name   string
		memory uint64
	}{
		schemas.ProverStakingGpuTierConsumer: {"RTX 4090", 24}, schemas.ProverStakingGpuTierWorkstation: {"RTX A6000", 48},
		schemas.ProverStakingGpuTierDataCenter: {"A100", 80}, schemas.ProverStakingGpuTierEnterprise: {"H100", 80},
		schemas.ProverStakingGpuTierFrontier: {"B200", 192},
	}
	m := models[tier]
	return schemas.CDCPoolWorkerCapabilities{
		GpuMemory: m.memory, CpuCores: uint8(16 + worker%5*16), Ram: 64 << (worker % 4), Storage: 2000, Bandwidth: 1000,
		CapabilityFlags: 3, GpuModel: schemas.ShortString(m.name), CpuModel: schemas.ShortString("EPYC 9354"),
	}
}

// submitJobs lets clients submit as much as keeps about three workers of five busy, but no more than a bounded queue.
func (s *scene) submitJobs() {
	rate, room := 0.6*float64(len(s.workers))/14, 8+3*len(s.workers)
	if len(s.workers) == 0 {
		rate, room = 0.2, 40
	}
	waiting := int(s.jobs.pendingCount.get(s.e))
	for range s.often(rate) {
		if open := int(s.jobs.nextJob.get(s.e)+1) - int(max(s.actors.oldest.get(s.e), 1)); open >= room || waiting > 100*room {
			return
		}
		s.submitJob()
	}
}

func (s *scene) submitJob() {
	client := s.some(s.clients)
	if s.balance(client).Cmp(schemas.Sage(200)) < 0 {
		s.fund(client, schemas.Sage(1_500))
	}
	payment := milliSage(uint64(s.between(2_000, 60_000)))
	jobType := jobTypes[s.rnd.IntN(len(jobTypes))]
	var calls []Call
	if !s.jobs.proofGated.get(s.e) { // in the proof-gated flow the client pays later, through the router
		calls = append(calls, s.give(s.jobs.Address, payment))
	}
	if jobType == typeProof && s.maybe(0.5) {
		calls = append(calls, call(&s.jobs.Contract, "submit_prove_job", submitProveArgs{
			proveJobData{s.random(), []felt{s.random()}, s.random(), 4096}, payment, client,
		}))
	} else {
		calls = append(calls, call(&s.jobs.Contract, "submit_ai_job", submitJobArgs{
			Spec: jobSpec{
				JobType: jobType, ModelID: idOf(s.rnd.Uint64N(4)), InputHash: s.random(), OutputFormat: schemas.ShortString("json"),
				Verification: "StatisticalSampling", MaxReward: payment, Deadline: u64(s.block.Time + 6*3600),
				Requirements: []felt{}, Metadata: []felt{},
			},
			Payment: payment, Client: client,
		}))
	}
	s.send(client, calls...)
}

// takeJobs lets idle workers claim what waits longest; some jobs the owner assigns.
func (s *scene) takeJobs() {
	n := max(s.actors.oldest.get(s.e), 1)
	last := s.jobs.nextJob.get(s.e)
	for i := range s.actors.joined.get(s.e) {
		if s.actors.work.get(s.e, i) != 0 || s.maybe(0.3) {
			continue
		}
		for n <= last && s.jobs.jobs.get(s.e, n).state != stateQueued {
			n++
		}
		if n > last {
			break
		}
		w := s.workers[i].Address
		if s.maybe(0.15) {
			s.send(s.owner.Address, call(&s.jobs.Contract, "assign_job_to_worker", assignArgs{
				idOf(n), workerID{s.jobs.workerIDs.get(s.e, w)},
			}))
		} else {
			s.send(w, call(&s.jobs.Contract, "claim_job", jobIDArgs{idOf(n)}))
		}
	}
	if n != s.actors.oldest.get(s.e) {
		s.actors.oldest.set(s.e, n)
	}
}

// trade places an order near the last price; one in five takes what is there.
func (s *scene) trade() {
	pair := uint8(0)
	if s.maybe(0.25) {
		pair = 1
	}
	side := buy
	if s.maybe(0.5) {
		side = sell
	}
	trader := s.some(s.traders)
	size := schemas.Sage(uint64(s.between(10, 400)))
	if s.balance(trader).Cmp(schemas.Sage(500)) < 0 {
		side = buy
	}
	if s.maybe(0.2) && !s.book.best.get(s.e, bookSide{pair, opposite(side)}).IsZero() {
		s.send(trader, call(&s.book.Contract, "place_market_order", marketArgs{pair, side, size}))
		return
	}
	ticks := 100 + 150*uint64(pair) // a SAGE is about 0.1 USDC or 0.25 STRK at first
	if d := s.book.market.get(s.e, pair); !d.price.IsZero() {
		ticks = low(mulDiv(d.price, number(1), milliSage(1)))
	}
	price := milliSage(max(ticks+uint64(s.between(0, 12)), 17) - 6)
	s.send(trader, call(&s.book.Contract, "place_limit_order", limitArgs{pair, side, price, size, 0}))
}

func (s *scene) drip() {
	who := s.some(s.clients)
	if s.faucet.wait(s.e, who) == 0 || s.maybe(0.1) { // some ask too early, and are refused
		s.send(who, call(&s.faucet.Contract, "claim", nil))
	}
}

func (s *scene) gift() {
	from, to := s.some(s.traders), s.some(s.clients)
	if value := milliSage(uint64(s.between(500, 20_000))); s.balance(from).Cmp(value) > 0 {
		s.send(from, s.give(to, value))
	}
}

// joinedWorker draws a worker that has joined.
func (s *scene) joinedWorker() (address, bool) {
	n := s.actors.joined.get(s.e)
	if n == 0 {
		return address{}, false
	}
	return s.workers[s.rnd.IntN(n)].Address, true
}

func (s *scene) stwoProof() {
	w, ok := s.joinedWorker()
	if !ok {
		return
	}
	if s.maybe(0.3) {
		s.send(w, call(&s.stwo.Contract, "submit_gpu_tee_proof", stwoTeeArgs{
			s.proofData(true), s.random(), 3, schemas.ShortString("enclave-RTX4090"), s.random(), u64(s.block.Time),
		}))
		return
	}
	s.send(w, call(&s.stwo.Contract, "submit_proof", stwoSubmitArgs{s.proofData(!s.maybe(0.05)), s.random()}))
}

func (s *scene) claimRewards() {
	if w, ok := s.joinedWorker(); ok {
		s.send(w, call(&s.staking.Contract, "claim_rewards", nil))
	}
}

// topUp raises a stake, first of all one that fell below its tier's minimum.
func (s *scene) topUp() {
	w, ok := s.joinedWorker()
	if !ok {
		return
	}
	st := s.staking.read(s.e, w)
	value := schemas.Sage(uint64(s.between(50, 600)))
	if short := s.staking.config.get(s.e).minimum(st.GpuTier).Sub(st.Amount); short.Cmp(value) > 0 {
		value = short
	}
	if s.balance(w).Cmp(value) < 0 {
		s.fund(w, value)
	}
	s.send(w, s.approve(&s.staking.Contract, value), call(&s.staking.Contract, "stake", stakeArgs{value, st.GpuTier}))
}

func (s *scene) poolStake() {
	w, ok := s.joinedWorker()
	if !ok {
		return
	}
	if st := s.pool.stakes.get(s.e, w); !st.Amount.IsZero() && s.maybe(0.3) {
		s.send(w, call(&s.pool.Contract, "request_unstake", amountArgs{bps(st.Amount, 3_000)}))
		return
	}
	if value := schemas.Sage(uint64(s.between(100, 250))); s.balance(w).Cmp(value) >= 0 {
		s.send(w, s.approve(&s.pool.Contract, value), call(&s.pool.Contract, "stake", poolStakeArgs{value, 0}))
	}
}

func (s *scene) unstake() {
	w, ok := s.joinedWorker()
	if !ok {
		return
	}
	if st := s.staking.read(s.e, w); st.Locked.IsZero() && !st.Amount.IsZero() {
		s.send(w, call(&s.staking.Contract, "request_unstake", amountArgs{bps(st.Amount, uint64(s.between(500, 3_000)))}))
	}
}

// refer grows the referral tree: a few traders have codes, the others use one, and rewards are fetched.
func (s *scene) refer() {
	who := s.some(s.traders)
	p := s.referral.profile(s.e, who)
	referrer := s.traders[0].Address
	code := s.referral.profile(s.e, referrer).Code
	switch {
	case !p.Pending.IsZero():
		s.send(who, call(&s.referral.Contract, "claim_rewards", nil))
	case code.IsZero():
		s.send(referrer, call(&s.referral.Contract, "register_referrer_with_code", codeArgs{schemas.ShortString("SAGE-FRIENDS")}))
	case p.Code.IsZero() && s.maybe(0.2):
		s.send(who, call(&s.referral.Contract, "register_referrer_with_code", codeArgs{schemas.ShortString(fmt.Sprintf("TRADER-%d", s.rnd.Uint32()))}))
	case who != referrer && s.referral.referred.get(s.e, who).Referrer.IsZero():
		s.send(who, call(&s.referral.Contract, "register_with_referral", referArgs{code}))
	}
}

func (s *scene) propose() {
	types := []schemas.GovernanceTreasuryProposalType{
		schemas.GovernanceTreasuryProposalTypeTreasury, schemas.GovernanceTreasuryProposalTypeUpgrade, schemas.GovernanceTreasuryProposalTypeParameter,
	}
	titles := []string{"Fund a worker's node", "Upgrade the job manager", "Lower the platform fee", "Grant for tooling"}
	n := s.rnd.IntN(len(titles))
	s.send(s.some(s.traders), call(&s.governance.Contract, "propose", proposeArgs{
		Title: schemas.ShortString(titles[n]), Description: s.random(), Target: s.some(s.clients),
		Value: schemas.Sage(uint64(s.between(50, 900))), Type: types[n%len(types)],
	}))
}

// challenge disputes a job's result. The challenger puts down the deposit that FraudProof takes.
func (s *scene) challenge(job uint64) {
	who := s.some(s.traders)
	if s.balance(who).Cmp(challengeDeposit) < 0 {
		return
	}
	j := s.jobs.jobs.get(s.e, job)
	a := submitChallengeArgs{
		JobID: number(job), WorkerID: s.jobs.workerIDs.get(s.e, j.worker), Original: j.result, Disputed: s.random(),
		Method: methodArbitration, Evidence: s.random(),
	}
	if s.maybe(0.3) {
		a.Method = methodHash
		if s.maybe(0.7) {
			a.Disputed = a.Original
		}
	}
	s.send(who, s.approve(&s.fraud.Contract, challengeDeposit), call(&s.fraud.Contract, "submit_challenge", a))
}

// fail sends something that the contracts refuse.
func (s *scene) fail() {
	who := s.some(s.traders)
	registry, staking := s.named("ValidatorRegistry"), s.named("WorkerStaking")
	switch s.rnd.IntN(3) {
	case 0:
		s.send(who, s.give(s.some(s.clients), schemas.Sage(10_000)))
	case 1:
		s.send(who, call(registry, "register", registerValidatorArgs{who, 500, s.random()}))
	default:
		s.send(who, call(staking, "stake", workerStakeArgs{s.random(), schemas.Sage(2_000), 1, false}))
	}
}

type (
	registerValidatorArgs struct {
		Operator    address `json:"operator"`
		Commission  uint16  `json:"commission_bps"`
		Attestation felt    `json:"attestation_hash"`
	}
	workerStakeArgs struct {
		WorkerID felt   `json:"worker_id"`
		Amount   amount `json:"amount"`
		GpuTier  uint8  `json:"gpu_tier"`
		HasTEE   bool   `json:"has_tee"`
	}
)

func (w *World) named(name string) *Contract {
	for _, c := range w.contracts {
		if c.Name == name {
			return c
		}
	}
	panic("economy: no contract " + name)
}

// whale starts a large transfer; it is executed some blocks later.
func (s *scene) whale() {
	s.send(s.liquidity.Address, call(&s.sage.Contract, "initiate_large_transfer", initiateArgs{
		s.some(s.traders), schemas.Sage(uint64(s.between(10_000, 15_000))),
	}))
}

func (s *scene) burn() {
	value := schemas.Sage(uint64(s.between(20, 300)))
	s.send(s.owner.Address, call(&s.sage.Contract, "burn_from_revenue", burnArgs{value, mulDiv(value, number(3), number(1)), sagePrice}))
}

func (s *scene) mint() {
	s.send(s.owner.Address, call(&s.sage.Contract, "mint", mintArgs{
		s.treasury.Address, schemas.Sage(uint64(s.between(500, 5_000))), schemas.ShortString("rewards"),
	}))
}

func (s *scene) adjust() {
	if w, ok := s.joinedWorker(); ok {
		s.send(s.owner.Address, call(&s.reputation.Contract, "admin_adjust_reputation", adjustArgs{
			s.jobs.workerIDs.get(s.e, w), uint32(s.between(350, 900)), schemas.ShortString("review"),
		}))
	}
}

func (s *scene) decay() {
	s.send(s.owner.Address, call(&s.reputation.Contract, "apply_inactivity_decay", decayArgs{u64(s.block.Time - min(s.block.Time, secondsPerDay))}))
}

func (s *scene) newModel() {
	s.send(s.some(s.clients), call(&s.jobs.Contract, "register_model", s.model(s.jobs.nextModel.get(s.e)+1)))
}

// rejoin registers a worker a second time, which the contract announces as it does the first.
func (s *scene) rejoin() {
	if w, ok := s.joinedWorker(); ok {
		s.send(w, call(&s.jobs.Contract, "register_worker", registerWorkerArgs{workerID{s.jobs.workerIDs.get(s.e, w)}, w}))
	}
}

// malice costs a worker half its stake. For the largest stakes the slash itself fails: it is a transfer of 10,000 or more.
func (s *scene) malice() {
	if w, ok := s.joinedWorker(); ok {
		reason := schemas.ProverStakingSlashReasonMalicious
		if s.maybe(0.5) {
			reason = schemas.ProverStakingSlashReasonRepeatedFailures
		}
		s.send(s.owner.Address, call(&s.staking.Contract, "slash", slashArgs{w, reason, schemas.ShortString("audit")}))
	}
}
