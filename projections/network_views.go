package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// GPUView is what a worker last said of one of its GPUs. What is nil it did not say.
type GPUView struct {
	Index       int64     `db:"gpu_index"`
	Model       *string   `db:"gpu_model"`
	Tier        *string   `db:"gpu_tier"`
	TotalGB     *float64  `db:"vram_total_gb"` // GiB
	UsedGB      *float64  `db:"vram_used_gb"`
	Utilization *float64  `db:"compute_utilization"` // percent
	Temperature *float64  `db:"temperature_celsius"`
	Power       *float64  `db:"power_watts"`
	TEE         *bool     `db:"has_tee"`
	Job         *string   `db:"current_job_id"`
	Time        time.Time `db:"recorded_at"`
	Age         *float64  `db:"age"` // seconds, by the log's time
}

// Uptime is in how many of the minutes of a window a worker was expected to report, and did.
type Uptime struct {
	Expected int64 `db:"expected"`
	Reported int64 `db:"reported"`
}

// Percent is nil where no minute was expected: then nothing is known.
func (u Uptime) Percent() *float64 { return percent(u.Reported, u.Expected) }

// WorkerReports is what a worker last reported, and how reliably it does.
type WorkerReports struct {
	Heartbeat *time.Time     `db:"heartbeat_time"`
	Age       *float64       `db:"age"` // seconds, by the log's time
	GPUs      *int64         `db:"gpu_count"`
	GPU       *float64       `db:"gpu_utilization_avg"` // percent
	Jobs      *int64         `db:"jobs_in_progress"`
	Version   *string        `db:"version"`
	Claims    int64          `db:"claims"`  // rewards that contracts paid
	Claimed   schemas.Amount `db:"claimed"` // their sum
	Up        Uptime
}

// Liveness returns the worker's state.
func (r WorkerReports) Liveness() Liveness { return livenessAt(r.Age) }

// HeartbeatView is a heartbeat as lists show it. What is nil the worker did not say.
type HeartbeatView struct {
	Time              time.Time `db:"heartbeat_time"` // of ingestion
	WorkerID          *string   `db:"worker_id"`
	GPUCount          *int64    `db:"gpu_count"`
	GPUUtilization    *float64  `db:"gpu_utilization_avg"`    // percent
	MemoryUtilization *float64  `db:"memory_utilization_avg"` // percent
	JobsInProgress    *int64    `db:"jobs_in_progress"`
	LatencyMS         *int64    `db:"latency_ms"`
	Version           *string   `db:"version"`
}

// NetworkHourView is the network at the end of an hour: the chain's numbers count from the first indexed block. What is nil is not known.
type NetworkHourView struct {
	Hour      time.Time      `db:"hour"`
	Whole     bool           `db:"is_whole"` // whether a block after it is indexed
	Workers   int64          `db:"workers"`
	Submitted int64          `db:"jobs_submitted"` // in all
	Completed int64          `db:"jobs_completed"`
	JobsDay   int64          `db:"jobs_day"` // submitted in the 24 hours up to its end
	Staked    schemas.Amount `db:"staked"`
	PaidDay   schemas.Amount `db:"paid_day"`  // in the 24 hours up to its end
	Reporting *int64         `db:"reporting"` // workers that reported in it
	GPU       *float64       `db:"gpu_utilization_avg"`
}

// Activity is something that happened lately.
type Activity struct {
	Kind   string          `db:"kind"` // job, payment or staking
	What   string          `db:"what"` // the event's name or type
	Who    *string         `db:"who"`
	JobID  *string         `db:"job_id"`
	Amount *schemas.Amount `db:"amount"`
	Time   time.Time       `db:"block_timestamp"`
	TxHash string          `db:"tx_hash"`
	Block  int64           `db:"block_number"`
}

// DashboardStats are the numbers of the first page.
type DashboardStats struct {
	NetworkStats
	Jobs     JobStats
	Paid     schemas.Amount // to workers, in all
	PaidDay  schemas.Amount // in the day before the newest block
	Busy     int64          // workers with an assigned job
	Reported *int64         // GPUs that workers say they have; not known of the past
}

// Utilization is how many of the registered workers reported in the hour, in percent; nil where it is not known.
func (h NetworkHourView) Utilization() *float64 {
	if h.Reporting == nil {
		return nil
	}
	return percent(*h.Reporting, h.Workers)
}
