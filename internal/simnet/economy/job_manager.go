package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// jobManager keeps jobs from submission to payment. It pulls no tokens at submission: it pays from what it holds.
// Two flows exist. In the legacy one it pays workers itself; with ProofGatedPayment set it registers the payment there.
type jobManager struct {
	Contract
	admin, treasury address
	sage            *sageToken
	pool            *cdcPool
	gated           *proofGatedPayment
	reputation      address

	nextJob, nextModel Cell[uint64] // the last id given
	total, completed   Cell[u64]
	active             Cell[u64]
	jobs               Map[uint64, job]
	models             Map[uint64, model]
	gas                Map[uint64, gasRecord]
	workers            Map[felt, jobWorker]
	workerIDs          Map[address, felt]
	workerCount        Cell[u64]
	pending            Map[uint64, uint64] // the queue of jobs to claim; assignment leaves the job in it
	pendingIndex       Map[uint64, uint64] // place in the queue plus one
	pendingCount       Cell[u64]
	proofGated         Cell[bool] // whether ProofGatedPayment is set
}

type job struct {
	jobType                        string
	client, worker                 address
	state                          string
	payment                        amount
	created, assigned, completedAt uint64 // completedAt is what the worker says it took, not a time
	deadline                       uint64
	result                         felt
}

type model struct {
	owner address
}

type gasRecord struct {
	estimated, reserved, used amount
}

type jobWorker struct {
	address    address
	active     bool
	stats      workerStats
	efficiency amount
}

type workerStats struct {
	Completed   u64    `json:"total_jobs_completed"`
	SuccessRate uint8  `json:"success_rate"`
	Average     u64    `json:"average_completion_time"`
	Reputation  amount `json:"reputation_score"`
	Earnings    amount `json:"total_earnings"`
}

// States and types of a job, as the ABI names them.
const (
	stateQueued     = "Queued"
	stateProcessing = "Processing"
	stateCompleted  = "Completed"
	statePaid       = "Paid"

	typeInference = "AIInference"
	typeProof     = "ProofGeneration"
)

// jobTypes are in the contract's order, jobGas the gas that it estimates for each.
var (
	jobTypes = []string{typeInference, "AITraining", typeProof, "ProofVerification", "DataPipeline", "ConfidentialVM"}
	jobGas   = map[string]uint64{
		typeInference: 500_000, "AITraining": 5_000_000, typeProof: 2_000_000, "ProofVerification": 300_000,
		"DataPipeline": 1_000_000, "ConfidentialVM": 2_000_000,
	}
)

const (
	platformFeeBps = 250
	maxJobDuration = secondsPerDay
)

// id is JobId, ModelId and ProofJobId: a struct around a u256.
type id struct {
	Value amount `json:"value"`
}

func idOf(n uint64) id { return id{number(n)} }

// workerID is WorkerId: a struct around a felt.
type workerID struct {
	Value felt `json:"value"`
}

func (m *jobManager) functions() {
	m.entries = map[string]entry{
		"submit_ai_job":           on(m.submit),
		"submit_prove_job":        on(m.submitProve),
		"assign_job_to_worker":    on(m.assign),
		"claim_job":               on(m.claim),
		"submit_job_result":       on(m.submitResult),
		"distribute_rewards":      on(m.distribute),
		"register_model":          on(m.registerModel),
		"register_worker":         on(m.registerWorker),
		"set_proof_gated_payment": on(m.setProofGated),
		"set_reputation_manager":  on(m.setReputation),
	}
	m.viewFunctions()
}

type (
	jobSpec struct {
		JobType      string `json:"job_type"`
		ModelID      id     `json:"model_id"`
		InputHash    felt   `json:"input_data_hash"`
		OutputFormat felt   `json:"expected_output_format"`
		Verification string `json:"verification_method"`
		MaxReward    amount `json:"max_reward"`
		Deadline     u64    `json:"sla_deadline"`
		Requirements []felt `json:"compute_requirements"`
		Metadata     []felt `json:"metadata"`
	}
	submitJobArgs struct {
		Spec    jobSpec `json:"job_spec"`
		Payment amount  `json:"payment"`
		Client  address `json:"client"`
	}
	proveJobData struct {
		Circuit      felt   `json:"circuit_id"`
		PublicInputs []felt `json:"public_inputs"`
		PrivateHash  felt   `json:"private_inputs_hash"`
		ProofSize    uint32 `json:"expected_proof_size"`
	}
	submitProveArgs struct {
		Data    proveJobData `json:"prove_job_data"`
		Payment amount       `json:"payment"`
		Client  address      `json:"client"`
	}
)

func (m *jobManager) submit(e *Env, a submitJobArgs) {
	now := e.block.Time
	e.requireText(a.Payment.Cmp(schemas.Sage(1)) >= 0, "Payment too low")
	e.requireText(uint64(a.Spec.Deadline) > now, "Deadline must be in future")
	e.requireText(uint64(a.Spec.Deadline) <= now+secondsPerMonth, "Deadline too far in future")
	e.requireText(a.Spec.MaxReward.Cmp(a.Payment) <= 0, "Max reward exceeds payment")
	if model := low(a.Spec.ModelID.Value); model != 0 {
		e.requireText(model <= m.nextModel.get(e), "Model not active or doesn't exist")
	}
	n := m.nextJob.get(e) + 1
	m.nextJob.set(e, n)
	m.jobs.set(e, n, job{
		jobType: a.Spec.JobType, client: a.Client, state: stateQueued, payment: a.Payment, created: now, deadline: uint64(a.Spec.Deadline),
	})
	queued := uint64(m.pendingCount.get(e))
	m.pending.set(e, queued, n)
	m.pendingIndex.set(e, n, queued+1)
	m.pendingCount.set(e, u64(queued+1))
	estimate := jobGas[a.Spec.JobType]
	m.gas.set(e, n, gasRecord{estimated: number(estimate), reserved: number(estimate * 120 / 100)})
	m.total.set(e, m.total.get(e)+1)
	m.active.set(e, m.active.get(e)+1)
	e.emit(schemas.JobManagerJobSubmitted{JobID: number(n), Client: a.Client, Payment: a.Payment})
}

func (m *jobManager) submitProve(e *Env, a submitProveArgs) {
	m.submit(e, submitJobArgs{
		Spec: jobSpec{
			JobType: typeProof, InputHash: a.Data.PrivateHash, OutputFormat: schemas.ShortString("proof_format"),
			Verification: "ZeroKnowledgeProof", MaxReward: a.Payment, Deadline: u64(e.block.Time + 3600),
		},
		Payment: a.Payment, Client: a.Client,
	})
}

type assignArgs struct {
	JobID    id       `json:"job_id"`
	WorkerID workerID `json:"worker_id"`
}

// assign is the admin's way; unlike claim it does not take the job out of the queue.
func (m *jobManager) assign(e *Env, a assignArgs) {
	e.requireText(e.caller == m.admin, "Not authorized")
	n, j := m.queued(e, a.JobID, "Job not available for assignment")
	w := m.workers.get(e, a.WorkerID.Value)
	e.requireText(!w.address.IsZero(), "Worker not registered")
	j.state, j.assigned, j.worker = stateProcessing, e.block.Time, w.address
	m.jobs.set(e, n, j)
	m.pool.reserve(e.into(&m.pool.Contract), a.WorkerID, a.JobID, reservation(e, j))
	e.emit(schemas.JobManagerJobAssigned{JobID: a.JobID.Value, Worker: w.address})
}

type jobIDArgs struct {
	JobID id `json:"job_id"`
}

func (m *jobManager) claim(e *Env, a jobIDArgs) {
	self := m.workerIDs.get(e, e.caller)
	e.requireText(!self.IsZero(), "Not a registered worker")
	n, j := m.queued(e, a.JobID, "Job not available for claiming")
	j.state, j.assigned, j.worker = stateProcessing, e.block.Time, e.caller
	m.jobs.set(e, n, j)
	m.unqueue(e, n)
	m.pool.reserve(e.into(&m.pool.Contract), workerID{self}, a.JobID, reservation(e, j))
	e.emit(schemas.JobManagerJobClaimed{JobID: a.JobID.Value, Worker: e.caller, ClaimedAt: e.block.Time})
}

// queued returns a job that waits for a worker, or reverts.
func (m *jobManager) queued(e *Env, which id, otherwise string) (uint64, job) {
	n := low(which.Value)
	j, known := m.jobs.find(e, n)
	if !known {
		e.unknownEnum()
	}
	e.requireText(j.state == stateQueued, otherwise)
	return n, j
}

func reservation(e *Env, j job) uint64 {
	if j.deadline > e.block.Time {
		return j.deadline - e.block.Time
	}
	return maxJobDuration
}

// unqueue moves the queue's last job into the freed place.
func (m *jobManager) unqueue(e *Env, n uint64) {
	place := m.pendingIndex.get(e, n)
	if place == 0 {
		return
	}
	last := uint64(m.pendingCount.get(e)) - 1
	if place-1 < last {
		moved := m.pending.get(e, last)
		m.pending.set(e, place-1, moved)
		m.pendingIndex.set(e, moved, place)
	}
	m.pendingIndex.set(e, n, 0)
	m.pending.set(e, last, 0)
	m.pendingCount.set(e, u64(last))
}

type (
	jobResult struct {
		JobID         id       `json:"job_id"`
		WorkerID      workerID `json:"worker_id"`
		OutputHash    felt     `json:"output_data_hash"`
		Proof         []felt   `json:"computation_proof"`
		Quote         []felt   `json:"tee_quote"`
		GasUsed       amount   `json:"gas_used"`
		ExecutionTime u64      `json:"execution_time"`
	}
	submitResultArgs struct {
		JobID  id        `json:"job_id"`
		Result jobResult `json:"result"`
	}
)

func (m *jobManager) submitResult(e *Env, a submitResultArgs) {
	n := low(a.JobID.Value)
	j, known := m.jobs.find(e, n)
	if !known {
		e.unknownEnum()
	}
	e.requireText(j.state == stateProcessing, "Job not in processing state")
	e.requireText(j.worker == e.caller, "Not assigned worker")
	r := a.Result
	j.state, j.result, j.completedAt = stateCompleted, r.OutputHash, uint64(r.ExecutionTime)
	m.jobs.set(e, n, j)
	g := m.gas.get(e, n)
	g.used = r.GasUsed
	m.gas.set(e, n, g)
	w := m.workers.get(e, r.WorkerID.Value)
	w.finish(r, g)
	m.workers.set(e, r.WorkerID.Value, w)
	m.active.set(e, m.active.get(e)-1)
	m.completed.set(e, m.completed.get(e)+1)
	m.pool.finished(e.into(&m.pool.Contract), r.WorkerID)
	m.pool.release(e.into(&m.pool.Contract), r.WorkerID, a.JobID)
	if m.proofGated.get(e) {
		m.gated.register(e.into(&m.gated.Contract), registerPaymentArgs{
			JobID: a.JobID.Value, Worker: j.worker, Client: j.client, Sage: j.payment, USD: j.payment,
		})
		e.emit(schemas.JobManagerJobPaymentRegistered{
			JobID: a.JobID.Value, Worker: j.worker, SageAmount: j.payment, Timestamp: e.block.Time,
		})
	}
	e.emit(schemas.JobManagerJobCompleted{JobID: a.JobID.Value, Worker: j.worker})
}

// finish counts a result in the worker's statistics.
func (w *jobWorker) finish(r jobResult, g gasRecord) {
	w.stats.Completed++
	if w.stats.Average == 0 {
		w.stats.Average = r.ExecutionTime
	} else {
		w.stats.Average = (w.stats.Average + r.ExecutionTime) / 2
	}
	w.stats.Reputation = w.stats.Reputation.Add(number(10))
	w.stats.SuccessRate = 100
	if g.estimated.IsZero() || g.used.IsZero() {
		return
	}
	factor := number(100)
	if g.used.Cmp(g.estimated) > 0 {
		factor = number(80)
	}
	this := mulDiv(g.estimated, factor, g.used)
	w.efficiency = mulDiv(mulDiv(w.efficiency, number(8), number(1)).Add(mulDiv(this, number(2), number(1))), number(1), number(10))
}

// distribute pays the worker in the legacy flow. In the proof-gated one the payment was released with the proof already, so
// it never is ready here and the call reverts.
func (m *jobManager) distribute(e *Env, a jobIDArgs) {
	n := low(a.JobID.Value)
	j, known := m.jobs.find(e, n)
	if !known {
		e.unknownEnum()
	}
	e.requireText(j.state == stateCompleted, "Job not completed")
	if m.proofGated.get(e) {
		e.requireText(m.gated.ready(e, a.JobID.Value), "Proof not verified - cannot release payment")
	}
	fee := bps(j.payment, platformFeeBps)
	pay := j.payment.Sub(fee)
	j.state = statePaid
	m.jobs.set(e, n, j)
	if worker := m.workerIDs.get(e, j.worker); !worker.IsZero() {
		w := m.workers.get(e, worker)
		w.stats.Earnings = w.stats.Earnings.Add(pay)
		m.workers.set(e, worker, w)
	}
	m.sage.transfer(e.into(&m.sage.Contract), transferArgs{j.worker, pay})
	m.sage.transfer(e.into(&m.sage.Contract), transferArgs{m.treasury, fee})
	e.emit(schemas.JobManagerPaymentReleased{JobID: a.JobID.Value, Worker: j.worker, Amount: pay})
}
