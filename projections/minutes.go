package projections

import (
	"fmt"
	"math/bits"
	"time"
)

// Minutes is a set of the minutes of one hour. Sets of the same hour are put together by OR, so that what is told late or again
// changes nothing.
type Minutes uint64

const minutesInHour = 60

// MinuteOf returns the hour of a time, and the set of its minute alone.
func MinuteOf(at time.Time) (hour time.Time, m Minutes) {
	at = at.UTC()
	return at.Truncate(time.Hour), 1 << (minutesInHour - 1 - at.Minute())
}

// Count returns how many minutes the set has.
func (m Minutes) Count() int { return bits.OnesCount64(uint64(m)) }

// String is the set as 60 binary digits, the hour's first minute first.
func (m Minutes) String() string { return fmt.Sprintf("%060b", uint64(m)) }
