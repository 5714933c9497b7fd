package schemas

// TypeTick tells the time in a telemetry partition, so that a partition where nobody reports still has one.
const TypeTick = "bitsage.telemetry.tick"

// Tick is the value of [TypeTick]. Its time is in the envelope.
type Tick struct{}

// EventType returns [TypeTick].
func (Tick) EventType() string { return TypeTick }
