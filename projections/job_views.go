package projections

import (
	"slices"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// JobView is a job as lists show it. What is nil is not known.
type JobView struct {
	ID           schemas.Amount  `db:"job_id"`
	Type         *string         `db:"job_type"`
	Client       *string         `db:"client_address"`
	Worker       *string         `db:"worker_address"`
	Status       string          `db:"status"`
	Payment      *schemas.Amount `db:"payment_amount"` // promised
	Paid         *schemas.Amount `db:"paid_amount"`
	SubmittedAt  *time.Time      `db:"submitted_at"`
	AssignedAt   *time.Time      `db:"assigned_at"`
	CompletedAt  *time.Time      `db:"completed_at"`
	CancelledAt  *time.Time      `db:"cancelled_at"`
	CancelReason *string         `db:"cancel_reason"`
	ResultHash   *string         `db:"result_hash"`
	TxHash       string          `db:"tx_hash"`    // of the event that last shaped it
	Block        int64           `db:"valid_from"` // of that event
}

// JobFilter says which jobs; what is empty does not count.
type JobFilter struct {
	Status, Client, Worker, Type string
	Span                         // of the submission
}

// JobNumbers sums up the jobs of one status.
type JobNumbers struct {
	Status  string         `db:"status"`
	Count   int64          `db:"count"`
	Timed   int64          `db:"timed"`
	Seconds float64        `db:"seconds"` // of these, from assignment to completion
	Payment schemas.Amount `db:"payment"` // promised
	Paid    schemas.Amount `db:"paid"`
	PaidFor int64          `db:"paid_for"` // jobs that were paid
}

// JobStats are the jobs in numbers.
type JobStats struct {
	ByStatus          []JobNumbers
	ByType            []Count
	LastDay, LastWeek int64       // submitted before the newest block
	CompletedLastDay  int64       // in the day before it
	HourOfDay         []HourCount // submitted, by the hour of the day in UTC
}

// Count is how many there are of a name.
type Count struct {
	Name  string `db:"name"`
	Count int64  `db:"count"`
}

// HourCount is how many there are in an hour of the day.
type HourCount struct {
	Hour  int64 `db:"hour"`
	Count int64 `db:"count"`
}

// Numbers returns the sums over all statuses.
func (s JobStats) Numbers() (all JobNumbers) {
	for _, n := range s.ByStatus {
		all.Count, all.Timed, all.Seconds = all.Count+n.Count, all.Timed+n.Timed, all.Seconds+n.Seconds
		all.Payment, all.Paid, all.PaidFor = all.Payment.Add(n.Payment), all.Paid.Add(n.Paid), all.PaidFor+n.PaidFor
	}
	return all
}

// Of returns how many jobs have a status.
func (s JobStats) Of(status JobStatus) int64 {
	for _, n := range s.ByStatus {
		if n.Status == string(status) {
			return n.Count
		}
	}
	return 0
}

// SuccessPercent is how many of the jobs that came to an end were completed; nil where none did.
func (s JobStats) SuccessPercent() *float64 {
	return percent(s.Of(JobCompleted), s.Of(JobCompleted)+s.Of(JobCancelled))
}

// MeanSeconds is how long completed jobs took from assignment to completion; nil where nobody knows.
func (s JobStats) MeanSeconds() *float64 {
	all := s.Numbers()
	if all.Timed == 0 {
		return nil
	}
	return new(all.Seconds / float64(all.Timed))
}

// percent is nil of nothing.
func percent(part, whole int64) *float64 {
	if whole == 0 {
		return nil
	}
	return new(100 * float64(part) / float64(whole))
}

// JobDetail is one job in full.
type JobDetail struct {
	JobView
	Timeline []TimelineEvent
	Proofs   []ProofView // the newest last
}

// TimelineEvent is something that happened to a job. TxHash is empty where another event of the same block hides it.
type TimelineEvent struct {
	Type   string
	Time   time.Time
	TxHash string
	Block  int64
}

// JobVersion is what one block made of a job.
type JobVersion struct {
	Block       int64      `db:"valid_from"`
	TxHash      string     `db:"tx_hash"`
	SubmittedAt *time.Time `db:"submitted_at"`
	AssignedAt  *time.Time `db:"assigned_at"`
	CompletedAt *time.Time `db:"completed_at"`
	CancelledAt *time.Time `db:"cancelled_at"`
}

// PaymentVersion is what one block made of a job's payment.
type PaymentVersion struct {
	Block        int64      `db:"valid_from"`
	TxHash       string     `db:"tx_hash"`
	RegisteredAt *time.Time `db:"registered_at"`
	ReadyAt      *time.Time `db:"ready_at"`
	ReleasedAt   *time.Time `db:"released_at"`
	PaidAt       *time.Time `db:"paid_at"`
}

// stamp is a time of a version, with the name of the event that sets it.
type stamp struct {
	name string
	time *time.Time
}

// Timeline tells what happened to a job from the versions of it and of its payment, each in the order of their blocks, and from its proofs.
func Timeline(jobs []JobVersion, payments []PaymentVersion, proofs []ProofView) (out []TimelineEvent) {
	seen := map[string]time.Time{}
	tell := func(block int64, tx string, stamps ...stamp) {
		var told []int
		for _, s := range stamps {
			if before, ok := seen[s.name]; s.time == nil || ok && before.Equal(*s.time) {
				continue
			}
			seen[s.name] = *s.time
			told = append(told, len(out))
			out = append(out, TimelineEvent{s.name, *s.time, tx, block})
		}
		for i := range len(told) - 1 { // the row has the transaction of the last
			out[told[i]].TxHash = ""
		}
	}
	for _, v := range jobs {
		tell(v.Block, v.TxHash, stamp{"JobSubmitted", v.SubmittedAt}, stamp{"JobAssigned", v.AssignedAt}, stamp{"JobCompleted", v.CompletedAt},
			stamp{"JobCancelled", v.CancelledAt})
	}
	for _, v := range payments {
		tell(v.Block, v.TxHash, stamp{"PaymentRegistered", v.RegisteredAt}, stamp{"PaymentReady", v.ReadyAt}, stamp{"PaymentReleased", v.ReleasedAt},
			stamp{"PaymentPaid", v.PaidAt})
	}
	for _, p := range proofs {
		last := p.Block
		for _, s := range []stamp{{"ProofSubmitted", p.SubmittedAt}, {"ProofVerified", p.VerifiedAt}, {"ProofRejected", p.RejectedAt}} {
			if s.time == nil {
				continue
			}
			e := TimelineEvent{Type: s.name, Time: *s.time}
			if p.ChangedAt != nil && s.time.Equal(*p.ChangedAt) {
				e.TxHash, e.Block = p.TxHash, last
			}
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b TimelineEvent) int { return a.Time.Compare(b.Time) })
	return out
}

// Took is how long the job took from assignment to completion; nil where it is not known.
func (j JobView) Took() *time.Duration {
	if j.AssignedAt == nil || j.CompletedAt == nil {
		return nil
	}
	return new(j.CompletedAt.Sub(*j.AssignedAt))
}

// Reward is what was paid for the job or, before that, promised; nil where neither is known.
func (j JobView) Reward() *schemas.Amount {
	if j.Paid != nil {
		return j.Paid
	}
	return j.Payment
}

// Proof is the newest of the job's proofs, one with a verdict before one without; nil where there is none.
func (j JobDetail) Proof() (best *ProofView) {
	for i, p := range j.Proofs {
		if best == nil || best.Valid() == nil || p.Valid() != nil {
			best = &j.Proofs[i]
		}
	}
	return best
}

// MeanReward is what was paid for a job on average; nil where nothing was.
func (s JobStats) MeanReward() *schemas.Amount {
	all := s.Numbers()
	return mean(all.Paid, all.PaidFor)
}
