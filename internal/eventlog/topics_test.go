package eventlog_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

func TestTopicsThatWouldLoseRecordsAreRefused(t *testing.T) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(3))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	refusals(t, cluster.ListenAddrs())
}

// refusals makes topics with one setting wrong on a cluster of three brokers, and wants each refused with the command that mends it.
func refusals(t *testing.T, brokers []string) {
	c, err := eventlog.Open(eventlog.Config{Brokers: brokers, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	whole := map[string]string{
		"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete", "min.insync.replicas": "2", "unclean.leader.election.enable": "false",
	}
	for i, wrong := range []struct{ name, value string }{
		{"retention.ms", "604800000"},
		{"retention.bytes", "1073741824"},
		{"cleanup.policy", "compact"},
		{"min.insync.replicas", "1"},
		{"unclean.leader.election.enable", "true"},
		{"min.insync.replicas", "3"}, // more than is asked for is no fault
	} {
		name := fmt.Sprint("wrong-", i)
		topic := kafka.TopicConfig{Topic: name, NumPartitions: 1, ReplicationFactor: 3}
		for k, v := range whole {
			if k == wrong.name {
				v = wrong.value
			}
			topic.ConfigEntries = append(topic.ConfigEntries, kafka.ConfigEntry{ConfigName: k, ConfigValue: v})
		}
		admin := &kafka.Client{Addr: kafka.TCP(brokers...)}
		res, err := admin.CreateTopics(t.Context(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{topic}})
		if err != nil || res.Errors[name] != nil {
			t.Fatal(err, res)
		}
		spec := schemas.TopicSpec{Name: name, Partitions: 1, Config: schemas.Topics()[0].Config}
		err = c.EnsureTopics(t.Context(), []schemas.TopicSpec{spec})
		if wrong.value == "3" {
			if err != nil {
				t.Errorf("%s=3: %v", wrong.name, err)
			}
			continue
		}
		has := fmt.Sprintf("topic %s has %s=%s and would lose records", name, wrong.name, wrong.value)
		mend := fmt.Sprintf("kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s=%s",
			brokers[0], name, wrong.name, whole[wrong.name])
		if err == nil || !strings.Contains(err.Error(), has) || !strings.HasSuffix(err.Error(), mend) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s=%s: %v, want %q and the command %q alone", wrong.name, wrong.value, err, has, mend)
		}
	}
}
