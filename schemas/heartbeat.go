package schemas

import "time"

// TypeHeartbeat is a worker's report that it is alive.
const TypeHeartbeat = "bitsage.telemetry.heartbeat"

// Heartbeat is the value of [TypeHeartbeat]: what a worker reported, keyed by its address. Its time is that of ingestion, in
// the envelope, never the client's clock. What the worker left out is nil, which means unknown.
type Heartbeat struct {
	Worker            Address  `json:"worker_address"`
	WorkerID          string   `json:"worker_id,omitempty"` // the worker's own name for itself
	GPUCount          *uint32  `json:"gpu_count,omitempty"`
	GPUUtilization    *float64 `json:"gpu_utilization,omitempty"`    // percent, 0 to 100
	MemoryUtilization *float64 `json:"memory_utilization,omitempty"` // percent, 0 to 100
	JobsInProgress    *uint32  `json:"jobs_in_progress,omitempty"`
	LatencyMS         *uint32  `json:"latency_ms,omitempty"`
	Version           string   `json:"version,omitempty"`
	GPUs              []GPU    `json:"gpus,omitempty"` // where it tells of each, as [GPUMetrics] does
}

// EventType returns [TypeHeartbeat].
func (Heartbeat) EventType() string { return TypeHeartbeat }

// Report is a heartbeat as read back from the log.
type Report struct {
	Heartbeat
	ID        string
	Time      time.Time // of ingestion
	Partition int32
	Offset    int64
}
