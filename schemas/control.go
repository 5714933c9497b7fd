package schemas

// TypeWriterAlive says that a process holds a role, such as tailing a chain, and is well.
const TypeWriterAlive = "bitsage.control.writer.alive"

// WriterAlive is the value of [TypeWriterAlive], keyed by its role.
type WriterAlive struct {
	Role   string `json:"role"`   // what at most one process does at a time
	Writer string `json:"writer"` // host and process, for people and to tell oneself from others
}

// EventType returns [TypeWriterAlive].
func (WriterAlive) EventType() string { return TypeWriterAlive }
