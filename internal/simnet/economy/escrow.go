package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// escrow holds what a client locks for a job until the job is completed or taken back. Its jobs are a namespace of its own. Nothing ever
// opens a dispute, so that none can be resolved.
type escrow struct {
	Contract
	owner address
	sage  *sageToken

	fees  Cell[address] // FeeManager
	jobs  Map[uint64, escrowEntry]
	stats Cell[escrowStats]
}

type escrowEntry struct {
	Client   address `json:"client"`
	Worker   address `json:"worker"`
	Amount   amount  `json:"amount"`
	MaxCost  amount  `json:"max_cost"`
	Cost     amount  `json:"actual_cost"`
	Status   uint8   `json:"status"`
	Created  u64     `json:"created_at"`
	Deadline u64     `json:"deadline"`
}

type escrowStats struct {
	Locked    amount `json:"total_locked"`
	Released  amount `json:"total_released"`
	Refunded  amount `json:"total_refunded"`
	Active    u64    `json:"active_count"`
	Completed u64    `json:"completed_count"`
}

const (
	escrowLocked uint8 = iota
	escrowAssigned
	escrowCompleted
	escrowRefunded
)

func (x *escrow) functions() {
	x.entries = map[string]entry{
		"create_escrow":   on(x.create),
		"accept_job":      on(x.accept),
		"complete_job":    on(x.complete),
		"request_refund":  on(x.requestRefund),
		"cancel_job":      on(x.cancel),
		"set_fee_manager": on(x.setFeeManager),
	}
	x.views = map[string]view{
		"get_escrow": ask(func(e *Env, q plainJobArgs) escrowEntry { return x.jobs.get(e, low(q.JobID)) }),
		"get_stats":  cellView(&x.stats),
		"can_refund": ask(func(e *Env, q plainJobArgs) bool {
			j := x.jobs.get(e, low(q.JobID))
			return j.open() && u64(e.block.Time) > j.Deadline
		}),
	}
}

func (j escrowEntry) open() bool { return j.Status == escrowLocked || j.Status == escrowAssigned }

type (
	createEscrowArgs struct {
		JobID    amount `json:"job_id"`
		MaxCost  amount `json:"max_cost"`
		Deadline u64    `json:"deadline"`
	}
	completeEscrowArgs struct {
		JobID  amount  `json:"job_id"`
		Cost   amount  `json:"actual_cost"`
		Worker address `json:"worker"`
	}
	feeManagerArgs struct {
		FeeManager address `json:"fee_manager"`
	}
)

// create takes a job's id again once nothing is locked for it any more.
func (x *escrow) create(e *Env, a createEscrowArgs) {
	e.require(x.jobs.get(e, low(a.JobID)).Amount.IsZero(), "Escrow already exists")
	x.sage.transferFrom(e.into(&x.sage.Contract), transferFromArgs{e.caller, x.Address, a.MaxCost})
	x.jobs.set(e, low(a.JobID), escrowEntry{
		Client: e.caller, Amount: a.MaxCost, MaxCost: a.MaxCost, Status: escrowLocked, Created: u64(e.block.Time), Deadline: a.Deadline,
	})
	s := x.stats.get(e)
	s.Locked, s.Active = s.Locked.Add(a.MaxCost), s.Active+1
	x.stats.set(e, s)
	e.emit(schemas.EscrowEscrowCreated{JobID: a.JobID, Client: e.caller, MaxCost: a.MaxCost, Deadline: uint64(a.Deadline)})
}

func (x *escrow) accept(e *Env, a plainJobArgs) {
	j := x.jobs.get(e, low(a.JobID))
	e.require(j.Status == escrowLocked, "Job not available")
	e.require(u64(e.block.Time) < j.Deadline, "Deadline passed")
	j.Worker, j.Status = e.caller, escrowAssigned
	x.jobs.set(e, low(a.JobID), j)
	e.emit(schemas.EscrowJobAccepted{JobID: a.JobID, Worker: e.caller})
}

// complete hands the cost to FeeManager, or to the worker where there is none, and the rest back to the client.
func (x *escrow) complete(e *Env, a completeEscrowArgs) {
	e.require(e.caller == x.owner, "Unauthorized")
	j := x.jobs.get(e, low(a.JobID))
	e.require(j.open(), "Invalid status")
	e.require(a.Cost.Cmp(j.MaxCost) <= 0, "Cost exceeds max")
	refund := j.MaxCost.Sub(a.Cost)
	j.Cost, j.Status, j.Worker, j.Amount = a.Cost, escrowCompleted, a.Worker, amount{}
	x.jobs.set(e, low(a.JobID), j)
	s := x.stats.get(e)
	s = escrowStats{s.Locked.Sub(j.MaxCost), s.Released.Add(a.Cost), s.Refunded.Add(refund), s.Active - 1, s.Completed + 1}
	x.stats.set(e, s)
	token, to := e.into(&x.sage.Contract), a.Worker
	if fees := x.fees.get(e); !fees.IsZero() {
		to = fees
	}
	x.sage.transfer(token, transferArgs{to, a.Cost})
	if !refund.IsZero() {
		x.sage.transfer(token, transferArgs{j.Client, refund})
	}
	e.emit(schemas.EscrowJobCompleted{JobID: a.JobID, Worker: a.Worker, ActualCost: a.Cost, RefundToClient: refund})
}

func (x *escrow) requestRefund(e *Env, a plainJobArgs) {
	j := x.jobs.get(e, low(a.JobID))
	e.require(j.Client == e.caller, "Not escrow owner")
	e.require(j.open(), "Invalid status")
	e.require(u64(e.block.Time) > j.Deadline, "Deadline not passed")
	x.refund(e, a.JobID, j)
}

func (x *escrow) cancel(e *Env, a plainJobArgs) {
	e.require(e.caller == x.owner, "Unauthorized")
	j := x.jobs.get(e, low(a.JobID))
	e.require(j.open(), "Invalid status")
	x.refund(e, a.JobID, j)
}

func (x *escrow) refund(e *Env, job amount, j escrowEntry) {
	back := j.Amount
	j.Status, j.Amount = escrowRefunded, amount{}
	x.jobs.set(e, low(job), j)
	s := x.stats.get(e)
	s.Locked, s.Refunded, s.Active = s.Locked.Sub(back), s.Refunded.Add(back), s.Active-1
	x.stats.set(e, s)
	x.sage.transfer(e.into(&x.sage.Contract), transferArgs{j.Client, back})
	e.emit(schemas.EscrowEscrowRefunded{JobID: job, Client: j.Client, Amount: back})
}

func (x *escrow) setFeeManager(e *Env, a feeManagerArgs) {
	e.require(e.caller == x.owner, "Only owner")
	x.fees.set(e, a.FeeManager)
}
