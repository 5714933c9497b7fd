package telemetry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Partitions takes records for partitions of the heartbeats. It returns once it has them.
type Partitions interface {
	AppendTo(ctx context.Context, partition int32, r schemas.Record) (offset int64, err error)
}

// Ticker tells every partition the time. Several processes may: a tick more does no harm.
type Ticker struct {
	log    Partitions
	logger *slog.Logger
}

// NewTicker returns a ticker that appends to the heartbeats.
func NewTicker(log Partitions, logger *slog.Logger) *Ticker { return &Ticker{log, logger} }

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
