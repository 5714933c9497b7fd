package projections

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestTelemetryTranscripts folds the records of each file in testdata-telemetry, all of partition 3, and prints the rows that come of
// them in the tables that the command names. A line is "<time> <type> <value as JSON>", the type without its first word.
func TestTelemetryTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata-telemetry", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			batch := NewTelemetry().Batch()
			for i, line := range strings.Split(d.Input, "\n") {
				if err := batch.Add(reported(t, line, int64(i))); err != nil {
					return err.Error() + "\n"
				}
			}
			var b strings.Builder
			rows := batch.Rows()
			for i, table := range NewTelemetry().Tables() {
				if !slices.ContainsFunc(d.CmdArgs, func(a datadriven.CmdArg) bool { return a.Key == table.Name }) {
					continue
				}
				for _, row := range rows[i] {
					fmt.Fprintf(&b, "%s: %s\n", table.Name, shown(table.Columns, row))
				}
			}
			for _, p := range batch.Parked {
				fmt.Fprintf(&b, "parked @%d: %s\n", p.Offset, p.Reason)
			}
			if b.Len() == 0 {
				return "nothing\n"
			}
			return b.String()
		})
	})
}

// reported reads a line of a transcript; its time is of 2026-01-01.
func reported(t *testing.T, line string, offset int64) schemas.Record {
	t.Helper()
	parts := strings.SplitN(line, " ", 3)
	if len(parts) != 3 {
		t.Fatalf("line %q: want <time> <type> <value>", line)
	}
	at, err := time.Parse("2006-01-02 15:04:05", "2026-01-01 "+parts[0])
	if err != nil {
		t.Fatalf("line %q: %v", line, err)
	}
	return record(t, schemas.TopicHeartbeats, offset, "bitsage."+parts[1], at, parts[2])
}

func record(t *testing.T, topic string, offset int64, typ string, at time.Time, data string) schemas.Record {
	t.Helper()
	env := schemas.Envelope{ID: fmt.Sprint("id-", offset), Source: "test", Type: typ, Time: at, Data: json.RawMessage(data)}
	rec, err := env.Record(topic, nil)
	if err != nil {
		t.Fatal(err)
	}
	rec.Partition, rec.Offset = 3, offset
	return rec
}

func TestMinutes(t *testing.T) {
	hour, first := MinuteOf(time.Date(2026, 1, 1, 10, 0, 59, 0, time.FixedZone("", 5400)))
	if want := time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC); !hour.Equal(want) || first.String() != strings.Repeat("0", 30)+"1"+strings.Repeat("0", 29) {
		t.Errorf("10:00 at 1:30 east of Greenwich is minute %s of %s", first, hour)
	}
	_, last := MinuteOf(time.Date(2026, 1, 1, 10, 59, 0, 0, time.UTC))
	if last != 1 || (first|last).Count() != 2 {
		t.Errorf("the last minute is %d", last)
	}
}

// TestTelemetryInAnyBatches holds what a rebuild rests on: however a log is cut into batches, and even when parts of it come again where
// rules allow that, the tables end up with the same rows.
func TestTelemetryInAnyBatches(t *testing.T) {
	model := NewTelemetry()
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		at := time.Date(2026, 1, 1, 9, 40, 0, 0, time.UTC)
		var log []schemas.Record
		for i := range int64(300) {
			at = at.Add(time.Duration(rnd.Int64N(int64(40 * time.Second))))
			worker := schemas.Address{31: byte(1 + rnd.IntN(3))}
			switch rnd.IntN(4) {
			case 0:
				log = append(log, record(t, schemas.TopicHeartbeats, i, schemas.TypeTick, at, "{}"))
			case 1:
				log = append(log, record(t, schemas.TopicHeartbeats, i, schemas.TypeGPUMetrics, at,
					fmt.Sprintf(`{"worker_address":%q,"gpus":[{"gpu_index":%d,"power_watts":%d}]}`, worker, rnd.IntN(3), i)))
			default:
				log = append(log, record(t, schemas.TopicHeartbeats, i, schemas.TypeHeartbeat, at,
					fmt.Sprintf(`{"worker_address":%q,"gpu_utilization":%.3f}`, worker, 100*rnd.Float64())))
			}
		}
		whole := newTelemetryStore(model)
		whole.take(t, log)
		pieces := newTelemetryStore(model)
		for rest := log; len(rest) > 0; {
			n := 1 + rnd.IntN(min(len(rest), 40))
			pieces.take(t, rest[:n])
			rest = rest[n:]
		}
		if got, want := pieces.text(), whole.text(); got != want {
			t.Fatalf("seed %d: in pieces\n%s\nwhole\n%s", seed, got, want)
		}
	}
}

// telemetryStore is what a database does with batches.
type telemetryStore struct {
	model  *Telemetry
	tables []map[string][]any
}

func newTelemetryStore(model *Telemetry) *telemetryStore {
	s := &telemetryStore{model: model}
	for range model.Tables() {
		s.tables = append(s.tables, map[string][]any{})
	}
	return s
}

func (s *telemetryStore) take(t *testing.T, records []schemas.Record) {
	t.Helper()
	b := s.model.Batch()
	for _, rec := range records {
		if err := b.Add(rec); err != nil {
			t.Fatal(err)
		}
	}
	for i, rows := range b.Rows() {
		table := s.model.Tables()[i]
		for _, row := range rows {
			key := fmt.Sprint(len(s.tables[i])) // histories only grow
			if table.Day == "" {
				key = keyOf(table, row)
			}
			s.tables[i][key] = joined(table, s.tables[i][key], row)
		}
	}
}

func keyOf(table TelemetryTable, row []any) (key string) {
	for i, c := range table.Columns {
		if slices.Contains(table.Key, c.Name) {
			key += fmt.Sprint(row[i], "/")
		}
	}
	return key
}

func joined(table TelemetryTable, old, next []any) []any {
	if old == nil {
		return next
	}
	if table.First {
		return old
	}
	out := slices.Clone(next)
	for i, c := range table.Columns {
		if c.Name == table.Newest && fmt.Sprintf("%030v", next[i]) < fmt.Sprintf("%030v", old[i]) {
			return old
		}
		switch table.Rules[c.Name] {
		case Or:
			bits := []byte(old[i].(string))
			for j, bit := range []byte(next[i].(string)) {
				bits[j] |= bit
			}
			out[i] = string(bits)
		case Sum:
			out[i] = old[i].(int64) + next[i].(int64)
		case Greatest:
			out[i] = max(old[i].(int64), next[i].(int64))
		}
	}
	return out
}

func (s *telemetryStore) text() string {
	var lines []string
	for i, table := range s.tables {
		for _, row := range table {
			lines = append(lines, s.model.Tables()[i].Name+" "+fmt.Sprint(row...))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
