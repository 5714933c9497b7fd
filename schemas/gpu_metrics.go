package schemas

// TypeGPUMetrics is a worker's report of each of its GPUs.
const TypeGPUMetrics = "bitsage.telemetry.gpu-metrics"

// GPUMetrics is the value of [TypeGPUMetrics], keyed by the worker's address. Its time is that of ingestion, in the envelope.
type GPUMetrics struct {
	Worker Address `json:"worker_address"`
	GPUs   []GPU   `json:"gpus"`
}

// GPU is what a worker says of one of its GPUs. What it left out is nil or empty, which means unknown.
type GPU struct {
	Index              uint32   `json:"gpu_index"` // the worker's own number for it
	Model              string   `json:"gpu_model,omitempty"`
	Tier               string   `json:"gpu_tier,omitempty"`
	VRAMTotalGB        *float64 `json:"vram_total_gb,omitempty"`       // GiB
	VRAMUsedGB         *float64 `json:"vram_used_gb,omitempty"`        // GiB
	ComputeUtilization *float64 `json:"compute_utilization,omitempty"` // percent, 0 to 100
	Temperature        *float64 `json:"temperature_celsius,omitempty"`
	PowerWatts         *float64 `json:"power_watts,omitempty"`
	HasTEE             *bool    `json:"has_tee,omitempty"`
	CurrentJobID       string   `json:"current_job_id,omitempty"`
}

// EventType returns [TypeGPUMetrics].
func (GPUMetrics) EventType() string { return TypeGPUMetrics }
