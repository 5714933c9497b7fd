package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// GPURow is what a worker reported of one GPU, at the report's place in the log: a row of gpu_metrics_history and, where it is the
// newest of that GPU, of gpu_latest.
type GPURow struct {
	Worker             schemas.Address `db:"worker_address"`
	Index              int64           `db:"gpu_index"`
	Topic              string          `db:"topic"` // heartbeats may tell of GPUs as well
	Partition          int64           `db:"part"`
	Offset             int64           `db:"log_offset"`
	Time               time.Time       `db:"recorded_at"`
	Model              Maybe[string]   `db:"gpu_model"`
	Tier               Maybe[string]   `db:"gpu_tier"`
	VRAMTotalGB        Maybe[float64]  `db:"vram_total_gb"`
	VRAMUsedGB         Maybe[float64]  `db:"vram_used_gb"`
	ComputeUtilization Maybe[float64]  `db:"compute_utilization"`
	Temperature        Maybe[float64]  `db:"temperature_celsius"`
	PowerWatts         Maybe[float64]  `db:"power_watts"`
	HasTEE             Maybe[bool]     `db:"has_tee"`
	CurrentJobID       Maybe[string]   `db:"current_job_id"`
	EventID            string          `db:"event_id"`
}

// FoldGPUs turns what a worker said of its GPUs into rows. A GPU that a report names twice counts as it was named last.
func FoldGPUs(worker schemas.Address, gpus []schemas.GPU, at Origin) []GPURow {
	rows := make([]GPURow, 0, len(gpus))
	place := map[uint32]int{}
	for _, g := range gpus {
		row := GPURow{
			Worker: worker, Index: int64(g.Index), Topic: at.Topic, Partition: int64(at.Partition), Offset: at.Offset, Time: at.Time,
			Model: text(g.Model), Tier: text(g.Tier), CurrentJobID: text(g.CurrentJobID), EventID: at.ID,
			VRAMTotalGB: finite(g.VRAMTotalGB), VRAMUsedGB: finite(g.VRAMUsedGB), ComputeUtilization: finite(g.ComputeUtilization),
			Temperature: finite(g.Temperature), PowerWatts: finite(g.PowerWatts),
		}
		if g.HasTEE != nil {
			row.HasTEE = Known(*g.HasTEE)
		}
		if i, again := place[g.Index]; again {
			rows[i] = row
			continue
		}
		place[g.Index] = len(rows)
		rows = append(rows, row)
	}
	return rows
}
