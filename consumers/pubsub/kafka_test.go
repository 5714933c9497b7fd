//go:build kafka

package pubsub_test

import (
	"testing"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog/kafkatest"
)

// TestConformanceOnKafka runs Watermill's own suite on real Apache Kafka.
func TestConformanceOnKafka(t *testing.T) { conformance(t, []string{kafkatest.Start(t, nil)}) }

// TestNothingIsLostOnKafka is TestNothingIsLost on real Apache Kafka, which is killed and started again meanwhile. (The suite has such a test,
// too. It compares what was received with a list that another of its goroutines may not have finished yet, and so fails now and then.)
func TestNothingIsLostOnKafka(t *testing.T) {
	broker, restart := kafkatest.Restartable(t)
	nothingIsLost(t, []string{broker}, restart...)
}
