package deploy_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	promNumber   = regexp.MustCompile(`\b[0-9][0-9a-zA-Z.]*`) // durations too
	promText     = regexp.MustCompile(`"[^"]*"`)
	promMatchers = regexp.MustCompile(`\{[^}]*\}`)
	promRange    = regexp.MustCompile(`\[[^\]]*\]`)
	promGrouping = regexp.MustCompile(`\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)`)
	promName     = regexp.MustCompile(`([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(\(?)`)
	promWords    = []string{"and", "or", "unless", "bool", "offset", "inf", "nan"}
)

// series names the series that a query asks for. Whether it is a query at all is for promtool to say; see tools_test.go.
func series(query string) []string {
	for _, noise := range []*regexp.Regexp{promText, promMatchers, promRange, promGrouping, promNumber} {
		query = noise.ReplaceAllString(query, " ")
	}
	var names []string
	for _, found := range promName.FindAllStringSubmatch(query, -1) {
		if found[2] == "" && !slices.Contains(promWords, strings.ToLower(found[1])) && !slices.Contains(names, found[1]) {
			names = append(names, found[1])
		}
	}
	return names
}

func TestSeriesOfAQuery(t *testing.T) {
	for query, want := range map[string]string{
		`up`: "up",
		`histogram_quantile(0.99, sum by (method, le) (rate(a_bucket{method!="by (x)"}[5m]))) > 1`:                           "a_bucket",
		`60 * rate(b_total[1m]) and on (instance) c_total offset 5m unless bool_thing`:                                       "b_total c_total bool_thing",
		`topk(5, sum by (endpoint) (rate(d_sum[5m])) / ignoring(code) group_left (x) sum by (endpoint) (rate(e_count[5m])))`: "d_sum e_count",
	} {
		if got := strings.Join(series(query), " "); got != want {
			t.Errorf("%s asks for %q, want %q", query, got, want)
		}
	}
}

// checkQuery complains about a query for something that the binary does not export.
func (d *dev) checkQuery(t *testing.T, where, query string) {
	t.Helper()
	metrics := d.metrics(t)
	names := series(query)
	if len(names) == 0 {
		t.Errorf("%s: %s asks for nothing", where, query)
	}
	for _, name := range names {
		m, ok := metrics[family(metrics, name)]
		if !ok {
			t.Errorf("%s: the binary exports no %s", where, name)
			continue
		}
		if m.kind == "histogram" && family(metrics, name) == name {
			t.Errorf("%s: %s is a histogram: ask for _bucket, _sum or _count", where, name)
		}
		if m.kind == "counter" && !regexp.MustCompile(`\b(rate|increase)\(`+name+`\b`).MatchString(query) {
			t.Errorf("%s: %s is a counter, and %s takes no rate of it", where, name, query)
		}
		for _, label := range labelsOf(query) {
			if !labelKnown(metrics, names, label) {
				t.Errorf("%s: nothing in %s has a label %s", where, query, label)
			}
		}
	}
}

var (
	groupLabels = regexp.MustCompile(`\b(?:by|without|on|ignoring)\s*\(([^)]*)\)`)
	matchLabels = regexp.MustCompile(`([a-zA-Z_][a-zA-Z0-9_]*)\s*(?:=~|!~|!=|=)\s*"`)
)

// labelsOf names the labels that a query groups or selects by.
func labelsOf(query string) []string {
	var labels []string
	for _, found := range groupLabels.FindAllStringSubmatch(query, -1) {
		for l := range strings.SplitSeq(found[1], ",") {
			labels = append(labels, strings.TrimSpace(l))
		}
	}
	for _, found := range matchLabels.FindAllStringSubmatch(query, -1) {
		labels = append(labels, found[1])
	}
	return labels
}

// labelKnown tells whether a series of a query has a label, from the binary or from Prometheus.
func labelKnown(metrics map[string]metric, names []string, label string) bool {
	if label == "job" || label == "instance" {
		return true
	}
	return slices.ContainsFunc(names, func(name string) bool { return metrics[family(metrics, name)].labels[label] })
}
