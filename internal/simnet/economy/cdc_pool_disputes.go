package economy

import (
	"slices"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// The pool's administrator takes a share of a worker's stake without an event, and the total stays as it was. The worker may dispute that
// for a bond, which is the first that events tell of it.

type poolSlash struct {
	Worker   address `json:"worker"`
	Reason   string  `json:"reason"`
	Amount   amount  `json:"amount"`
	At       u64     `json:"timestamp"`
	Evidence felt    `json:"evidence_hash"`
}

type poolDispute struct {
	SlashID    felt    `json:"slash_id"`
	WorkerID   felt    `json:"worker_id"`
	Challenger address `json:"challenger"`
	Evidence   felt    `json:"evidence_hash"`
	Bond       amount  `json:"dispute_bond"`
	Filed      u64     `json:"filed_at"`
	Deadline   u64     `json:"deadline"`
	Status     string  `json:"status"`
	Resolver   address `json:"resolver"`
	Reason     felt    `json:"resolution_reason"`
}

const (
	poolSlashed       = "Slashed"
	disputeWindow     = 3 * secondsPerDay
	disputeResolution = 7 * secondsPerDay
)

var disputeBond = schemas.Sage(100)

// poolSlashShares are the percents that each reason costs.
var poolSlashShares = map[string]uint64{"Malicious": 50, "Unavailable": 10, "PoorPerformance": 20, "ProtocolViolation": 30, "Fraud": 100}

type (
	poolSlashArgs struct {
		WorkerID workerID `json:"worker_id"`
		Reason   string   `json:"reason"`
		Evidence []felt   `json:"evidence"`
	}
	challengeSlashArgs struct {
		SlashID  felt `json:"slash_id"`
		Evidence felt `json:"evidence_hash"`
	}
	resolveSlashArgs struct {
		DisputeID felt `json:"dispute_id"`
		Upheld    bool `json:"upheld"`
		Reason    felt `json:"resolution_reason"`
	}
	slashIDArgs struct {
		SlashID felt `json:"slash_id"`
	}
	disputeIDArgs struct {
		DisputeID felt `json:"dispute_id"`
	}
)

func (p *cdcPool) disputeFunctions() {
	p.entries["slash_worker"] = on(p.slash)
	p.entries["challenge_slash"] = on(p.challengeSlash)
	p.entries["resolve_slash_challenge"] = on(p.resolveSlash)
	p.views["get_slash_record"] = ask(func(e *Env, q slashIDArgs) poolSlash { return p.slashRecord(e, q.SlashID) })
	p.views["get_dispute"] = ask(func(e *Env, q disputeIDArgs) poolDispute { return p.dispute(e, q.DisputeID) })
	p.views["get_dispute_bond"] = constant(disputeBond)
	p.views["get_dispute_window"] = constant(u64(disputeWindow))
}

func (p *cdcPool) slashRecord(e *Env, which felt) poolSlash {
	s, known := p.slashes.find(e, which)
	if !known {
		e.unknownEnum()
	}
	return s
}

func (p *cdcPool) dispute(e *Env, which felt) poolDispute {
	d, known := p.disputes.find(e, which)
	if !known {
		e.unknownEnum()
	}
	return d
}

func (p *cdcPool) slash(e *Env, a poolSlashArgs) {
	e.requireText(e.caller == p.admin, "Only admin can slash")
	owner := p.profiles.get(e, a.WorkerID.Value).Owner
	s := p.stakes.get(e, owner)
	taken := mulDiv(s.Amount, number(poolSlashShares[a.Reason]), number(100))
	n := p.slashCount.get(e) + 1
	p.slashCount.set(e, n)
	p.slashes.set(e, schemas.FeltFromUint64(n), poolSlash{owner, a.Reason, taken, u64(e.block.Time), slices.Concat(a.Evidence, []felt{{}})[0]})
	p.status.set(e, a.WorkerID.Value, poolSlashed)
	s.Amount = s.Amount.Sub(taken)
	p.stakes.set(e, owner, s)
}

func (p *cdcPool) challengeSlash(e *Env, a challengeSlashArgs) {
	s := p.slashRecord(e, a.SlashID)
	worker := p.byOwner.get(e, s.Worker)
	e.requireText(!worker.IsZero(), "Worker not found")
	e.requireText(p.profiles.get(e, worker).Owner == e.caller, "Not worker owner")
	e.requireText(u64(e.block.Time) <= s.At+disputeWindow, "Dispute window expired")
	e.requireText(p.disputeOf.get(e, a.SlashID).IsZero(), "Slash already disputed")
	p.sage.transferFrom(e.into(&p.sage.Contract), transferFromArgs{e.caller, p.Address, disputeBond})
	p.disputeCount.set(e, p.disputeCount.get(e)+1)
	n := schemas.FeltFromUint64(p.disputeCount.get(e))
	d := poolDispute{
		SlashID: a.SlashID, WorkerID: worker, Challenger: e.caller, Evidence: a.Evidence, Bond: disputeBond,
		Filed: u64(e.block.Time), Deadline: u64(e.block.Time) + disputeResolution, Status: "Pending",
	}
	p.disputes.set(e, n, d)
	p.disputeOf.set(e, a.SlashID, n)
	p.status.set(e, worker, poolInactive)
	e.emit(schemas.CDCPoolDisputeFiled{
		DisputeID: n, SlashID: a.SlashID, Challenger: e.caller, WorkerID: worker, BondAmount: disputeBond, EvidenceHash: a.Evidence, Deadline: uint64(d.Deadline),
	})
}

// resolveSlash keeps the bond where the slash was right, and gives both back where it was not.
func (p *cdcPool) resolveSlash(e *Env, a resolveSlashArgs) {
	e.requireText(e.caller == p.admin, "Only admin can resolve")
	d := p.dispute(e, a.DisputeID)
	e.requireText(d.Status == "Pending", "Dispute not pending")
	if a.Upheld {
		d.Status = "Resolved"
		p.status.set(e, d.WorkerID, poolSlashed)
	} else {
		d.Status = "Overturned"
		p.sage.transfer(e.into(&p.sage.Contract), transferArgs{d.Challenger, d.Bond})
		p.status.set(e, d.WorkerID, poolActive)
		owner := p.profiles.get(e, d.WorkerID).Owner
		s := p.stakes.get(e, owner)
		s.Amount = s.Amount.Add(p.slashRecord(e, d.SlashID).Amount)
		p.stakes.set(e, owner, s)
	}
	d.Resolver, d.Reason = e.caller, a.Reason
	p.disputes.set(e, a.DisputeID, d)
	e.emit(schemas.CDCPoolDisputeResolved{
		DisputeID: a.DisputeID, SlashID: d.SlashID, Upheld: a.Upheld, Resolver: e.caller, ResolutionReason: a.Reason, BondReturned: !a.Upheld,
	})
}
