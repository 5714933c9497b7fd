package schemas

import "encoding/json"

// TypeWriterAlive says that a process holds a role, such as tailing a chain, and is well.
const TypeWriterAlive = "bitsage.control.writer.alive"

// WriterAlive is the value of [TypeWriterAlive], keyed by its role.
type WriterAlive struct {
	Role   string `json:"role"`   // what at most one process does at a time
	Writer string `json:"writer"` // host and process, for people and to tell oneself from others
}

// EventType returns [TypeWriterAlive].
func (WriterAlive) EventType() string { return TypeWriterAlive }

// TypeAuditTold says what an audit has found, for the processes that are asked about it and do not do it.
const TypeAuditTold = "bitsage.control.audit.told"

// AuditTold is the value of [TypeAuditTold], keyed by its audit.
type AuditTold struct {
	Audit  string          `json:"audit"`  // which
	Writer string          `json:"writer"` // host and process that does it
	Found  json.RawMessage `json:"found"`  // as the API tells it
}

// EventType returns [TypeAuditTold].
func (AuditTold) EventType() string { return TypeAuditTold }
