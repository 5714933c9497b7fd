//go:build kafka

package pubsub_test

import (
	"testing"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog/kafkatest"
)

// TestConformanceOnKafka runs Watermill's own suite on real Apache Kafka.
func TestConformanceOnKafka(t *testing.T) { conformance(t, []string{kafkatest.Start(t, nil)}) }

// TestNothingIsLostOnKafka is TestNothingIsLost on real Apache Kafka.
func TestNothingIsLostOnKafka(t *testing.T) { nothingIsLost(t, []string{kafkatest.Start(t, nil)}) }
