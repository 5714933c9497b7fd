package projections

import (
	"math"
	"strings"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// HeartbeatRow is one heartbeat at its place in the log, a row of heartbeats and, where it is the worker's newest, of
// heartbeats_latest.
type HeartbeatRow struct {
	Worker            schemas.Address `db:"worker_address"`
	Partition         int64           `db:"part"`
	Offset            int64           `db:"log_offset"`
	WorkerID          Maybe[string]   `db:"worker_id"`
	Time              time.Time       `db:"heartbeat_time"`
	GPUCount          Maybe[int64]    `db:"gpu_count"`
	GPUUtilization    Maybe[float64]  `db:"gpu_utilization_avg"`
	MemoryUtilization Maybe[float64]  `db:"memory_utilization_avg"`
	JobsInProgress    Maybe[int64]    `db:"jobs_in_progress"`
	LatencyMS         Maybe[int64]    `db:"latency_ms"`
	Version           Maybe[string]   `db:"version"`
	EventID           string          `db:"event_id"`
}

// FoldHeartbeat turns a report into its row. Text that the database could not hold is mended, not refused: the log has it as
// it came.
func FoldHeartbeat(r schemas.Report) HeartbeatRow {
	return HeartbeatRow{
		Worker: r.Worker, Partition: int64(r.Partition), Offset: r.Offset, Time: r.Time, EventID: r.ID,
		WorkerID: text(r.WorkerID), Version: text(r.Version),
		GPUCount: count(r.GPUCount), JobsInProgress: count(r.JobsInProgress), LatencyMS: count(r.LatencyMS),
		GPUUtilization: finite(r.GPUUtilization), MemoryUtilization: finite(r.MemoryUtilization),
	}
}

func text(s string) Maybe[string] {
	if s == "" {
		return Maybe[string]{}
	}
	return Known(strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD"))
}

func count(n *uint32) Maybe[int64] {
	if n == nil {
		return Maybe[int64]{}
	}
	return Known(int64(*n))
}

func finite(f *float64) Maybe[float64] {
	if f == nil || math.IsNaN(*f) || math.IsInf(*f, 0) {
		return Maybe[float64]{}
	}
	return Known(*f)
}
