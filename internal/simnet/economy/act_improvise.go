package economy

import (
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

// Machine returns what a worker registers with, or would: its tier, and what is in it.
func (w *World) Machine(worker int) (schemas.ProverStakingGpuTier, schemas.CDCPoolWorkerCapabilities) {
	tier := gpuTiers[tierOf(w.seed, worker)]
	return tier, capabilities(tier, worker)
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
