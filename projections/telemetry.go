package projections

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Telemetry is the read models of what workers report. Unlike those of the chain they are never taken back, and their folds need not
// know what came before: each record gives rows, and rows of the same key are put together by the rules of their table, in any order
// and in batches of any size with the same result.
type Telemetry struct {
	beats    row[HeartbeatRow]
	gpus     row[GPURow]
	uptime   row[UptimeRow]
	listened row[ListenedRow]
	hours    row[TelemetryHourRow]
	claims   row[ClaimRow]
	verdicts row[VerdictRow]
}

// NewTelemetry returns the read models.
func NewTelemetry() *Telemetry {
	return &Telemetry{
		rowOf[HeartbeatRow](), rowOf[GPURow](), rowOf[UptimeRow](), rowOf[ListenedRow](), rowOf[TelemetryHourRow](), rowOf[ClaimRow](), rowOf[VerdictRow](),
	}
}

// Rule says what a column becomes where its row is there already.
type Rule int

// The rules. All but Replace give the same in any order.
const (
	Replace Rule = iota
	Or           // of sets of minutes
	Sum
	Greatest
)

// TelemetryTable is the shape of a table that telemetry fills.
type TelemetryTable struct {
	Name    string
	Columns []Column
	// Day is the time column that a history is divided by, a partition a day; empty where rows have a key.
	Day string
	Key []string
	// Rules are of the columns that are not simply replaced.
	Rules map[string]Rule
	// Newest is the column that decides which of two rows stays as a whole: the later one. Empty where the rules decide.
	Newest string
	// First tells that the row that is there stays as it is.
	First bool
	// Marks is a table with the same key whose rows are marked with what the rows of this one say, for an index of those that have no mark.
	Marks *Mark
}

// Mark is a column of a table that takes the value of another table's.
type Mark struct{ Table, Column, From string }

// Tables returns the tables, histories first.
func (t *Telemetry) Tables() []TelemetryTable {
	return []TelemetryTable{
		{Name: "heartbeats", Columns: t.beats.columns, Day: "heartbeat_time"},
		{Name: "gpu_metrics_history", Columns: t.gpus.columns, Day: "recorded_at"},
		{Name: "heartbeats_latest", Columns: t.beats.columns, Key: []string{"worker_address"}, Newest: "log_offset"},
		{Name: "gpu_latest", Columns: t.gpus.columns, Key: []string{"worker_address", "gpu_index"}, Newest: "recorded_at"},
		{
			Name: "uptime_hour", Columns: t.uptime.columns, Key: []string{"worker_address", "hour"},
			Rules: map[string]Rule{"bits": Or, "log_offset": Greatest},
		},
		{
			Name: "listened_hour", Columns: t.listened.columns, Key: []string{"part", "hour"},
			Rules: map[string]Rule{"bits": Or, "log_offset": Greatest},
		},
		{
			Name: "telemetry_hour", Columns: t.hours.columns, Key: []string{"part", "hour"},
			Rules: map[string]Rule{"heartbeats": Sum, "utilization_sum": Sum, "utilization_count": Sum, "log_offset": Greatest},
		},
		{Name: "reward_claim_requests", Columns: t.claims.columns, Key: []string{"claim_id"}, First: true},
		{
			Name: "reward_claim_verdicts", Columns: t.verdicts.columns, Key: []string{"claim_id"}, Newest: "log_offset",
			Marks: &Mark{Table: "reward_claim_requests", Column: "judged_block", From: "block_number"},
		},
	}
}

// UptimeRow tells in which minutes of an hour a worker reported. However many reports a minute has, it counts once.
type UptimeRow struct {
	Worker    schemas.Address `db:"worker_address"`
	Hour      time.Time       `db:"hour"`
	Minutes   Minutes         `db:"bits"`
	Partition int64           `db:"part"`
	Offset    int64           `db:"log_offset"` // of the last heartbeat
}

// ListenedRow tells in which minutes of an hour somebody listened to a partition of workers: those with a tick. Of the others it is not
// known whether a worker was silent.
type ListenedRow struct {
	Partition int64     `db:"part"`
	Hour      time.Time `db:"hour"`
	Minutes   Minutes   `db:"bits"`
	Offset    int64     `db:"log_offset"` // of the last tick
}

// TelemetryHourRow is one partition's share of the network's numbers of an hour. They are whole numbers, so that sums are the same in any order.
type TelemetryHourRow struct {
	Partition        int64     `db:"part"`
	Hour             time.Time `db:"hour"`
	Heartbeats       int64     `db:"heartbeats"`
	UtilizationSum   int64     `db:"utilization_sum"`   // hundredths of a percent, of GPUs as heartbeats tell it
	UtilizationCount int64     `db:"utilization_count"` // of the heartbeats that tell it
	Offset           int64     `db:"log_offset"`        // of the last heartbeat
}

// Origin is a record's place in the log.
type Origin struct {
	Topic     string
	Partition int32
	Offset    int64
	ID        string
	Time      time.Time // of ingestion
}

// TelemetryBatch is what a run of records of one partition comes to, ready to be stored in one transaction.
type TelemetryBatch struct {
	Place Place
	Time  time.Time // of the newest record
	Facts int       // records that say something of a worker
	// Parked are the records that were put aside, see [ParkedRecord], and Released the offsets of parked ones that are folded now.
	Parked   []ParkedRecord
	Released []int64

	held      map[string]bool
	model     *Telemetry
	beats     []HeartbeatRow
	gpus      []GPURow
	latest    map[string]HeartbeatRow
	gpuLatest map[string]GPURow
	uptime    map[string]UptimeRow
	listened  map[string]ListenedRow
	hours     map[string]TelemetryHourRow
	claims    map[string]ClaimRow
	verdicts  map[string]VerdictRow
}

// Batch returns an empty batch.
func (t *Telemetry) Batch() *TelemetryBatch {
	return &TelemetryBatch{
		held: map[string]bool{}, model: t, latest: map[string]HeartbeatRow{}, gpuLatest: map[string]GPURow{},
		uptime: map[string]UptimeRow{}, listened: map[string]ListenedRow{}, hours: map[string]TelemetryHourRow{},
		claims: map[string]ClaimRow{}, verdicts: map[string]VerdictRow{},
	}
}

// Add folds the next record, or parks it. A record of a type that this build does not know is [schemas.ErrUnknownType]: what it means may
// concern those after it.
func (b *TelemetryBatch) Add(rec schemas.Record) error {
	env, err := b.take(rec)
	if err != nil {
		return err
	}
	b.Place = Place{NextOffset: rec.Offset + 1, Fingerprint: env.ID}
	return nil
}

func (b *TelemetryBatch) take(rec schemas.Record) (schemas.Envelope, error) {
	env, err := schemas.ParseEnvelope(rec)
	if err != nil {
		return env, err
	}
	if env.Time.After(b.Time) {
		b.Time = env.Time
	}
	if b.held[string(rec.Key)] {
		b.park(rec, env, ParkedBefore)
		return env, nil
	}
	err = b.fold(env, Origin{rec.Topic, rec.Partition, rec.Offset, env.ID, env.Time.UTC()})
	if errors.Is(err, schemas.ErrUnknownType) {
		return env, fmt.Errorf("%s[%d]@%d: %s: %w", rec.Topic, rec.Partition, rec.Offset, env.Type, err)
	}
	if err != nil {
		b.park(rec, env, err.Error())
	}
	return env, nil
}

func (b *TelemetryBatch) fold(env schemas.Envelope, at Origin) error {
	switch env.Type {
	case schemas.TypeTick:
		hour, minute := MinuteOf(at.Time)
		key := hour.Format(time.RFC3339)
		r := b.listened[key]
		b.listened[key] = ListenedRow{int64(at.Partition), hour, r.Minutes | minute, max(r.Offset, at.Offset)}
		return nil
	case schemas.TypeHeartbeat:
		r := schemas.Report{ID: at.ID, Time: at.Time, Partition: at.Partition, Offset: at.Offset}
		if err := json.Unmarshal(env.Data, &r.Heartbeat); err != nil {
			return err
		}
		b.heartbeat(FoldHeartbeat(r))
		b.metrics(FoldGPUs(r.Worker, r.GPUs, at))
	case schemas.TypeGPUMetrics:
		var m schemas.GPUMetrics
		if err := json.Unmarshal(env.Data, &m); err != nil {
			return err
		}
		b.metrics(FoldGPUs(m.Worker, m.GPUs, at))
	case schemas.TypeClaimRequested, schemas.TypeClaimConfirmed, schemas.TypeClaimRejected:
		if err := b.claim(env, at); err != nil {
			return err
		}
	default:
		return schemas.ErrUnknownType
	}
	b.Facts++
	return nil
}

func (b *TelemetryBatch) heartbeat(row HeartbeatRow) {
	b.beats = append(b.beats, row)
	worker := row.Worker.String()
	if row.Offset >= b.latest[worker].Offset {
		b.latest[worker] = row
	}
	hour, minute := MinuteOf(row.Time)
	key := hour.Format(time.RFC3339)
	up := b.uptime[worker+key]
	b.uptime[worker+key] = UptimeRow{row.Worker, hour, up.Minutes | minute, row.Partition, max(up.Offset, row.Offset)}
	h := b.hours[key]
	h.Partition, h.Hour, h.Offset = row.Partition, hour, max(h.Offset, row.Offset)
	h.Heartbeats++
	if row.GPUUtilization.Known {
		h.UtilizationSum += int64(100*row.GPUUtilization.Value + 0.5)
		h.UtilizationCount++
	}
	b.hours[key] = h
}

func (b *TelemetryBatch) metrics(rows []GPURow) {
	b.gpus = append(b.gpus, rows...)
	for _, r := range rows {
		key := fmt.Sprintf("%s/%08d", r.Worker, r.Index)
		if !r.Time.Before(b.gpuLatest[key].Time) {
			b.gpuLatest[key] = r
		}
	}
}

func (b *TelemetryBatch) claim(env schemas.Envelope, at Origin) error {
	var requested schemas.ClaimRequested
	var confirmed schemas.ClaimConfirmed
	var rejected schemas.ClaimRejected
	switch env.Type {
	case schemas.TypeClaimRequested:
		if err := json.Unmarshal(env.Data, &requested); err != nil {
			return err
		}
		if _, again := b.claims[requested.ClaimID]; !again {
			b.claims[requested.ClaimID] = FoldClaim(requested, at)
		}
	case schemas.TypeClaimConfirmed:
		if err := json.Unmarshal(env.Data, &confirmed); err != nil {
			return err
		}
		b.verdicts[confirmed.ClaimID] = FoldConfirmed(confirmed, at)
	case schemas.TypeClaimRejected:
		if err := json.Unmarshal(env.Data, &rejected); err != nil {
			return err
		}
		b.verdicts[rejected.ClaimID] = FoldRejected(rejected, at)
	}
	return nil
}

// Rows returns the rows of each table, in the order of [Telemetry.Tables]; those of tables with keys sorted by them, each once.
func (b *TelemetryBatch) Rows() [][][]any {
	m := b.model
	return [][][]any{
		valuesOf(m.beats, b.beats),
		valuesOf(m.gpus, b.gpus),
		valuesOf(m.beats, byKey(b.latest)),
		valuesOf(m.gpus, byKey(b.gpuLatest)),
		valuesOf(m.uptime, byKey(b.uptime)),
		valuesOf(m.listened, byKey(b.listened)),
		valuesOf(m.hours, byKey(b.hours)),
		valuesOf(m.claims, byKey(b.claims)),
		valuesOf(m.verdicts, byKey(b.verdicts)),
	}
}

func valuesOf[R any](r row[R], rows []R) [][]any {
	out := make([][]any, len(rows))
	for i := range rows {
		out[i] = r.values(rows[i])
	}
	return out
}

func byKey[K cmp.Ordered, R any](rows map[K]R) []R {
	out := make([]R, 0, len(rows))
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		out = append(out, rows[key])
	}
	return out
}
