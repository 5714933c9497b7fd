//go:build kafka

package pubsub_test

import (
	"testing"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog/kafkatest"
)

// TestConformanceOnKafka runs Watermill's own suite on real Apache Kafka, which is killed and started again meanwhile.
func TestConformanceOnKafka(t *testing.T) {
	broker, restart := kafkatest.Restartable(t)
	conformance(t, []string{broker}, restart...)
}

// TestNothingIsLostOnKafka is TestNothingIsLost on real Apache Kafka.
func TestNothingIsLostOnKafka(t *testing.T) { nothingIsLost(t, []string{kafkatest.Start(t, nil)}) }
