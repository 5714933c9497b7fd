package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Presence derives who goes online and offline from one partition of the heartbeats. It is pure: the same records give the same
// facts.
//
// Its clock is the partition's listening time. Each record moves it on by the time since the record before, but by no more than
// two ticks: a longer gap means that nobody listened, which is no worker's silence, and a clock that is off moves it by as little.
// So what a record comes to depends on the records of the last [schemas.SilentAfter] of listening only, and a reader that starts
// anywhere is right once it has seen as much ([Presence.Settled]).
type Presence struct {
	listened time.Duration
	last     time.Time
	heard    map[schemas.Address]heard
	waiting  []heard // heartbeats in order; those that a newer one of their worker has replaced are passed over
}

// heard is a heartbeat of a worker.
type heard struct {
	worker   schemas.Address
	workerID string
	offset   int64
	at       time.Time
	listened time.Duration // the clock then
}

// PresenceFact is a fact that a record brought about: a [schemas.WorkerOnline] or a [schemas.WorkerOffline].
type PresenceFact struct {
	ID     string
	Worker schemas.Address
	Time   time.Time // of the record
	Event  schemas.Event
}

// maxGap bounds what one record moves the clock by.
const maxGap = 2 * schemas.TickInterval

// NewPresence returns the state before the first record.
func NewPresence() *Presence { return &Presence{heard: map[schemas.Address]heard{}} }

// Settled tells whether enough was seen for all that follows to be right, wherever the first record was.
func (p *Presence) Settled() bool { return p.listened > schemas.SilentAfter }

// Tick takes a record that only tells the time.
func (p *Presence) Tick(partition int32, at time.Time) []PresenceFact {
	if !p.last.IsZero() {
		p.listened += min(max(at.Sub(p.last), 0), maxGap)
	}
	p.last = at
	var facts []PresenceFact
	for len(p.waiting) > 0 {
		h := p.waiting[0]
		current := p.heard[h.worker].offset == h.offset
		if current && p.listened-h.listened <= schemas.SilentAfter {
			break
		}
		p.waiting = p.waiting[1:]
		if current {
			delete(p.heard, h.worker)
			facts = append(facts, fact(partition, h.offset, h.worker, at, schemas.WorkerOffline{
				Worker: h.worker, WorkerID: h.workerID, Heartbeat: h.offset, LastSeen: h.at,
			}))
		}
	}
	return facts
}

// Heartbeat takes a worker's report.
func (p *Presence) Heartbeat(r schemas.Report) []PresenceFact {
	facts := p.Tick(r.Partition, r.Time)
	if _, online := p.heard[r.Worker]; !online {
		facts = append(facts, fact(r.Partition, r.Offset, r.Worker, r.Time, schemas.WorkerOnline{
			Worker: r.Worker, WorkerID: r.WorkerID, Heartbeat: r.Offset,
		}))
	}
	h := heard{r.Worker, r.WorkerID, r.Offset, r.Time, p.listened}
	p.heard[r.Worker] = h
	p.waiting = append(p.waiting, h)
	return facts
}

func fact(partition int32, heartbeat int64, worker schemas.Address, at time.Time, e schemas.Event) PresenceFact {
	return PresenceFact{ID: schemas.PresenceID(e, partition, heartbeat), Worker: worker, Time: at, Event: e}
}
