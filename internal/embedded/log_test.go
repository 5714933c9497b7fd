package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
)

const topic = "bitsage.test"

func TestLogKeepsWhatWasAcknowledgedOverARestart(t *testing.T) {
	dir := t.TempDir()
	log := startLog(t, dir)
	createTopic(t, log.Brokers())
	produce(t, log.Brokers(), 0, 5)
	brokers := log.Brokers()
	closeLog(t, log)

	log = startLog(t, dir)
	if got := log.Brokers()[0]; got != brokers[0] {
		t.Errorf("the restarted log listens on %s, not on %s as before", got, brokers[0])
	}
	produce(t, log.Brokers(), 5, 5)
	wantRecords(t, log.Brokers(), 10)
}

func TestLogKeepsWhatWasAcknowledgedOverAKill(t *testing.T) {
	dir := t.TempDir()
	acknowledged := 0
	for range 3 {
		writer := startRole(t, nil, "append", dir, strconv.Itoa(acknowledged))
		for range 40 {
			writer.line()
			acknowledged++
		}
		for _, line := range writer.kill() {
			if line == strconv.Itoa(acknowledged) { // whole lines only: the last may be cut short
				acknowledged++
			}
		}
		log := startLog(t, dir)
		end := wantRecords(t, log.Brokers(), acknowledged)
		closeLog(t, log)
		acknowledged = end // a record may have been written whose acknowledgement came to nobody
	}
}

// appendUntilKilled appends one numbered record after the other and prints each offset once it is acknowledged.
func appendUntilKilled(args []string) error {
	log, err := StartLog(context.Background(), LogConfig{Dir: args[0]})
	if err != nil {
		return err
	}
	next, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	if next == 0 {
		if err := tryCreateTopic(log.Brokers()); err != nil {
			return err
		}
	}
	for ; ; next++ {
		if err := tryProduce(log.Brokers(), next, 1); err != nil {
			return err
		}
		fmt.Println(next)
	}
}

func TestLogAfterATornWrite(t *testing.T) {
	for name, tear := range map[string]func(segment []byte) []byte{
		"cut in the last record":   func(s []byte) []byte { return s[:len(s)-5] },
		"cut in the last header":   func(s []byte) []byte { return s[:len(s)-lastBatch(s)+7] },
		"last batch garbled":       func(s []byte) []byte { s[len(s)-3] ^= 0xff; return s },
		"size grown, data missing": func(s []byte) []byte { return append(s[:len(s)-lastBatch(s)], make([]byte, 500)...) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			log := startLog(t, dir)
			createTopic(t, log.Brokers())
			produce(t, log.Brokers(), 0, 10)
			closeLog(t, log)

			editSegment(t, dir, tear)
			log = startLog(t, dir)
			wantRecords(t, log.Brokers(), 9)
			produce(t, log.Brokers(), 9, 3)
			wantRecords(t, log.Brokers(), 12)
			closeLog(t, log)

			log = startLog(t, dir)
			wantRecords(t, log.Brokers(), 12)
		})
	}
}

func TestLogRefusesDamageBeforeItsEnd(t *testing.T) {
	dir := t.TempDir()
	log := startLog(t, dir)
	createTopic(t, log.Brokers())
	produce(t, log.Brokers(), 0, 10)
	closeLog(t, log)

	flip := func(at int) func([]byte) []byte {
		return func(s []byte) []byte { s[at] ^= 0xff; return s }
	}
	for name, at := range map[string]int{"in a record": 400, "in a base offset": 0} {
		path := editSegment(t, dir, flip(at))
		_, err := StartLog(t.Context(), LogConfig{Dir: dir})
		if err == nil || !strings.Contains(err.Error(), path+" is damaged at byte") {
			t.Fatalf("%s: got error %v, want one that names the segment and the place", name, err)
		}
		editSegment(t, dir, flip(at))
	}
	log = startLog(t, dir) // nothing was changed meanwhile
	wantRecords(t, log.Brokers(), 10)
}

func TestLogRefusesDamageInAnEarlierSegment(t *testing.T) {
	dir := t.TempDir()
	log := startLog(t, dir)
	client := newClient(t, log.Brokers())
	made, err := client.CreateTopics(t.Context(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{
		Topic: topic, NumPartitions: 1, ReplicationFactor: 1,
		ConfigEntries: []kafka.ConfigEntry{{ConfigName: "segment.bytes", ConfigValue: "1000"}},
	}}})
	if err != nil || made.Errors[topic] != nil {
		t.Fatal(err, made)
	}
	produce(t, log.Brokers(), 0, 10)
	wantRecords(t, log.Brokers(), 10)
	closeLog(t, log)
	editSegment(t, dir, func(s []byte) []byte { return s[:len(s)-5] })

	if _, err := StartLog(t.Context(), LogConfig{Dir: dir}); err == nil || !strings.Contains(err.Error(), "0.dat is damaged at byte") {
		t.Errorf("got error %v, want one that names the segment and the place", err)
	}
}

func TestLogOfTwo(t *testing.T) {
	dir := t.TempDir()
	log := startLog(t, dir)
	_, err := StartLog(t.Context(), LogConfig{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), dir+" is in use by process "+strconv.Itoa(os.Getpid())) {
		t.Errorf("got error %v, want one that names the directory and the process", err)
	}
	closeLog(t, log)
	startLog(t, dir)
}

func TestLogPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port

	if _, err := StartLog(t.Context(), LogConfig{Dir: t.TempDir(), Port: port}); err == nil || !strings.Contains(err.Error(), strconv.Itoa(port)) {
		t.Errorf("a given port that is taken: got error %v, want one that names it", err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "port"), []byte(strconv.Itoa(port)), 0o644); err != nil {
		t.Fatal(err)
	}
	log := startLog(t, dir)
	if got := log.Brokers()[0]; got == taken.Addr().String() {
		t.Error("the log listens on a port that is taken")
	}
}

func TestLogSettings(t *testing.T) {
	log := startLog(t, t.TempDir())
	client := newClient(t, log.Brokers())

	if err := tryProduce(log.Brokers(), 0, 1); err == nil {
		t.Error("a record for a topic that is not there was taken")
	}
	metadata, err := client.Metadata(t.Context(), &kafka.MetadataRequest{Topics: []string{topic}})
	if err != nil {
		t.Fatal(err)
	}
	if got := metadata.Topics[0].Error; !errors.Is(got, kafka.UnknownTopicOrPartition) {
		t.Errorf("asking for a topic that is not there: got %v", got)
	}

	made, err := client.CreateTopics(t.Context(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{
		Topic: topic, NumPartitions: 1, ReplicationFactor: 1,
		ConfigEntries: []kafka.ConfigEntry{{ConfigName: "retention.ms", ConfigValue: "-1"}},
	}}})
	if err != nil || made.Errors[topic] != nil {
		t.Fatal(err, made)
	}
	described, err := client.DescribeConfigs(t.Context(), &kafka.DescribeConfigsRequest{
		Resources: []kafka.DescribeConfigRequestResource{{ResourceType: kafka.ResourceTypeTopic, ResourceName: topic}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"retention.ms": "-1", "retention.bytes": "-1", "max.message.bytes": "1048588", "cleanup.policy": "delete"}
	for _, entry := range described.Resources[0].ConfigEntries {
		if value, ok := want[entry.ConfigName]; ok && entry.ConfigValue != value {
			t.Errorf("%s is %s, want %s", entry.ConfigName, entry.ConfigValue, value)
		}
		delete(want, entry.ConfigName)
	}
	if len(want) > 0 {
		t.Errorf("not described: %v", want)
	}

	large := kafka.Record{Value: kafka.NewBytes(make([]byte, maxBatchBytes))}
	res, err := client.Produce(t.Context(), &kafka.ProduceRequest{Topic: topic, RequiredAcks: kafka.RequireAll, Records: kafka.NewRecordReader(large)})
	if err != nil || !errors.Is(res.Error, kafka.MessageSizeTooLarge) {
		t.Errorf("a batch that is too large: got %v, %v", err, res)
	}
}

func TestLogKeepsForEverUnlessToldOtherwise(t *testing.T) {
	log := startLog(t, t.TempDir())
	client := newClient(t, log.Brokers())
	made, err := client.CreateTopics(t.Context(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{
		{Topic: "kept", NumPartitions: 1, ReplicationFactor: 1},
		{Topic: "a.day", NumPartitions: 1, ReplicationFactor: 1, ConfigEntries: []kafka.ConfigEntry{{ConfigName: "retention.ms", ConfigValue: "86400000"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int64{"kept": 0, "a.day": 1} {
		if err := made.Errors[name]; err != nil {
			t.Fatal(err)
		}
		record := kafka.Record{Time: time.Now().AddDate(-1, 0, 0), Value: kafka.NewBytes([]byte("of last year"))}
		if res, err := client.Produce(t.Context(), &kafka.ProduceRequest{Topic: name, RequiredAcks: kafka.RequireAll, Records: kafka.NewRecordReader(record)}); err != nil || res.Error != nil {
			t.Fatal(err, res)
		}
		log.cluster.ApplyRetention()
		offsets, err := client.ListOffsets(t.Context(), &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{name: {kafka.FirstOffsetOf(0)}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := offsets.Topics[name][0].FirstOffset; got != want {
			t.Errorf("topic %s begins at offset %d, want %d", name, got, want)
		}
	}
}

func TestLogThatCannotWriteTakesNoMore(t *testing.T) {
	dir := t.TempDir()
	log, err := StartLog(t.Context(), LogConfig{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	createTopic(t, log.Brokers())
	// A file in the place of the partition's directory fails the first write, as a full disk would.
	partition := filepath.Join(dir, "kfake", "partitions", topic+"-0")
	if err := os.MkdirAll(filepath.Dir(partition), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(partition, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := tryProduce(log.Brokers(), 0, 1); err == nil {
		t.Error("a record that could not be written was acknowledged")
	}
	select {
	case <-log.Failed():
	case <-time.After(5 * time.Second):
		t.Fatal("the log does not say that it failed")
	}
	if err := os.Remove(partition); err != nil {
		t.Fatal(err)
	}
	if err := tryProduce(log.Brokers(), 0, 1); err == nil {
		t.Error("a record was acknowledged after a failed write")
	}
	if err := log.Close(); err == nil || !strings.Contains(err.Error(), partition) {
		t.Errorf("closing a failed log: got %v, want the reason", err)
	}
}

func startLog(t *testing.T, dir string) *Log {
	t.Helper()
	log, err := StartLog(t.Context(), LogConfig{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeLog(t, log) })
	return log
}

func closeLog(t *testing.T, log *Log) {
	t.Helper()
	if err := log.Close(); err != nil {
		t.Errorf("closing the log: %v", err)
	}
}

func createTopic(t *testing.T, brokers []string) {
	t.Helper()
	if err := tryCreateTopic(brokers); err != nil {
		t.Fatal(err)
	}
}

// dial returns a client of its own: the default one would use connections to a log that is no more.
func dial(brokers []string) (client *kafka.Client, hangUp func()) {
	transport := &kafka.Transport{}
	return &kafka.Client{Addr: kafka.TCP(brokers...), Transport: transport}, transport.CloseIdleConnections
}

func newClient(t *testing.T, brokers []string) *kafka.Client {
	t.Helper()
	client, hangUp := dial(brokers)
	t.Cleanup(hangUp)
	return client
}

func tryCreateTopic(brokers []string) error {
	client, hangUp := dial(brokers)
	defer hangUp()
	made, err := client.CreateTopics(context.Background(), &kafka.CreateTopicsRequest{
		Topics: []kafka.TopicConfig{{Topic: topic, NumPartitions: 1, ReplicationFactor: 1}},
	})
	if err != nil {
		return err
	}
	return made.Errors[topic]
}

func produce(t *testing.T, brokers []string, first, count int) {
	t.Helper()
	if err := tryProduce(brokers, first, count); err != nil {
		t.Fatal(err)
	}
}

// tryProduce appends records that hold their own offset, each in a batch of its own.
func tryProduce(brokers []string, first, count int) error {
	client, hangUp := dial(brokers)
	defer hangUp()
	for offset := first; offset < first+count; offset++ {
		record := kafka.Record{Value: kafka.NewBytes([]byte(strconv.Itoa(offset) + strings.Repeat(".", 200)))}
		res, err := client.Produce(context.Background(), &kafka.ProduceRequest{
			Topic: topic, RequiredAcks: kafka.RequireAll, Records: kafka.NewRecordReader(record),
		})
		if err != nil {
			return err
		}
		if res.Error != nil {
			return res.Error
		}
		if res.BaseOffset != int64(offset) {
			return fmt.Errorf("record %d was given offset %d", offset, res.BaseOffset)
		}
	}
	return nil
}

// wantRecords reads the topic from its start and checks that there are at least so many records, in order, without a gap.
// It returns how many there are.
func wantRecords(t *testing.T, brokers []string, atLeast int) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	conn, err := kafka.DialLeader(ctx, "tcp", brokers[0], topic, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	first, last, err := conn.ReadOffsets()
	if err != nil {
		t.Fatal(err)
	}
	if first != 0 || last < int64(atLeast) || last > int64(atLeast)+1 {
		t.Fatalf("the log holds records %d to %d, want 0 to %d", first, last, atLeast)
	}
	for offset := range int(last) {
		m, err := conn.ReadMessage(1 << 20)
		if err != nil {
			t.Fatalf("reading record %d: %v", offset, err)
		}
		if m.Offset != int64(offset) || !strings.HasPrefix(string(m.Value), strconv.Itoa(offset)+".") {
			t.Fatalf("in place of record %d: offset %d, %q", offset, m.Offset, m.Value)
		}
	}
	return int(last)
}

// lastBatch returns the length of the last batch of a segment.
func lastBatch(segment []byte) int {
	at := 0
	for {
		length := batchHead + int(segment[at+10])<<8 + int(segment[at+11])
		if at+length == len(segment) {
			return length
		}
		at += length
	}
}

func editSegment(t *testing.T, dir string, edit func([]byte) []byte) string {
	t.Helper()
	path := filepath.Join(dir, "kfake", "partitions", topic+"-0", "0.dat")
	segment, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, edit(segment), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
