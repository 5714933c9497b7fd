package migrations_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestFieldsOfAnswersHaveASource reads testdata/answers.txt: each field of an answer names columns that exist, or says why there
// are none. The fields that there must be are in testdata/fields.txt.
func TestFieldsOfAnswersHaveASource(t *testing.T) {
	pool := open(t)
	apply(t, pool)
	rows, err := pool.Query(t.Context(), "select table_name || '.' || column_name from information_schema.columns where table_schema = 'public'")
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		columns[name] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}

	doc, err := os.ReadFile("testdata/answers.txt")
	if err != nil {
		t.Fatal(err)
	}
	column := regexp.MustCompile(`\b[a-z_]+\.[a-z_]+\b`)
	elsewhere := regexp.MustCompile(`^(unknown|telemetry|configuration): \w`)
	answer, fields, mapped := "", map[string]bool{}, map[string]map[string]bool{}
	for _, line := range strings.Split(string(doc), "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case strings.HasPrefix(line, "GET /"), strings.HasPrefix(line, "POST /"):
			answer = line
			continue
		}
		field, source, _ := strings.Cut(line, " ")
		source = strings.TrimSpace(source)
		if fields[answer+field] {
			t.Errorf("%s: %s is there twice", answer, field)
		}
		fields[answer+field] = true
		for _, endpoint := range strings.Split(answer, ", ") {
			endpoint = endpoint[strings.Index(endpoint, "/"):]
			if mapped[endpoint] == nil {
				mapped[endpoint] = map[string]bool{}
			}
			mapped[endpoint][field] = true
		}
		named := column.FindAllString(source, -1)
		if len(named) == 0 && !elsewhere.MatchString(source) {
			t.Errorf("%s: %s names no column, and no reason: %q", answer, field, source)
		}
		for _, name := range named {
			if !columns[name] {
				t.Errorf("%s: %s is of %s, which does not exist", answer, field, name)
			}
		}
	}

	wanted, err := os.ReadFile("testdata/fields.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(wanted), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		words := strings.Fields(line)
		of := mapped[words[1]]
		if len(of) == 0 {
			t.Errorf("%s %s is mapped to nothing", words[0], words[1])
		}
		for _, field := range words[2:] {
			if !of[field] {
				t.Errorf("%s %s: %s is mapped to nothing", words[0], words[1], field)
			}
		}
	}
}
