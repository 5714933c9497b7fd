package migrations_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestFieldsOfAnswersHaveASource reads testdata/answers.txt: each field of an answer names columns that exist, or says why there
// are none.
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
	answer, fields := "", map[string]bool{}
	for _, line := range strings.Split(string(doc), "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case strings.HasPrefix(line, "GET "):
			answer = line
			continue
		}
		field, source, _ := strings.Cut(line, " ")
		source = strings.TrimSpace(source)
		if fields[answer+field] {
			t.Errorf("%s: %s is there twice", answer, field)
		}
		fields[answer+field] = true
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
	if len(fields) < 150 {
		t.Errorf("only %d fields", len(fields))
	}
}
