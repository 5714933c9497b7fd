package economy

import (
	"slices"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// meteredBilling bills machines by the hour. An hour is worth something once its checkpoint is verified, which it never is: a proof is
// held against a proof job that ProofVerifier does not have, and a payment is registered at ProofGatedPayment, which does not know this
// contract. Either takes the whole checkpoint back.
type meteredBilling struct {
	Contract
	owner  address
	proofs *proofVerifier
	gated  *proofGatedPayment

	rates Map[int, amount] // by tier
	jobs  Map[uint64, meteredJob]
	gpus  Map[address, workerGPU]
}

type meteredJob struct {
	JobID    amount  `json:"job_id"`
	Client   address `json:"client"`
	Worker   address `json:"worker"`
	Tier     string  `json:"gpu_tier"`
	Rate     amount  `json:"hourly_rate_sage"`
	MaxHours uint32  `json:"max_hours"`
	Method   string  `json:"verification_method"`
	Interval u64     `json:"checkpoint_interval"`
	Started  u64     `json:"started_at"`
	Ended    u64     `json:"ended_at"`
	Active   bool    `json:"is_active"`
	Private  bool    `json:"privacy_enabled"`
}

type workerGPU struct {
	Worker      address `json:"worker"`
	Tier        string  `json:"gpu_tier"`
	Count       uint8   `json:"gpu_count"`
	Memory      uint32  `json:"total_memory_gb"`
	TEE         bool    `json:"tee_enabled"`
	Measurement felt    `json:"enclave_measurement"`
	Registered  u64     `json:"registered_at"`
	Hours       amount  `json:"total_hours_worked"`
	Earned      amount  `json:"total_sage_earned"`
}

const secondsPerHour = 3600

// meteredTiers are the contract's tiers in their order.
var meteredTiers = []string{"H100", "A100", "RTX4090", "RTX3090", "Other"}

func (m *meteredBilling) functions() {
	m.entries = map[string]entry{
		"register_worker_gpu":      on(m.register),
		"start_metered_job":        on(m.start),
		"end_metered_job":          on(m.end),
		"submit_hourly_checkpoint": on(m.checkpoint),
		"submit_tee_checkpoint":    on(m.teeCheckpoint),
		"set_hourly_rate":          on(m.setRate),
	}
	none := func(*Env, plainJobArgs) amount { return amount{} } // of what a verified hour would add to
	m.views = map[string]view{
		"get_metered_job": ask(func(e *Env, q plainJobArgs) meteredJob {
			j, known := m.jobs.find(e, low(q.JobID))
			if !known {
				e.unknownEnum()
			}
			return j
		}),
		"get_worker_gpu": ask(func(e *Env, q workerAddressArgs) workerGPU {
			g, known := m.gpus.find(e, q.Worker)
			if !known {
				e.unknownEnum()
			}
			return g
		}),
		"get_checkpoint":           unknown,
		"get_hourly_rate":          ask(func(e *Env, q tierArgs) amount { return m.rate(e, q.Tier) }),
		"get_job_checkpoint_count": ask(func(*Env, plainJobArgs) uint32 { return 0 }),
		"get_verified_hours":       ask(func(*Env, plainJobArgs) uint32 { return 0 }),
		"get_job_total_paid":       ask(none),
		"calculate_current_bill": ask(func(e *Env, q plainJobArgs) amount {
			j, known := m.jobs.find(e, low(q.JobID))
			if !known {
				e.unknownEnum()
			}
			if !j.Active {
				return amount{}
			}
			return mulDiv(j.Rate, number((e.block.Time-uint64(j.Started))/secondsPerHour), number(1))
		}),
		"is_contract_configured":  constant(true),
		"is_configuration_locked": constant(false),
	}
}

func (m *meteredBilling) construct(e *Env) {
	for tier, rate := range []uint64{30_000, 20_000, 10_000, 5_000, 2_500} {
		m.rates.set(e, tier, milliSage(rate))
	}
}

func (m *meteredBilling) rate(e *Env, tier string) amount {
	return m.rates.get(e, slices.Index(meteredTiers, tier))
}

func tierNumber(tier string) uint8 { return uint8(slices.Index(meteredTiers, tier)) }

type (
	tierArgs struct {
		Tier string `json:"gpu_tier"`
	}
	registerGPUArgs struct {
		Tier        string `json:"gpu_tier"`
		Count       uint8  `json:"gpu_count"`
		Memory      uint32 `json:"total_memory_gb"`
		TEE         bool   `json:"tee_enabled"`
		Measurement felt   `json:"enclave_measurement"`
	}
	startMeteredArgs struct {
		JobID    amount  `json:"job_id"`
		Worker   address `json:"worker"`
		Tier     string  `json:"gpu_tier"`
		MaxHours uint32  `json:"max_hours"`
		Method   string  `json:"verification_method"`
		Private  bool    `json:"privacy_enabled"`
	}
	checkpointArgs struct {
		JobID       amount `json:"job_id"`
		Hour        uint32 `json:"hour_number"`
		Utilization uint8  `json:"gpu_utilization"`
		Memory      uint32 `json:"memory_used_gb"`
		Compute     felt   `json:"compute_hash"`
		Proof       []felt `json:"proof_data"`
		ProofHash   felt   `json:"proof_hash"`
	}
	teeCheckpointArgs struct {
		JobID       amount `json:"job_id"`
		Hour        uint32 `json:"hour_number"`
		Utilization uint8  `json:"gpu_utilization"`
		Memory      uint32 `json:"memory_used_gb"`
		Compute     felt   `json:"compute_hash"`
		Quote       []felt `json:"tee_quote"`
		Measurement felt   `json:"enclave_measurement"`
	}
	rateArgs struct {
		Tier string `json:"gpu_tier"`
		Rate amount `json:"rate"`
	}
)

func (m *meteredBilling) register(e *Env, a registerGPUArgs) {
	m.gpus.set(e, e.caller, workerGPU{
		Worker: e.caller, Tier: a.Tier, Count: a.Count, Memory: a.Memory, TEE: a.TEE, Measurement: a.Measurement, Registered: u64(e.block.Time),
	})
	e.emit(schemas.MeteredBillingWorkerGPURegistered{
		Worker: e.caller, GpuTier: tierNumber(a.Tier), GpuCount: a.Count, TeeEnabled: a.TEE, Timestamp: e.block.Time,
	})
}

func (m *meteredBilling) start(e *Env, a startMeteredArgs) {
	_, known := m.jobs.find(e, low(a.JobID))
	e.require(!known, "Job already exists")
	e.require(!a.Worker.IsZero(), "Invalid worker")
	e.require(a.MaxHours > 0, "Invalid max hours")
	j := meteredJob{
		JobID: a.JobID, Client: e.caller, Worker: a.Worker, Tier: a.Tier, Rate: m.rate(e, a.Tier), MaxHours: a.MaxHours, Method: a.Method,
		Interval: secondsPerHour, Started: u64(e.block.Time), Active: true, Private: a.Private,
	}
	m.jobs.set(e, low(a.JobID), j)
	e.emit(schemas.MeteredBillingMeteredJobStarted{
		JobID: a.JobID, Client: e.caller, Worker: a.Worker, GpuTier: tierNumber(a.Tier), HourlyRate: j.Rate, MaxHours: a.MaxHours, Timestamp: e.block.Time,
	})
}

func (m *meteredBilling) end(e *Env, a plainJobArgs) {
	j, known := m.jobs.find(e, low(a.JobID))
	e.require(known, "Job not found")
	e.require(e.caller == j.Client || e.caller == j.Worker, "Not authorized")
	e.require(j.Active, "Job not active")
	j.Active, j.Ended = false, u64(e.block.Time)
	m.jobs.set(e, low(a.JobID), j)
	e.emit(schemas.MeteredBillingMeteredJobEnded{JobID: a.JobID, Timestamp: e.block.Time})
}

// running returns a job that the caller works on, or reverts.
func (m *meteredBilling) running(e *Env, which amount, hour uint32) meteredJob {
	j, known := m.jobs.find(e, low(which))
	e.require(known, "Job not found")
	e.require(e.caller == j.Worker, "Only worker")
	e.require(j.Active, "Job not active")
	e.require(hour <= j.MaxHours, "Exceeds max hours")
	return j
}

// checkpoint asks ProofVerifier for the proof job of the checkpoint, of which there is none.
func (m *meteredBilling) checkpoint(e *Env, a checkpointArgs) {
	m.running(e, a.JobID, a.Hour)
	e.require(a.Utilization <= 100, "Invalid utilization")
	e.into(&m.proofs.Contract).unknownEnum()
}

// teeCheckpoint is trusted at once, and fails where it is to be paid.
func (m *meteredBilling) teeCheckpoint(e *Env, a teeCheckpointArgs) {
	j := m.running(e, a.JobID, a.Hour)
	e.require(m.proofs.enclaves.get(e, a.Measurement), "Invalid enclave")
	m.gated.register(e.into(&m.gated.Contract), registerPaymentArgs{JobID: number(1), Worker: j.Worker, Client: j.Client, Sage: j.Rate})
}

func (m *meteredBilling) setRate(e *Env, a rateArgs) {
	e.require(e.caller == m.owner, "Only owner")
	before := m.rate(e, a.Tier)
	m.rates.set(e, int(tierNumber(a.Tier)), a.Rate)
	e.emit(schemas.MeteredBillingHourlyRateUpdated{GpuTier: tierNumber(a.Tier), OldRate: before, NewRate: a.Rate, Timestamp: e.block.Time})
}
