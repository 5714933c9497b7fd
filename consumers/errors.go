package consumers

import "fmt"

// LogReset says that the log is not the one that the read models were made from.
type LogReset struct {
	Topic     string
	Partition int32
	Offset    int64
	Applied   string // id of the record that was applied at Offset
	Found     string // id of the record there now
}

func (e *LogReset) Error() string {
	return fmt.Sprintf("%s[%d] is another log than the read models were made from: at offset %d record %q was applied, and %q is there now; "+
		"give back the old log, or start with an empty database", e.Topic, e.Partition, e.Offset, e.Applied, e.Found)
}
