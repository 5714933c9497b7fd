//go:build kafka

// Package kafkatest runs a real Apache Kafka broker for tests: the jars of a release from Maven, one broker in KRaft mode, on
// ports of its own. Some faults only show there; the in-process log hides them. It needs Java 17 and Maven, and fails where
// they are missing.
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

// Restartable runs a broker until the test ends and returns its address, and the command that kills it with SIGKILL, starts it again on the
// same data, and ends when it listens.
func Restartable(t testing.TB) (broker string, restart []string) {
	t.Helper()
	broker, controller := freeAddress(t), freeAddress(t)
	dir := run(t, broker, alone(broker, broker, controller))
	jars, err := fetch(t.Context())
	if err != nil {
		t.Fatalf("Apache Kafka's jars: %v", err)
	}
	host, port, _ := strings.Cut(broker, ":")
	pid, script := filepath.Join(dir, "pid"), filepath.Join(dir, "restart.sh")
	java := java(t.Context(), jars, "kafka.Kafka", filepath.Join(dir, "server.properties"))
	text := fmt.Sprintf("kill -9 \"$(cat '%[1]s')\"\n'%[2]s' >'%[1]s.out' 2>&1 &\necho $! >'%[1]s'\nuntil (exec 3<>/dev/tcp/%[3]s/%[4]s) 2>/dev/null; do sleep 0.1; done\n",
		pid, strings.Join(java.Args, "' '"), host, port)
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		number, err := os.ReadFile(pid)
		if err == nil {
			err = exec.Command("kill", "-9", strings.TrimSpace(string(number))).Run()
		}
		if err != nil {
			t.Logf("the broker that was started last was not killed: %v", err)
		}
	})
	return broker, []string{"bash", script}
}

// Start runs a broker until the test ends and returns its address. Advertised gives the address that the broker tells its
// clients, such as that of a proxy before it; nil for its own.
func Start(t testing.TB, advertised func(broker string) string) (broker string) {
	t.Helper()
	broker, controller := freeAddress(t), freeAddress(t)
	public := broker
	if advertised != nil {
		public = advertised(broker)
	}
	run(t, broker, alone(broker, public, controller))
	return broker
}

// alone are the properties of a broker that is its own controller.
func alone(broker, public, controller string) []string {
	return []string{
		"process.roles=broker,controller", "node.id=1",
		"controller.quorum.voters=1@" + controller,
		"listeners=PLAINTEXT://" + broker + ",CONTROLLER://" + controller,
		"advertised.listeners=PLAINTEXT://" + public,
		"controller.listener.names=CONTROLLER",
		"listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
		"offsets.topic.replication.factor=1", "offsets.topic.num.partitions=1",
		"transaction.state.log.replication.factor=1", "transaction.state.log.min.isr=1", "transaction.state.log.num.partitions=1",
		"group.initial.rebalance.delay.ms=0", "auto.create.topics.enable=false",
	}
}

// StartWith runs a broker with somebody else's properties, key=value, until the test ends, and returns its address. Only the folder
// of its data is ours, and where the properties name the host and port of broker or controller, an address of this machine.
func StartWith(t testing.TB, properties []string, broker, controller string) (address string) {
	t.Helper()
	_, brokerPort, _ := strings.Cut(broker, ":")
	_, controllerPort, _ := strings.Cut(controller, ":")
	ours, theirs := freeAddress(t), freeAddress(t)
	here := strings.NewReplacer(broker, ours, controller, theirs, "//:"+brokerPort, "//"+ours, "//:"+controllerPort, "//"+theirs)
	var mine []string
	for _, p := range properties {
		if !strings.HasPrefix(p, "log.dirs=") {
			mine = append(mine, here.Replace(p))
		}
	}
	run(t, ours, mine)
	return ours
}

// run runs a broker that listens at this address until the test ends, and returns its folder.
func run(t testing.TB, broker string, properties []string) (dir string) {
	t.Helper()
	jars, err := fetch(t.Context())
	if err != nil {
		t.Fatalf("Apache Kafka's jars: %v", err)
	}
	dir = t.TempDir()
	config := filepath.Join(dir, "server.properties")
	if err := os.WriteFile(config, []byte(strings.Join(append(properties, "log.dirs="+filepath.Join(dir, "data")), "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := java(t.Context(), jars, "kafka.tools.StorageTool", "format", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", config).CombinedOutput(); err != nil {
		t.Fatalf("format Kafka's storage: %v\n%s", err, out)
	}
	var output bytes.Buffer
	server := java(context.WithoutCancel(t.Context()), jars, "kafka.Kafka", config)
	server.Stdout, server.Stderr = &output, &output
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "pid"), []byte(strconv.Itoa(server.Process.Pid)), 0o600); err != nil {
		t.Error(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- server.Wait() }()
	t.Cleanup(func() {
		if err := server.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Errorf("stop Kafka: %v", err)
		}
		<-exited
	})
	if err := answers(t.Context(), broker, exited); err != nil {
		_ = server.Process.Kill() // it may have ended already; either way its output is whole then
		err = errors.Join(err, <-exited)
		exited <- nil // for the cleanup
		t.Fatalf("start Kafka: %v\n%s", err, output.String())
	}
	return dir
}

// answers waits until a broker answers requests, which it does some time after it listens.
func answers(ctx context.Context, broker string, exited chan error) error {
	client, err := eventlog.Open(eventlog.Config{Brokers: []string{broker}, Logger: slog.New(slog.DiscardHandler)})
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
		case end := <-exited:
			exited <- end
			return errors.New("it has ended")
		case <-ctx.Done():
			return fmt.Errorf("within %v: %w", startWithin, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func java(ctx context.Context, jars string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, "java", append([]string{"-Xmx512m", "-cp", filepath.Join(jars, "*")}, args...)...)
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

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}()
	return l.Addr().String()
}
