//go:build kafka

package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog/kafkatest"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// start runs as many brokers as the tests are to run on, each behind the proxy where one is given.
func start(t *testing.T, p *proxy) *kafkatest.Cluster {
	t.Helper()
	size, err := kafkatest.Size()
	if err != nil {
		t.Fatal(err)
	}
	if p == nil {
		return kafkatest.Start(t, size, nil)
	}
	return kafkatest.Start(t, size, func(broker string) string { return p.before(t, broker).String() })
}

// throughProxy returns the brokers of a log whose clients all go through the proxy.
func throughProxy(t *testing.T, p *proxy) []string {
	t.Helper()
	return start(t, p).Brokers()
}

// TestFaultsOfBrokers keeps a writer writing while brokers are killed and started again, are paused, and, where there are several, while the
// partition's leader moves. Acknowledgements are lost meanwhile.
func TestFaultsOfBrokers(t *testing.T) {
	p := &proxy{}
	cluster := start(t, p)
	t.Run("without the claim", func(t *testing.T) { withoutClaim(t, cluster.Brokers(), p) })
	c := client(t, cluster.Brokers())
	ensure(t, c, topic, 1)
	w := c.NewWriter("tail/"+topic, topic, 0)
	if _, err := w.Claim(t.Context(), schemas.Record{Value: []byte("claim")}); err != nil {
		t.Fatal(err)
	}
	p.lose.Store(100)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var written atomic.Int64
	done := make(chan error, 1)
	go func() {
		for ctx.Err() == nil { // a batch is never given up
			if _, err := w.Append(t.Context(), numbered(int(written.Load()), 3)); err != nil {
				done <- err
				return
			}
			written.Add(3)
		}
		done <- nil
	}()
	goesOn := func(after string) {
		t.Helper()
		begun, had := time.Now(), written.Load()
		for written.Load() < had+30 {
			if time.Since(begun) > time.Minute {
				t.Fatalf("after %s the writer does not go on", after)
			}
			select {
			case err := <-done:
				t.Fatalf("after %s: %v", after, err)
			case <-time.After(10 * time.Millisecond):
			}
		}
		t.Logf("after %s it goes on within %s", after, time.Since(begun).Round(time.Millisecond))
	}
	goesOn("the beginning")
	all := len(cluster.Brokers())
	for range 2 {
		leader := leaderOf(t, cluster)
		if err := cluster.Restart(t.Context(), leader); err != nil {
			t.Fatal(err)
		}
		goesOn("the leader's restart")
		whole(t, cluster)
		if all > 1 {
			if moved := leaderOf(t, cluster); moved == leader {
				t.Errorf("broker %d still leads after it was killed", leader)
			}
			elect(t, cluster, leader)
			goesOn("the leader's return")
		}
	}
	leader := leaderOf(t, cluster)
	if err := cluster.Pause(leader); err != nil {
		t.Fatal(err)
	}
	time.Sleep(6 * time.Second) // for longer than one try of the writer, and than a broker may be silent
	if err := cluster.Resume(leader); err != nil {
		t.Fatal(err)
	}
	goesOn("the leader's pause")
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	whole(t, cluster)
	numbers, err := inOrder(everything(t, c, topic, 0))
	if err != nil || numbers != int(written.Load()) {
		t.Errorf("the log holds %d of %d numbers: %v", numbers, written.Load(), err)
	}
	if p.lost.Load() == 0 {
		t.Error("no acknowledgement was lost: the test has no teeth")
	}
}

// withoutClaim is the same driver as that of the takeovers, with writers that only take a new epoch before they read the tail. The fence
// stands in the partition only once the new epoch has written, so it must come out wrong.
func withoutClaim(t *testing.T, brokers []string, p *proxy) {
	numbers, err := rivals(t, func(t *testing.T) *eventlog.Client { return client(t, brokers) }, p, "unclaimed", 40,
		func(ctx context.Context, w *eventlog.Writer, c *eventlog.Client, _ schemas.Record) (int64, error) {
			if err := w.TakeEpoch(ctx); err != nil {
				return 0, err
			}
			_, next, err := c.Bounds(ctx, "unclaimed", 0)
			return next, err
		})
	if err == nil {
		t.Fatalf("all of %d numbers came out right without a claim: the test of takeovers has no teeth", numbers)
	}
	t.Log("as it must be:", err)
}

// partitionOf asks the cluster for the topic's partition.
func partitionOf(t *testing.T, cluster *kafkatest.Cluster) (kafka.Partition, error) {
	t.Helper()
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	asker := &kafka.Client{Addr: kafka.TCP(cluster.Brokers()...), Transport: transport, Timeout: 5 * time.Second}
	meta, err := asker.Metadata(t.Context(), &kafka.MetadataRequest{Topics: []string{topic}})
	if err != nil {
		return kafka.Partition{}, err
	}
	if err := meta.Topics[0].Error; err != nil {
		return kafka.Partition{}, err
	}
	return meta.Topics[0].Partitions[0], meta.Topics[0].Partitions[0].Error
}

// leaderOf returns the number of the broker that leads the topic's partition.
func leaderOf(t *testing.T, cluster *kafkatest.Cluster) int {
	t.Helper()
	return await(t, cluster, "a leader", func(p kafka.Partition) bool { return p.Leader.ID > 0 }).Leader.ID - 1
}

// whole waits until every replica has every record.
func whole(t *testing.T, cluster *kafkatest.Cluster) {
	t.Helper()
	await(t, cluster, "all replicas", func(p kafka.Partition) bool { return len(p.Isr) == min(3, len(cluster.Brokers())) })
}

// elect moves the lead to the replica that is preferred, if that is this broker.
func elect(t *testing.T, cluster *kafkatest.Cluster, broker int) {
	t.Helper()
	asker := &kafka.Client{Addr: kafka.TCP(cluster.Brokers()...), Timeout: 30 * time.Second}
	p := await(t, cluster, "all replicas", func(p kafka.Partition) bool { return len(p.Isr) == min(3, len(cluster.Brokers())) })
	if preferred := p.Replicas[0].ID - 1; preferred != broker {
		broker = preferred
	}
	res, err := asker.ElectLeaders(t.Context(), &kafka.ElectLeadersRequest{Topic: topic, Partitions: []int{0}, Timeout: 20 * time.Second})
	if err == nil {
		err = res.Error
	}
	if err != nil {
		t.Fatal(err)
	}
	await(t, cluster, fmt.Sprint("broker ", broker, " to lead"), func(p kafka.Partition) bool { return p.Leader.ID == broker+1 })
}

func await(t *testing.T, cluster *kafkatest.Cluster, what string, enough func(kafka.Partition) bool) kafka.Partition {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		p, err := partitionOf(t, cluster)
		if err == nil && enough(p) {
			return p
		}
		if time.Since(begun) > time.Minute {
			t.Fatalf("waited for %s: %+v, %v", what, p, err)
		}
	}
}

// TestTheCommandMends runs what a refusal says on topics that would lose records. Then they are taken.
func TestTheCommandMends(t *testing.T) {
	cluster := start(t, nil)
	c := client(t, cluster.Brokers())
	if len(cluster.Brokers()) >= 3 {
		refusals(t, cluster.Brokers())
	}
	admin := &kafka.Client{Addr: kafka.TCP(cluster.Brokers()...)}
	replicas := min(3, len(cluster.Brokers()))
	wrong := []kafka.ConfigEntry{{ConfigName: "retention.ms", ConfigValue: "604800000"}, {ConfigName: "cleanup.policy", ConfigValue: "compact"}}
	if replicas == 3 {
		wrong = append(wrong, kafka.ConfigEntry{ConfigName: "min.insync.replicas", ConfigValue: "1"},
			kafka.ConfigEntry{ConfigName: "unclean.leader.election.enable", ConfigValue: "true"})
	}
	spec := schemas.Topics()[0]
	res, err := admin.CreateTopics(t.Context(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{
		{Topic: spec.Name, NumPartitions: spec.Partitions, ReplicationFactor: replicas, ConfigEntries: wrong},
	}})
	if err = errors.Join(err, res.Errors[spec.Name]); err != nil {
		t.Fatal(err)
	}
	refusal := c.EnsureTopics(t.Context(), []schemas.TopicSpec{spec})
	if refusal == nil {
		t.Fatal("the topic was taken")
	}
	commands := 0
	for _, line := range strings.Split(refusal.Error(), "\n") {
		_, command, found := strings.Cut(line, "mend it with: kafka-configs.sh ")
		if !found {
			t.Fatalf("no command in %q", line)
		}
		if err := cluster.Tool(t.Context(), "kafka.admin.ConfigCommand", strings.Fields(command)...); err != nil {
			t.Fatal(err)
		}
		commands++
	}
	if commands != len(wrong) {
		t.Errorf("%d commands for %d wrong settings: %v", commands, len(wrong), refusal)
	}
	if err := c.EnsureTopics(t.Context(), []schemas.TopicSpec{spec}); err != nil {
		t.Errorf("after the commands: %v", err)
	}
}
