package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// reputationManager scores workers from 0 to 1000, by the worker ids of JobManager.
type reputationManager struct {
	Contract
	admin, pool, jobs address
	rateLimit         uint64 // seconds between updates of one worker, for all but the admin

	scores          Map[felt, reputationScore]
	lastUpdate      Map[felt, uint64]
	workers         Cell[uint32]
	scoreSum        Cell[uint64]
	highest, lowest Cell[uint32]
	thresholds      Map[felt, reputationThreshold]
	byLevel         Map[levelSlot, felt]
	levelCount      Map[uint8, uint32]
	levelIndex      Map[felt, uint32]
	events          Map[historySlot, reputationEvent]
	eventCount      Map[felt, uint32]
}

type levelSlot struct {
	level uint8
	index uint32
}

type historySlot struct {
	worker felt
	index  uint32
}

type reputationScore struct {
	Score          uint32 `json:"score"`
	Level          uint8  `json:"level"`
	LastUpdated    u64    `json:"last_updated"`
	TotalJobs      uint32 `json:"total_jobs_completed"`
	SuccessfulJobs uint32 `json:"successful_jobs"`
	FailedJobs     uint32 `json:"failed_jobs"`
	DisputeCount   uint32 `json:"dispute_count"`
	SlashCount     uint32 `json:"slash_count"`
}

type reputationEvent struct {
	Timestamp  u64     `json:"timestamp"`
	ScoreDelta int32   `json:"score_delta"`
	Reason     felt    `json:"reason"`
	JobID      *amount `json:"job_id"`
	OldScore   uint32  `json:"old_score"`
	NewScore   uint32  `json:"new_score"`
}

type reputationThreshold struct {
	JobType     felt   `json:"job_type"`
	MinScore    uint32 `json:"min_score"`
	MinLevel    uint8  `json:"min_level"`
	MaxFailures uint32 `json:"max_failures"`
}

type workerRank struct {
	WorkerID felt   `json:"worker_id"`
	Score    uint32 `json:"score"`
	Level    uint8  `json:"level"`
	Rank     uint32 `json:"rank"`
}

const (
	initialScore  = 500
	initialLevel  = 3
	maxScore      = 1_000
	historyLength = 20
)

// reputationReasons are the short strings that events carry, by the reason's name in the ABI.
var reputationReasons = map[string]felt{
	"JobCompleted":    schemas.ShortString("job_completed"),
	"JobFailed":       schemas.ShortString("job_failed"),
	"WorkerSlashed":   schemas.ShortString("worker_slashed"),
	"DisputeLost":     schemas.ShortString("dispute_lost"),
	"DisputeWon":      schemas.ShortString("dispute_won"),
	"InactivityDecay": schemas.ShortString("inactivity_decay"),
	"AdminAdjustment": schemas.ShortString("admin_adjustment"),
}

func (r *reputationManager) functions() {
	r.entries = map[string]entry{
		"initialize_reputation":    on(func(e *Env, a workerIDArgs) { r.initialize(e, a.WorkerID) }),
		"update_reputation":        on(r.update),
		"set_reputation_threshold": on(r.setThreshold),
		"admin_adjust_reputation":  on(r.adjust),
		"apply_inactivity_decay":   on(r.decay),
	}
	r.views = map[string]view{
		"get_reputation": ask(func(e *Env, q workerIDArgs) reputationScore { return r.scores.get(e, q.WorkerID) }),
		"get_network_stats": tell(func(e *Env) list {
			n, average := r.workers.get(e), uint64(0)
			if n > 0 {
				average = r.scoreSum.get(e) / uint64(n)
			}
			return list{n, average, r.highest.get(e), r.lowest.get(e)}
		}),
		"get_reputation_history":         ask(r.history),
		"get_worker_rank":                ask(func(e *Env, q workerIDArgs) uint32 { return r.rank(e, q.WorkerID) }),
		"get_workers_count_by_level":     ask(func(e *Env, q levelArgs) uint32 { return r.levelCount.get(e, q.Level) }),
		"get_workers_by_level":           ask(func(e *Env, q levelArgs) []workerRank { return r.ranked(e, q.Level, 0, 100) }),
		"get_workers_by_level_paginated": ask(func(e *Env, q levelArgs) []workerRank { return r.ranked(e, q.Level, q.Offset, min(q.Limit, 100)) }),
		"get_top_workers":                ask(func(e *Env, q countArgs) []workerRank { return r.ranked(e, 5, 0, q.Count) }),
		"get_top_workers_paginated":      ask(r.top),
		"check_reputation_threshold":     ask(r.check),
		"is_paused":                      constant(false),
	}
}

type (
	workerIDArgs struct {
		WorkerID felt `json:"worker_id"`
	}
	levelArgs struct {
		Level  uint8  `json:"level"`
		Offset uint32 `json:"offset"`
		Limit  uint32 `json:"limit"`
	}
	countArgs struct {
		Count uint32 `json:"count"`
	}
	historyArgs struct {
		WorkerID felt   `json:"worker_id"`
		Limit    uint32 `json:"limit"`
	}
	thresholdArgs struct {
		WorkerID  felt                `json:"worker_id"`
		Threshold reputationThreshold `json:"threshold"`
	}
)

func (r *reputationManager) construct(e *Env) { r.lowest.set(e, maxScore) }

// initialize may be called by anyone; a second time does nothing.
func (r *reputationManager) initialize(e *Env, worker felt) {
	if _, known := r.scores.find(e, worker); known {
		return
	}
	now := u64(e.block.Time)
	r.scores.set(e, worker, reputationScore{Score: initialScore, Level: initialLevel, LastUpdated: now})
	r.lastUpdate.set(e, worker, e.block.Time)
	r.workers.set(e, r.workers.get(e)+1)
	r.scoreSum.set(e, r.scoreSum.get(e)+initialScore)
	r.append(e, worker, initialLevel)
	r.highest.set(e, max(r.highest.get(e), initialScore))
	r.lowest.set(e, min(r.lowest.get(e), initialScore))
	e.emit(schemas.ReputationManagerReputationInitialized{WorkerID: worker, InitialScore: initialScore, Timestamp: e.block.Time})
}

type updateReputationArgs struct {
	WorkerID   felt    `json:"worker_id"`
	ScoreDelta int32   `json:"score_delta"`
	Reason     string  `json:"reason"`
	JobID      *amount `json:"job_id"`
}

// update drops silently what it may not do: strangers, unknown workers, updates within the rate limit.
func (r *reputationManager) update(e *Env, a updateReputationArgs) {
	s, known := r.scores.find(e, a.WorkerID)
	allowed := e.caller == r.admin || e.caller == r.pool || e.caller == r.jobs
	early := e.block.Time < r.lastUpdate.get(e, a.WorkerID)+r.rateLimit && e.caller != r.admin
	if !allowed || !known || early {
		return
	}
	old := s.Score
	s.Score = uint32(min(max(int64(old)+int64(a.ScoreDelta), 0), maxScore))
	switch a.Reason {
	case "JobCompleted":
		s.TotalJobs++
		s.SuccessfulJobs++
	case "JobFailed":
		s.TotalJobs++
		s.FailedJobs++
	case "WorkerSlashed":
		s.SlashCount++
	case "DisputeLost", "DisputeWon":
		s.DisputeCount++
	}
	r.store(e, a.WorkerID, old, s)
	n := r.eventCount.get(e, a.WorkerID)
	reason := reputationReasons[a.Reason]
	r.events.set(e, historySlot{a.WorkerID, n % historyLength}, reputationEvent{
		Timestamp: u64(e.block.Time), ScoreDelta: a.ScoreDelta, Reason: reason, JobID: a.JobID, OldScore: old, NewScore: s.Score,
	})
	r.eventCount.set(e, a.WorkerID, n+1)
	e.emit(schemas.ReputationManagerReputationUpdated{
		WorkerID: a.WorkerID, OldScore: old, NewScore: s.Score, ScoreDelta: a.ScoreDelta, Reason: reason, JobID: a.JobID, Timestamp: e.block.Time,
	})
}

// store writes a score with all that hangs on it: level lists, sum, high-water mark. The low mark is never raised or lowered.
func (r *reputationManager) store(e *Env, worker felt, old uint32, s reputationScore) {
	oldLevel := s.Level
	s.Level, s.LastUpdated = levelOf(s.Score), u64(e.block.Time)
	r.scores.set(e, worker, s)
	r.lastUpdate.set(e, worker, e.block.Time)
	r.scoreSum.set(e, r.scoreSum.get(e)-uint64(old)+uint64(s.Score))
	r.highest.set(e, max(r.highest.get(e), s.Score))
	if oldLevel == s.Level {
		return
	}
	last, at := r.levelCount.get(e, oldLevel)-1, r.levelIndex.get(e, worker)
	if at < last {
		moved := r.byLevel.get(e, levelSlot{oldLevel, last})
		r.byLevel.set(e, levelSlot{oldLevel, at}, moved)
		r.levelIndex.set(e, moved, at)
	}
	r.byLevel.set(e, levelSlot{oldLevel, last}, felt{})
	r.levelCount.set(e, oldLevel, last)
	r.append(e, worker, s.Level)
}

func (r *reputationManager) append(e *Env, worker felt, level uint8) {
	n := r.levelCount.get(e, level)
	r.byLevel.set(e, levelSlot{level, n}, worker)
	r.levelCount.set(e, level, n+1)
	r.levelIndex.set(e, worker, n)
}

func levelOf(score uint32) uint8 {
	switch {
	case score >= 850:
		return 5
	case score >= 700:
		return 4
	case score >= 500:
		return 3
	case score >= 300:
		return 2
	}
	return 1
}

type setThresholdArgs struct {
	JobType   felt                `json:"job_type"`
	Threshold reputationThreshold `json:"threshold"`
}

func (r *reputationManager) setThreshold(e *Env, a setThresholdArgs) {
	e.requireText(e.caller == r.admin, "Only admin can set thresholds")
	r.thresholds.set(e, a.JobType, a.Threshold)
	e.emit(schemas.ReputationManagerThresholdSet{
		JobType: a.JobType, MinScore: a.Threshold.MinScore, MinLevel: a.Threshold.MinLevel, MaxFailures: a.Threshold.MaxFailures,
	})
}

type adjustArgs struct {
	WorkerID felt   `json:"worker_id"`
	NewScore uint32 `json:"new_score"`
	Reason   felt   `json:"reason"`
}

func (r *reputationManager) adjust(e *Env, a adjustArgs) {
	e.requireText(e.caller == r.admin, "Only admin can adjust")
	e.requireText(a.NewScore <= maxScore, "Score exceeds maximum")
	r.initialize(e, a.WorkerID)
	s := r.scores.get(e, a.WorkerID)
	old := s.Score
	s.Score = a.NewScore
	r.store(e, a.WorkerID, old, s)
	e.emit(schemas.ReputationManagerAdminAdjusted{WorkerID: a.WorkerID, NewScore: a.NewScore, Reason: a.Reason, Timestamp: e.block.Time})
}

type decayArgs struct {
	Cutoff u64 `json:"cutoff_timestamp"`
}

// decay only announces: the contract touches no worker.
func (r *reputationManager) decay(e *Env, a decayArgs) {
	e.requireText(e.caller == r.admin, "Not authorized")
	e.emit(schemas.ReputationManagerInactivityDecayApplied{CutoffTimestamp: uint64(a.Cutoff), Timestamp: e.block.Time})
}

// history returns the newest events first.
func (r *reputationManager) history(e *Env, q historyArgs) []reputationEvent {
	out := []reputationEvent{}
	n := r.eventCount.get(e, q.WorkerID)
	for i := range min(q.Limit, n, historyLength) {
		out = append(out, r.events.get(e, historySlot{q.WorkerID, (n - 1 - i) % historyLength}))
	}
	return out
}

// rank is the contract's estimate from the highest score ever seen, not a real rank.
func (r *reputationManager) rank(e *Env, worker felt) uint32 {
	s, known := r.scores.find(e, worker)
	if !known {
		return 0
	}
	highest := r.highest.get(e)
	if highest == 0 {
		return 1
	}
	return (100-s.Score*100/highest)*r.workers.get(e)/100 + 1
}

// ranked lists workers of one level; ranks count within the level.
func (r *reputationManager) ranked(e *Env, level uint8, offset, limit uint32) []workerRank {
	out := []workerRank{}
	n := r.levelCount.get(e, level)
	for i := offset; i < n && uint32(len(out)) < limit; i++ {
		id := r.byLevel.get(e, levelSlot{level, i})
		s := r.scores.get(e, id)
		out = append(out, workerRank{WorkerID: id, Score: s.Score, Level: s.Level, Rank: i + 1})
	}
	return out
}

// top walks the levels downwards; ranks are global.
func (r *reputationManager) top(e *Env, q pageArgs) []workerRank {
	out := []workerRank{}
	skip, limit := q.Offset, min(q.Limit, 100)
	for level := uint8(5); level >= 1 && uint32(len(out)) < limit; level-- {
		n := r.levelCount.get(e, level)
		if skip >= n {
			skip -= n
			continue
		}
		for _, w := range r.ranked(e, level, skip, limit-uint32(len(out))) {
			w.Rank = q.Offset + uint32(len(out)) + 1
			out = append(out, w)
		}
		skip = 0
	}
	return out
}

func (r *reputationManager) check(e *Env, q thresholdArgs) bool {
	s, known := r.scores.find(e, q.WorkerID)
	return known && s.Score >= q.Threshold.MinScore && s.Level >= q.Threshold.MinLevel && s.FailedJobs <= q.Threshold.MaxFailures
}
