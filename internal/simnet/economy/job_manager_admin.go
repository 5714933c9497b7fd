package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

type (
	modelRequirements struct {
		MinMemory    uint32 `json:"min_memory_gb"`
		MinCompute   uint32 `json:"min_compute_units"`
		GpuType      felt   `json:"required_gpu_type"`
		Dependencies []felt `json:"framework_dependencies"`
	}
	registerModelArgs struct {
		Hash         felt              `json:"model_hash"`
		Requirements modelRequirements `json:"requirements"`
		Pricing      amount            `json:"pricing"`
	}
)

func (m *jobManager) registerModel(e *Env, _ registerModelArgs) {
	n := m.nextModel.get(e) + 1
	m.nextModel.set(e, n)
	m.models.set(e, n, model{e.caller})
	e.emit(schemas.JobManagerModelRegistered{ModelID: number(n), Owner: e.caller})
}

type registerWorkerArgs struct {
	WorkerID workerID `json:"worker_id"`
	Address  address  `json:"worker_address"`
}

// registerWorker emits again when a worker registers again; only new ids are counted.
func (m *jobManager) registerWorker(e *Env, a registerWorkerArgs) {
	e.requireText(e.caller == m.admin || e.caller == a.Address, "Not authorized")
	e.requireText(!a.WorkerID.Value.IsZero(), "Invalid worker ID")
	w := m.workers.get(e, a.WorkerID.Value)
	e.requireText(w.address.IsZero() || w.address == a.Address, "Worker ID already registered to different address")
	known := m.workerIDs.get(e, a.Address)
	e.requireText(known.IsZero() || known == a.WorkerID.Value, "Address already registered with different worker ID")
	if w.address.IsZero() {
		w.stats = workerStats{SuccessRate: 100, Reputation: number(1000)}
		w.efficiency = number(1_000_000)
		m.workerCount.set(e, m.workerCount.get(e)+1)
	}
	w.address, w.active = a.Address, true
	m.workers.set(e, a.WorkerID.Value, w)
	m.workerIDs.set(e, a.Address, a.WorkerID.Value)
	e.emit(schemas.JobManagerWorkerRegistered{
		WorkerID: a.WorkerID.Value, WorkerAddress: a.Address, RegisteredBy: e.caller, Timestamp: e.block.Time,
	})
}

type setPaymentArgs struct {
	Payment address `json:"payment"`
}

// setProofGated switches between the two flows, silently.
func (m *jobManager) setProofGated(e *Env, a setPaymentArgs) {
	e.requireText(e.caller == m.admin, "Not authorized")
	m.proofGated.set(e, !a.Payment.IsZero())
}

type setReputationArgs struct {
	ReputationManager address `json:"reputation_manager"`
}

func (m *jobManager) setReputation(e *Env, _ setReputationArgs) {
	e.requireText(e.caller == m.admin, "Not authorized")
}
