package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// runMain runs the program with arguments and an environment, in a folder of its own.
func runMain(t *testing.T, environ []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Chdir(t.TempDir())
	var out, errs bytes.Buffer
	code = (&Main{Args: args, Environ: environ, Stdout: &out, Stderr: &errs}).Run(t.Context())
	return code, out.String(), errs.String()
}

// TestFaultsAreOneLineThatSaysWhatToDo holds every fault of the user to exit code 2, everything else to 1, and both to one
// line that names the setting.
func TestFaultsAreOneLineThatSaysWhatToDo(t *testing.T) {
	const nowhere = "postgresql://u:secret@127.0.0.1:1/sage"
	for _, c := range []struct {
		name    string
		environ []string
		args    []string
		code    int
		says    []string
	}{
		{"wrong flag", nil, []string{"--prot", "1"}, 2, []string{"--prot"}},
		{"unknown verb", nil, []string{"fly"}, 2, []string{"fly"}},
		{"unknown network", nil, []string{"version", "--network", "goerli"}, 2, []string{"--network", "goerli", "sepolia"}},
		{"port out of range", nil, []string{"version", "--port", "70000"}, 2, []string{"--port", "70000"}},
		{"port from the environment", []string{"API_PORT=x"}, []string{"version"}, 2, []string{"port"}},
		{"malformed address", []string{"JOB_MANAGER_ADDRESS=0xzz"}, []string{"version"}, 2, []string{"JOB_MANAGER_ADDRESS", "0xzz"}},
		{"two contracts at one address", []string{"JOB_MANAGER_ADDRESS=0x1", "FAUCET_ADDRESS=0x1"}, []string{"version"}, 2, []string{"JOB_MANAGER_ADDRESS", "FAUCET_ADDRESS"}},
		{"mainnet without addresses", nil, []string{"version", "--network", "mainnet"}, 2, []string{"mainnet", "SAGE_TOKEN_ADDRESS"}},
		{"malformed RPC URL", nil, []string{"version", "--rpc-url", "ftp://x"}, 2, []string{"--rpc-url"}},
		{"malformed second RPC URL", nil, []string{"version", "--rpc-url", "https://node.example/secret,secret"}, 2, []string{"--rpc-url", "URL 2"}},
		{"malformed WebSocket", nil, []string{"version", "--ws-url", "https://node.example"}, 2, []string{"--ws-url", "ws(s)"}},
		{"negative rate of calls", nil, []string{"version", "--rpc-calls-per-second", "-1"}, 2, []string{"--rpc-calls-per-second", "-1"}},
		{"malformed brokers", nil, []string{"version", "--kafka-brokers", "localhost"}, 2, []string{"--kafka-brokers", "host:port"}},
		{"malformed log level", nil, []string{"version", "--log-level", "loud"}, 2, []string{"--log-level", "loud"}},
		{"no database", nil, []string{"--network", "sepolia"}, 2, []string{"--database-url", "dev"}},
		{"unreachable database", nil, []string{"migrate", "--database-url", nowhere}, 1, []string{"--database-url", "127.0.0.1:1"}},
		{"malformed database URL", nil, []string{"migrate", "--database-url", "postgresql://u:secret@["}, 1, []string{"--database-url"}},
		{"unreachable broker", nil, []string{"tail", "--kafka-brokers", "127.0.0.1:1", "--rpc-url", "http://127.0.0.1:1"}, 1, []string{"--kafka-brokers", "127.0.0.1:1"}},
		{"tail without brokers", nil, []string{"tail"}, 2, []string{"--kafka-brokers"}},
		{"negative workers", nil, []string{"dev", "--workers=-1"}, 2, []string{"--workers"}},
		{"local network without a node", nil, []string{"tail", "--network", "local", "--kafka-brokers", "127.0.0.1:1"}, 1, []string{"--kafka-brokers"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, _, stderr := runMain(t, c.environ, c.args...)
			lines := strings.Split(strings.TrimSpace(stderr), "\n")
			last := lines[len(lines)-1]
			if code != c.code || !strings.HasPrefix(last, "sage-coordinator: ") {
				t.Errorf("exit code %d, want %d; stderr:\n%s", code, c.code, stderr)
			}
			for _, want := range c.says {
				if !strings.Contains(last, want) {
					t.Errorf("%q does not say %q", last, want)
				}
			}
			if strings.Contains(stderr, "secret") {
				t.Errorf("the password is in the output:\n%s", stderr)
			}
		})
	}
}

func TestSettingsComeFromFlagsThenEnvironmentThenFile(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(filepath.Join(".", ".env"), []byte("API_PORT=1\nAPI_BIND=127.0.0.1\nINDEXER_POLL_MS=7\nENABLE_INDEXER=true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env, err := readEnvironment([]string{"API_PORT=2", "INDEXER_POLL_MS=8"}, ".env")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"API_PORT": "2", "API_BIND": "127.0.0.1", "INDEXER_POLL_MS": "8", "ENABLE_INDEXER": "true"} {
		if got := env.get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if err := os.WriteFile(".env", []byte("not a line\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readEnvironment(nil, ".env"); err == nil {
		t.Error("a malformed .env must be an error")
	}
}

func TestLogLevel(t *testing.T) {
	for _, c := range []struct{ level, rust, want string }{
		{"", "", "INFO"}, {"debug", "error", "DEBUG"}, {"", "warn", "WARN"}, {"", "sqlx=warn,debug", "DEBUG"}, {"", "sage_coordinator=trace", "INFO"},
	} {
		s := Settings{LogLevel: c.level, env: &environment{map[string]string{"RUST_LOG": c.rust}}}
		if got, err := s.level(); err != nil || got.String() != c.want {
			t.Errorf("level %q, RUST_LOG %q: %s, %v; want %s", c.level, c.rust, got, err, c.want)
		}
	}
}

func TestContractsOfTheEnvironment(t *testing.T) {
	s := Settings{Network: "sepolia", env: &environment{map[string]string{"REPUTATION_MANAGER_ADDRESS": "0x1,0x2", "SAGE_TOKEN_ADDRESS": "0xABC"}}}
	contracts, err := s.contracts()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, c := range contracts {
		found[c.Name] = append(found[c.Name], strings.TrimLeft(c.Address.String()[2:], "0"))
	}
	if got := strings.Join(found["ReputationManager"], ","); got != "1,2" {
		t.Errorf("ReputationManager at %s", got)
	}
	if got := strings.Join(found["SAGEToken"], ","); got != "abc" {
		t.Errorf("SAGEToken at %s", got)
	}
	if len(found["JobManager"]) != 1 {
		t.Errorf("JobManager at %v, want the default", found["JobManager"])
	}
}

func TestVersion(t *testing.T) {
	if code, out, errs := runMain(t, nil, "version"); code != 0 || !strings.HasPrefix(out, "sage-coordinator ") {
		t.Errorf("%d %q %q", code, out, errs)
	}
}
