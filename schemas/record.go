package schemas

import "time"

// Header is one Kafka record header. The envelope's attributes travel in headers, see [Envelope].
type Header struct {
	Key   string
	Value []byte
}

// Record is one record of the log: what a producer appends (Offset and Time are then ignored) and what a reader gets back.
// Time is when it was appended; it is never the time of the fact, which is in the envelope.
type Record struct {
	Topic     string
	Partition int32
	Offset    int64
	Time      time.Time
	Key       []byte
	Value     []byte
	Headers   []Header
}
