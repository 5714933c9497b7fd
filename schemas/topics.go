package schemas

// The topics of the log. One partition of TopicChain carries every chain fact in chain order; what workers report is
// partitioned by worker address.
const (
	TopicChain      = "bitsage.chain"
	TopicHeartbeats = "bitsage.heartbeats"
	TopicGPUMetrics = "bitsage.gpu-metrics"
	TopicControl    = "bitsage.control"
	// TopicPreConfirmed holds what may come to be: the block in the making, whole, as often as it changes. It is kept for minutes, and nothing
	// but the live feed reads it.
	TopicPreConfirmed = "bitsage.pre-confirmed"
	// TopicParked holds what a reaction cannot deal with, as it came, with the reason in its headers.
	TopicParked = "bitsage.parked"
)

// TelemetryPartitions is the number of partitions of every topic keyed by worker address. It is chosen for years, since a
// key never moves to another partition.
const TelemetryPartitions = 12

// TopicSpec is one line of the topic catalogue: what must exist before anything is written, and the settings without
// which the log would not be a source of truth.
type TopicSpec struct {
	Name       string
	Partitions int
	// Config holds the broker's topic settings that are part of the contract, such as retention.ms.
	Config map[string]string
}

// Topics returns the catalogue of topics, in the order in which they are created.
func Topics() []TopicSpec {
	forever := map[string]string{"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}
	specs := []TopicSpec{
		{Name: TopicChain, Partitions: 1, Config: forever},
		{Name: TopicHeartbeats, Partitions: TelemetryPartitions, Config: forever},
		{Name: TopicGPUMetrics, Partitions: TelemetryPartitions, Config: forever},
		{Name: TopicClaims, Partitions: TelemetryPartitions, Config: forever},
		{Name: TopicPresence, Partitions: TelemetryPartitions, Config: forever},
		{Name: TopicParked, Partitions: 1, Config: forever},
		{Name: TopicControl, Partitions: 1, Config: map[string]string{"retention.ms": "86400000", "cleanup.policy": "delete"}},
	}
	specs = append(specs, TopicSpec{Name: TopicPreConfirmed, Partitions: 1, Config: map[string]string{
		"retention.ms": "600000", "segment.ms": "600000", "cleanup.policy": "delete", // a segment is kept as long as it grows
	}})
	for _, family := range Families() {
		specs = append(specs, TopicSpec{Name: FamilyTopic(family), Partitions: 1, Config: forever})
	}
	return specs
}
