package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// cdcPool is the pool of workers with their hardware. Most of what it does it does without an event.
type cdcPool struct {
	Contract
	admin address
	sage  *sageToken

	nextWorker     Cell[uint64] // the last id given
	profiles       Map[felt, poolProfile]
	byOwner        Map[address, felt]
	status         Map[felt, string]
	activeJobs     Map[felt, uint32]
	lastJob        Map[felt, uint64]
	stakes         Map[address, poolStake]
	requests       Map[uint64, poolUnstake]
	requestCount   Cell[uint64]
	requestsOf     Map[address, []uint64]
	workers        Cell[uint32]
	active, jobs   Cell[uint32]
	staked         Cell[amount]
	reservedUntil  Map[poolReservation, uint64]
	reputationByID Map[felt, uint64]
	unstaked       Map[uint64, bool] // requests that were carried out
	slashes        Map[felt, poolSlash]
	slashCount     Cell[uint64]
	disputes       Map[felt, poolDispute]
	disputeCount   Cell[uint64]
	disputeOf      Map[felt, felt] // by slash
}

type poolReservation struct {
	worker felt
	job    uint64
}

type poolProfile struct {
	WorkerID     workerID                          `json:"worker_id"`
	Owner        address                           `json:"owner"`
	Capabilities schemas.CDCPoolWorkerCapabilities `json:"capabilities"`
	Status       string                            `json:"status"`
	RegisteredAt u64                               `json:"registered_at"`
	Heartbeat    u64                               `json:"last_heartbeat"`
	Stake        amount                            `json:"stake_amount"`
	Reputation   u64                               `json:"reputation_score"`
	Completed    uint32                            `json:"jobs_completed"`
	Failed       uint32                            `json:"jobs_failed"`
	Earnings     amount                            `json:"total_earnings"`
	Location     felt                              `json:"location_hash"`
}

type poolStake struct {
	Amount      amount `json:"amount"`
	USD         amount `json:"usd_value"`
	Tier        string `json:"tier"`
	LockedUntil u64    `json:"locked_until"`
	Adjusted    u64    `json:"last_adjustment"`
	RewardBlock u64    `json:"last_reward_block"`
	Delegated   amount `json:"delegated_amount"`
	Performance u64    `json:"performance_score"`
}

type poolUnstake struct {
	Worker     address `json:"worker"`
	Amount     amount  `json:"amount"`
	UnlockTime u64     `json:"unlock_time"`
	Complete   bool    `json:"is_complete_exit"`
}

const (
	poolActive   = "Active"
	poolInactive = "Inactive"
	poolCooldown = 3600 // seconds after a worker's last job in which it cannot leave
)

var poolMinStake = schemas.Sage(100)

func (p *cdcPool) functions() {
	p.entries = map[string]entry{
		"register_worker":   on(p.register),
		"deactivate_worker": on(p.deactivate),
		"reactivate_worker": on(p.reactivate),
		"stake":             on(p.stake),
		"request_unstake":   on(p.requestUnstake),
		"complete_unstake":  onCall(p.completeUnstake),
		"allocate_job":      on(p.allocate),
		"release_worker":    on(func(e *Env, a releaseArgs) { p.release(e, a.WorkerID, a.JobID) }),
	}
	p.views = map[string]view{
		"get_network_stats": tell(func(e *Env) list {
			return list{p.workers.get(e), p.active.get(e), p.staked.get(e), p.jobs.get(e)}
		}),
		"get_active_workers_count": cellView(&p.active),
		"get_worker_profile": ask(func(e *Env, q jobWorkerArgs) poolProfile {
			profile, known := p.profiles.find(e, q.WorkerID.Value)
			if !known {
				e.unknownEnum()
			}
			return profile
		}),
		"get_worker_capabilities": ask(func(e *Env, q jobWorkerArgs) schemas.CDCPoolWorkerCapabilities {
			return p.profiles.get(e, q.WorkerID.Value).Capabilities
		}),
		"get_worker_by_owner": ask(func(e *Env, q struct {
			Owner address `json:"owner"`
		},
		) *workerID {
			if n := p.byOwner.get(e, q.Owner); !n.IsZero() {
				return &workerID{n}
			}
			return nil
		}),
		"get_stake_info": ask(func(e *Env, q workerAddressArgs) poolStake {
			s := p.stakes.get(e, q.Worker)
			if s.Tier == "" {
				s.Tier = "Basic"
			}
			return s
		}),
		"get_unstaking_requests": ask(func(e *Env, q workerAddressArgs) []poolUnstake {
			out := []poolUnstake{}
			for _, n := range p.requestsOf.get(e, q.Worker) {
				if !p.unstaked.get(e, n) {
					out = append(out, p.requests.get(e, n))
				}
			}
			return out
		}),
	}
	p.disputeFunctions()
}

type registerPoolArgs struct {
	Capabilities schemas.CDCPoolWorkerCapabilities `json:"capabilities"`
	Resources    []felt                            `json:"proof_of_resources"`
	Location     felt                              `json:"location_hash"`
}

func (p *cdcPool) register(e *Env, a registerPoolArgs) {
	e.requireText(p.byOwner.get(e, e.caller).IsZero(), "Worker already registered")
	n := p.nextWorker.get(e) + 1
	p.nextWorker.set(e, n)
	key, now := schemas.FeltFromUint64(n), u64(e.block.Time)
	p.profiles.set(e, key, poolProfile{
		WorkerID: workerID{key}, Owner: e.caller, Capabilities: a.Capabilities, Status: poolActive,
		RegisteredAt: now, Heartbeat: now, Reputation: initialScore, Location: a.Location,
	})
	p.byOwner.set(e, e.caller, key)
	p.status.set(e, key, poolActive)
	p.workers.set(e, p.workers.get(e)+1)
	p.active.set(e, p.active.get(e)+1)
	e.emit(schemas.CDCPoolWorkerRegistered{WorkerID: schemas.CDCPoolWorkerID{Value: key}, Owner: e.caller, Capabilities: a.Capabilities})
}

type deactivateArgs struct {
	WorkerID workerID `json:"worker_id"`
	Reason   felt     `json:"reason"`
}

func (p *cdcPool) deactivate(e *Env, a deactivateArgs) {
	key := a.WorkerID.Value
	e.requireText(p.profiles.get(e, key).Owner == e.caller, "Not worker owner")
	e.requireText(p.activeJobs.get(e, key) == 0, "Cannot deactivate with active jobs")
	last := p.lastJob.get(e, key)
	e.requireText(last == 0 || e.block.Time >= last+poolCooldown, "Must wait for cooldown after job completion")
	if p.status.get(e, key) == poolActive {
		p.active.set(e, p.active.get(e)-1)
	}
	p.status.set(e, key, poolInactive)
	e.emit(schemas.CDCPoolWorkerDeactivated{WorkerID: schemas.CDCPoolWorkerID(a.WorkerID), Reason: a.Reason})
}

func (p *cdcPool) reactivate(e *Env, a jobWorkerArgs) {
	key := a.WorkerID.Value
	e.requireText(p.profiles.get(e, key).Owner == e.caller, "Not worker owner")
	e.requireText(p.status.get(e, key) == poolInactive, "Worker not inactive")
	p.status.set(e, key, poolActive)
	p.active.set(e, p.active.get(e)+1)
	e.emit(schemas.CDCPoolWorkerReactivated{WorkerID: schemas.CDCPoolWorkerID(a.WorkerID)})
}

type poolStakeArgs struct {
	Amount amount `json:"amount"`
	Lock   u64    `json:"lock_period"`
}

func (p *cdcPool) stake(e *Env, a poolStakeArgs) {
	e.requireText(a.Amount.Cmp(poolMinStake) >= 0, "Amount below minimum stake")
	p.sage.transferFrom(e.into(&p.sage.Contract), transferFromArgs{e.caller, p.Address, a.Amount})
	s := p.stakes.get(e, e.caller)
	s.Amount, s.Tier = s.Amount.Add(a.Amount), "Basic"
	s.LockedUntil, s.Adjusted = u64(e.block.Time)+a.Lock, u64(e.block.Time)
	p.stakes.set(e, e.caller, s)
	p.staked.set(e, p.staked.get(e).Add(a.Amount))
	e.emit(schemas.CDCPoolStakeAdded{Worker: e.caller, Amount: a.Amount, TotalStake: s.Amount})
}

func (p *cdcPool) requestUnstake(e *Env, a amountArgs) {
	s := p.stakes.get(e, e.caller)
	e.requireText(s.Amount.Cmp(a.Amount) >= 0, "Insufficient stake")
	n, unlocks := p.requestCount.get(e)+1, e.block.Time+7*secondsPerDay
	p.requestCount.set(e, n)
	p.requests.set(e, n, poolUnstake{Worker: e.caller, Amount: a.Amount, UnlockTime: u64(unlocks), Complete: s.Amount == a.Amount})
	mine := p.requestsOf.get(e, e.caller)
	p.requestsOf.set(e, e.caller, append(mine[:len(mine):len(mine)], n))
	e.emit(schemas.CDCPoolUnstakeRequested{Worker: e.caller, Amount: a.Amount, UnlockTime: unlocks})
}

// completeUnstake pays all requests whose time has come. The total stays as it was where it is lower than they are.
func (p *cdcPool) completeUnstake(e *Env) {
	var out amount
	for _, n := range p.requestsOf.get(e, e.caller) {
		if r := p.requests.get(e, n); !p.unstaked.get(e, n) && u64(e.block.Time) >= r.UnlockTime {
			p.unstaked.set(e, n, true)
			out = out.Add(r.Amount)
			e.emit(schemas.CDCPoolUnstakeExecuted{Worker: e.caller, Amount: r.Amount})
		}
	}
	if out.IsZero() {
		return
	}
	p.sage.transfer(e.into(&p.sage.Contract), transferArgs{e.caller, out})
	s := p.stakes.get(e, e.caller)
	rest, ok := s.Amount.SubOK(out)
	if !ok {
		rest = amount{}
	}
	s.Amount = rest
	p.stakes.set(e, e.caller, s)
	if total, ok := p.staked.get(e).SubOK(out); ok {
		p.staked.set(e, total)
	}
}

type (
	allocateArgs struct {
		JobID        id                `json:"job_id"`
		Requirements modelRequirements `json:"requirements"`
		Priority     uint8             `json:"priority"`
		Latency      u64               `json:"max_latency"`
	}
	releaseArgs struct {
		WorkerID workerID `json:"worker_id"`
		JobID    id       `json:"job_id"`
	}
)

// allocate names the first active worker with enough memory. Anybody may ask, for any job.
func (p *cdcPool) allocate(e *Env, a allocateArgs) {
	for n := uint64(1); n <= p.nextWorker.get(e); n++ {
		key := schemas.FeltFromUint64(n)
		if p.status.get(e, key) != poolActive || p.profiles.get(e, key).Capabilities.GpuMemory < uint64(a.Requirements.MinMemory) {
			continue
		}
		e.emit(schemas.CDCPoolJobAllocated{
			JobID: schemas.CDCPoolJobID(a.JobID), WorkerID: schemas.CDCPoolWorkerID{Value: key}, ConfidenceScore: 90, EstimatedCompletion: e.block.Time + secondsPerHour,
		})
		return
	}
}

// reserve and release are open to any caller; JobManager calls them with its own worker ids.
func (p *cdcPool) reserve(e *Env, worker workerID, which id, duration uint64) {
	p.reservedUntil.set(e, poolReservation{worker.Value, low(which.Value)}, e.block.Time+duration)
	p.activeJobs.set(e, worker.Value, p.activeJobs.get(e, worker.Value)+1)
	e.emit(schemas.CDCPoolWorkerReserved{
		WorkerID: schemas.CDCPoolWorkerID(worker), JobID: schemas.CDCPoolJobID(which), Duration: duration,
	})
}

func (p *cdcPool) release(e *Env, worker workerID, which id) {
	p.reservedUntil.set(e, poolReservation{worker.Value, low(which.Value)}, 0)
	if n := p.activeJobs.get(e, worker.Value); n > 0 {
		p.activeJobs.set(e, worker.Value, n-1)
	}
	p.lastJob.set(e, worker.Value, e.block.Time)
	e.emit(schemas.CDCPoolWorkerReleased{WorkerID: schemas.CDCPoolWorkerID(worker), JobID: schemas.CDCPoolJobID(which)})
}

// finished counts a job and raises the pool's own reputation of the worker, without an event.
func (p *cdcPool) finished(e *Env, worker workerID) {
	p.jobs.set(e, p.jobs.get(e)+1)
	p.reputationByID.set(e, worker.Value, p.reputationByID.get(e, worker.Value)+1)
}
