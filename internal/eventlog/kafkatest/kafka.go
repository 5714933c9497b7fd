//go:build kafka

// Package kafkatest runs real Apache Kafka for tests: the jars of a release from Maven, one broker or several in KRaft mode, each a process
// on ports of its own that a test may kill and start again. Some faults only show there; the in-process log hides them. It needs
// Java 17 and Maven, and fails where they are missing.
package kafkatest

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
)

//go:embed pom.xml
var pom []byte

const (
	release     = "4.1.0" // as in pom.xml
	fetchWithin = 5 * time.Minute
	startWithin = 2 * time.Minute
)

// Size returns how many brokers the tests are to run on: TEST_KAFKA_BROKERS, 1 where that is not set.
func Size() (int, error) {
	text := os.Getenv("TEST_KAFKA_BROKERS")
	if text == "" {
		return 1, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("TEST_KAFKA_BROKERS=%s: want a number of brokers", text)
	}
	return n, nil
}

// Cluster is a number of brokers, each its own process, and a controller too. Its methods are for one goroutine at a time.
type Cluster struct {
	jars    string
	brokers []*broker
}

type broker struct {
	listens, public string // where it listens for clients, and the address that it tells them
	config          string
	process         *exec.Cmd
	output          *output
	exited          chan struct{}
}

// Start runs so many brokers until the test ends. Advertised gives the address that a broker tells its clients, such as that of a
// proxy before it; nil for its own.
func Start(t testing.TB, brokers int, advertised func(broker string) string) *Cluster {
	t.Helper()
	c, err := Run(t.Context(), t.TempDir(), brokers, advertised)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Stop)
	return c
}

// Run runs so many brokers, whose data are in a folder, until Stop.
func Run(ctx context.Context, dir string, brokers int, advertised func(broker string) string) (*Cluster, error) {
	internal, controllers, clients := make([]string, brokers), make([]string, brokers), make([]string, brokers)
	voters := make([]string, brokers)
	for i := range brokers {
		for _, address := range []*string{&internal[i], &controllers[i], &clients[i]} {
			var err error
			if *address, err = freeAddress(); err != nil {
				return nil, err
			}
		}
		voters[i] = fmt.Sprintf("%d@%s", i+1, controllers[i])
	}
	c, err := newCluster(ctx)
	if err != nil {
		return nil, err
	}
	replicas := min(3, brokers)
	for i := range brokers {
		public := clients[i]
		if advertised != nil {
			public = advertised(clients[i])
		}
		if err := c.add(ctx, filepath.Join(dir, strconv.Itoa(i+1)), clients[i], public, []string{
			"process.roles=broker,controller", fmt.Sprint("node.id=", i+1),
			"controller.quorum.voters=" + strings.Join(voters, ","),
			fmt.Sprintf("listeners=PLAINTEXT://%s,INTERNAL://%s,CONTROLLER://%s", clients[i], internal[i], controllers[i]),
			fmt.Sprintf("advertised.listeners=PLAINTEXT://%s,INTERNAL://%s", public, internal[i]),
			"controller.listener.names=CONTROLLER", "inter.broker.listener.name=INTERNAL",
			"listener.security.protocol.map=PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
			fmt.Sprint("offsets.topic.replication.factor=", replicas), "offsets.topic.num.partitions=1",
			fmt.Sprint("transaction.state.log.replication.factor=", replicas), fmt.Sprint("transaction.state.log.min.isr=", min(2, replicas)),
			"transaction.state.log.num.partitions=1",
			"group.initial.rebalance.delay.ms=0", "auto.create.topics.enable=false",
			// A broker that is gone is noticed soon, so that tests need not wait long for the next leader.
			"broker.session.timeout.ms=3000", "broker.heartbeat.interval.ms=500", "controller.quorum.election.timeout.ms=500",
			"controller.quorum.fetch.timeout.ms=1000", "replica.lag.time.max.ms=5000",
		}); err != nil {
			return nil, err
		}
	}
	return c, c.launch(ctx)
}

// StartWith runs a broker with somebody else's properties, key=value, until the test ends, and returns its address. Only the folder
// of its data is ours, and where the properties name the host and port of broker or controller, an address of this machine.
func StartWith(t testing.TB, properties []string, broker, controller string) (address string) {
	t.Helper()
	_, brokerPort, _ := strings.Cut(broker, ":")
	_, controllerPort, _ := strings.Cut(controller, ":")
	ours, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	here := strings.NewReplacer(broker, ours, controller, theirs, "//:"+brokerPort, "//"+ours, "//:"+controllerPort, "//"+theirs)
	var mine []string
	for _, p := range properties {
		if !strings.HasPrefix(p, "log.dirs=") {
			mine = append(mine, here.Replace(p))
		}
	}
	c, err := newCluster(t.Context())
	if err == nil {
		err = c.add(t.Context(), t.TempDir(), ours, ours, mine)
	}
	if err == nil {
		err = c.launch(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Stop)
	return ours
}

func newCluster(ctx context.Context) (*Cluster, error) {
	jars, err := fetch(ctx)
	if err != nil {
		return nil, fmt.Errorf("Apache Kafka's jars: %w", err)
	}
	return &Cluster{jars: jars}, nil
}

// add prepares a broker's folder.
func (c *Cluster) add(ctx context.Context, dir, listens, public string, properties []string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	config := filepath.Join(dir, "server.properties")
	if err := os.WriteFile(config, []byte(strings.Join(append(properties, "log.dirs="+filepath.Join(dir, "data")), "\n")), 0o600); err != nil {
		return err
	}
	if out, err := c.java(ctx, "kafka.tools.StorageTool", "format", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", config).CombinedOutput(); err != nil {
		return fmt.Errorf("format Kafka's storage: %w\n%s", err, out)
	}
	c.brokers = append(c.brokers, &broker{listens: listens, public: public, config: config, output: &output{}})
	return nil
}

// launch starts all brokers and waits until each answers. Should one not, none is left running.
func (c *Cluster) launch(ctx context.Context) error {
	for _, b := range c.brokers {
		if err := c.begin(ctx, b); err != nil {
			c.Stop()
			return err
		}
	}
	for _, b := range c.brokers {
		if err := b.answers(ctx); err != nil {
			c.Stop()
			return fmt.Errorf("start Kafka: %w\n%s", err, b.output)
		}
	}
	return nil
}

// begin starts a broker's process, which outlives ctx.
func (c *Cluster) begin(ctx context.Context, b *broker) error {
	b.process, b.exited = c.java(context.WithoutCancel(ctx), "kafka.Kafka", b.config), make(chan struct{})
	b.process.Stdout, b.process.Stderr = b.output, b.output
	if err := b.process.Start(); err != nil {
		return err
	}
	process, exited := b.process, b.exited
	go func() {
		_ = process.Wait() // it is killed; what it printed says more than its exit code
		close(exited)
	}()
	return nil
}

// Brokers returns the addresses that clients connect to.
func (c *Cluster) Brokers() []string {
	var all []string
	for _, b := range c.brokers {
		all = append(all, b.public)
	}
	return all
}

// Kill ends a broker, numbered from 0, with SIGKILL.
func (c *Cluster) Kill(i int) {
	b := c.brokers[i]
	_ = b.process.Process.Kill() // it fails only for a process that has ended
	<-b.exited
}

// Restart kills a broker, numbered from 0, starts it again on the same data, and returns when it answers.
func (c *Cluster) Restart(ctx context.Context, i int) error {
	c.Kill(i)
	b := c.brokers[i]
	if err := c.begin(ctx, b); err != nil {
		return err
	}
	if err := b.answers(ctx); err != nil {
		return fmt.Errorf("restart Kafka: %w\n%s", err, b.output)
	}
	return nil
}

// Pause stops a broker as SIGSTOP does; Resume lets it go on.
func (c *Cluster) Pause(i int) error { return c.brokers[i].process.Process.Signal(syscall.SIGSTOP) }

// Resume lets a broker that was paused go on.
func (c *Cluster) Resume(i int) error { return c.brokers[i].process.Process.Signal(syscall.SIGCONT) }

// Stop kills all brokers.
func (c *Cluster) Stop() {
	for i, b := range c.brokers {
		if b.process != nil && b.process.Process != nil {
			c.Kill(i)
		}
	}
}

// Tool runs one of Kafka's own commands by the name of its class.
func (c *Cluster) Tool(ctx context.Context, class string, args ...string) error {
	if out, err := c.java(ctx, class, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", class, strings.Join(args, " "), err, out)
	}
	return nil
}

// answers waits until a broker answers requests, which it does some time after it listens.
func (b *broker) answers(ctx context.Context) error {
	client, err := eventlog.Open(eventlog.Config{Brokers: []string{b.listens}, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	for {
		try, stop := context.WithTimeout(ctx, 5*time.Second)
		err := client.Ping(try)
		stop()
		if err == nil {
			return nil
		}
		select {
		case <-b.exited:
			return errors.New("it has ended")
		case <-ctx.Done():
			return fmt.Errorf("within %v: %w", startWithin, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// output keeps what a broker prints. It is safe for concurrent use.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func (c *Cluster) java(ctx context.Context, class string, args ...string) *exec.Cmd {
	// The cheaper compiler alone: a test's broker does not live long enough for the other one to pay.
	options := []string{"-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", filepath.Join(c.jars, "*"), class}
	return exec.CommandContext(ctx, "java", append(options, args...)...)
}

// fetch returns the folder with the release's jars, from the user's cache or, the first time, from Maven.
func fetch(ctx context.Context) (string, error) {
	for _, program := range []string{"java", "mvn"} {
		if _, err := exec.LookPath(program); err != nil {
			return "", fmt.Errorf("%s is not installed: install Java 17 and Maven (Debian: openjdk-17-jre-headless maven)", program)
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	jars := filepath.Join(cache, "sage-coordinator", "kafka-"+release)
	if _, err := os.Stat(jars); err == nil {
		return jars, nil
	}
	if err := os.MkdirAll(filepath.Dir(jars), 0o755); err != nil {
		return "", err
	}
	// Into a folder beside it first, so that a fetch that was cut off is never taken for whole.
	work, err := os.MkdirTemp(filepath.Dir(jars), "kafka-fetch-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(work) }()
	if err := os.WriteFile(filepath.Join(work, "pom.xml"), pom, 0o600); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	mvn := exec.CommandContext(ctx, "mvn", "-q", "-B", "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies",
		"-DincludeScope=runtime", "-DoutputDirectory="+filepath.Join(work, "jars"))
	mvn.Dir = work
	if out, err := mvn.CombinedOutput(); err != nil {
		return "", fmt.Errorf("fetch by Maven: %w\n%s", err, out)
	}
	if err := os.Rename(filepath.Join(work, "jars"), jars); err != nil {
		if _, serr := os.Stat(jars); serr != nil {
			return "", err
		}
	}
	return jars, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
