package deploy_test

import (
	"encoding/json"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

func readYAML(t *testing.T, into any, path ...string) {
	t.Helper()
	if err := yaml.UnmarshalWithOptions([]byte(read(t, path...)), into, yaml.Strict()); err != nil {
		t.Fatalf("%v: %v", path, err)
	}
}

// alert is a rule of deploy/prometheus/alerts.yml.
type alert struct {
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

func alerts(t *testing.T) []alert {
	t.Helper()
	var file struct {
		Groups []struct {
			Name  string  `yaml:"name"`
			Rules []alert `yaml:"rules"`
		} `yaml:"groups"`
	}
	readYAML(t, &file, "prometheus", "alerts.yml")
	var all []alert
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	return all
}

func TestPrometheusAsksTheCoordinator(t *testing.T) {
	d, p := coordinator(t), compose(t)
	var config struct {
		Global struct {
			Scrape     string `yaml:"scrape_interval"`
			Evaluation string `yaml:"evaluation_interval"`
		} `yaml:"global"`
		RuleFiles []string `yaml:"rule_files"`
		Scrape    []struct {
			Job    string `yaml:"job_name"`
			Path   string `yaml:"metrics_path"`
			Static []struct {
				Targets []string `yaml:"targets"`
			} `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
	}
	readYAML(t, &config, "prometheus", "prometheus.yml")
	if !slices.Equal(config.RuleFiles, []string{"alerts.yml"}) || len(config.Scrape) != 1 || len(config.Scrape[0].Static) != 1 {
		t.Fatalf("%+v", config)
	}
	job := config.Scrape[0]
	if _, err := d.get(job.Path); err != nil {
		t.Errorf("metrics_path: %v", err)
	}
	host, port, err := net.SplitHostPort(job.Static[0].Targets[0])
	if err != nil {
		t.Fatal(err)
	}
	if port != value(t, service(t, p, host), "API_PORT") {
		t.Errorf("target %s:%s, and the coordinator listens on another port", host, port)
	}
}

func TestAlertsAreTheGuidesFourAndOurs(t *testing.T) {
	d := coordinator(t)
	tests, doc := read(t, "prometheus", "alerts_test.yml"), guideDocument(t)
	want := map[string]string{
		"HighAPILatency":     "histogram_quantile(0.99, rate(dashboard_request_duration_seconds_bucket[5m])) > 1 for 5m",
		"IndexerLagging":     "indexer_lag_seconds > 300 for 5m",
		"NoActiveWorkers":    "active_workers_total == 0 for 10m",
		"HighRateLimitUsage": "rate_limiter_active_buckets > 1000 for 5m",
		"ReorgBelowL1":       "increase(indexer_reorgs_below_l1_total[1h]) > 0 for 0m",
		"LogIncomplete":      "indexer_audit_faulty_blocks > 0 for 0m",
		"ReadModelDrift":     "increase(projection_drift_total[1h]) > 0 for 0m",
	}
	for _, a := range alerts(t) {
		if got := a.Expr + " for " + a.For; got != want[a.Alert] {
			t.Errorf("%s is %q, want %q", a.Alert, got, want[a.Alert])
		}
		delete(want, a.Alert)
		if !strings.Contains(doc, "\n| `"+a.Alert+"` | ") {
			t.Errorf("the guide does not tell of alert %s", a.Alert)
		}
		d.checkQuery(t, "alert "+a.Alert, a.Expr)
		if a.Labels["severity"] == "" || a.Annotations["summary"] == "" || a.Annotations["description"] == "" {
			t.Errorf("%s: a severity, a summary and a description are needed", a.Alert)
		}
		for _, label := range regexp.MustCompile(`\$labels\.(\w+)`).FindAllStringSubmatch(fmt.Sprint(a.Annotations), -1) {
			if !labelKnown(d.metrics(t), series(a.Expr), label[1]) {
				t.Errorf("%s: its annotations name a label %s, which it does not have", a.Alert, label[1])
			}
		}
		// promtool runs the tests; here it is only counted that there are both.
		cases := strings.Split(tests, "alertname: "+a.Alert+"\n")[1:]
		silent := 0
		for _, c := range cases {
			if strings.HasPrefix(strings.TrimSpace(c), "exp_alerts: []") {
				silent++
			}
		}
		if silent == 0 || silent == len(cases) {
			t.Errorf("%s: alerts_test.yml has %d cases, %d of them silent: want both kinds", a.Alert, len(cases), silent)
		}
	}
	for name := range want {
		t.Errorf("alert %s is missing", name)
	}
}

// Grafana's dashboard, as far as it matters here.
type (
	board struct {
		UID    string  `json:"uid"`
		Title  string  `json:"title"`
		Panels []panel `json:"panels"`
	}
	panel struct {
		ID          int       `json:"id"`
		Type        string    `json:"type"`
		Title       string    `json:"title"`
		Description string    `json:"description"`
		Source      source    `json:"datasource"`
		Place       rectangle `json:"gridPos"`
		Field       struct {
			Defaults struct {
				Unit string `json:"unit"`
			} `json:"defaults"`
		} `json:"fieldConfig"`
		Targets []target `json:"targets"`
	}
	target struct {
		Ref    string `json:"refId"`
		Source source `json:"datasource"`
		Expr   string `json:"expr"`
		Legend string `json:"legendFormat"`
	}
	source    struct{ Type, UID string }
	rectangle struct{ X, Y, W, H int }
)

func dashboard(t *testing.T) board {
	t.Helper()
	var b board
	if err := json.Unmarshal([]byte(read(t, "grafana", "dashboards", "sage.json")), &b); err != nil {
		t.Fatal(err)
	}
	return b
}

// queries are those of the dashboard.
func (b board) queries() []string {
	var all []string
	for _, p := range b.Panels {
		for _, q := range p.Targets {
			all = append(all, q.Expr)
		}
	}
	return all
}

// Units of Grafana that the dashboard uses.
var units = []string{"none", "short", "s", "percent", "reqps", "ops", "suffix: SAGE"}

func TestGrafanaDashboard(t *testing.T) {
	d, b := coordinator(t), dashboard(t)
	var sources struct {
		Version     int `yaml:"apiVersion"`
		Datasources []struct {
			Name     string         `yaml:"name"`
			UID      string         `yaml:"uid"`
			Type     string         `yaml:"type"`
			Access   string         `yaml:"access"`
			URL      string         `yaml:"url"`
			Default  bool           `yaml:"isDefault"`
			Editable bool           `yaml:"editable"`
			More     map[string]any `yaml:"jsonData"`
		} `yaml:"datasources"`
	}
	readYAML(t, &sources, "grafana", "provisioning", "datasources", "prometheus.yml")
	if len(sources.Datasources) != 1 || sources.Version != 1 {
		t.Fatalf("%+v", sources)
	}
	provisioned := source{sources.Datasources[0].Type, sources.Datasources[0].UID}
	if want := fmt.Sprintf("http://prometheus:%d", service(t, compose(t), "prometheus").Ports[0].Target); sources.Datasources[0].URL != want {
		t.Errorf("the data source is at %s, want %s", sources.Datasources[0].URL, want)
	}
	if b.UID == "" || b.Title == "" || len(b.queries()) < 10 {
		t.Errorf("dashboard %q %q has %d queries", b.UID, b.Title, len(b.queries()))
	}
	ids := map[int]bool{}
	for i, p := range b.Panels {
		where := fmt.Sprintf("panel %q", p.Title)
		if p.Title == "" || ids[p.ID] || p.Place.X < 0 || p.Place.X+p.Place.W > 24 {
			t.Errorf("%s: id %d, place %+v", where, p.ID, p.Place)
		}
		ids[p.ID] = true
		for _, other := range b.Panels[:i] {
			if overlap(p.Place, other.Place) {
				t.Errorf("%s lies on panel %q", where, other.Title)
			}
		}
		if p.Type == "row" {
			continue
		}
		if p.Description == "" || !slices.Contains(units, p.Field.Defaults.Unit) || p.Source != provisioned || len(p.Targets) == 0 {
			t.Errorf("%s: description %q, unit %q, data source %v, %d queries", where, p.Description, p.Field.Defaults.Unit, p.Source, len(p.Targets))
		}
		for _, q := range p.Targets {
			if q.Ref == "" || q.Legend == "" || q.Source != provisioned {
				t.Errorf("%s: query %+v", where, q)
			}
			d.checkQuery(t, where, q.Expr)
		}
	}
	for _, query := range []string{
		"consensus_active_validators", "histogram_quantile(0.99, rate(dashboard_request_duration_seconds_bucket[5m]))",
		"avg(worker_uptime_percent)", "60 * max by (status) (rate(jobs_completed_total[1m]))", "indexer_lag_seconds",
	} {
		if !slices.Contains(b.queries(), query) {
			t.Errorf("no panel asks for %s", query)
		}
	}
}

func overlap(a, b rectangle) bool {
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}

func TestGrafanaFindsTheDashboard(t *testing.T) {
	var providers struct {
		Version   int `yaml:"apiVersion"`
		Providers []struct {
			Name     string            `yaml:"name"`
			Type     string            `yaml:"type"`
			Folder   string            `yaml:"folder"`
			NoDelete bool              `yaml:"disableDeletion"`
			Updates  bool              `yaml:"allowUiUpdates"`
			Options  map[string]string `yaml:"options"`
		} `yaml:"providers"`
	}
	readYAML(t, &providers, "grafana", "provisioning", "dashboards", "sage.yml")
	if len(providers.Providers) != 1 || providers.Providers[0].Type != "file" {
		t.Fatalf("%+v", providers)
	}
	path := providers.Providers[0].Options["path"]
	for _, v := range service(t, compose(t), "grafana").Volumes {
		if v.Target == path && strings.HasSuffix(v.Source, "deploy/grafana/dashboards") {
			return
		}
	}
	t.Errorf("dashboards are looked for in %s, where none are mounted", path)
}
