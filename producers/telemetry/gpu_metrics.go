package telemetry

import (
	"errors"
	"fmt"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// GPUMetrics is a report of a worker's GPUs as it comes in.
type GPUMetrics struct {
	Worker string `json:"worker_address" minLength:"10" pattern:"^0x0*([1-7][0-9a-fA-F]{62}|[1-9a-fA-F][0-9a-fA-F]{0,61})$" doc:"The worker's account: 0x and at least eight hex digits."`
	GPUs   []GPU  `json:"gpus" nullable:"false" maxItems:"1024" doc:"All that it has; none is twice."`
}

// GPU is what a worker says of one of them. What is nil or empty was not said.
type GPU struct {
	Index              *whole   `json:"gpu_index" nullable:"false" minimum:"0" maximum:"1023"`
	Model              string   `json:"gpu_model" required:"false" nullable:"true" maxLength:"128"`
	Tier               string   `json:"gpu_tier" required:"false" nullable:"true" maxLength:"128"`
	VRAMTotalGB        *float64 `json:"vram_total_gb" required:"false" minimum:"0" maximum:"100000"`
	VRAMUsedGB         *float64 `json:"vram_used_gb" required:"false" minimum:"0" maximum:"100000" doc:"No more than vram_total_gb."`
	ComputeUtilization *float64 `json:"compute_utilization" required:"false" minimum:"0" maximum:"100" doc:"Percent."`
	Temperature        *float64 `json:"temperature_celsius" required:"false" minimum:"-250" maximum:"250"`
	PowerWatts         *float64 `json:"power_watts" required:"false" minimum:"0" maximum:"100000"`
	HasTEE             *bool    `json:"has_tee" required:"false"`
	CurrentJobID       string   `json:"current_job_id" required:"false" nullable:"true" maxLength:"128"`
}

// Bounds of what one GPU can be, far above any that is built.
const (
	maxVRAM        = 100_000 // GiB
	maxTemperature = 250     // degrees Celsius; the lowest is its negative
	maxPower       = 100_000 // W
)

// CheckGPUMetrics turns the body of a request into a report, or says what is wrong with it.
func CheckGPUMetrics(body []byte) (m schemas.GPUMetrics, err error) {
	var r GPUMetrics
	if err := parse(body, "GPU metrics", &r); err != nil {
		return m, err
	}
	if m.Worker, err = checkAddress("worker_address", r.Worker); err != nil {
		return m, err
	}
	if r.GPUs == nil {
		return m, invalid("gpus is missing: want a list, which may be empty")
	}
	m.GPUs, err = checkGPUs(r.GPUs)
	return m, err
}

func checkGPUs(reported []GPU) ([]schemas.GPU, error) {
	if len(reported) > maxGPUs {
		return nil, invalid("gpus: %d are too many, want at most %d", len(reported), maxGPUs)
	}
	var gpus []schemas.GPU
	seen := map[uint32]bool{}
	for i, r := range reported {
		g, err := r.check(fmt.Sprintf("gpus[%d].", i))
		if err != nil {
			return nil, err
		}
		if seen[g.Index] {
			return nil, invalid("gpus[%d].gpu_index %d: is there twice", i, g.Index)
		}
		seen[g.Index] = true
		gpus = append(gpus, g)
	}
	return gpus, nil
}

func (r GPU) check(at string) (g schemas.GPU, err error) {
	switch {
	case r.Index == nil:
		return g, invalid("%sgpu_index is missing", at)
	case *r.Index < 0 || *r.Index >= maxGPUs:
		return g, invalid("%sgpu_index %d: want 0 to %d", at, *r.Index, maxGPUs-1)
	}
	err = errors.Join(
		checkText(at+"gpu_model", r.Model), checkText(at+"gpu_tier", r.Tier), checkText(at+"current_job_id", r.CurrentJobID),
		checkNumber(at+"vram_total_gb", r.VRAMTotalGB, 0, maxVRAM), checkNumber(at+"vram_used_gb", r.VRAMUsedGB, 0, maxVRAM),
		checkNumber(at+"compute_utilization", r.ComputeUtilization, 0, 100),
		checkNumber(at+"temperature_celsius", r.Temperature, -maxTemperature, maxTemperature), checkNumber(at+"power_watts", r.PowerWatts, 0, maxPower),
	)
	if err != nil {
		return g, err
	}
	if r.VRAMTotalGB != nil && r.VRAMUsedGB != nil && *r.VRAMUsedGB > *r.VRAMTotalGB {
		return g, invalid("%svram_used_gb %g: is more than vram_total_gb %g", at, *r.VRAMUsedGB, *r.VRAMTotalGB)
	}
	return schemas.GPU{
		Index: uint32(*r.Index), Model: r.Model, Tier: r.Tier, VRAMTotalGB: r.VRAMTotalGB, VRAMUsedGB: r.VRAMUsedGB,
		ComputeUtilization: r.ComputeUtilization, Temperature: r.Temperature, PowerWatts: r.PowerWatts,
		HasTEE: r.HasTEE, CurrentJobID: r.CurrentJobID,
	}, nil
}
