package standby

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// hearBack is how many records of the control topic are looked through for what was told: some minutes of them.
const hearBack = 2_000

// Tell writes what an audit of this process has found, for the processes that are asked about it.
func Tell(ctx context.Context, voice Voice, told schemas.AuditTold) error {
	data, err := json.Marshal(told)
	if err != nil {
		return fmt.Errorf("tell of audit %s: %w", told.Audit, err)
	}
	now := time.Now().UTC()
	env := schemas.Envelope{
		ID:     fmt.Sprintf("audit/%s/%s/%d", told.Audit, told.Writer, now.UnixNano()),
		Source: "sage-coordinator/audit", Type: schemas.TypeAuditTold, Time: now, Data: data,
	}
	rec, err := env.Record(schemas.TopicControl, []byte(told.Audit))
	if err != nil {
		return err
	}
	_, _, err = voice.Append(ctx, rec)
	return err
}

// Heard is what a process told of an audit, and when.
type Heard struct {
	schemas.AuditTold
	At time.Time
}

// Hear returns what was told last of each audit, by name, among the newest records.
func Hear(ctx context.Context, log Log) (map[string]Heard, error) {
	first, end, err := log.Bounds(ctx, schemas.TopicControl, 0)
	if err != nil {
		return nil, err
	}
	heard := map[string]Heard{}
	for next := max(first, end-hearBack); next < end; {
		records, _, err := log.Fetch(ctx, schemas.TopicControl, 0, next)
		if err != nil {
			return nil, err
		}
		if len(records) == 0 {
			break
		}
		for _, rec := range records {
			env, err := schemas.ParseEnvelope(rec)
			if err != nil || env.Type != schemas.TypeAuditTold {
				continue
			}
			var told schemas.AuditTold
			if err := json.Unmarshal(env.Data, &told); err != nil {
				return nil, fmt.Errorf("record %d of %s: %w", rec.Offset, schemas.TopicControl, err)
			}
			heard[told.Audit] = Heard{told, env.Time}
		}
		next = records[len(records)-1].Offset + 1
	}
	return heard, nil
}
