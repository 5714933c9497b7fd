package economy

type jobDetails struct {
	JobID       id      `json:"job_id"`
	JobType     string  `json:"job_type"`
	Client      address `json:"client"`
	Worker      address `json:"worker"`
	State       string  `json:"state"`
	Payment     amount  `json:"payment_amount"`
	CreatedAt   u64     `json:"created_at"`
	AssignedAt  u64     `json:"assigned_at"`
	CompletedAt u64     `json:"completed_at"`
	ResultHash  felt    `json:"result_hash"`
}

type (
	jobWorkerArgs struct {
		WorkerID workerID `json:"worker_id"`
	}
	workerAddressOfArgs struct {
		Address address `json:"worker_address"`
	}
	jobPageArgs struct {
		Offset u64 `json:"offset"`
		Limit  u64 `json:"limit"`
	}
)

func (m *jobManager) viewFunctions() {
	m.views = map[string]view{
		"get_job_details": ask(func(e *Env, q jobIDArgs) jobDetails {
			j := m.known(e, q)
			return jobDetails{
				JobID: q.JobID, JobType: j.jobType, Client: j.client, Worker: j.worker, State: j.state, Payment: j.payment,
				CreatedAt: u64(j.created), AssignedAt: u64(j.assigned), CompletedAt: u64(j.completedAt), ResultHash: j.result,
			}
		}),
		"get_job_state":         ask(func(e *Env, q jobIDArgs) string { return m.known(e, q).state }),
		"get_total_jobs":        cellView(&m.total),
		"get_active_jobs":       cellView(&m.active),
		"get_completed_jobs":    cellView(&m.completed),
		"get_worker_count":      cellView(&m.workerCount),
		"get_pending_job_count": cellView(&m.pendingCount),
		"get_pending_jobs":      ask(m.pendingJobs),
		"get_worker_stats": ask(func(e *Env, q jobWorkerArgs) workerStats {
			w := m.workers.get(e, q.WorkerID.Value)
			if w.address.IsZero() {
				return workerStats{SuccessRate: 100, Average: 3600, Reputation: number(1000)}
			}
			return w.stats
		}),
		"get_worker_address": ask(func(e *Env, q jobWorkerArgs) address { return m.workers.get(e, q.WorkerID.Value).address }),
		"get_worker_id_by_address": ask(func(e *Env, q workerAddressOfArgs) workerID {
			return workerID{m.workerIDs.get(e, q.Address)}
		}),
		"is_worker_active": ask(func(e *Env, q jobWorkerArgs) bool { return m.workers.get(e, q.WorkerID.Value).active }),
		"get_job_gas_efficiency": ask(func(e *Env, q jobIDArgs) list {
			g := m.gas.get(e, low(q.JobID.Value))
			return list{g.estimated, g.reserved, g.used}
		}),
		"is_paused":           constant(false),
		"get_platform_config": constant(list{platformFeeBps, wei, u64(maxJobDuration), mulDiv(wei, number(10), number(1))}),
		"is_proof_payment_ready": ask(func(e *Env, q jobIDArgs) bool {
			return !m.proofGated.get(e) || m.gated.ready(e, q.JobID.Value)
		}),
		"get_integration_contracts": tell(func(e *Env) list {
			gated := address{}
			if m.proofGated.get(e) {
				gated = m.gated.Address
			}
			return list{m.reputation, m.pool.Address, gated}
		}),
		"get_circuit_breaker_status": constant(list{false, u64(0)}),
	}
}

// known returns a job, or reverts as storage of an enum without a default does.
func (m *jobManager) known(e *Env, q jobIDArgs) job {
	j, ok := m.jobs.find(e, low(q.JobID.Value))
	if !ok {
		e.unknownEnum()
	}
	return j
}

func (m *jobManager) pendingJobs(e *Env, q jobPageArgs) []id {
	out := []id{}
	end := min(uint64(q.Offset)+uint64(q.Limit), uint64(m.pendingCount.get(e)))
	for i := uint64(q.Offset); i < end; i++ {
		if n := m.pending.get(e, i); n > 0 {
			out = append(out, idOf(n))
		}
	}
	return out
}
