package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ProofView is a proof as lists show it. What is nil is not known.
type ProofView struct {
	ID           string          `db:"proof_id"`
	Contract     string          `db:"contract_name"`
	Verifier     *string         `db:"verifier_address"` // of the contract
	Type         string          `db:"proof_type"`
	Status       string          `db:"status"`
	JobID        *schemas.Amount `db:"job_id"`
	WorkerID     *string         `db:"worker_id"`
	Prover       *string         `db:"prover_address"`
	Hash         *string         `db:"proof_hash"`
	SecurityBits *int64          `db:"security_bits"`
	Challenger   *string         `db:"challenger_address"`
	Reason       *string         `db:"reject_reason"`
	SubmittedAt  *time.Time      `db:"submitted_at"`
	FinalAt      *time.Time      `db:"challenge_deadline"`
	VerifiedAt   *time.Time      `db:"verified_at"`
	RejectedAt   *time.Time      `db:"rejected_at"`
	TxHash       string          `db:"tx_hash"`    // of the event that last shaped it
	Block        int64           `db:"valid_from"` // of that event
	ChangedAt    *time.Time      `db:"changed_at"` // the time of that block
}

// Valid is the verdict; nil before there is one.
func (p ProofView) Valid() *bool {
	switch ProofStatus(p.Status) {
	case ProofVerified:
		return new(true)
	case ProofRejected:
		return new(false)
	}
	return nil
}

// ProofFilter says which proofs; what is empty does not count. Worker is an account or a worker's id.
type ProofFilter struct {
	Status, JobID, Type, Contract string
	Worker                        *schemas.Felt
	Undecided                     bool // only those without a verdict
	Span                               // of the verdict
}

// ProofNumbers sums up the proofs of one type, contract and status.
type ProofNumbers struct {
	Contract string `db:"contract_name"`
	Type     string `db:"proof_type"`
	Status   string `db:"status"`
	Count    int64  `db:"count"`
}

// ProofDay is the verdicts of a day.
type ProofDay struct {
	Day     time.Time `db:"day"`
	Valid   int64     `db:"valid"`
	Invalid int64     `db:"invalid"`
}

// ProofStats are the proofs in numbers.
type ProofStats struct {
	By                []ProofNumbers
	LastDay, LastWeek int64 // first told of before the newest block
	Days              []ProofDay
}

// Of returns how many proofs have one of the statuses.
func (s ProofStats) Of(statuses ...ProofStatus) (n int64) {
	for _, by := range s.By {
		for _, status := range statuses {
			if by.Status == string(status) {
				n += by.Count
			}
		}
	}
	return n
}

// VerifiedPercent is how many of the proofs with a verdict are valid; nil where none has one.
func (s ProofStats) VerifiedPercent() *float64 {
	return percent(s.Of(ProofVerified), s.Of(ProofVerified, ProofRejected))
}

// ByType returns how many proofs there are of each type.
func (s ProofStats) ByType() (out []Count) {
	place := map[string]int{}
	for _, by := range s.By {
		i, ok := place[by.Type]
		if !ok {
			i = len(out)
			place[by.Type] = i
			out = append(out, Count{Name: by.Type})
		}
		out[i].Count += by.Count
	}
	return out
}
