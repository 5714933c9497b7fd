package deploy_test

import (
	"slices"
	"strings"
	"testing"
)

// What the deployment files and the guide name, and the binary does not have yet. These lists only ever shrink: a test fails
// as soon as the binary has something of them, and then it is struck here and in docs/deployment.md, "Still to come".
var (
	laterMetrics   = []string{}
	laterVariables = []string{}
	laterPaths     = []string{
		"/api/jobs/analytics", "/api/validator/gpus", "/api/validator/history", "/api/validator/rewards",
		"/api/worker/status", "/api/worker/uptime",
	}
	laterTables = []string{}
)

func TestWhatIsStillToComeIsNotThereAndIsSaidToBe(t *testing.T) {
	d := coordinator(t)
	metrics, variables := d.metrics(t), d.variables(t)
	for _, name := range laterMetrics {
		if _, there := metrics[name]; there {
			t.Errorf("metric %s has come: strike it from laterMetrics", name)
		}
	}
	for _, name := range laterVariables {
		if variables[name] {
			t.Errorf("variable %s has come: strike it from laterVariables", name)
		}
	}
	for _, path := range laterPaths {
		if d.answers(t, path) {
			t.Errorf("%s has come: strike it from laterPaths", path)
		}
	}
	tables := d.tables(t)
	for _, name := range laterTables {
		if tables[name] {
			t.Errorf("table %s has come: strike it from laterTables", name)
		}
	}

	_, section, found := strings.Cut(guideDocument(t), "\n## Still to come\n")
	if !found {
		t.Fatal("docs/deployment.md has no section \"Still to come\"")
	}
	said := codeSpans(section)
	slices.Sort(said)
	want := slices.Concat(laterMetrics, laterVariables, laterPaths, laterTables)
	slices.Sort(want)
	if !slices.Equal(said, want) {
		t.Errorf("\"Still to come\" says\n%v\nand this test\n%v", said, want)
	}
}
