package projections

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// telemetry is one record of a heartbeat partition; worker 0 is a tick.
type telemetry struct {
	worker byte
	at     time.Time
}

func (p *Presence) take(i int, r telemetry) (facts []string) {
	var got []PresenceFact
	if r.worker == 0 {
		got = p.Tick(3, r.at)
	} else {
		got = p.Heartbeat(schemas.Report{Heartbeat: schemas.Heartbeat{Worker: schemas.Address{31: r.worker}}, Partition: 3, Offset: int64(i), Time: r.at})
	}
	for _, f := range got {
		facts = append(facts, fmt.Sprintf("%d: %s %s", i, f.ID, f.Event.EventType()))
	}
	return facts
}

func run(records []telemetry) (facts []string) {
	p := NewPresence()
	for i, r := range records {
		facts = append(facts, p.take(i, r)...)
	}
	return facts
}

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// every is one record each step for a while, all of one worker or ticks.
func every(records []telemetry, worker byte, step, during time.Duration) []telemetry {
	at := noon
	if n := len(records); n > 0 {
		at = records[n-1].at
	}
	for end := at.Add(during); at.Before(end); {
		at = at.Add(step)
		records = append(records, telemetry{worker, at})
	}
	return records
}

func TestPresence(t *testing.T) {
	const a, tick = byte(1), byte(0)
	onlineOnce := []string{"0: presence/3/0/online " + schemas.TypeWorkerOnline}
	for _, c := range []struct {
		name    string
		records []telemetry
		want    []string
	}{
		{"nobody", every(nil, tick, 15*time.Second, 10*time.Minute), nil},
		{"a worker that reports is online once", every(nil, a, 30*time.Second, 10*time.Minute), onlineOnce},
		{"two minutes of silence are not too much", every([]telemetry{{a, noon}}, tick, 15*time.Second, 2*time.Minute), onlineOnce},
		{
			"longer silence is offline, told by a tick",
			every([]telemetry{{a, noon}}, tick, 15*time.Second, 5*time.Minute),
			append(slices.Clone(onlineOnce), "9: presence/3/0/offline "+schemas.TypeWorkerOffline),
		},
		{
			"back again",
			append(every([]telemetry{{a, noon}}, tick, 15*time.Second, 3*time.Minute), telemetry{a, noon.Add(3 * time.Minute)}),
			append(slices.Clone(onlineOnce), "9: presence/3/0/offline "+schemas.TypeWorkerOffline, "13: presence/3/13/online "+schemas.TypeWorkerOnline),
		},
		{
			"while nobody listened nobody was silent",
			every([]telemetry{{a, noon}, {tick, noon.Add(time.Hour)}}, tick, 15*time.Second, 90*time.Second), onlineOnce,
		},
		{
			"a clock an hour ahead for one record is two ticks of time",
			every([]telemetry{{a, noon}, {tick, noon.Add(time.Hour)}, {tick, noon}}, tick, 15*time.Second, 90*time.Second), onlineOnce,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := run(c.records); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestPresenceFromAnywhere holds what makes a replay give the same: a reader that begins at any place, and was given enough records
// before it, derives the very facts that one from the beginning does.
func TestPresenceFromAnywhere(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		at := noon
		var records []telemetry
		for range 400 {
			at = at.Add(time.Duration(rnd.Int64N(int64(25 * time.Second))))
			stamp := at
			switch rnd.IntN(40) {
			case 0:
				at = at.Add(time.Duration(rnd.Int64N(int64(time.Hour)))) // nobody listened
			case 1:
				stamp = at.Add(time.Duration(rnd.Int64N(int64(time.Hour)) - int64(30*time.Minute))) // a clock that is off
			}
			records = append(records, telemetry{byte(rnd.IntN(6)), stamp})
		}
		whole := run(records)
		begin := rnd.IntN(len(records))
		p := NewPresence()
		var got []string
		settled := len(records)
		for i := begin; i < len(records); i++ {
			if p.Settled() && settled == len(records) {
				settled = i
			}
			facts := p.take(i, records[i])
			if settled <= i {
				got = append(got, facts...)
			}
		}
		want := slices.DeleteFunc(whole, func(f string) bool {
			var i int
			if _, err := fmt.Sscanf(f, "%d:", &i); err != nil {
				t.Fatal(err)
			}
			return i < settled
		})
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d, from record %d, settled at %d:\n got %q\nwant %q", seed, begin, settled, got, want)
		}
	}
}
