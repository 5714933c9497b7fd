//go:build kafka

package pubsub_test

import (
	"context"
	"testing"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog/kafkatest"
)

// TestNothingIsLostWithBrokers is TestNothingIsLost while brokers are killed and started again. (Watermill's suite has such a test,
// too. It compares what was received with a list that another of its goroutines may not have finished yet, and so fails now and then.)
func TestNothingIsLostWithBrokers(t *testing.T) {
	size, err := kafkatest.Size()
	if err != nil {
		t.Fatal(err)
	}
	cluster := kafkatest.Start(t, size, nil)
	nothingIsLost(t, cluster.Brokers(), func(ctx context.Context, times int) error { return cluster.Restart(ctx, times%size) })
}
