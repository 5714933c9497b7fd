package economy

import (
	"encoding/binary"
	"math"
	"math/rand/v2"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// actors is what the people and programs of the simulation keep in mind off the chain. It is kept in the ledger like storage,
// so that it goes back with the chain.
type actors struct {
	seed         uint64
	blockSeconds float64
	index        map[address]int // worker's place by address

	agenda Map[uint64, []task] // what to do, by block number
	joined Cell[int]
	work   Map[int, uint64] // the job that a worker is busy with, by the worker's place; 0 is idle
	oldest Cell[uint64]     // every job below it has been taken
	rated  Map[uint64, bool]
	paid   Map[uint64, bool] // through PaymentRouter

	escrows, metered Cell[uint64] // the last ids given
}

// task is something that an actor will do in some block.
type task struct {
	kind  taskKind
	id    uint64  // of the job, challenge, proposal, order or transfer
	who   address // of the account, where the id does not say
	hash  felt    // of a proof
	tries int
}

type taskKind int

const (
	finishJob taskKind = iota
	abandonJob
	settleJob
	rateWorker
	payRouter
	voteProposal
	closeProposal
	voteChallenge
	closeChallenge
	completeUnstake
	cancelOrder
	executeTransfer
	verifyProof
	acceptEscrow
	closeEscrow
	checkpoint
	endMetered
	challengeResult
	finalizeResult
	resolveResult
	disputeSlash
	resolveSlash
	returnToPool
	completePoolUnstake
	voteAtToken
	executeAtToken
)

func newActors(w *World, c Config) actors {
	a := actors{seed: c.Seed, blockSeconds: c.BlockSeconds, index: map[address]int{}}
	if a.blockSeconds <= 0 {
		a.blockSeconds = 1
	}
	for i, k := range w.workers {
		a.index[k.Address] = i
	}
	return a
}

// scene is one block in the making.
type scene struct {
	*World
	e     *Env
	block Block
	first uint64 // number of the chain's first block
	rnd   *rand.Rand
	other *rand.Rand // see aside
	done  []*Executed
}

// Act makes the transactions of a block: first those carried over from blocks that were taken back, as far as their nonces
// allow, then what is due, then what comes to people's minds. The same world, block and branch give the same transactions.
func (w *World) Act(b Block, first, branch uint64, carried []*Transaction) []*Executed {
	w.ledger.next()
	chance := func(of string) *rand.Rand {
		d := newDigest(of)
		d.uint64(w.seed)
		d.uint64(branch)
		d.uint64(b.Number)
		f := d.sum()
		return rand.New(rand.NewPCG(binary.BigEndian.Uint64(f[16:]), binary.BigEndian.Uint64(f[24:])))
	}
	s := &scene{
		World: w, e: w.env(b), block: b, first: first, rnd: chance("block's chance"), other: chance("block's other chance"),
	}
	for _, tx := range carried {
		if done, ok := w.Execute(b, tx); ok {
			s.add(done)
		}
	}
	if b.Number == first {
		s.genesis()
		s.aside(s.openServices)
		return s.done
	}
	for _, t := range w.actors.agenda.get(s.e, b.Number) {
		s.do(t)
	}
	s.improvise()
	s.aside(s.serve)
	return s.done
}

// send signs and includes a transaction. It tells whether it succeeded.
func (s *scene) send(sender address, calls ...Call) bool {
	done, _ := s.Execute(s.block, s.newTransaction(sender, calls...))
	s.add(done)
	return done.Revert == nil
}

// add notes what was executed, and lets the actors see its events.
func (s *scene) add(done *Executed) {
	s.done = append(s.done, done)
	s.ledger.next()
	for _, ev := range done.Events {
		s.see(ev.Value)
		s.aside(func() { s.seeServices(ev.Value) })
	}
}

// plan puts a task on the agenda, some blocks ahead.
func (s *scene) plan(blocks uint64, t task) {
	at := s.block.Number + max(blocks, 1)
	due := s.actors.agenda.get(s.e, at)
	s.actors.agenda.set(s.e, at, append(due[:len(due):len(due)], t))
}

// again puts a task off, unless it was put off too often.
func (s *scene) again(blocks uint64, t task) {
	if t.tries++; t.tries < 40 {
		s.plan(blocks, t)
	}
}

// after is in how many blocks a time on chain has surely come.
func (s *scene) after(at uint64) uint64 {
	if at <= s.block.Time {
		return 1
	}
	return 1 + uint64(math.Ceil(float64(at-s.block.Time)/s.actors.blockSeconds))
}

// often draws how many times something happens that happens so many times a block on average.
func (s *scene) often(rate float64) int {
	n := int(rate)
	if s.rnd.Float64() < rate-float64(n) {
		n++
	}
	return n
}

func (s *scene) maybe(chance float64) bool { return s.rnd.Float64() < chance }

func (s *scene) between(from, to int) int { return from + s.rnd.IntN(to-from+1) }

// some draws an account.
func (s *scene) some(of []Account) address { return of[s.rnd.IntN(len(of))].Address }

// random is a felt that nobody foresees, but for a replay.
func (s *scene) random() felt {
	var f felt
	for i := 8; i < 32; i += 8 {
		binary.BigEndian.PutUint64(f[i:], s.rnd.Uint64())
	}
	return f
}

func call(c *Contract, entry string, args any) Call { return Call{To: c, Entry: entry, Args: args} }

func (s *scene) approve(spender *Contract, value amount) Call {
	return call(&s.sage.Contract, "approve", approveArgs{spender.Address, value})
}

func (s *scene) give(to address, value amount) Call {
	return call(&s.sage.Contract, "transfer", transferArgs{to, value})
}

func (s *scene) balance(of address) amount { return s.sage.balances.get(s.e, of) }

// see lets the actors react to an event.
func (s *scene) see(event schemas.Event) {
	switch ev := event.(type) {
	case schemas.JobManagerJobAssigned:
		s.start(low(ev.JobID), ev.Worker)
	case schemas.JobManagerJobClaimed:
		s.start(low(ev.JobID), ev.Worker)
	case schemas.JobManagerJobCompleted:
		s.idle(ev.Worker, low(ev.JobID))
		s.plan(uint64(s.between(1, 3)), task{kind: settleJob, id: low(ev.JobID)})
		s.plan(uint64(s.between(1, 2)), task{kind: rateWorker, id: low(ev.JobID)})
		if s.maybe(0.02) {
			s.challenge(low(ev.JobID))
		}
	case schemas.ProverStakingSuccessRecorded:
		if n, ok := ev.JobID.Uint64(); ok {
			s.actors.rated.set(s.e, n, true)
		}
	case schemas.PaymentRouterPaymentExecuted:
		s.actors.paid.set(s.e, low(ev.JobID), true)
	case schemas.ProofGatedPaymentPaymentReleased:
		s.plan(uint64(s.between(1, 4)), task{kind: payRouter, id: low(ev.JobID)})
	case schemas.GovernanceTreasuryProposalCreated:
		p := s.governance.proposals.get(s.e, low(ev.ProposalID))
		for i := range s.between(3, 6) {
			voter := s.traders[(i+int(low(ev.ProposalID)))%len(s.traders)].Address
			s.plan(s.after(uint64(p.Start)+uint64(s.rnd.IntN(60))), task{kind: voteProposal, id: low(ev.ProposalID), who: voter})
		}
		s.plan(s.after(uint64(p.Execution)), task{kind: closeProposal, id: low(ev.ProposalID)})
	case schemas.FraudProofChallengeSubmitted:
		for i := range s.between(3, 5) {
			s.plan(uint64(2+3*i), task{kind: voteChallenge, id: low(ev.ChallengeID), who: s.some(s.clients)})
		}
		s.plan(uint64(s.between(4, 8)), task{kind: closeChallenge, id: low(ev.ChallengeID)})
	case schemas.ProverStakingUnstakeRequested:
		s.plan(s.after(ev.UnlockTime), task{kind: completeUnstake, who: ev.Worker})
	case schemas.OTCOrderbookOrderPlaced:
		if ev.OrderType == schemas.OTCOrderbookOrderTypeLimit {
			s.plan(uint64(s.between(20, 150)), task{kind: cancelOrder, id: low(ev.OrderID), who: ev.Maker})
		}
	case schemas.SAGETokenLargeTransferInitiated:
		s.plan(2, task{kind: executeTransfer, id: low(ev.TransferID), who: ev.From})
	case schemas.StwoVerifierProofSubmitted:
		if ev.ProofSource == schemas.StwoVerifierProofSourceStandardSTWO {
			s.plan(1, task{kind: verifyProof, who: ev.Submitter, hash: ev.ProofHash})
		}
	case schemas.StwoVerifierGpuTeeProofSubmitted:
		s.plan(s.after(ev.ChallengeDeadline), task{kind: verifyProof, who: ev.Submitter, hash: ev.ProofHash})
	}
}

// start sets a worker to a job. Now and then one never comes back from it.
func (s *scene) start(job uint64, worker address) {
	i, known := s.actors.index[worker]
	if !known {
		return
	}
	s.actors.work.set(s.e, i, job)
	kind := finishJob
	if s.maybe(0.015) {
		kind = abandonJob
	}
	s.plan(uint64(s.between(4, 24)), task{kind: kind, id: job, who: worker})
}

func (s *scene) idle(worker address, job uint64) {
	if i, known := s.actors.index[worker]; known && s.actors.work.get(s.e, i) == job {
		s.actors.work.set(s.e, i, 0)
	}
}

// Job returns the job that a worker is busy with, by the worker's place, and whether it has joined, at a point.
func (w *World) Job(at Version, worker int) (job uint64, joined bool) {
	e := w.env(Block{})
	e.at = at
	return w.actors.work.get(e, worker), worker < w.actors.joined.get(e)
}

// WorkerID returns the id that a worker registered with at JobManager; zero if it did not.
func (w *World) WorkerID(at Version, worker schemas.Address) schemas.Felt {
	e := w.env(Block{})
	e.at = at
	return w.jobs.workerIDs.get(e, worker)
}
