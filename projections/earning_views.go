package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// PaymentView is a payment as lists show it. What is nil is not known.
type PaymentView struct {
	ID      string          `db:"event_id"`
	JobID   schemas.Amount  `db:"job_id"`
	Worker  string          `db:"worker_address"`
	Amount  *schemas.Amount `db:"amount"` // nil where it is encrypted
	Type    string          `db:"payment_type"`
	Token   *string         `db:"token"`
	Private *bool           `db:"privacy_enabled"`
	Time    time.Time       `db:"block_timestamp"`
	TxHash  string          `db:"tx_hash"`
	Block   int64           `db:"block_number"`
}

// PaymentFilter says which payments; what is empty does not count.
type PaymentFilter struct {
	Worker, Type, Token string
	Span
	Within *time.Duration // before the newest block; nil of all times
}

// PaymentNumbers sums up payments by what they have in common. The sum is of those whose amount can be read.
type PaymentNumbers struct {
	Name  string         `db:"name"`
	Count int64          `db:"count"`
	Sum   schemas.Amount `db:"sum"`
}

// PaymentDay is the payments of a day.
type PaymentDay struct {
	Day   time.Time      `db:"day"`
	Count int64          `db:"count"`
	Sum   schemas.Amount `db:"sum"`
}

// Earnings is what a worker was paid.
type Earnings struct {
	ByType, ByToken  []PaymentNumbers
	Day, Week, Month PaymentNumbers // before the newest block
	Pending          schemas.Amount // promised for jobs, and not paid
	Rank             *int64         // by what all workers earned, from 1
	Workers          int64          // that earned anything
	Hidden           int64          // payments whose amount is encrypted
}

// Total returns the sum of all payments.
func (e Earnings) Total() (all PaymentNumbers) {
	for _, t := range e.ByType {
		all.Count, all.Sum = all.Count+t.Count, all.Sum.Add(t.Sum)
	}
	return all
}

// Earner is a worker with what it earned.
type Earner struct {
	Address  string         `db:"address"`
	Earned   schemas.Amount `db:"total_earnings"`
	Payments int64          `db:"payments"`
}

// EarningStats are the payments of all workers.
type EarningStats struct {
	ByType   []PaymentNumbers
	Day      PaymentNumbers // before the newest block
	Readable int64          // payments whose amount can be read
	Top      []Earner
}

// RewardEntry is something that a validator got: a payment for a job, or a reward that a contract paid. What is nil is not known.
type RewardEntry struct {
	Time     time.Time       `db:"block_timestamp"`
	Amount   *schemas.Amount `db:"amount"` // nil where it is encrypted
	JobID    *schemas.Amount `db:"job_id"`
	Kind     string          `db:"kind"` // a [PaymentType] or a [RewardType]
	Claimed  bool            `db:"claimed"`
	Contract *string         `db:"contract_name"`
	TxHash   string          `db:"tx_hash"`
	Block    int64           `db:"block_number"`
}

// RewardFilter says which of a validator's entries.
type RewardFilter struct {
	Span
	Within *time.Duration // before the newest block; nil of all times
}

// RewardSums are the sums over a validator's entries of a span.
type RewardSums struct {
	Sum     schemas.Amount `db:"sum"`
	JobSum  schemas.Amount `db:"job_sum"` // of payments for jobs
	Jobs    int64          `db:"jobs"`    // that were paid for
	Entries int64          `db:"entries"`
}

// Total returns the sum of all payments.
func (e EarningStats) Total() (all PaymentNumbers) { return Earnings{ByType: e.ByType}.Total() }

// Mean is the mean of the payments whose amount can be read; nil where there are none.
func (e EarningStats) Mean() *schemas.Amount { return mean(e.Total().Sum, e.Readable) }

// MeanPerJob is what a job paid on average; nil where there were none.
func (s RewardSums) MeanPerJob() *schemas.Amount { return mean(s.JobSum, s.Jobs) }
