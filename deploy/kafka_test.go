//go:build kafka

package deploy_test

import (
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/segmentio/kafka-go"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog/kafkatest"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestComposeKafkaStarts runs a real broker with the settings of docker-compose.yml, turned into properties as Kafka's image does
// it. The broker must know each of them, have our topics made, and give a writer its epoch, for which its own topics must fit one
// broker.
func TestComposeKafkaStarts(t *testing.T) {
	properties := map[string]string{}
	for name, value := range service(t, compose(t), "kafka").Environment {
		if key, ok := strings.CutPrefix(name, "KAFKA_"); ok {
			properties[strings.ReplaceAll(strings.ToLower(key), "_", ".")] = *value
		}
	}
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(properties)) {
		lines = append(lines, key+"="+properties[key])
	}
	broker := kafkatest.StartWith(t, lines, "kafka:9092", "kafka:9093")

	node := &kafka.Client{Addr: kafka.TCP(broker)}
	res, err := node.DescribeConfigs(t.Context(), &kafka.DescribeConfigsRequest{
		Resources: []kafka.DescribeConfigRequestResource{{ResourceType: kafka.ResourceTypeBroker, ResourceName: properties["node.id"]}},
	})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for _, e := range res.Resources[0].ConfigEntries {
		known[e.ConfigName] = e.ConfigValue
	}
	for key, want := range properties {
		got, ok := known[key]
		address := strings.Contains(want, ":9092") || strings.Contains(want, ":9093") || key == "log.dirs"
		if !ok || got != want && !address {
			t.Errorf("%s=%s: the broker has %q (%v)", key, want, got, ok)
		}
	}

	client, err := eventlog.Open(eventlog.Config{Brokers: []string{broker}, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.EnsureTopics(t.Context(), schemas.Topics()); err != nil {
		t.Fatal(err)
	}
	writer := client.NewWriter("deploy-test", schemas.TopicChain, 0)
	if _, err := writer.Claim(t.Context(), schemas.Record{Topic: schemas.TopicChain, Value: []byte("{}")}); err != nil {
		t.Errorf("a writer's claim: %v", err)
	}
}
