package economy

import (
	"fmt"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

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
	if s.maybe(0.2) && s.offered(pair, opposite(side), trader) {
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

// offered tells whether somebody else has an order that a market order could meet first.
func (s *scene) offered(pair uint8, side orderSide, taker address) bool {
	best := s.book.best.get(s.e, bookSide{pair, side})
	for _, n := range s.book.live.get(s.e, bookSide{pair, side}) {
		if o := s.book.orders.get(s.e, n); o.Price == best && o.Maker != taker {
			return true
		}
	}
	return false
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
