package telemetry

import (
	"errors"
	"math"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Heartbeat is a heartbeat as it comes in. What is nil or empty was not said.
type Heartbeat struct {
	Worker            string   `json:"worker_address"`
	WorkerID          string   `json:"worker_id"`
	GPUCount          *int64   `json:"gpu_count"`
	GPUUtilization    *float64 `json:"gpu_utilization"`
	MemoryUtilization *float64 `json:"memory_utilization"`
	JobsInProgress    *int64   `json:"jobs_in_progress"`
	LatencyMS         *int64   `json:"latency_ms"`
	Version           string   `json:"version"`
	GPUs              []GPU    `json:"gpus"`
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
	for _, c := range []struct {
		name  string
		value *int64
		most  int64
		to    **uint32
	}{
		{"gpu_count", r.GPUCount, maxGPUs, &h.GPUCount},
		{"jobs_in_progress", r.JobsInProgress, maxJobs, &h.JobsInProgress},
		{"latency_ms", r.LatencyMS, math.MaxInt32, &h.LatencyMS},
	} {
		if c.value == nil {
			continue
		}
		if *c.value < 0 || *c.value > c.most {
			return h, invalid("%s %d: want 0 to %d", c.name, *c.value, c.most)
		}
		*c.to = new(uint32(*c.value))
	}
	h.GPUUtilization, h.MemoryUtilization = r.GPUUtilization, r.MemoryUtilization
	if err := errors.Join(checkNumber("gpu_utilization", r.GPUUtilization, 0, 100), checkNumber("memory_utilization", r.MemoryUtilization, 0, 100)); err != nil {
		return h, err
	}
	h.GPUs, err = checkGPUs(r.GPUs)
	return h, err
}
