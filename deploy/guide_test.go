package deploy_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// guideDocument is docs/deployment.md.
func guideDocument(t *testing.T) string {
	t.Helper()
	return read(t, root, "docs", "deployment.md")
}

// block is a fenced block of the guide. Its info string says what a test does with it:
//
//	bash                    it runs, and must succeed
//	bash serves             it starts a coordinator, which must become ready, and end in order
//	bash elsewhere: REASON  it does not run here, and says why; what it names must be there
//	sql                     it runs on dev's database, and must find something
//	promql                  its queries must be of what the binary exports
//	text                    nothing: it is a drawing
type block struct {
	line int
	info string
	text string
}

func (b block) where() string { return fmt.Sprintf("docs/deployment.md:%d", b.line) }

// blocks are the fenced blocks of a document.
func blocks(t *testing.T, doc string) []block {
	t.Helper()
	var all []block
	var open *block
	n := 0
	for line := range strings.Lines(doc) {
		n++
		switch {
		case open == nil && strings.HasPrefix(line, "```"):
			open = &block{line: n, info: strings.TrimSpace(line[3:])}
		case open != nil && strings.TrimSpace(line) == "```":
			all = append(all, *open)
			open = nil
		case open != nil:
			open.text += line
		}
	}
	if open != nil {
		t.Fatalf("%s: the block has no end", open.where())
	}
	return all
}

// kind gives the blocks whose info string is exactly this.
func kind(all []block, info string) []block {
	return slices.DeleteFunc(slices.Clone(all), func(b block) bool { return b.info != info })
}

var (
	fence    = regexp.MustCompile("(?ms)^```.*?^```$")
	codeSpan = regexp.MustCompile("`([^`\n]+)`")
)

// codeSpans are the inline pieces of code of a document.
func codeSpans(doc string) []string {
	var spans []string
	for _, found := range codeSpan.FindAllStringSubmatch(fence.ReplaceAllString(doc, ""), -1) {
		spans = append(spans, found[1])
	}
	return spans
}

// elsewhere is what the info string of a block that does not run begins with.
const elsewhere = "bash elsewhere: "

func TestGuideSaysWhatBecomesOfEveryBlock(t *testing.T) {
	all := blocks(t, guideDocument(t))
	for _, b := range all {
		reason, not := strings.CutPrefix(b.info, elsewhere)
		if !slices.Contains([]string{"bash", "bash serves", "sql", "promql", "text"}, b.info) && (!not || len(reason) < 5) {
			t.Errorf("%s: info string %q is none that a test knows", b.where(), b.info)
		}
	}
	for info, least := range map[string]int{"bash": 10, "bash serves": 2, "sql": 6, "promql": 2} {
		if got := len(kind(all, info)); got < least {
			t.Errorf("%d blocks of %s, want at least %d", got, info, least)
		}
	}
}

func TestGuideHasTheSections(t *testing.T) {
	doc := guideDocument(t)
	for _, title := range []string{
		"## The parts", "## What you need", "## Database", "## Configuration", "## Starting", "## What it serves", "### WebSockets",
		"## Rate limits", "## Metrics", "### Grafana", "## Docker", "## Security", "## Troubleshooting", "### The dashboard shows no data",
		"### High latency", "### Workers are not shown", "### The indexer falls behind", "## Alerts", "## Decentralization",
	} {
		if !strings.Contains(doc, "\n"+title+"\n") {
			t.Errorf("section %q is missing", title)
		}
	}
	for _, link := range regexp.MustCompile(`\]\(#([a-z-]+)\)`).FindAllStringSubmatch(doc, -1) {
		if !regexp.MustCompile(`(?mi)^#+ ` + strings.ReplaceAll(link[1], "-", " ") + `$`).MatchString(doc) {
			t.Errorf("a link goes to #%s, which is no section", link[1])
		}
	}
}

var (
	variableWord = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$`)
	metricWord   = regexp.MustCompile(`^[a-z]+(_[a-z]+)*_(total|seconds|percent|height|validators|buckets|sage)$`)
	fileWord     = regexp.MustCompile(`^(deploy|docs|bin|migrations)(/[\w./-]+)?$|^docker-compose\.yml$|^\.env\.example$`)
	flagWord     = regexp.MustCompile(`(?:^|[ "'=])(--[a-z][a-z-]+)`)
	shellWord    = regexp.MustCompile(`\$\{?([A-Z][A-Z0-9_]+)|\b([A-Z][A-Z0-9_]+)=`)
	localAddress = regexp.MustCompile(`localhost:([0-9]+)(/[^\s'"?|)` + "`" + `]*)?`)
)

// TestGuideNamesWhatIsThere holds every variable, flag, file, path and metric that the guide names, in its text or in its
// commands.
func TestGuideNamesWhatIsThere(t *testing.T) {
	d := coordinator(t)
	doc := guideDocument(t)
	flags, metrics := d.flags(t), d.metrics(t)
	const where = "docs/deployment.md"
	for _, word := range codeSpans(doc) {
		switch {
		case variableWord.MatchString(word):
			d.checkVariable(t, where, word)
		case strings.HasPrefix(word, "--"):
			if !flags[word] {
				t.Errorf("%s: there is no flag %s", where, word)
			}
		case metricWord.MatchString(word):
			if _, ok := metrics[word]; !ok {
				t.Errorf("%s: the binary exports no %s", where, word)
			}
		case fileWord.MatchString(word):
			checkFile(t, where, word)
		case strings.HasPrefix(word, "/"):
			if path := strings.TrimSuffix(word, "/"); path != "/api/worker" && !d.answers(t, path) {
				t.Errorf("%s: %s does not answer", where, word)
			}
		}
	}
	for _, b := range blocks(t, doc) {
		if !strings.HasPrefix(b.info, "bash") {
			continue
		}
		for command := range strings.SplitSeq(strings.ReplaceAll(b.text, "\\\n", " "), "\n") {
			if strings.Contains(command, "bin/sage-coordinator") {
				for _, found := range flagWord.FindAllStringSubmatch(command, -1) {
					if !flags[found[1]] {
						t.Errorf("%s: there is no flag %s", b.where(), found[1])
					}
				}
				for _, found := range shellWord.FindAllStringSubmatch(command, -1) {
					d.checkVariable(t, b.where(), found[1]+found[2])
				}
			}
			for _, found := range localAddress.FindAllStringSubmatch(command, -1) {
				if path := found[2]; path != "" && !d.answers(t, path) {
					t.Errorf("%s: %s does not answer", b.where(), path)
				}
			}
		}
	}
}

// TestGuideNamesEveryVerb that somebody who runs a coordinator for real may need.
func TestGuideNamesEveryVerb(t *testing.T) {
	_, verbs, _ := strings.Cut(coordinator(t).help(t), " Commands: ")
	spans := codeSpans(guideDocument(t))
	found := regexp.MustCompile(`((?:[a-z]+ )?[a-z]+) (?:<[a-z]+> (?:\.\.\. )?)?\[flags\]`).FindAllStringSubmatch(verbs, -1)
	if len(found) < 7 {
		t.Fatalf("--help was misread: %v", found)
	}
	for _, verb := range found {
		switch verb[1] {
		case "run", "dev", "simnet", "version": // the default, and what needs no guide
		case "migrate":
			if !strings.Contains(guideDocument(t), "\nbin/sage-coordinator migrate ") {
				t.Error("the guide does not migrate")
			}
		default:
			if !slices.Contains(spans, verb[1]) && !slices.Contains(spans, "sage-coordinator "+verb[1]) {
				t.Errorf("the guide does not name %s", verb[1])
			}
		}
	}
}

func checkFile(t *testing.T, where, name string) {
	t.Helper()
	if strings.HasPrefix(name, "bin/") {
		if !strings.Contains(read(t, root, "Makefile"), "\n"+name+":") {
			t.Errorf("%s: the Makefile does not make %s", where, name)
		}
		return
	}
	if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(name))); err != nil {
		t.Errorf("%s: %v", where, err)
	}
}

// TestGuideTables holds what the guide's tables say of defaults and metrics.
func TestGuideTables(t *testing.T) {
	d := coordinator(t)
	help, metrics := d.help(t), d.metrics(t)
	settings, told := 0, 0
	for line := range strings.Lines(guideDocument(t)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if len(cells) != 4 {
			continue
		}
		first := strings.Trim(cells[0], "`")
		switch {
		case variableWord.MatchString(first):
			settings++
			flag, def := strings.Trim(cells[1], "`"), strings.Trim(cells[2], "`")
			if !strings.Contains(help, flag+"=") && !strings.Contains(help, flag+" ") {
				t.Errorf("%s: there is no flag %s", first, flag)
			}
			if strings.Contains(cells[2], "`") && first != "LOG_LEVEL" && !strings.Contains(help, flag+"="+def+" ") && !strings.Contains(help, flag+`="`+def+`" `) {
				t.Errorf("%s: %s is not the default of %s", first, def, flag)
			}
			if !strings.Contains(help, "("+first+")") && !strings.Contains(help, "("+first+",") {
				t.Errorf("%s is not the variable of any flag", first)
			}
		case metricWord.MatchString(first):
			told++
			if got := metrics[first].kind; got != cells[1] {
				t.Errorf("%s is a %s, not a %s", first, got, cells[1])
			}
			for _, l := range codeSpans(cells[2]) {
				if !metrics[first].labels[l] {
					t.Errorf("%s has no label %s", first, l)
				}
			}
		}
	}
	if all := strings.Count(help, "(") - strings.Count(help, "(the default)") - strings.Count(help, "(a development tool)"); settings != all {
		t.Errorf("%d settings in the table, %d in --help", settings, all)
	}
	if told < 11 {
		t.Errorf("%d metrics in the table, want 11 at least", told)
	}
}

func TestGuideSQLFindsSomething(t *testing.T) {
	d := coordinator(t)
	conn := connect(t, d.database(t, "sage"))
	for _, b := range kind(blocks(t, guideDocument(t)), "sql") {
		rows, err := conn.Query(t.Context(), b.text)
		if err != nil {
			t.Errorf("%s: %v", b.where(), err)
			continue
		}
		found, err := pgx.CollectRows(rows, pgx.RowToMap)
		if err != nil || len(found) == 0 {
			t.Errorf("%s: %d rows, %v", b.where(), len(found), err)
			continue
		}
		if count, ok := found[0]["count"]; ok && count == int64(0) {
			t.Errorf("%s: counts nothing", b.where())
		}
		if names, ok := found[0]["table_name"]; ok && len(found) != strings.Count(b.text, "'")/2-1 {
			t.Errorf("%s: of the tables only %v, %v and so on are there", b.where(), names, found)
		}
	}
}

func TestGuidePromQLAsksForWhatIsThere(t *testing.T) {
	d := coordinator(t)
	for _, b := range kind(blocks(t, guideDocument(t)), "promql") {
		for _, query := range queriesOf(b) {
			d.checkQuery(t, b.where(), query)
		}
	}
}

// queriesOf are a block's queries, one a line.
func queriesOf(b block) []string {
	var all []string
	for line := range strings.Lines(b.text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all
}

// TestGuideBlocksThatRunElsewhere holds them to the Makefile and to docker-compose.yml: targets, services, users, databases and
// SQL.
func TestGuideBlocksThatRunElsewhere(t *testing.T) {
	p := compose(t)
	makefile := read(t, root, "Makefile")
	services := append(p.ServiceNames(), "")
	conn := connect(t, coordinator(t).database(t, "sage"))
	for _, b := range blocks(t, guideDocument(t)) {
		if !strings.HasPrefix(b.info, elsewhere) {
			continue
		}
		for line := range strings.Lines(b.text) {
			words := strings.Fields(line)
			switch {
			case words[0] == "make":
				if !strings.Contains(makefile, "\n"+words[1]+":") {
					t.Errorf("%s: no target %s", b.where(), words[1])
				}
			case words[0] == "docker" && words[1] == "compose":
				named := ""
				for _, w := range words[3:] {
					if !strings.HasPrefix(w, "-") {
						named = w
						break
					}
				}
				if !slices.Contains([]string{"up", "ps", "logs", "exec", "stop", "start"}, words[2]) || !slices.Contains(services, named) {
					t.Errorf("%s: %s", b.where(), line)
				}
				if words[2] == "exec" {
					checkPsql(t, conn, value(t, service(t, p, named), "POSTGRES_USER"), b, line)
				}
			default:
				t.Errorf("%s: this test does not know %s", b.where(), words[0])
			}
		}
	}
}

var dashC = regexp.MustCompile(`-c "([^"]+)"`)

// checkPsql has the database read the SQL of a psql command; nothing of it is run.
func checkPsql(t *testing.T, conn *pgx.Conn, user string, b block, line string) {
	t.Helper()
	if !strings.Contains(line, " psql -U "+user+" -d ") {
		t.Errorf("%s: not as user %s: %s", b.where(), user, line)
	}
	for _, found := range dashC.FindAllStringSubmatch(line, -1) {
		tx, err := conn.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// A function's body is parsed when it is made, and the transaction takes the function away again.
		if _, err := tx.Exec(t.Context(), "DO $do$ BEGIN IF false THEN "+strings.Replace(found[1], "SELECT", "PERFORM", 1)+"; END IF; END $do$"); err != nil {
			t.Errorf("%s: %v", b.where(), err)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
