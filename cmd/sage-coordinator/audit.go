package main

import (
	"fmt"

	"github.com/bitsage-network/validator-dashboard/api"
	"github.com/bitsage-network/validator-dashboard/producers/chaintail"
)

// auditHealth is what the audit of completeness tells. A fault is no reason to serve nothing, but somebody must look.
func (p *process) auditHealth() (api.State, string) {
	a, known := p.completeness()
	if !known {
		return api.Healthy, "not done by this process"
	}
	var whole, unchecked int64
	for _, n := range a.Blocks {
		switch n.Outcome {
		case chaintail.AuditWhole:
			whole += n.Count
		case chaintail.AuditNotKnown:
			unchecked += n.Count
		}
	}
	message := fmt.Sprintf("%d blocks found whole, %d not checked, %d wait", whole, unchecked, a.Pending)
	switch {
	case a.Faulty > 0:
		return api.Unhealthy, fmt.Sprintf("the log does not hold what the chain does in %d blocks, see /api/audit; %s", a.Faulty, message)
	case whole == 0 && unchecked > 0:
		return api.Degraded, message + ": " + a.Problem
	}
	return api.Healthy, message
}

// completeness is what the audit of the log has found; false where this process does none.
func (p *process) completeness() (api.Completeness, bool) {
	if p.tailer == nil || p.settings.AuditMS == 0 || p.tailPost != nil && !p.tailPost.Status().Working {
		return api.Completeness{}, false
	}
	s := p.tailer.Audit()
	out := api.Completeness{
		Status: api.Healthy, Every: s.Every.Seconds(), Blocks: []api.AuditCount{}, Pending: s.Pending, Dropped: s.Dropped, Problem: s.Problem,
		Faulty: s.Faulty, Faults: []api.AuditFault{},
	}
	for _, reason := range []string{chaintail.AuditRandom, chaintail.AuditOdd} {
		for _, outcome := range []string{chaintail.AuditWhole, chaintail.AuditFault, chaintail.AuditVoid, chaintail.AuditNotKnown} {
			out.Blocks = append(out.Blocks, api.AuditCount{Reason: reason, Outcome: outcome, Count: s.Blocks[chaintail.AuditResult{Reason: reason, Outcome: outcome}]})
		}
	}
	if !s.LastAt.IsZero() {
		out.Last = &api.AuditedLast{Block: s.LastBlock, At: s.LastAt}
	}
	for _, f := range s.Faults {
		out.Faults = append(out.Faults, api.AuditFault{
			Kind: f.Kind, Block: f.Block, Hash: f.Hash.String(), Position: f.Position.String(), Contract: f.Contract, Provider: f.Provider, FoundAt: f.FoundAt,
		})
	}
	switch {
	case s.Faulty > 0:
		out.Status = api.Unhealthy
	case s.LastAt.IsZero():
		out.Status = api.Degraded
	}
	return out, true
}
