package deploy_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/jackc/pgx/v5"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// help is what the binary says of its flags, in one line.
func (d *dev) help(t *testing.T) string {
	t.Helper()
	out, err := exec.Command(d.binary, "--help").Output()
	if err != nil {
		t.Fatalf("--help: %v", err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

var (
	flagInHelp     = regexp.MustCompile(`--[a-z][a-z-]*`)
	variableInHelp = regexp.MustCompile(`\(([A-Z][A-Z_]+)(?:, or ([A-Z][A-Z_]+))?\)`)
)

// flags are those that every verb takes.
func (d *dev) flags(t *testing.T) map[string]bool {
	t.Helper()
	flags := map[string]bool{}
	for _, f := range flagInHelp.FindAllString(d.help(t), -1) {
		flags[f] = true
	}
	return flags
}

// variables are those that the binary reads: one a flag, and one a contract.
func (d *dev) variables(t *testing.T) map[string]bool {
	t.Helper()
	variables := map[string]bool{}
	for _, found := range variableInHelp.FindAllStringSubmatch(d.help(t), -1) {
		for _, name := range found[1:] {
			if name != "" {
				variables[name] = true
			}
		}
	}
	for _, c := range schemas.Catalogue() {
		variables[c.Env] = true
	}
	if !variables["DATABASE_URL"] || !variables["RUST_LOG"] || !variables["JOB_MANAGER_ADDRESS"] {
		t.Fatalf("--help was misread: %v", variables)
	}
	return variables
}

// checkVariable complains about a variable that the binary does not read.
func (d *dev) checkVariable(t *testing.T, where, name string) {
	t.Helper()
	if !d.variables(t)[name] {
		t.Errorf("%s: the binary reads no variable %s", where, name)
	}
}

// metric is one that the binary exports.
type metric struct {
	kind   string
	labels map[string]bool
}

var (
	typeLine   = regexp.MustCompile(`(?m)^# TYPE (\S+) (\S+)$`)
	sampleLine = regexp.MustCompile(`(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)\{([^}]*)\} `)
	labelName  = regexp.MustCompile(`([a-zA-Z_][a-zA-Z0-9_]*)="`)
)

// slowMetrics are there once workers have reported, and a whole minute of the clock is over, which takes up to two.
var slowMetrics = []string{"worker_uptime_percent", "gpu_utilization_percent"}

func (d *dev) metrics(t *testing.T) map[string]metric {
	t.Helper()
	text := ""
	err := d.wait(3*time.Minute, func() (err error) {
		if text, err = d.get("/metrics"); err != nil {
			return err
		}
		for _, name := range slowMetrics {
			if !strings.Contains(text, "\n"+name+"{") {
				return fmt.Errorf("/metrics has no %s", name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	metrics := map[string]metric{}
	for _, found := range typeLine.FindAllStringSubmatch(text, -1) {
		metrics[found[1]] = metric{found[2], map[string]bool{}}
	}
	for _, found := range sampleLine.FindAllStringSubmatch(text, -1) {
		for _, label := range labelName.FindAllStringSubmatch(found[2], -1) {
			if m, ok := metrics[family(metrics, found[1])]; ok {
				m.labels[label[1]] = true
			}
		}
	}
	return metrics
}

// family is the metric that a series belongs to: a histogram's have suffixes.
func family(metrics map[string]metric, series string) string {
	for _, suffix := range []string{"_bucket", "_sum", "_count"} {
		if base, cut := strings.CutSuffix(series, suffix); cut && metrics[base].kind == "histogram" {
			return base
		}
	}
	return series
}

// TestTheGuidesMetricsAreExported holds each metric that can be told today to its type and labels.
func TestTheGuidesMetricsAreExported(t *testing.T) {
	metrics := coordinator(t).metrics(t)
	for _, want := range []struct {
		name, kind string
		labels     []string
	}{
		{"dashboard_requests_total", "counter", []string{"endpoint", "status"}},
		{"dashboard_request_duration_seconds", "histogram", []string{"endpoint", "le"}},
		{"websocket_subscribers_total", "gauge", nil},
		{"worker_heartbeats_total", "counter", []string{"outcome"}},
		{"active_workers_total", "gauge", nil},
		{"jobs_pending_total", "gauge", nil},
		{"jobs_completed_total", "counter", []string{"status"}},
		{"indexer_block_height", "gauge", nil},
		{"indexer_lag_seconds", "gauge", nil},
		{"blockchain_rpc_duration_seconds", "histogram", []string{"le", "method", "outcome", "provider"}},
		{"total_staked_sage", "gauge", nil},
		{"worker_uptime_percent", "gauge", []string{"worker_id"}},
		{"gpu_utilization_percent", "gauge", []string{"worker_id"}},
		{"consensus_votes_total", "counter", []string{"validator"}},
		{"consensus_rounds_total", "counter", []string{"outcome"}},
		{"consensus_fraud_detected_total", "counter", nil},
		{"consensus_active_validators", "gauge", nil},
	} {
		got, ok := metrics[want.name]
		if !ok {
			t.Errorf("/metrics has no %s", want.name)
			continue
		}
		var labels []string
		for l := range got.labels {
			labels = append(labels, l)
		}
		slices.Sort(labels)
		if got.kind != want.kind || !slices.Equal(labels, want.labels) {
			t.Errorf("%s is a %s by %v, want a %s by %v", want.name, got.kind, labels, want.kind, want.labels)
		}
	}
}

// TestAScrapeTellsOfTheWholeProcess holds what a scrape says of the stream, the tailer and the node to what happens in dev: what the other metrics
// say is held to a scenario in the tests of the API.
func TestAScrapeTellsOfTheWholeProcess(t *testing.T) {
	d := coordinator(t)
	value := func(series string) (v float64, err error) {
		text, err := d.get("/metrics")
		if err != nil {
			return 0, err
		}
		_, rest, ok := strings.Cut(text, "\n"+series+" ")
		if !ok {
			return 0, fmt.Errorf("/metrics has no %s", series)
		}
		line, _, _ := strings.Cut(rest, "\n")
		return strconv.ParseFloat(line, 64)
	}
	become := func(series string, ok func(float64) bool) {
		t.Helper()
		err := d.wait(30*time.Second, func() error {
			v, err := value(series)
			if err == nil && !ok(v) {
				err = fmt.Errorf("%s is %g", series, v)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	before, err := value("websocket_subscribers_total")
	if err != nil {
		t.Fatal(err)
	}
	var opened []*websocket.Conn
	for range 3 {
		conn, _, err := websocket.Dial(t.Context(), "ws://127.0.0.1:"+d.port+"/ws", nil)
		if err != nil {
			t.Fatal(err)
		}
		opened = append(opened, conn)
	}
	for _, name := range []string{"websocket_subscribers_total", "dashboard_stream_clients"} {
		become(name, func(v float64) bool { return v == before+3 })
	}
	for _, conn := range opened {
		_ = conn.CloseNow() // the server notices
	}
	become("websocket_subscribers_total", func(v float64) bool { return v == before })

	// The block of a scrape lies between those of the answers before and after it.
	block := func() float64 {
		text, err := d.get("/health")
		var answer struct {
			Metrics struct {
				Block float64 `json:"last_indexed_block"`
			} `json:"metrics"`
		}
		if err = errors.Join(err, json.Unmarshal([]byte(text), &answer)); err != nil {
			t.Fatal(err)
		}
		return answer.Metrics.Block
	}
	first := block()
	height, err := value("indexer_block_height")
	time.Sleep(time.Second) // that health keeps a look
	if last := block(); err != nil || first == 0 || height < first || height > last {
		t.Errorf("the height is %g between blocks %g and %g; %v", height, first, last, err)
	}
	become("indexer_lag_seconds", func(v float64) bool { return v >= 0 && v < 30 })
	text, err := d.get("/metrics")
	if err != nil || !regexp.MustCompile(`(?m)^blockchain_rpc_duration_seconds_count\{method="starknet_[a-zA-Z]+",outcome="ok",provider="[^"]+"\} [1-9]`).MatchString(text) {
		t.Errorf("no call to the node is told of: %v", err)
	}
}

// answers tells whether the API has a path, for GET or POST. The page, which is HTML, answers for everything that is not the
// API's.
func (d *dev) answers(t *testing.T, path string) bool {
	t.Helper()
	if path == "/ws" || strings.HasPrefix(path, "/ws/") {
		conn, res, err := websocket.Dial(t.Context(), "ws://127.0.0.1:"+d.port+path, nil)
		if err != nil {
			if res == nil {
				t.Fatal(err)
			}
			return false
		}
		_ = conn.CloseNow()
		return true
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if status, html := d.ask(t, method, path); (!html || path == "/docs") && status != http.StatusNotFound && status != http.StatusMethodNotAllowed {
			return true
		}
	}
	return false
}

func (d *dev) ask(t *testing.T, method, path string) (status int, html bool) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://127.0.0.1:"+d.port+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	return res.StatusCode, strings.HasPrefix(res.Header.Get("Content-Type"), "text/html")
}

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return conn
}

// TestTheExampleOfTheEnvironment holds .env.example to what the binary reads, and its values to the binary's defaults where it
// has some.
func TestTheExampleOfTheEnvironment(t *testing.T) {
	d := coordinator(t)
	help := d.help(t)
	for line := range strings.Lines(read(t, root, ".env.example")) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			t.Errorf(".env.example: %q is no assignment", line)
			continue
		}
		d.checkVariable(t, ".env.example", name)
		switch name {
		case "API_PORT":
			if !strings.Contains(help, "--port="+value+" ") {
				t.Errorf(".env.example: API_PORT %s is not the default", value)
			}
		case "INDEXER_POLL_MS":
			if !strings.Contains(help, "--indexer-poll-ms="+value+" ") {
				t.Errorf(".env.example: INDEXER_POLL_MS %s is not the default", value)
			}
		}
		if strings.HasSuffix(name, "_ADDRESS") && !isDefault(t, name, value) {
			t.Errorf(".env.example: %s is not the default address on Sepolia", name)
		}
	}
}

func isDefault(t *testing.T, variable, value string) bool {
	t.Helper()
	address, err := schemas.ParseAddress(value)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	for _, c := range schemas.Catalogue() {
		if c.Env == variable && slices.Contains(c.Sepolia, address) {
			return true
		}
	}
	return false
}
