//go:build kafka

package embeddedtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog/kafkatest"
)

// cluster is the test binary's one cluster of real Apache Kafka. It is global because it has to outlive every single test, and costs seconds.
var cluster struct {
	sync.Mutex // held by the test that uses it
	running    *kafkatest.Cluster
	dir        string
	err        error
}

// Log returns the brokers of an empty log on real Apache Kafka that only this test uses: the others wait. It has no topics. Without the tag
// kafka it is the embedded log instead.
func Log(t testing.TB) []string {
	t.Helper()
	if !server.main {
		t.Fatal("this package needs: func TestMain(m *testing.M) { embeddedtest.Main(m) }")
	}
	cluster.Lock()
	t.Cleanup(cluster.Unlock)
	if cluster.running == nil && cluster.err == nil {
		cluster.running, cluster.err = startCluster()
	}
	if cluster.err != nil {
		t.Fatalf("a log for the test: %v", cluster.err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
		defer cancel()
		if err := forget(ctx, cluster.running.Brokers()); err != nil {
			t.Errorf("emptying the test's log: %v", err)
		}
	})
	return cluster.running.Brokers()
}

func startCluster() (_ *kafkatest.Cluster, err error) {
	size, err := kafkatest.Size()
	if err != nil {
		return nil, err
	}
	if cluster.dir, err = os.MkdirTemp("", prefix); err != nil {
		return nil, err
	}
	return kafkatest.Run(context.Background(), cluster.dir, size, nil)
}

// forget deletes all topics but Kafka's own.
func forget(ctx context.Context, brokers []string) error {
	for {
		transport := &kafka.Transport{} // a new one knows nothing of old
		defer transport.CloseIdleConnections()
		client := &kafka.Client{Addr: kafka.TCP(brokers...), Transport: transport}
		meta, err := client.Metadata(ctx, &kafka.MetadataRequest{})
		if err != nil {
			return err
		}
		var topics []string
		for _, t := range meta.Topics {
			if !strings.HasPrefix(t.Name, "__") {
				topics = append(topics, t.Name)
			}
		}
		if len(topics) == 0 {
			return nil
		}
		slices.Sort(topics)
		res, err := client.DeleteTopics(ctx, &kafka.DeleteTopicsRequest{Topics: topics})
		if err != nil {
			return err
		}
		for topic, err := range res.Errors {
			if err != nil && !errors.Is(err, kafka.UnknownTopicOrPartition) {
				return fmt.Errorf("delete topic %s: %w", topic, err)
			}
		}
		select { // until every broker has forgotten them
		case <-ctx.Done():
			return fmt.Errorf("topics %v do not go: %w", topics, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func stopLogs() error {
	if cluster.running != nil {
		cluster.running.Stop()
	}
	if cluster.dir == "" {
		return nil
	}
	return os.RemoveAll(cluster.dir)
}
