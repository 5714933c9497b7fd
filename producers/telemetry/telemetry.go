// Package telemetry writes what workers report into the log: heartbeats, and a tick per partition that tells the time where
// nobody reports.
//
// A report is checked here, whoever it comes from, and acknowledged only when the log has it. Its time is that of ingestion,
// never the client's clock. Whether a report is signed, and by whom, will be checked here, too. Begin with [Recorder].
package telemetry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Log takes records. It returns once it has them.
type Log interface {
	Append(ctx context.Context, r schemas.Record) (partition int32, offset int64, err error)
	AppendTo(ctx context.Context, partition int32, r schemas.Record) (offset int64, err error)
}

const source = "sage-coordinator/telemetry"

// InvalidError says what is wrong with a report, for the one who sent it.
type InvalidError struct{ Problem string }

func (e *InvalidError) Error() string { return e.Problem }

func invalid(format string, args ...any) error { return &InvalidError{fmt.Sprintf(format, args...)} }

// Report is a heartbeat as it comes in. What is nil or empty was not said.
type Report struct {
	Worker            string   `json:"worker_address"`
	WorkerID          string   `json:"worker_id"`
	GPUCount          *int64   `json:"gpu_count"`
	GPUUtilization    *float64 `json:"gpu_utilization"`
	MemoryUtilization *float64 `json:"memory_utilization"`
	JobsInProgress    *int64   `json:"jobs_in_progress"`
	LatencyMS         *int64   `json:"latency_ms"`
	Version           string   `json:"version"`
}

// Bounds of a report. Published clients stay far below them.
const (
	minAddress = 10 // characters, with 0x
	maxText    = 128
	maxGPUs    = 1_024
	maxJobs    = 100_000
)

// Check turns a report into a heartbeat, or says what is wrong with it.
func (r Report) Check() (schemas.Heartbeat, error) {
	h := schemas.Heartbeat{WorkerID: r.WorkerID, Version: r.Version}
	if r.Worker == "" {
		return h, invalid("worker_address is missing")
	}
	if len(r.Worker) < minAddress || !strings.HasPrefix(r.Worker, "0x") {
		return h, invalid("Invalid worker address format: want 0x and at least %d hex digits", minAddress-2)
	}
	var err error
	if h.Worker, err = schemas.ParseAddress(r.Worker); err != nil {
		return h, invalid("Invalid worker address format: %v", err)
	}
	if h.Worker.IsZero() {
		return h, invalid("Invalid worker address format: the zero address is nobody's")
	}
	for name, text := range map[string]string{"worker_id": r.WorkerID, "version": r.Version} {
		if len(text) > maxText || strings.ContainsFunc(text, unicode.IsControl) {
			return h, invalid("%s: want at most %d bytes of text without control characters", name, maxText)
		}
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
	for _, p := range []struct {
		name  string
		value *float64
		to    **float64
	}{
		{"gpu_utilization", r.GPUUtilization, &h.GPUUtilization},
		{"memory_utilization", r.MemoryUtilization, &h.MemoryUtilization},
	} {
		if p.value == nil {
			continue
		}
		if !(*p.value >= 0 && *p.value <= 100) {
			return h, invalid("%s %g: want a percentage, 0 to 100", p.name, *p.value)
		}
		*p.to = p.value
	}
	return h, nil
}

// Recorder appends reports. It is safe for concurrent use.
type Recorder struct {
	log    Log
	now    func() time.Time
	writer string // tells this process's ids from those of others
	count  atomic.Uint64
}

// NewRecorder returns a recorder that appends to the log.
func NewRecorder(log Log) *Recorder {
	return &Recorder{log: log, now: time.Now, writer: fmt.Sprintf("%08x", rand.Uint32())}
}

// Record appends a heartbeat and returns its time once the log has it.
func (r *Recorder) Record(ctx context.Context, h schemas.Heartbeat) (time.Time, error) {
	at := r.now().UTC()
	data, err := json.Marshal(h)
	if err != nil {
		return at, fmt.Errorf("heartbeat of %s: %w", h.Worker, err)
	}
	env := schemas.Envelope{
		ID:     fmt.Sprintf("heartbeat/%s/%d/%s-%d", h.Worker, at.UnixNano(), r.writer, r.count.Add(1)),
		Source: source, Type: schemas.TypeHeartbeat, Time: at, Data: data,
	}
	rec, err := env.Record(schemas.TopicHeartbeats, []byte(h.Worker.String()))
	if err != nil {
		return at, err
	}
	if _, _, err := r.log.Append(ctx, rec); err != nil {
		return at, fmt.Errorf("heartbeat of %s: %w", h.Worker, err)
	}
	return at, nil
}

// Ticker tells every partition the time. Several processes may: a tick more does no harm.
type Ticker struct {
	log    Log
	logger *slog.Logger
}

// NewTicker returns a ticker that appends to the log.
func NewTicker(log Log, logger *slog.Logger) *Ticker { return &Ticker{log, logger} }

// Run ticks until ctx ends. A tick that fails is told and not repeated: the next one tells the time as well.
func (t *Ticker) Run(ctx context.Context) error {
	timer := time.NewTicker(schemas.TickInterval)
	defer timer.Stop()
	for {
		if err := t.tick(ctx, time.Now().UTC()); err != nil && ctx.Err() == nil {
			t.logger.WarnContext(ctx, "partitions not told the time", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
	}
}

func (t *Ticker) tick(ctx context.Context, now time.Time) error {
	var errs []error
	for p := range int32(schemas.TelemetryPartitions) {
		env := schemas.Envelope{
			ID:     fmt.Sprintf("tick/%d/%d", p, now.UnixNano()),
			Source: source, Type: schemas.TypeTick, Time: now, Data: json.RawMessage("{}"),
		}
		rec, err := env.Record(schemas.TopicHeartbeats, nil)
		if err == nil {
			_, err = t.log.AppendTo(ctx, p, rec)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
