package projections

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ParkedRecord is a record of telemetry that could not be folded, or that came after such a one of its key: it waits, as it came, until
// somebody has it tried again or drops it. Meanwhile the records of other keys go on.
type ParkedRecord struct {
	schemas.Record
	ID     string
	Type   string
	Reason string
}

// ParkedBefore is the reason of a record that waits for an earlier one of its key.
const ParkedBefore = "an earlier record of its key is parked"

// Holding makes the batch park the records of keys that are held, and hold the keys of those that it has to park. The batches of one reader share
// the keys, as long as each of them is stored.
func (b *TelemetryBatch) Holding(keys map[string]bool) *TelemetryBatch {
	b.held = keys
	return b
}

// Retry folds parked records again, oldest first. Where one of a key fails again, it and the later ones of the key stay parked; a key with none left
// is held no more.
func (b *TelemetryBatch) Retry(parked []schemas.Record) error {
	for _, rec := range parked {
		delete(b.held, string(rec.Key))
	}
	for _, rec := range parked {
		before := len(b.Parked)
		if _, err := b.take(rec); err != nil {
			return err
		}
		if len(b.Parked) == before {
			b.Released = append(b.Released, rec.Offset)
		}
	}
	return nil
}

// park puts a record aside. A record without a key, such as a tick, holds up no other.
func (b *TelemetryBatch) park(rec schemas.Record, env schemas.Envelope, reason string) {
	b.Parked = append(b.Parked, ParkedRecord{rec, env.ID, env.Type, reason})
	if len(rec.Key) > 0 {
		b.held[string(rec.Key)] = true
	}
}
