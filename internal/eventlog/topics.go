package eventlog

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/segmentio/kafka-go"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// maxReplicas is the replication factor of our topics where the cluster is large enough.
const maxReplicas = 3

// EnsureTopics creates what is missing of the catalogue and checks the rest: a topic with other partitions, or with settings
// that would lose records, is refused with the command that mends it. It may be called by any number of processes at once.
func (c *Client) EnsureTopics(ctx context.Context, specs []schemas.TopicSpec) error {
	meta, err := c.kafka.Metadata(ctx, &kafka.MetadataRequest{})
	if err != nil {
		return fmt.Errorf("log at %s does not answer: %w", c.Brokers(), err)
	}
	present := map[string]int{}
	for _, t := range meta.Topics {
		present[t.Name] = len(t.Partitions)
	}
	create := &kafka.CreateTopicsRequest{}
	for _, s := range specs {
		if present[s.Name] > 0 {
			continue
		}
		t := kafka.TopicConfig{Topic: s.Name, NumPartitions: s.Partitions, ReplicationFactor: min(maxReplicas, len(meta.Brokers))}
		for _, k := range slices.Sorted(maps.Keys(s.Config)) {
			t.ConfigEntries = append(t.ConfigEntries, kafka.ConfigEntry{ConfigName: k, ConfigValue: s.Config[k]})
		}
		create.Topics = append(create.Topics, t)
	}
	if len(create.Topics) > 0 {
		res, err := c.kafka.CreateTopics(ctx, create)
		if err != nil {
			return fmt.Errorf("create topics: %w", err)
		}
		for topic, err := range res.Errors {
			if err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
				return fmt.Errorf("create topic %s: %w", topic, err)
			}
		}
	}
	var faults []error
	for _, s := range specs {
		if n := present[s.Name]; n > 0 && n != s.Partitions {
			faults = append(faults, fmt.Errorf("topic %s has %d partitions and must have %d: partitions cannot be changed without moving keys; give this network topics of its own",
				s.Name, n, s.Partitions))
		}
	}
	if err := c.checkSettings(ctx, specs); err != nil {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// checkSettings compares the settings of existing topics with the catalogue.
func (c *Client) checkSettings(ctx context.Context, specs []schemas.TopicSpec) error {
	req := &kafka.DescribeConfigsRequest{}
	for _, s := range specs {
		req.Resources = append(req.Resources, kafka.DescribeConfigRequestResource{
			ResourceType: kafka.ResourceTypeTopic, ResourceName: s.Name, ConfigNames: slices.Sorted(maps.Keys(s.Config)),
		})
	}
	res, err := c.kafka.DescribeConfigs(ctx, req)
	if err != nil {
		return fmt.Errorf("read the topics' settings: %w", err)
	}
	have := map[string]map[string]string{}
	for _, r := range res.Resources {
		if r.Error != nil {
			return fmt.Errorf("settings of topic %s: %w", r.ResourceName, r.Error)
		}
		have[r.ResourceName] = map[string]string{}
		for _, e := range r.ConfigEntries {
			have[r.ResourceName][e.ConfigName] = e.ConfigValue
		}
	}
	var faults []error
	for _, s := range specs {
		for _, k := range slices.Sorted(maps.Keys(s.Config)) {
			if got := have[s.Name][k]; !sufficient(k, got, s.Config[k]) {
				faults = append(faults, fmt.Errorf("topic %s has %s=%s and would lose records; mend it with: kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s=%s",
					s.Name, k, got, strings.Split(c.Brokers(), ",")[0], s.Name, k, s.Config[k]))
			}
		}
	}
	return errors.Join(faults...)
}

// sufficient tells whether a setting keeps at least as much as is wanted.
func sufficient(name, got, want string) bool {
	if got == want {
		return true
	}
	if !strings.HasPrefix(name, "retention.") {
		return false
	}
	g, gerr := strconv.ParseInt(got, 10, 64)
	w, werr := strconv.ParseInt(want, 10, 64)
	return gerr == nil && werr == nil && (g < 0 || w >= 0 && g >= w)
}
