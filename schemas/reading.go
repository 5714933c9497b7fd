package schemas

import "errors"

// Errors of reading the log. Like [ErrGap] each means that reading on would skip something, so no reader does.
var (
	// ErrTruncated says that the log no longer has the offset: retention or somebody removed records.
	ErrTruncated = errors.New("the log no longer has these records")
	// ErrPastEnd says that the offset is beyond the log's end: the topic was made anew, or this is another log.
	ErrPastEnd = errors.New("the offset is beyond the end of the log")
	// ErrStalled says that the log has records beyond an offset and does not give them: what is there is none of ours, such as
	// the marker of a transaction, or a broker that hangs.
	ErrStalled = errors.New("the log has more records and does not give them")
	// ErrUnknownType says that a record is of a type that this build does not know: a newer one wrote it.
	ErrUnknownType = errors.New("a type that this build does not know")
)
