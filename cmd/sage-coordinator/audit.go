package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/bitsage-network/validator-dashboard/api"
	"github.com/bitsage-network/validator-dashboard/consumers/audit"
	"github.com/bitsage-network/validator-dashboard/internal/standby"
	"github.com/bitsage-network/validator-dashboard/producers/chaintail"
	"github.com/bitsage-network/validator-dashboard/schemas"
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
		Told: p.told(), AuditState: api.AuditState{Status: api.Healthy, Every: s.Every.Seconds(), Problem: s.Problem},
		Blocks: []api.AuditCount{}, Pending: s.Pending, Dropped: s.Dropped, Faulty: s.Faulty, Faults: []api.AuditFault{},
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

func (p *process) told() api.Told { return api.Told{By: p.name, At: time.Now().UTC()} }

// modelAudit is what the audit of the read models has found; false where this process does none.
func (p *process) modelAudit() (api.ModelAudit, bool) {
	if p.auditor == nil || p.auditPost != nil && !p.auditPost.Status().Working {
		return api.ModelAudit{}, false
	}
	s := p.auditor.Status()
	out := api.ModelAudit{
		Told: p.told(), AuditState: api.AuditState{Status: api.Healthy, Every: s.Every.Seconds(), Problem: s.Problem},
		Checks: []api.CheckCount{}, LeftOut: []api.NotAudited{}, Drifts: s.Drifting, Found: []api.DriftFound{},
	}
	for _, o := range audit.Outcomes() {
		out.Checks = append(out.Checks, api.CheckCount{Outcome: string(o), Count: s.Outcomes[o]})
	}
	if s.Last != "" {
		out.Last = &api.CheckedLast{Check: s.Last, Block: s.Block, At: s.LastAt}
	}
	for _, name := range slices.Sorted(maps.Keys(s.LeftOut)) {
		out.LeftOut = append(out.LeftOut, api.NotAudited{Contract: name, Why: s.LeftOut[name]})
	}
	for _, d := range s.Drifts {
		found := api.DriftFound{
			Projection: d.Projection, Check: d.Check, Key: d.Key, View: d.View.String(), Block: d.Block.Number, Hash: d.Block.Hash.String(),
			FoundAt: d.FoundAt.UTC(), Differences: api.Differences(d.Found),
		}
		if d.Args != nil {
			found.Args = d.Args
		}
		out.Found = append(out.Found, found)
	}
	switch {
	case s.Drifting > 0:
		out.Status = api.Unhealthy
	case s.Outcomes[audit.Agrees] == 0:
		out.Status = api.Degraded
	}
	return out, true
}

// driftHealth is what the audit of the read models tells. As with the other one, drift is no reason to serve nothing.
func (p *process) driftHealth() (api.State, string) {
	a, known := p.modelAudit()
	if !known {
		return api.Healthy, "not done by this process now"
	}
	count := map[string]int64{}
	for _, n := range a.Checks {
		count[n.Outcome] = n.Count
	}
	message := fmt.Sprintf("%d comparisons agree, %d could not be made", count[string(audit.Agrees)], count[string(audit.NotChecked)])
	switch {
	case a.Drifts > 0:
		return api.Unhealthy, fmt.Sprintf("%d numbers and rows of the read models are not what the contracts say, see /api/audit; %s", a.Drifts, message)
	case count[string(audit.Agrees)] == 0 && count[string(audit.NotChecked)] > 0:
		return api.Degraded, message + ": " + a.Problem
	}
	return api.Healthy, message
}

const (
	tellEvery = 10 * time.Second
	// toldLately is how old what another process told may be: it may have ended since.
	toldLately = 5 * time.Minute
)

// tellAudits tells the other processes what the audits of this one have found, until ctx ends.
func (p *process) tellAudits(ctx context.Context) {
	ticker := time.NewTicker(tellEvery)
	defer ticker.Stop()
	for {
		if a, ok := p.completeness(); ok {
			p.tellAudit(ctx, api.AuditOfLog, a)
		}
		if a, ok := p.modelAudit(); ok {
			p.tellAudit(ctx, api.AuditOfModels, a)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (p *process) tellAudit(ctx context.Context, name string, found any) {
	doc, err := json.Marshal(found)
	if err == nil {
		within, cancel := context.WithTimeout(ctx, tellEvery)
		defer cancel()
		err = standby.Tell(within, p.control, schemas.AuditTold{Audit: name, Writer: p.name, Found: doc})
	}
	if err != nil && ctx.Err() == nil {
		p.log.WarnContext(ctx, "the other processes do not hear what an audit found", "audit", name, "error", err)
	}
}

// audits are those of this process, and what others told of theirs.
func (p *process) audits(ctx context.Context) api.Audits {
	out := api.Audits{}
	if a, ok := p.completeness(); ok {
		out.Completeness = &a
	}
	if a, ok := p.modelAudit(); ok {
		out.Projections = &a
	}
	if out.Completeness != nil && out.Projections != nil {
		return out
	}
	var heard map[string]standby.Heard
	why := "no process does it: this one has the log to itself"
	if p.control != nil {
		why = fmt.Sprintf("no process has told of it in %s within the last %s", schemas.TopicControl, toldLately)
		var err error
		if heard, err = standby.Hear(ctx, source{p.events}); err != nil {
			p.log.WarnContext(ctx, "what other processes found in their audits is not known", "error", err)
			why = "another process may do it; the log, which would tell, does not answer"
		}
	}
	out.Why = map[string]string{}
	if out.Completeness == nil {
		out.Completeness = heardOf[api.Completeness](heard, api.AuditOfLog, out.Why, why)
	}
	if out.Projections == nil {
		out.Projections = heardOf[api.ModelAudit](heard, api.AuditOfModels, out.Why, why)
	}
	return out
}

// heardOf reads what was told of an audit, or notes why nothing is known of it.
func heardOf[A any](heard map[string]standby.Heard, name string, unknown map[string]string, why string) *A {
	told, ok := heard[name]
	if !ok || time.Since(told.At) > toldLately {
		unknown[name] = why
		return nil
	}
	found := new(A)
	if err := json.Unmarshal(told.Found, found); err != nil {
		unknown[name] = fmt.Sprintf("%s tells of it in another form: it is of another version", told.Writer)
		return nil
	}
	return found
}
