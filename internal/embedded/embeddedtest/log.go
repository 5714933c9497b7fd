//go:build !kafka

package embeddedtest

import (
	"testing"

	"github.com/bitsage-network/validator-dashboard/internal/embedded"
)

// Log returns the brokers of an empty log in memory that only this test uses. It has no topics. Under the tag kafka it is real Apache
// Kafka instead.
func Log(t testing.TB) []string {
	t.Helper()
	log, err := embedded.StartLog(t.Context(), embedded.LogConfig{})
	if err != nil {
		t.Fatalf("a log for the test: %v", err)
	}
	t.Cleanup(func() {
		if err := log.Close(); err != nil {
			t.Errorf("closing the test's log: %v", err)
		}
	})
	return log.Brokers()
}

// stopLogs stops what the tests' logs share, which is nothing.
func stopLogs() error { return nil }
