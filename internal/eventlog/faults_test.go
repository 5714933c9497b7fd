package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// faulty is a log that answers as a test tells it to, behind a proxy that loses answers.
type faulty struct {
	*eventlog.Client
	cluster  *kfake.Cluster
	proxy    *proxy
	registry *prometheus.Registry
}

// proxied is a listener whose clients are told the proxy's address.
type proxied struct {
	net.Listener
	proxy net.Addr
}

func (p proxied) Addr() net.Addr { return p.proxy }

// behind runs an in-process log that is reached through the proxy.
func behind(t *testing.T, p *proxy) *kfake.Cluster {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := p.before(t, listener.Addr().String())
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.ListenFn(func(string, string) (net.Listener, error) {
		return proxied{listener, address}, nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	return cluster
}

func openFaulty(t *testing.T, partitions int) *faulty {
	t.Helper()
	f := &faulty{proxy: &proxy{}, registry: prometheus.NewRegistry()}
	f.cluster = behind(t, f.proxy)
	var err error
	f.Client, err = eventlog.Open(eventlog.Config{Brokers: f.cluster.ListenAddrs(), Logger: slog.New(slog.DiscardHandler), Registerer: f.registry})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	if err := f.EnsureTopics(t.Context(), []schemas.TopicSpec{{Name: topic, Partitions: partitions}}); err != nil {
		t.Fatal(err)
	}
	return f
}

// answerProduce answers the next requests to append with error codes, one each, without appending.
func (f *faulty) answerProduce(codes ...int16) {
	var asked atomic.Int64
	f.cluster.ControlKey(int16(kmsg.Produce), func(req kmsg.Request) (kmsg.Response, error, bool) {
		n := int(asked.Add(1))
		if n == len(codes) {
			f.cluster.DropControl()
		} else {
			f.cluster.KeepControl()
		}
		p := req.(*kmsg.ProduceRequest)
		res := p.ResponseKind().(*kmsg.ProduceResponse)
		rt, rp := kmsg.NewProduceResponseTopic(), kmsg.NewProduceResponseTopicPartition()
		rt.Topic, rp.Partition, rp.ErrorCode, rp.BaseOffset = p.Topics[0].Topic, p.Topics[0].Partitions[0].Partition, codes[n-1], -1
		rt.Partitions = append(rt.Partitions, rp)
		res.Topics = append(res.Topics, rt)
		return res, nil, true
	})
}

func (f *faulty) claimed(t *testing.T) *eventlog.Writer {
	t.Helper()
	w := f.NewWriter("tail/test", topic, 0)
	if _, err := w.Claim(t.Context(), schemas.Record{Value: []byte("claim")}); err != nil {
		t.Fatal(err)
	}
	return w
}

func values(records []schemas.Record) string {
	var out []string
	for _, r := range records {
		out = append(out, string(r.Value))
	}
	return strings.Join(out, ",")
}

func TestALostAcknowledgementIsOneCopy(t *testing.T) {
	f := openFaulty(t, 1)
	w := f.claimed(t)
	for i := range 3 {
		f.proxy.next.Store(int64(i)) // so many answers in a row
		base, err := w.Append(t.Context(), numbered(2*i, 2))
		if err != nil || base != int64(1+2*i) {
			t.Fatalf("%d answers lost: base %d, %v; want the first copy's offset %d", i, base, err, 1+2*i)
		}
	}
	if got := values(readAll(t, f.Client, 0)); got != "claim,0,1,2,3,4,5" {
		t.Errorf("log holds %s", got)
	}
	if n := metric(t, f.registry, "log_resends_total"); n != 3 {
		t.Errorf("%v resends counted, want 3", n)
	}
}

// A claim whose answer is lost is one claim, too.
func TestALostClaimIsOneCopy(t *testing.T) {
	f := openFaulty(t, 1)
	f.proxy.next.Store(2)
	f.claimed(t)
	if got := values(readAll(t, f.Client, 0)); got != "claim" {
		t.Errorf("log holds %s", got)
	}
}

func TestWhatABrokerAnswers(t *testing.T) {
	again := errors.New("sent again until it is there")
	for code, want := range map[kafka.Error]error{
		kafka.NotLeaderForPartition: again, kafka.LeaderNotAvailable: again, kafka.RequestTimedOut: again,
		kafka.UnknownTopicOrPartition: again, kafka.NotEnoughReplicas: again, kafka.NotEnoughReplicasAfterAppend: again,
		kafka.NetworkException: again, kafka.KafkaStorageError: again, kafka.Unknown: again,
		kafka.InvalidProducerEpoch: eventlog.ErrFenced, 90: eventlog.ErrFenced,
		kafka.OutOfOrderSequenceNumber: eventlog.ErrLostTrack, 59: eventlog.ErrLostTrack,
		kafka.DuplicateSequenceNumber:  eventlog.ErrLostTrack, // it is there, the place is not told: claim and read
		kafka.MessageSizeTooLarge:      eventlog.ErrTooLarge,
		kafka.TopicAuthorizationFailed: eventlog.ErrRefused, 87: eventlog.ErrRefused,
	} {
		t.Run(fmt.Sprint(int(code), " ", code.Title()), func(t *testing.T) {
			f := openFaulty(t, 1)
			w := f.claimed(t)
			f.answerProduce(int16(code))
			base, err := w.Append(t.Context(), numbered(0, 1))
			if errors.Is(want, again) {
				if err != nil || base != 1 {
					t.Errorf("base %d, %v; want it to be %v", base, err, again)
				}
				return
			}
			if !errors.Is(err, want) {
				t.Fatalf("%v, want %v", err, want)
			}
			if _, err := w.Append(t.Context(), numbered(0, 1)); !errors.Is(err, eventlog.ErrLostTrack) {
				t.Errorf("without another claim: %v, want ErrLostTrack", err)
			}
			if _, err := w.Claim(t.Context(), schemas.Record{Value: []byte("claim")}); err != nil {
				t.Errorf("claiming again: %v", err)
			}
		})
	}
}

func TestDoubtEndsWithTheContext(t *testing.T) {
	f := openFaulty(t, 1)
	w := f.claimed(t)
	f.proxy.next.Store(1 << 30)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := w.Append(ctx, numbered(0, 1)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want the context's end", err)
	}
	f.proxy.next.Store(0)
	if _, err := w.Append(t.Context(), numbered(1, 1)); !errors.Is(err, eventlog.ErrLostTrack) {
		t.Errorf("after doubt: %v, want ErrLostTrack", err)
	}
}

func TestTooLargeIsNotSent(t *testing.T) {
	f := openFaulty(t, 1)
	w := f.claimed(t)
	large := schemas.Record{Value: make([]byte, eventlog.MaxBatchBytes)}
	if _, err := w.Append(t.Context(), []schemas.Record{large}); !errors.Is(err, eventlog.ErrTooLarge) {
		t.Errorf("%v, want ErrTooLarge", err)
	}
	if base, err := w.Append(t.Context(), numbered(0, 1)); err != nil || base != 1 {
		t.Errorf("the next batch: base %d, %v", base, err)
	}
}

// kfake never answers these, a cold or busy Kafka does.
func TestClaimWaitsForTheCoordinator(t *testing.T) {
	f := openFaulty(t, 1)
	codes := []int16{14, 15, 16, 51, 14}
	var asked atomic.Int64
	f.cluster.ControlKey(int16(kmsg.InitProducerID), func(req kmsg.Request) (kmsg.Response, error, bool) {
		n := int(asked.Add(1))
		if n == len(codes) {
			f.cluster.DropControl()
		} else {
			f.cluster.KeepControl()
		}
		res := req.ResponseKind().(*kmsg.InitProducerIDResponse)
		res.ErrorCode, res.ProducerID, res.ProducerEpoch = codes[n-1], -1, -1
		return res, nil, true
	})
	f.claimed(t)
	if int(asked.Load()) != len(codes) {
		t.Errorf("asked %d times, want %d", asked.Load(), len(codes))
	}
}

func TestPingNoticesThatNobodyAnswers(t *testing.T) {
	f := openFaulty(t, 1)
	if err := f.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.cluster.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := f.Ping(ctx); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("ping of a log that has gone: %v", err)
	}
}

func TestPublishedOffsetsAreSeenByTools(t *testing.T) {
	f := openFaulty(t, 3)
	if err := f.PublishOffsets(t.Context(), "project-chain", topic, map[int32]int64{0: 7, 2: 9}); err != nil {
		t.Fatal(err)
	}
	checkPublished(t, f.Brokers(), "project-chain", topic, map[int]int64{0: 7, 2: 9})
}

// kfake's coordinator is always ready, Kafka's is not the first time.
func TestPublishedOffsetsWaitForTheCoordinator(t *testing.T) {
	f := openFaulty(t, 1)
	codes := []int16{16, 14, 15}
	asked := 0
	f.cluster.ControlKey(int16(kmsg.OffsetCommit), func(req kmsg.Request) (kmsg.Response, error, bool) {
		if asked++; asked == len(codes) {
			f.cluster.DropControl()
		} else {
			f.cluster.KeepControl()
		}
		res := req.ResponseKind().(*kmsg.OffsetCommitResponse)
		rt, rp := kmsg.NewOffsetCommitResponseTopic(), kmsg.NewOffsetCommitResponseTopicPartition()
		rt.Topic, rp.ErrorCode = topic, codes[asked-1]
		rt.Partitions = append(rt.Partitions, rp)
		res.Topics = append(res.Topics, rt)
		return res, nil, true
	})
	if err := f.PublishOffsets(t.Context(), "project-chain", topic, map[int32]int64{0: 7}); err != nil {
		t.Fatal(err)
	}
	checkPublished(t, f.Brokers(), "project-chain", topic, map[int]int64{0: 7})
}

// Where there are brokers enough, a record that was acknowledged outlives any one of them.
func TestTopicsOfAClusterAreReplicated(t *testing.T) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(4))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	created := make(chan *kmsg.CreateTopicsRequest, 1)
	cluster.ControlKey(int16(kmsg.CreateTopics), func(req kmsg.Request) (kmsg.Response, error, bool) {
		created <- req.(*kmsg.CreateTopicsRequest)
		return nil, nil, false
	})
	c, err := eventlog.Open(eventlog.Config{Brokers: cluster.ListenAddrs(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	spec := schemas.TopicSpec{Name: topic, Partitions: 2, Config: map[string]string{"retention.ms": "-1"}}
	if err := c.EnsureTopics(t.Context(), []schemas.TopicSpec{spec}); err != nil {
		t.Fatal(err)
	}
	rt := (<-created).Topics[0]
	settings := map[string]string{}
	for _, s := range rt.Configs {
		settings[s.Name] = *s.Value
	}
	want := map[string]string{"retention.ms": "-1", "min.insync.replicas": "2", "unclean.leader.election.enable": "false"}
	if rt.ReplicationFactor != 3 || rt.NumPartitions != 2 || !maps.Equal(settings, want) {
		t.Errorf("created with %d replicas, %d partitions, %v", rt.ReplicationFactor, rt.NumPartitions, settings)
	}
	if len(spec.Config) != 1 {
		t.Errorf("the catalogue's own settings were changed: %v", spec.Config)
	}
}

// Processes that start together all find the topics.
func TestTopicsAreEnsuredByManyAtOnce(t *testing.T) {
	f := openFaulty(t, 1)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			c, err := eventlog.Open(eventlog.Config{Brokers: strings.Split(f.Brokers(), ","), Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			if err := c.EnsureTopics(t.Context(), schemas.Topics()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}

// checkPublished asks for a group's offsets as a lag tool does.
func checkPublished(t *testing.T, broker, group, topic string, want map[int]int64) {
	t.Helper()
	tool := &kafka.Client{Addr: kafka.TCP(broker)}
	req := &kafka.OffsetFetchRequest{GroupID: group, Topics: map[string][]int{topic: nil}}
	for p := range want {
		req.Topics[topic] = append(req.Topics[topic], p)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	res, err := tool.OffsetFetch(ctx, req)
	for err == nil && res.Error != nil && ctx.Err() == nil { // a coordinator that is still loading
		res, err = tool.OffsetFetch(ctx, req)
	}
	if err != nil || res.Error != nil {
		t.Fatal(err, res)
	}
	for _, p := range res.Topics[topic] {
		if p.Error != nil || p.CommittedOffset != want[p.Partition] {
			t.Errorf("partition %d: offset %d, %v; want %d", p.Partition, p.CommittedOffset, p.Error, want[p.Partition])
		}
	}
	if len(res.Topics[topic]) != len(want) {
		t.Errorf("offsets of %d partitions, want %d", len(res.Topics[topic]), len(want))
	}
}

// metric returns the sum of a counter's series.
func metric(t *testing.T, registry *prometheus.Registry, name string, labels ...string) (sum float64) {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
	series:
		for _, m := range family.GetMetric() {
			for _, want := range labels {
				found := false
				for _, l := range m.GetLabel() {
					found = found || l.GetValue() == want
				}
				if !found {
					continue series
				}
			}
			sum += m.GetCounter().GetValue()
		}
	}
	return sum
}

// deleteBelow makes a partition forget what is below an offset, as retention does.
func deleteBelow(t *testing.T, f *faulty, offset int64) {
	t.Helper()
	admin, err := kgo.NewClient(kgo.SeedBrokers(f.Brokers()))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	req := kmsg.NewPtrDeleteRecordsRequest()
	rt, rp := kmsg.NewDeleteRecordsRequestTopic(), kmsg.NewDeleteRecordsRequestTopicPartition()
	rp.Offset = offset
	rt.Topic, rt.Partitions = topic, append(rt.Partitions, rp)
	req.Topics = append(req.Topics, rt)
	res, err := req.RequestWith(t.Context(), admin)
	if err != nil || res.Topics[0].Partitions[0].ErrorCode != 0 {
		t.Fatal(err, res)
	}
}
