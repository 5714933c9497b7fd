package schemas

import (
	"fmt"
	"time"
)

// TopicPresence holds what silence and reports of workers come to: facts derived from the topic of the heartbeats, keyed and
// partitioned like it. A fact may stand there twice, with the same id.
const TopicPresence = "bitsage.presence"

// Types of derived facts about workers.
const (
	TypeWorkerOnline  = "bitsage.presence.worker.online"
	TypeWorkerOffline = "bitsage.presence.worker.offline"
)

// SilentAfter is how long a worker is silent before it counts as offline.
const SilentAfter = 2 * time.Minute

// TickInterval is how often each partition of telemetry is told the time.
const TickInterval = 15 * time.Second

// WorkerOnline is the value of [TypeWorkerOnline]: the worker reports, and had not for a while, or never. Its time, in the
// envelope, is that of the heartbeat.
type WorkerOnline struct {
	Worker    Address `json:"worker_address"`
	WorkerID  string  `json:"worker_id,omitempty"`
	Heartbeat int64   `json:"heartbeat_offset"` // of the heartbeat that shows it
}

// WorkerOffline is the value of [TypeWorkerOffline]: the worker has been silent for [SilentAfter] while we listened. Its time is
// that of the record in its partition that showed it.
type WorkerOffline struct {
	Worker    Address   `json:"worker_address"`
	WorkerID  string    `json:"worker_id,omitempty"`
	Heartbeat int64     `json:"heartbeat_offset"` // of its last heartbeat
	LastSeen  time.Time `json:"last_heartbeat"`   // the time of that
}

// EventType returns [TypeWorkerOnline].
func (WorkerOnline) EventType() string { return TypeWorkerOnline }

// EventType returns [TypeWorkerOffline].
func (WorkerOffline) EventType() string { return TypeWorkerOffline }

// PresenceID is the id of a fact about a worker that follows from the heartbeat at an offset of a partition: the same whoever
// derives it, and however often.
func PresenceID(f Event, partition int32, heartbeat int64) string {
	state := "online"
	if f.EventType() == TypeWorkerOffline {
		state = "offline"
	}
	return fmt.Sprintf("presence/%d/%d/%s", partition, heartbeat, state)
}
