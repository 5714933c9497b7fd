package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// maxBatchBytes is the largest record batch that the log takes: Kafka's own default, so that what fits here fits a real
// cluster too.
const maxBatchBytes = 1_048_588

// LogConfig says where a log keeps its records and where it listens.
type LogConfig struct {
	// Dir holds all of the log and is created if missing. One process may use it at a time. Empty means a log in memory
	// that ends with the process, for tests.
	Dir string
	// Port on 127.0.0.1. 0 means the one of last time, if it is still free, or any free one.
	Port int
	// Logger may be nil.
	Logger *slog.Logger
}

// Log is a Kafka-protocol log of one broker in this process. An acknowledged record has been written and synced to disk.
//
// It creates no topic by itself: an unknown topic is an error, as on a well-kept cluster. A topic without retention
// settings of its own is kept for ever, although DescribeConfigs then shows Kafka's default of a week. Producers' sequence
// numbers outlive a clean stop but not a kill -9, so after a crash a writer has to find its place from the log's tail
// rather than resend.
type Log struct {
	cluster  *kfake.Cluster
	listener net.Listener
	lock     *os.File // nil in memory
	close    func()

	mu     sync.Mutex
	err    error
	failed chan struct{}
}

// StartLog opens the log in cfg.Dir, or begins a new one, and serves it until Close. A batch at the log's end that a crash
// left half-written, which nobody was told of, is cut off with a warning. Damage anywhere else is an error, and nothing is
// changed.
//
// All segments are read at start, after a crash into memory at once.
func StartLog(ctx context.Context, cfg LogConfig) (*Log, error) {
	logger := cfg.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	l := &Log{failed: make(chan struct{})}
	options := []kfake.Opt{
		kfake.NumBrokers(1),
		kfake.ClusterID("embedded-" + rand.Text()[:12]), // a log that already exists keeps its own
		kfake.WithLogger(brokerLogger{logger: logger, failed: l.fail}),
		kfake.ListenFn(func(string, string) (net.Listener, error) { return l.listener, nil }),
		kfake.DefaultNumPartitions(1),
		kfake.BrokerConfigs(map[string]string{
			"log.retention.ms":    "-1",
			"log.retention.bytes": "-1",
			"message.max.bytes":   fmt.Sprint(maxBatchBytes),
			"log.segment.bytes":   fmt.Sprint(64 << 20),
		}),
	}
	portFile := ""
	if cfg.Dir != "" {
		if err := os.MkdirAll(cfg.Dir, 0o755); err != nil {
			return nil, fmt.Errorf("creating the log's directory: %w", err)
		}
		var err error
		if l.lock, err = lockDir(cfg.Dir); err != nil {
			return nil, fmt.Errorf("opening the log: %w", err)
		}
		records := filepath.Join(cfg.Dir, "kfake")
		if err := repairTornTails(ctx, filepath.Join(records, "partitions"), logger); err != nil {
			l.lock.Close()
			return nil, fmt.Errorf("opening the log in %s: %w", cfg.Dir, err)
		}
		portFile = filepath.Join(cfg.Dir, "port")
		options = append(options, kfake.DataDir(records), kfake.SyncWrites())
	}
	var err error
	if l.listener, err = listenLoopback(portFile, cfg.Port); err != nil {
		l.lock.Close()
		return nil, fmt.Errorf("starting the log: %w", err)
	}
	cluster, err := kfake.NewCluster(options...)
	if err != nil {
		l.lock.Close()
		return nil, fmt.Errorf("starting the log in %s: %w", cfg.Dir, err)
	}
	l.mu.Lock()
	l.cluster = cluster
	l.mu.Unlock()
	l.close = sync.OnceFunc(func() {
		cluster.Close()
		l.lock.Close()
	})
	if l.Err() != nil { // before l.cluster was set, fail could not shut it to writers
		return nil, l.Close()
	}
	cluster.ApplyRetention() // its own hourly round begins with the first CreateTopics request
	return l, nil
}

// Brokers returns the addresses, host:port, that Kafka clients connect to.
func (l *Log) Brokers() []string { return []string{l.listener.Addr().String()} }

// Failed is closed once the log could not write to its disk. It then refuses all records; the process should say [Log.Err]
// and end.
func (l *Log) Failed() <-chan struct{} { return l.failed }

// Err says why the log failed, or is nil.
func (l *Log) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Close stops serving, syncs what a clean stop leaves for a quicker start, and gives the directory free. Requests on their
// way get no answer. It returns the error of a log that failed.
func (l *Log) Close() error {
	l.close()
	return l.Err()
}

// fail shuts the log to writers for good. The broker notes a batch's sequence before it writes it, so after a failed write
// it would take the producer's retry for a resend and acknowledge a batch that is nowhere.
func (l *Log) fail(reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return
	}
	l.err = errors.New("the embedded log could not write to its disk: " + reason)
	close(l.failed)
	if l.cluster == nil { // still starting: nobody can write yet
		return
	}
	cluster, err := l.cluster, l.err
	cluster.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		return nil, err, true
	})
}

// brokerLogger hands kfake's messages to slog and notices failed writes, which kfake does nothing else about.
type brokerLogger struct {
	logger *slog.Logger
	failed func(reason string)
}

func (b brokerLogger) Logf(level kfake.LogLevel, format string, args ...any) {
	severity := slog.LevelDebug
	switch level {
	case kfake.LogLevelError:
		severity = slog.LevelError
	case kfake.LogLevelWarn:
		severity = slog.LevelWarn
	}
	if severity == slog.LevelDebug && !b.logger.Enabled(context.Background(), severity) {
		return
	}
	message := fmt.Sprintf(format, args...)
	b.logger.Log(context.Background(), severity, "kfake: "+message)
	if severity > slog.LevelDebug && strings.HasPrefix(format, "persist ") {
		b.failed(message)
	}
}
