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

// The settings that a topic with replicas must have.
const (
	minInsync       = "min.insync.replicas"
	uncleanElection = "unclean.leader.election.enable"
)

// EnsureTopics creates what is missing of the catalogue and checks the rest: a topic with other partitions, or with settings
// that would lose records, is refused with the command that mends it. It may be called by any number of processes at once.
//
// What counts as written is a matter of three settings. Two are checked here, where a topic has replicas: how many of them must have a
// record (min.insync.replicas), and that none without it is ever elected (unclean.leader.election.enable). The third, acks=all, is part
// of every request that this package sends, and no topic's to change.
func (c *Client) EnsureTopics(ctx context.Context, specs []schemas.TopicSpec) error {
	present, brokers, err := c.topics(ctx)
	if err != nil {
		return err
	}
	if err := c.create(ctx, specs, present, brokers); err != nil {
		return err
	}
	// What another process creates at this moment, and what was created just now, takes a moment to be known everywhere.
	for pause := resendPause; missing(specs, present) != ""; pause = min(2*pause, maxPause) {
		if !sleep(ctx, jitter(pause)) {
			return fmt.Errorf("topic %s was created and does not appear: %w", missing(specs, present), context.Cause(ctx))
		}
		if present, _, err = c.topics(ctx); err != nil {
			return err
		}
	}
	var faults []error
	for _, s := range specs {
		if n := present[s.Name].partitions; n != s.Partitions {
			faults = append(faults, fmt.Errorf("topic %s has %d partitions and must have %d, and a key never moves to another: give this network brokers of its own, or, if the topic is empty, make it anew with: kafka-topics.sh --bootstrap-server %s --delete --topic %s",
				s.Name, n, s.Partitions, c.brokers[0], s.Name))
		}
	}
	wanted := make([]schemas.TopicSpec, 0, len(specs))
	for _, s := range specs {
		wanted = append(wanted, safe(s, present[s.Name].replicas))
	}
	var have map[string]map[string]string
	if err := c.insist(ctx, func(ctx context.Context) error {
		have, err = c.settings(ctx, wanted)
		return err
	}); err != nil {
		return errors.Join(append(faults, err)...)
	}
	return errors.Join(append(faults, c.compareSettings(wanted, have))...)
}

// shape is what a cluster has of a topic: its partitions, and on how many brokers each of them is kept, at the least.
type shape struct{ partitions, replicas int }

// safe returns the topic with the settings by which a record that was acknowledged outlives the loss of a broker, where it has replicas
// enough for that: three, two of which must have the record. With two replicas no setting helps without stopping at the first loss.
func safe(s schemas.TopicSpec, replicas int) schemas.TopicSpec {
	if replicas < 2 {
		return s
	}
	s.Config = maps.Clone(s.Config)
	if s.Config == nil {
		s.Config = map[string]string{}
	}
	s.Config[uncleanElection] = "false"
	if replicas >= maxReplicas {
		s.Config[minInsync] = "2"
	}
	return s
}

// topics returns what the cluster has of each topic, and the number of brokers.
func (c *Client) topics(ctx context.Context) (present map[string]shape, brokers int, err error) {
	meta, err := c.kafka.Metadata(ctx, &kafka.MetadataRequest{})
	if err != nil {
		return nil, 0, fmt.Errorf("log at %s does not answer: %w", c.Brokers(), err)
	}
	present = map[string]shape{}
	for _, t := range meta.Topics {
		if t.Error != nil || len(t.Partitions) == 0 {
			continue
		}
		has := shape{len(t.Partitions), len(t.Partitions[0].Replicas)}
		for _, p := range t.Partitions {
			has.replicas = min(has.replicas, len(p.Replicas))
		}
		present[t.Name] = has
	}
	return present, len(meta.Brokers), nil
}

// Partitions returns how many partitions a topic has.
func (c *Client) Partitions(ctx context.Context, topic string) (int, error) {
	present, _, err := c.topics(ctx)
	if err != nil {
		return 0, err
	}
	if present[topic].partitions == 0 {
		return 0, fmt.Errorf("log at %s: there is no topic %s", c.Brokers(), topic)
	}
	return present[topic].partitions, nil
}

func missing(specs []schemas.TopicSpec, present map[string]shape) string {
	for _, s := range specs {
		if present[s.Name].partitions == 0 {
			return s.Name
		}
	}
	return ""
}

// create makes the topics that are not present. With enough brokers, a record counts as written once two of three have it.
func (c *Client) create(ctx context.Context, specs []schemas.TopicSpec, present map[string]shape, brokers int) error {
	req := &kafka.CreateTopicsRequest{}
	for _, s := range specs {
		if present[s.Name].partitions > 0 {
			continue
		}
		t := kafka.TopicConfig{Topic: s.Name, NumPartitions: s.Partitions, ReplicationFactor: min(maxReplicas, brokers)}
		config := safe(s, t.ReplicationFactor).Config
		for _, k := range slices.Sorted(maps.Keys(config)) {
			t.ConfigEntries = append(t.ConfigEntries, kafka.ConfigEntry{ConfigName: k, ConfigValue: config[k]})
		}
		req.Topics = append(req.Topics, t)
	}
	if len(req.Topics) == 0 {
		return nil
	}
	res, err := c.kafka.CreateTopics(ctx, req)
	if err != nil {
		return fmt.Errorf("create topics: %w", err)
	}
	for topic, err := range res.Errors {
		if err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
			return fmt.Errorf("create topic %s: %w", topic, err)
		}
	}
	return nil
}

// settings returns the settings that the catalogue names, as the topics have them.
func (c *Client) settings(ctx context.Context, specs []schemas.TopicSpec) (map[string]map[string]string, error) {
	req := &kafka.DescribeConfigsRequest{}
	for _, s := range specs {
		req.Resources = append(req.Resources, kafka.DescribeConfigRequestResource{
			ResourceType: kafka.ResourceTypeTopic, ResourceName: s.Name, ConfigNames: slices.Sorted(maps.Keys(s.Config)),
		})
	}
	res, err := c.kafka.DescribeConfigs(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("read the topics' settings: %w", err)
	}
	have := map[string]map[string]string{}
	for _, r := range res.Resources {
		if r.Error != nil {
			return nil, fmt.Errorf("settings of topic %s: %w", r.ResourceName, r.Error)
		}
		have[r.ResourceName] = map[string]string{}
		for _, e := range r.ConfigEntries {
			have[r.ResourceName][e.ConfigName] = e.ConfigValue
		}
	}
	return have, nil
}

// compareSettings compares the settings of topics with the catalogue.
func (c *Client) compareSettings(specs []schemas.TopicSpec, have map[string]map[string]string) error {
	var faults []error
	for _, s := range specs {
		for _, k := range slices.Sorted(maps.Keys(s.Config)) {
			if got := have[s.Name][k]; !sufficient(k, got, s.Config[k]) {
				faults = append(faults, fmt.Errorf("topic %s has %s=%s and would lose records; mend it with: kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s=%s",
					s.Name, k, got, c.brokers[0], s.Name, k, s.Config[k]))
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
	g, gerr := strconv.ParseInt(got, 10, 64)
	w, werr := strconv.ParseInt(want, 10, 64)
	if gerr != nil || werr != nil {
		return false
	}
	switch {
	case name == minInsync:
		return g >= w
	case strings.HasPrefix(name, "retention."):
		return g < 0 || w >= 0 && g >= w
	}
	return false
}
