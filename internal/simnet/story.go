package simnet

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// story is what happens on the simulated chain: the state of the people and contracts that matter, and what they do next. It
// only ever goes forward.
type story struct {
	config    Config
	contracts map[string]schemas.Address
	workers   []*worker
	clients   []schemas.Address
	owner     schemas.Address
	balances  map[schemas.Address]schemas.Amount // SAGE
	nonces    map[schemas.Address]uint64
	begun     bool

	jobs      uint64 // submitted so far; ids count from 1
	open      []*job // submitted or taken, oldest first
	book      []*order
	orders    uint64
	trades    uint64
	proposals []*proposal
	disputes  uint64
	disputed  *dispute
	claims    uint64 // of the faucet
}

type worker struct {
	address  schemas.Address
	id       schemas.Felt
	joined   bool
	tier     schemas.ProverStakingGpuTier
	stake    schemas.Amount
	score    uint32
	failures int
	earned   schemas.Amount // rewards that may be claimed
	job      *job
	leaving  schemas.Amount
	leavesAt int64
}

type job struct {
	id      schemas.Amount
	client  schemas.Address
	payment schemas.Amount
	worker  *worker
	until   uint64 // block in which it is finished
	expires uint64 // block from which it may be cancelled, where nobody took it
}

type order struct {
	id        schemas.Amount
	maker     schemas.Address
	price     schemas.Amount
	remaining schemas.Amount
}

type proposal struct {
	id    schemas.Amount
	votes map[schemas.Address]bool
	until uint64
}

type dispute struct {
	id         schemas.Amount
	job        schemas.Amount
	worker     *worker
	challenger schemas.Address
	voted      int
}

func newStory(c Config) *story {
	s := &story{
		config: c, contracts: map[string]schemas.Address{}, balances: map[schemas.Address]schemas.Amount{},
		nonces: map[schemas.Address]uint64{}, owner: account(c.Seed, "owner", 0),
	}
	contracts, err := schemas.Contracts(schemas.Local)
	if err != nil {
		panic("simnet: the local network is gone from the catalogue: " + err.Error()) // a fault of the program
	}
	for _, k := range contracts {
		s.contracts[k.Name] = k.Address
	}
	for i := range c.Workers {
		s.workers = append(s.workers, &worker{address: account(c.Seed, "worker", i), id: schemas.ShortString(fmt.Sprintf("worker-%d", i+1))})
	}
	for i := range 4 {
		s.clients = append(s.clients, account(c.Seed, "client", i))
	}
	return s
}

// account is the address of a simulated account.
func account(seed uint64, role string, i int) schemas.Address {
	return schemas.Address(felt("account/"+role, number(seed), number(uint64(i))))
}

// encode lays an event out by its contract's ABI.
func (s *story) encode(e *event) error {
	abi, err := schemas.Embedded(e.contract)
	if err != nil {
		return err
	}
	typ := e.value.EventType()
	e.keys, e.data, err = abi.EncodeEvent(typ[strings.LastIndexByte(typ, '.')+1:], e.value)
	return err
}

// scene collects the transactions of one block.
type scene struct {
	*story
	rnd    *rand.Rand
	number uint64
	time   uint64
	txs    []transaction
}

// by opens a transaction of an account; what follows is emitted in it.
func (s *scene) by(sender schemas.Address) {
	s.nonces[sender]++
	s.txs = append(s.txs, transaction{sender: sender, nonce: s.nonces[sender] - 1})
}

func (s *scene) emit(values ...schemas.Event) {
	tx := &s.txs[len(s.txs)-1]
	for _, v := range values {
		contract := strings.Split(v.EventType(), ".")[2]
		tx.events = append(tx.events, event{contract: contract, from: s.contracts[contract], value: v})
	}
}

// maxTransfer is below the threshold from which SAGE refuses a plain transfer.
var maxTransfer = schemas.Sage(9_999)

// pay moves SAGE in the open transaction. It tells whether it did: the sender may not have as much, or it may be too much for a
// plain transfer, and the contract then reverts.
func (s *scene) pay(from, to schemas.Address, amount schemas.Amount) bool {
	rest, ok := s.balances[from].SubOK(amount)
	if !ok || amount.Cmp(maxTransfer) > 0 {
		return false
	}
	s.balances[from], s.balances[to] = rest, s.balances[to].Add(amount)
	s.emit(schemas.SAGETokenTransfer{From: from, To: to, Value: amount})
	return true
}

// can tells whether pay would.
func (s *scene) can(from schemas.Address, amount schemas.Amount) bool {
	return s.balances[from].Cmp(amount) >= 0 && amount.Cmp(maxTransfer) <= 0
}

// tell returns the transactions of the next block.
func (s *story) tell(rnd *rand.Rand, number uint64, seconds int64) []transaction {
	sc := &scene{story: s, rnd: rnd, number: number, time: uint64(seconds)}
	if !s.begun {
		s.begun = true
		sc.genesis()
		return sc.txs
	}
	sc.join()
	sc.fund()
	sc.submit()
	sc.take()
	sc.finish()
	sc.cancel()
	if rnd.IntN(4) == 0 {
		sc.trade()
	}
	if rnd.IntN(9) == 0 {
		sc.claimRewards()
	}
	if rnd.IntN(12) == 0 {
		sc.govern()
	}
	if rnd.IntN(10) == 0 {
		sc.challenge()
	}
	if rnd.IntN(40) == 0 {
		sc.slash()
	}
	if rnd.IntN(25) == 0 {
		sc.stakeMore()
	}
	sc.unstake()
	if rnd.IntN(15) == 0 {
		sc.drip()
	}
	return sc.txs
}

// genesis is the token's constructor: the supply comes from nowhere, and the TGE is told.
func (s *scene) genesis() {
	liquidity, sale := schemas.Sage(100_000_000), schemas.Sage(10_000_000)
	pool := account(s.config.Seed, "liquidity", 0)
	s.by(s.owner)
	s.balances[pool], s.balances[s.owner] = liquidity, sale
	s.emit(
		schemas.SAGETokenTransfer{To: pool, Value: liquidity},
		schemas.SAGETokenTransfer{To: s.owner, Value: sale},
		schemas.SAGETokenTGECompleted{MarketLiquidity: liquidity, PublicSaleTge: sale, TotalCirculating: liquidity.Add(sale), Timestamp: s.time},
	)
}

var tiers = []struct {
	tier  schemas.ProverStakingGpuTier
	stake uint64
}{
	{schemas.ProverStakingGpuTierConsumer, 1_500},
	{schemas.ProverStakingGpuTierWorkstation, 3_000},
	{schemas.ProverStakingGpuTierDataCenter, 6_000},
	{schemas.ProverStakingGpuTierConsumer, 2_000},
	{schemas.ProverStakingGpuTierDataCenter, 8_000},
}

// join brings in the next worker: it is given SAGE, stakes, registers, and gets a reputation.
func (s *scene) join() {
	for i, w := range s.workers {
		if w.joined {
			continue
		}
		t := tiers[i%len(tiers)]
		amount := schemas.Sage(t.stake)
		if !s.can(s.owner, amount) {
			return
		}
		w.joined, w.tier, w.score = true, t.tier, 500
		s.by(s.owner)
		s.pay(s.owner, w.address, amount)
		s.by(w.address)
		s.emit(schemas.SAGETokenApproval{Owner: w.address, Spender: s.contracts["ProverStaking"], Value: amount})
		s.by(w.address)
		s.stakeFor(w, amount)
		s.by(w.address)
		s.emit(schemas.JobManagerWorkerRegistered{WorkerID: w.id, WorkerAddress: w.address, RegisteredBy: w.address, Timestamp: s.time})
		s.by(s.owner)
		s.emit(schemas.ReputationManagerReputationInitialized{WorkerID: w.id, InitialScore: w.score, Timestamp: s.time})
		return
	}
}

func (s *scene) stakeFor(w *worker, amount schemas.Amount) {
	if s.pay(w.address, s.contracts["ProverStaking"], amount) {
		w.stake = w.stake.Add(amount)
		s.emit(schemas.ProverStakingStaked{Worker: w.address, Amount: amount, GpuTier: w.tier, TotalStake: w.stake})
	}
}

// fund keeps the JobManager and the faucet able to pay: jobs' payments are promises, what is paid comes from what it holds.
func (s *scene) fund() {
	for _, name := range []string{"JobManager", "Faucet"} {
		if to := s.contracts[name]; s.balances[to].Cmp(schemas.Sage(1_000)) < 0 && s.can(s.owner, schemas.Sage(9_000)) {
			s.by(s.owner)
			s.pay(s.owner, to, schemas.Sage(9_000))
		}
	}
}

// maxOpen bounds the jobs that wait or run.
const maxOpen = 40

func (s *scene) submit() {
	for range s.rnd.IntN(3) {
		if len(s.open) >= maxOpen {
			return
		}
		s.jobs++
		j := &job{
			id: schemas.AmountFromUint64(s.jobs), client: s.clients[s.rnd.IntN(len(s.clients))],
			payment: schemas.Sage(uint64(1 + s.rnd.IntN(20))), expires: s.number + 60,
		}
		s.open = append(s.open, j)
		s.by(j.client)
		s.emit(schemas.JobManagerJobSubmitted{JobID: j.id, Client: j.client, Payment: j.payment})
	}
}

// active tells whether a worker takes jobs: it has stake, and was not slashed too often in a row.
func (w *worker) active() bool { return w.joined && !w.stake.IsZero() && w.failures < 3 }

func (s *scene) take() {
	for _, j := range s.open {
		if j.worker != nil {
			continue
		}
		for _, i := range s.rnd.Perm(len(s.workers)) {
			w := s.workers[i]
			if !w.active() || w.job != nil || s.rnd.IntN(2) == 0 {
				continue
			}
			j.worker, w.job, j.until = w, j, s.number+2+s.rnd.Uint64N(8)
			if s.rnd.IntN(5) == 0 {
				s.by(s.owner)
				s.emit(schemas.JobManagerJobAssigned{JobID: j.id, Worker: w.address})
			} else {
				s.by(w.address)
				s.emit(schemas.JobManagerJobClaimed{JobID: j.id, Worker: w.address, ClaimedAt: s.time})
			}
			break
		}
	}
}

// finish completes what is due: the result, its proof, the payment net of the platform's 2.5 %, and what follows from a success.
func (s *scene) finish() {
	var open []*job
	for _, j := range s.open {
		if j.worker == nil || j.until > s.number {
			open = append(open, j)
			continue
		}
		w := j.worker
		w.job = nil
		id := felt("job", number(s.jobs), []byte(j.id.String()))
		s.by(w.address)
		s.emit(schemas.JobManagerJobCompleted{JobID: j.id, Worker: w.address})
		s.by(w.address)
		s.emit(schemas.ProofVerifierProofVerified{JobID: j.id, WorkerID: w.id, ProofHash: felt("proof", id[:]), VerificationTime: s.time})
		net := portion(j.payment, 9_750)
		if s.can(s.contracts["JobManager"], net) {
			s.by(s.owner)
			s.pay(s.contracts["JobManager"], w.address, net)
			s.emit(schemas.JobManagerPaymentReleased{JobID: j.id, Worker: w.address, Amount: net})
		}
		s.by(s.owner)
		s.emit(schemas.ProverStakingSuccessRecorded{Worker: w.address, JobID: id})
		w.failures = 0
		w.earned = w.earned.Add(portion(j.payment, 500))
		s.reputation(w, 5, "job_completed", &j.id)
	}
	s.open = open
}

func (s *scene) reputation(w *worker, delta int32, reason string, job *schemas.Amount) {
	before := w.score
	w.score = uint32(min(1000, max(0, int32(before)+delta)))
	s.by(s.owner)
	s.emit(schemas.ReputationManagerReputationUpdated{
		WorkerID: w.id, OldScore: before, NewScore: w.score, ScoreDelta: delta, Reason: schemas.ShortString(reason), JobID: job, Timestamp: s.time,
	})
}

// portion is amount * bps / 10,000.
func portion(amount schemas.Amount, bps uint64) schemas.Amount {
	n := amount.Big()
	n.Mul(n, schemas.AmountFromUint64(bps).Big())
	n.Quo(n, schemas.AmountFromUint64(10_000).Big())
	out, err := schemas.AmountFromBig(n)
	if err != nil {
		panic("simnet: a part of an amount that is more than the amount: " + err.Error())
	}
	return out
}

// cancel gives up jobs that nobody took; the client's promise is refunded from what the contract holds.
func (s *scene) cancel() {
	var open []*job
	for _, j := range s.open {
		if j.worker != nil || j.expires > s.number || !s.can(s.contracts["JobManager"], j.payment) {
			open = append(open, j)
			continue
		}
		s.by(j.client)
		s.pay(s.contracts["JobManager"], j.client, j.payment)
		s.emit(schemas.JobManagerJobCancelled{JobID: j.id, Client: j.client, Reason: schemas.ShortString("expired"), RefundAmount: j.payment})
	}
	s.open = open
}
