package eventlog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
)

// Config says which log to speak to.
type Config struct {
	// Brokers are host:port pairs, at least one.
	Brokers []string
	// ClientID names this process to the brokers. Defaults to sage-coordinator.
	ClientID string
	Logger   *slog.Logger
	// Registerer gets the client's metrics; nil keeps them private.
	Registerer prometheus.Registerer
}

// Client is a connection to the log, safe for concurrent use.
type Client struct {
	brokers   []string
	kafka     *kafka.Client
	transport *kafka.Transport
	log       *slog.Logger
	metrics   *metrics
}

// Open returns a client. It does not connect: [Client.Ping] does.
func Open(c Config) (*Client, error) {
	if len(c.Brokers) == 0 {
		return nil, errors.New("log: no brokers given")
	}
	for _, b := range c.Brokers {
		if _, _, err := net.SplitHostPort(b); err != nil {
			return nil, fmt.Errorf("log: broker %q: want host:port", b)
		}
	}
	if c.ClientID == "" {
		c.ClientID = "sage-coordinator"
	}
	transport := &kafka.Transport{
		ClientID:    c.ClientID,
		DialTimeout: 3 * time.Second,
		IdleTimeout: time.Minute,
		// A moved leader is noticed after this long.
		MetadataTTL: time.Second,
	}
	return &Client{
		brokers:   c.Brokers,
		kafka:     &kafka.Client{Addr: kafka.TCP(c.Brokers...), Transport: transport},
		transport: transport,
		log:       c.Logger,
		metrics:   newMetrics(c.Registerer),
	}, nil
}

// Brokers returns the brokers, separated by commas.
func (c *Client) Brokers() string { return strings.Join(c.brokers, ",") }

// Close gives up idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Ping asks a broker which requests it knows. (Not for metadata: kafka-go answers that from a cache, also when every broker
// has been gone for long.)
func (c *Client) Ping(ctx context.Context) error {
	res, err := c.kafka.ApiVersions(ctx, &kafka.ApiVersionsRequest{})
	if err == nil {
		err = res.Error
	}
	if err != nil {
		return fmt.Errorf("log at %s does not answer: %w", c.Brokers(), err)
	}
	return nil
}

// Bounds returns the first offset that a partition still has, and the one that its next record will get.
func (c *Client) Bounds(ctx context.Context, topic string, partition int32) (first, next int64, err error) {
	res, err := c.kafka.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{
		topic: {kafka.FirstOffsetOf(int(partition)), kafka.LastOffsetOf(int(partition))},
	}})
	if err == nil {
		for _, p := range res.Topics[topic] {
			if p.Partition == int(partition) {
				if p.Error != nil {
					return 0, 0, fmt.Errorf("bounds of %s[%d]: %w", topic, partition, p.Error)
				}
				return p.FirstOffset, p.LastOffset, nil
			}
		}
		err = errors.New("the broker did not name the partition")
	}
	return 0, 0, fmt.Errorf("bounds of %s[%d]: %w", topic, partition, err)
}

// PublishOffsets commits offsets for a consumer group without being a member of it, so that ordinary lag tools see how far
// our readers are. Nothing of ours reads them: a reader's place is kept with what it wrote. It waits for a coordinator that is
// still loading, which can take seconds the first time, until ctx ends.
func (c *Client) PublishOffsets(ctx context.Context, group, topic string, next map[int32]int64) error {
	req := &kafka.OffsetCommitRequest{GroupID: group, GenerationID: -1, Topics: map[string][]kafka.OffsetCommit{}}
	for _, partition := range slices.Sorted(maps.Keys(next)) {
		req.Topics[topic] = append(req.Topics[topic], kafka.OffsetCommit{Partition: int(partition), Offset: next[partition]})
	}
	return c.insist(ctx, func(ctx context.Context) error {
		res, err := c.kafka.OffsetCommit(ctx, req)
		if err != nil {
			return fmt.Errorf("publish offsets of %s: %w", group, err)
		}
		for _, p := range res.Topics[topic] {
			if p.Error != nil {
				return fmt.Errorf("publish offsets of %s, %s[%d]: %w", group, topic, p.Partition, p.Error)
			}
		}
		return nil
	})
}
