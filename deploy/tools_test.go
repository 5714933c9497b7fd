//go:build tools

package deploy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/embedded"
)

// TestPromtool has Prometheus' own tool read the configuration and the alerts, and run the alerts' tests.
func TestPromtool(t *testing.T) {
	for _, args := range []string{"check config prometheus.yml", "check rules alerts.yml", "test rules alerts_test.yml"} {
		promtool := exec.CommandContext(t.Context(), "promtool", strings.Fields(args)...)
		promtool.Dir = "prometheus"
		if out, err := promtool.CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", args, err, out)
		}
	}
}

// TestPromtoolChecksTheMetrics has it check a scrape: only three of the guide's names are not as they should be, and each has a twin that is.
func TestPromtoolChecksTheMetrics(t *testing.T) {
	scrape, err := coordinator(t).get("/metrics")
	if err != nil {
		t.Fatal(err)
	}
	promtool := exec.CommandContext(t.Context(), "promtool", "check", "metrics")
	promtool.Stdin = strings.NewReader(scrape)
	out, err := promtool.CombinedOutput()
	const problems = 3 // is its exit code where it finds any
	if promtool.ProcessState.ExitCode() != problems {
		t.Fatalf("%v\n%s", err, out)
	}
	twins := map[string]string{
		"active_workers_total": "dashboard_workers_active", "jobs_pending_total": "dashboard_jobs_pending", "websocket_subscribers_total": "dashboard_stream_clients",
	}
	for line := range strings.Lines(string(out)) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if twins[name] == "" {
			t.Errorf("promtool: %s", line)
		}
	}
	for name, twin := range twins {
		if !strings.Contains(string(out), name) || !strings.Contains(scrape, "\n"+twin+" ") {
			t.Errorf("%s is fine, or has no twin", name)
		}
	}
}

// mayBeEmpty are queries whose answer is empty while all is well.
var mayBeEmpty = []string{`sum by (method) (rate(blockchain_rpc_duration_seconds_count{outcome!="ok"}[5m]))`}

// TestPrometheusAnswersEveryQuery runs a real Prometheus with our configuration against dev, and asks it every query of the
// dashboard and of the guide. Each must have an answer, unless it asks for what is still to come.
func TestPrometheusAnswersEveryQuery(t *testing.T) {
	d := coordinator(t)
	folder := t.TempDir()
	config := strings.NewReplacer("coordinator:8080", "127.0.0.1:"+d.port, "15s", "1s").Replace(read(t, "prometheus", "prometheus.yml"))
	if err := os.WriteFile(filepath.Join(folder, "prometheus.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := copyFile(filepath.Join("prometheus", "alerts.yml"), filepath.Join(folder, "alerts.yml")); err != nil {
		t.Fatal(err)
	}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	base := "http://127.0.0.1:" + port
	server := exec.Command("prometheus", "--config.file="+filepath.Join(folder, "prometheus.yml"),
		"--storage.tsdb.path="+filepath.Join(folder, "data"), "--web.listen-address=127.0.0.1:"+port)
	exited := start(t, server)

	ask := func(query string) (int, error) {
		body, err := fetch(base + "/api/v1/query?query=" + url.QueryEscape(query))
		if err != nil {
			return 0, err
		}
		var answer struct {
			Status string
			Data   struct{ Result []json.RawMessage }
		}
		if err := json.Unmarshal([]byte(body), &answer); err != nil {
			return 0, err
		}
		if answer.Status != "success" {
			return 0, errors.New(body)
		}
		return len(answer.Data.Result), nil
	}
	// Rates need two scrapes; a few more, and the counters have moved.
	if err := waitFor(time.Minute, exited, func() error {
		if n, err := ask(`count_over_time(up{job="sage-coordinator"}[1m]) > 4 and sum_over_time(up[1m]) > 4`); err != nil || n != 1 {
			return fmt.Errorf("%d series of up, %w", n, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	queries := dashboard(t).queries()
	for _, b := range kind(blocks(t, guideDocument(t)), "promql") {
		queries = append(queries, queriesOf(b)...)
	}
	for _, query := range queries {
		n, err := ask(query)
		if err != nil || n == 0 && !slices.Contains(mayBeEmpty, query) {
			t.Errorf("%s: %d series, %v", query, n, err)
		}
	}
	if err := waitFor(time.Minute, exited, func() error {
		body, err := fetch(base + "/api/v1/rules")
		if healthy := strings.Count(body, `"health":"ok"`); err != nil || healthy != len(alerts(t)) || strings.Contains(body, `"state":"firing"`) {
			return fmt.Errorf("%d of %d alerts are evaluated, or one fires: %s %w", healthy, len(alerts(t)), body, err)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// start starts a process in a group of its own, and ends it with the test.
func start(t *testing.T, cmd *exec.Cmd) (exited chan error) {
	t.Helper()
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited = make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	t.Cleanup(func() {
		if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			t.Error(err)
		}
		<-exited
		if t.Failed() {
			t.Logf("%s said:\n%s", cmd, &output)
		}
	})
	return exited
}

// workspace is a folder in which the guide's commands find what they would find in the repository.
func workspace(t *testing.T, d *dev) string {
	t.Helper()
	folder := t.TempDir()
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{
		"migrations": filepath.Join(here, "migrations"), ".env.example": filepath.Join(here, ".env.example"), "bin/sage-coordinator": d.binary,
	} {
		link := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// script is a block as bash runs it.
func script(t *testing.T, b block, folder, database string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", b.text)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "DATABASE_URL="+database, "KAFKA_BROKERS=", "STARKNET_RPC_URL=http://127.0.0.1:1")
	cmd.Env = append(cmd.Env, env...)
	return cmd
}

// beside finds the verbs that work beside a running coordinator.
var beside = regexp.MustCompile(`sage-coordinator (verify|rebuild|redecode|digest) `)

// TestGuideCommands runs the commands of the guide, in its order, with dev where the guide has localhost:8080.
func TestGuideCommands(t *testing.T) {
	d := coordinator(t)
	folder, database := workspace(t, d), newDatabase(t, d, "guide")
	for _, b := range kind(blocks(t, guideDocument(t)), "bash") {
		b.text = strings.ReplaceAll(b.text, "localhost:8080", "127.0.0.1:"+d.port)
		database, log := database, ""
		if beside.MatchString(b.text) { // what the verb works on is what dev has
			database = d.database(t, "sage")
			log = "127.0.0.1:" + strings.TrimSpace(read(t, filepath.Join(d.folder, "log", "port")))
		}
		out, err := script(t, b, folder, database, "KAFKA_BROKERS="+log).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s\n%s", b.where(), err, b.text, out)
			continue
		}
		if said := strings.TrimSpace(string(out)); strings.Contains(b.text, "curl") && (said == "" || slices.Contains(strings.Split(said, "\n"), "null")) {
			t.Errorf("%s: its answer says nothing:\n%s\n%s", b.where(), b.text, out)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, ".env")); err != nil {
		t.Error(err)
	}
}

// TestGuideStarts starts a coordinator as the guide does, with its own example of .env beside it. Its node does not answer,
// which must not keep it from serving.
func TestGuideStarts(t *testing.T) {
	d := coordinator(t)
	for i, b := range kind(blocks(t, guideDocument(t)), "bash serves") {
		folder := workspace(t, d)
		if err := copyFile(filepath.Join(root, ".env.example"), filepath.Join(folder, ".env")); err != nil {
			t.Fatal(err)
		}
		var env []string
		if strings.Contains(b.text, "$KAFKA_BROKERS") {
			log, err := embedded.StartLog(t.Context(), embedded.LogConfig{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := log.Close(); err != nil {
					t.Error(err)
				}
			})
			env = append(env, "KAFKA_BROKERS="+strings.Join(log.Brokers(), ","))
		}
		port, err := freePort()
		if err != nil {
			t.Fatal(err)
		}
		if b.text = strings.Replace(b.text, "--port 8080", "--port "+port, 1); !strings.Contains(b.text, port) {
			t.Errorf("%s: it does not say --port 8080", b.where())
		}
		cmd := script(t, b, folder, newDatabase(t, d, fmt.Sprintf("guide_starts_%d", i)), env...)
		exited := start(t, cmd)
		if err := waitFor(time.Minute, exited, func() error {
			_, err := fetch("http://127.0.0.1:" + port + "/health/ready")
			return err
		}); err != nil {
			t.Errorf("%s: %v", b.where(), err)
			continue
		}
		if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-exited:
			exited <- err
			if err != nil {
				t.Errorf("%s: after SIGINT it ended with %v", b.where(), err)
			}
		case <-time.After(30 * time.Second):
			t.Errorf("%s: it did not end within 30 seconds of SIGINT", b.where())
		}
	}
}
