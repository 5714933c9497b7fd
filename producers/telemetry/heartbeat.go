package telemetry

import (
	"errors"
	"math"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Heartbeat is a heartbeat as it comes in. What is nil or empty was not said. The tags beside json describe it to clients; a test holds them to
// what is accepted.
type Heartbeat struct {
	Worker            string   `json:"worker_address" minLength:"10" pattern:"^0x0*([1-7][0-9a-fA-F]{62}|[1-9a-fA-F][0-9a-fA-F]{0,61})$" doc:"The worker's account: 0x and at least eight hex digits."`
	WorkerID          string   `json:"worker_id" required:"false" nullable:"true" maxLength:"128" doc:"The worker's own name for itself."`
	GPUCount          *whole   `json:"gpu_count" required:"false" minimum:"0" maximum:"1024"`
	GPUUtilization    *float64 `json:"gpu_utilization" required:"false" minimum:"0" maximum:"100" doc:"Percent."`
	MemoryUtilization *float64 `json:"memory_utilization" required:"false" minimum:"0" maximum:"100" doc:"Percent."`
	JobsInProgress    *whole   `json:"jobs_in_progress" required:"false" minimum:"0" maximum:"100000"`
	LatencyMS         *whole   `json:"latency_ms" required:"false" minimum:"0" maximum:"2147483647"`
	Version           string   `json:"version" required:"false" nullable:"true" maxLength:"128"`
	GPUs              []GPU    `json:"gpus" required:"false" nullable:"true" maxItems:"1024" doc:"Where it tells of each, as /api/worker/gpu-metrics does."`
}

// CheckHeartbeat turns the body of a request into a heartbeat, or says what is wrong with it.
func CheckHeartbeat(body []byte) (h schemas.Heartbeat, err error) {
	var r Heartbeat
	if err := parse(body, "a heartbeat", &r); err != nil {
		return h, err
	}
	return r.check()
}

func (r Heartbeat) check() (h schemas.Heartbeat, err error) {
	h = schemas.Heartbeat{WorkerID: r.WorkerID, Version: r.Version}
	if h.Worker, err = checkAddress("worker_address", r.Worker); err != nil {
		return h, err
	}
	if err := errors.Join(checkText("worker_id", r.WorkerID), checkText("version", r.Version)); err != nil {
		return h, err
	}
	if err := errors.Join(
		checkWhole("gpu_count", r.GPUCount, maxGPUs, &h.GPUCount), checkWhole("jobs_in_progress", r.JobsInProgress, maxJobs, &h.JobsInProgress),
		checkWhole("latency_ms", r.LatencyMS, math.MaxInt32, &h.LatencyMS),
	); err != nil {
		return h, err
	}
	h.GPUUtilization, h.MemoryUtilization = r.GPUUtilization, r.MemoryUtilization
	if err := errors.Join(checkNumber("gpu_utilization", r.GPUUtilization, 0, 100), checkNumber("memory_utilization", r.MemoryUtilization, 0, 100)); err != nil {
		return h, err
	}
	h.GPUs, err = checkGPUs(r.GPUs)
	return h, err
}
