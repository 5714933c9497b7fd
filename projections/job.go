package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// JobStatus is where a job stands, in the words that published clients read.
type JobStatus string

// The statuses of a job. The contract has no event for failure, and never sets its Failed state.
const (
	JobUnknown   JobStatus = "unknown" // known only by an event that came without its submission
	JobPending   JobStatus = "pending"
	JobAssigned  JobStatus = "assigned"
	JobCompleted JobStatus = "completed"
	JobCancelled JobStatus = "cancelled"
)

// Job is one job of the JobManager.
type Job struct {
	ID           schemas.Amount         `db:"job_id"`
	Client       Maybe[schemas.Address] `db:"client_address"`
	Worker       Maybe[schemas.Address] `db:"worker_address"`
	Status       JobStatus              `db:"status"`
	Type         Maybe[string]          `db:"job_type,observed"` // no event says it
	Payment      Maybe[schemas.Amount]  `db:"payment_amount"`
	Paid         Maybe[schemas.Amount]  `db:"paid_amount"`
	Refund       Maybe[schemas.Amount]  `db:"refund_amount"`
	SubmittedAt  Maybe[time.Time]       `db:"submitted_at"`
	AssignedAt   Maybe[time.Time]       `db:"assigned_at"`
	CompletedAt  Maybe[time.Time]       `db:"completed_at"`
	PaidAt       Maybe[time.Time]       `db:"paid_at"`
	CancelledAt  Maybe[time.Time]       `db:"cancelled_at"`
	CancelReason Maybe[string]          `db:"cancel_reason"`
	TxHash       schemas.Hash           `db:"tx_hash"`
}

// Jobs follows the JobManager, one row per job.
var Jobs = Entity[Job]{Table: "jobs", Version: 1, Keys: jobKeys, Fold: foldJob, Doubt: doubtJob}

func jobKeys(f schemas.Fact) []string {
	switch e := f.Event.(type) {
	case schemas.JobManagerJobSubmitted:
		return []string{e.JobID.String()}
	case schemas.JobManagerJobAssigned:
		return []string{e.JobID.String()}
	case schemas.JobManagerJobClaimed:
		return []string{e.JobID.String()}
	case schemas.JobManagerJobCompleted:
		return []string{e.JobID.String()}
	case schemas.JobManagerJobCancelled:
		return []string{e.JobID.String()}
	case schemas.JobManagerPaymentReleased:
		return []string{e.JobID.String()}
	case schemas.JobDetails:
		return []string{e.JobID.Value.String()}
	}
	return nil
}

func doubtJob(j Job, f schemas.Fact) string {
	ended := j.Status == JobCompleted || j.Status == JobCancelled
	switch f.Event.(type) {
	case schemas.JobManagerJobSubmitted:
		switch {
		case j.SubmittedAt.Known:
			return "a job is submitted that was submitted before"
		case j.Status != "":
			return "a job is submitted of which other events came before"
		}
		return ""
	case schemas.JobManagerJobAssigned, schemas.JobManagerJobClaimed:
		if ended {
			return "a job is assigned that is " + string(j.Status)
		}
	case schemas.JobManagerJobCompleted:
		if ended {
			return "a job is completed that is " + string(j.Status)
		}
	case schemas.JobManagerJobCancelled:
		if ended {
			return "a job is cancelled that is " + string(j.Status)
		}
	case schemas.JobManagerPaymentReleased:
		if j.Paid.Known {
			return "a job is paid that was paid before"
		}
	}
	if !j.SubmittedAt.Known {
		return "an event of a job that was never submitted"
	}
	return ""
}

func foldJob(j Job, f schemas.Fact) Job {
	if j.Status == "" {
		j.Status = JobUnknown
	}
	if e, ok := f.Event.(schemas.JobDetails); ok {
		j.ID, j.Type = e.JobID.Value, Known(e.JobType)
		return j // the rest is what events said, and when
	}
	j.TxHash = f.TxHash
	at := Known(f.Time)
	switch e := f.Event.(type) {
	case schemas.JobManagerJobSubmitted:
		j.ID, j.Client, j.Payment = e.JobID, Known(e.Client), Known(e.Payment)
		j.Status, j.SubmittedAt = JobPending, at
	case schemas.JobManagerJobAssigned:
		j.ID, j.Worker = e.JobID, Known(e.Worker)
		j.Status, j.AssignedAt = JobAssigned, at
	case schemas.JobManagerJobClaimed:
		// A worker's own claim and an administrator's assignment are two ways to the same state.
		j.ID, j.Worker = e.JobID, Known(e.Worker)
		j.Status, j.AssignedAt = JobAssigned, at
	case schemas.JobManagerJobCompleted:
		j.ID, j.Worker = e.JobID, Known(e.Worker)
		j.Status, j.CompletedAt = JobCompleted, at
	case schemas.JobManagerJobCancelled:
		j.ID, j.Client, j.Refund = e.JobID, Known(e.Client), Known(e.RefundAmount)
		j.Status, j.CancelledAt = JobCancelled, at
		if reason, ok := e.Reason.ShortString(); ok {
			j.CancelReason = Known(reason)
		}
	case schemas.JobManagerPaymentReleased:
		j.ID, j.Paid, j.PaidAt = e.JobID, Known(e.Amount), at
	}
	return j
}
