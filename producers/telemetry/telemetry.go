// Package telemetry writes what workers report into the log: heartbeats, the metrics of their GPUs, rewards that they say they were
// paid, and a tick per partition that tells the time where nobody reports.
//
// A report is checked here, whoever it comes from, and acknowledged only when the log has it. Its time is that of ingestion,
// never the client's clock. Whether a report is signed, and by whom, will be checked here, too. Begin with [Recorder].
package telemetry

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Log takes records. It returns once it has them.
type Log interface {
	// Append writes a record to its topic, to the partition of its key.
	Append(ctx context.Context, r schemas.Record) (partition int32, offset int64, err error)
}

const source = "sage-coordinator/telemetry"

// InvalidError says what is wrong with a report, for the one who sent it.
type InvalidError struct{ Problem string }

func (e *InvalidError) Error() string { return e.Problem }

func invalid(format string, args ...any) error { return &InvalidError{fmt.Sprintf(format, args...)} }

// Bounds of a report. Published clients stay far below them.
const (
	minAddress = 10 // characters, with 0x
	maxText    = 128
	maxGPUs    = 1_024
	maxJobs    = 100_000
)

// parse reads a report's body.
func parse(body []byte, what string, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return invalid("the body is not the JSON of %s: %v", what, err)
	}
	return nil
}

// checkAddress reads the address of an account. Name is the member's.
func checkAddress(name, text string) (a schemas.Address, err error) {
	if text == "" {
		return a, invalid("%s is missing", name)
	}
	if len(text) < minAddress || !strings.HasPrefix(text, "0x") {
		return a, invalid("Invalid worker address format: %s: want 0x and at least %d hex digits", name, minAddress-2)
	}
	if a, err = schemas.ParseAddress(text); err != nil {
		return a, invalid("Invalid worker address format: %s: %v", name, err)
	}
	if a.IsZero() {
		return a, invalid("Invalid worker address format: %s: the zero address is nobody's", name)
	}
	return a, nil
}

func checkText(name, text string) error {
	if len(text) > maxText || strings.ContainsFunc(text, unicode.IsControl) {
		return invalid("%s: want at most %d bytes of text without control characters", name, maxText)
	}
	return nil
}

// checkNumber holds a number that was said to its bounds.
func checkNumber(name string, value *float64, low, high float64) error {
	if value != nil && !(*value >= low && *value <= high) {
		return invalid("%s %g: want %g to %g", name, *value, low, high)
	}
	return nil
}

// checkWhole holds an integer that was said to its bounds, and tells it.
func checkWhole[N uint32 | uint64](name string, value *whole, most whole, to **N) error {
	if value == nil {
		return nil
	}
	if *value < 0 || *value > most {
		return invalid("%s %d: want 0 to %d", name, *value, most)
	}
	*to = new(N(*value))
	return nil
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

// Heartbeat appends a heartbeat, and returns once the log has it.
func (r *Recorder) Heartbeat(ctx context.Context, h schemas.Heartbeat) error {
	return r.append(ctx, schemas.TopicHeartbeats, "heartbeat", h.Worker, h)
}

// GPUMetrics appends what a worker reports of its GPUs, and returns once the log has it.
func (r *Recorder) GPUMetrics(ctx context.Context, m schemas.GPUMetrics) error {
	return r.append(ctx, schemas.TopicGPUMetrics, "gpu-metrics", m.Worker, m)
}

// Claim appends a claim, and returns once the log has it.
func (r *Recorder) Claim(ctx context.Context, c schemas.ClaimRequested) error {
	return r.append(ctx, schemas.TopicClaims, "claim", c.Address, c)
}

// append writes a report of a worker, with the time of now and an id of its own.
func (r *Recorder) append(ctx context.Context, topic, kind string, worker schemas.Address, e schemas.Event) error {
	at := r.now().UTC()
	data, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("%s of %s: %w", kind, worker, err)
	}
	env := schemas.Envelope{
		ID:     fmt.Sprintf("%s/%s/%d/%s-%d", kind, worker, at.UnixNano(), r.writer, r.count.Add(1)),
		Source: source, Type: e.EventType(), Time: at, Data: data,
	}
	rec, err := env.Record(topic, []byte(worker.String()))
	if err != nil {
		return err
	}
	if _, _, err := r.log.Append(ctx, rec); err != nil {
		return fmt.Errorf("%s of %s: %w", kind, worker, err)
	}
	return nil
}
