package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/joho/godotenv"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// Settings are the flags that every verb takes, each with its environment variable. A flag wins over the environment, the
// environment over the file .env.
type Settings struct {
	Port             int     `short:"p" default:"8080" setting:"API_PORT" help:"Port of the API and the dashboard (API_PORT)."`
	Bind             string  `short:"b" default:"0.0.0.0" setting:"API_BIND" help:"Address to listen on (API_BIND)."`
	Network          string  `short:"n" default:"sepolia" setting:"STARKNET_NETWORK" help:"sepolia, mainnet, or local for the simulated one (STARKNET_NETWORK)."`
	RPCURL           string  `name:"rpc-url" setting:"STARKNET_RPC_URL" help:"StarkNet JSON-RPC nodes, the preferred one first, separated by commas (STARKNET_RPC_URL)."`
	WSURL            string  `name:"ws-url" setting:"STARKNET_WS_URL" help:"WebSocket of a StarkNet node, whose news of heads save waiting; empty for none (STARKNET_WS_URL)."`
	RPCRate          float64 `name:"rpc-calls-per-second" default:"0" setting:"STARKNET_RPC_CALLS_PER_SECOND" help:"Calls a second to each node at most; 0 for no bound (STARKNET_RPC_CALLS_PER_SECOND)."`
	DatabaseURL      string  `name:"database-url" setting:"DATABASE_URL" help:"Postgres connection string (DATABASE_URL)."`
	EnableIndexer    bool    `setting:"ENABLE_INDEXER" help:"Follow the chain (ENABLE_INDEXER)."`
	IndexerPollMS    int     `name:"indexer-poll-ms" default:"3000" setting:"INDEXER_POLL_MS" help:"Pause between two looks at the chain's head, in milliseconds (INDEXER_POLL_MS)."`
	AuditMS          int     `name:"indexer-audit-ms" default:"10000" setting:"INDEXER_AUDIT_MS" help:"Pause between two blocks that are held against the node's receipts, in milliseconds; 0 for none (INDEXER_AUDIT_MS)."`
	ModelAuditMS     int     `name:"projection-audit-ms" default:"5000" setting:"PROJECTION_AUDIT_MS" help:"Pause between two comparisons of the read models with the contracts' views, in milliseconds; 0 for none (PROJECTION_AUDIT_MS)."`
	PreConfirmedMS   int     `name:"indexer-pre-confirmed-ms" default:"1000" setting:"INDEXER_PRE_CONFIRMED_MS" help:"Pause between two looks at the block in the making, for the live feed alone, in milliseconds; 0 for none (INDEXER_PRE_CONFIRMED_MS)."`
	StartBlock       *uint64 `setting:"INDEXER_START_BLOCK" help:"Block that a new log begins with; where the first contract was deployed, if it is not given (INDEXER_START_BLOCK)."`
	KafkaBrokers     string  `setting:"KAFKA_BROKERS" help:"Kafka brokers, host:port, separated by commas; empty for a log of our own on disk (KAFKA_BROKERS)."`
	RateLimitEnabled bool    `name:"rate-limit" default:"true" setting:"RATE_LIMIT_ENABLED" help:"Limit how often a client may ask (RATE_LIMIT_ENABLED)."`
	RateLimitRPM     int     `name:"rate-limit-default-rpm" default:"60" setting:"RATE_LIMIT_DEFAULT_RPM" help:"Requests a minute that a client has on a route without a limit of its own (RATE_LIMIT_DEFAULT_RPM)."`
	TrustedProxies   string  `setting:"TRUSTED_PROXIES" help:"Addresses or networks of reverse proxies whose X-Forwarded-For is believed, separated by commas (TRUSTED_PROXIES)."`
	CORSOrigins      string  `name:"cors-origins" setting:"CORS_ORIGINS" help:"Origins whose pages may call the API, such as https://example.org, separated by commas; empty for any (CORS_ORIGINS)."`
	AccessLog        bool    `default:"true" setting:"ACCESS_LOG" help:"Log every request; dev with a network of its own does not (ACCESS_LOG)."`
	WebhookURL       string  `name:"webhook-url" setting:"WEBHOOK_URL" help:"Endpoint that is told when workers go on- and offline; empty for none (WEBHOOK_URL)."`
	WebhookSecret    string  `setting:"WEBHOOK_SECRET" help:"What signs the messages: whsec_ and 24 to 64 bytes in base64 (WEBHOOK_SECRET)."`
	WebhookTopics    string  `default:"bitsage.presence" setting:"WEBHOOK_TOPICS" help:"Topics whose records are sent, separated by commas (WEBHOOK_TOPICS)."`
	HeartbeatDays    int     `default:"90" setting:"HEARTBEAT_DAYS" help:"Days of heartbeats that the database keeps; 0 for all. Uptime is kept for good (HEARTBEAT_DAYS)."`
	GPUMetricsDays   int     `name:"gpu-metrics-days" default:"30" setting:"GPU_METRICS_DAYS" help:"Days of GPU metrics that the database keeps; 0 for all (GPU_METRICS_DAYS)."`
	DataDir          string  `default:"data" setting:"SAGE_DATA_DIR" help:"Folder for what the process keeps itself (SAGE_DATA_DIR)."`
	LogLevel         string  `setting:"LOG_LEVEL" help:"debug, info, warn or error (LOG_LEVEL, or RUST_LOG)."`
	LogFormat        string  `default:"text" setting:"LOG_FORMAT" help:"text or json (LOG_FORMAT)."`

	env *environment
}

// check reports every fault of the settings at once.
func (s Settings) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if s.Port < 0 || s.Port > 65535 {
		fault("--port (API_PORT) %d: want 0 to 65535", s.Port)
	}
	if net.ParseIP(s.Bind) == nil && s.Bind != "localhost" {
		fault("--bind (API_BIND) %q: want an IP address or localhost", s.Bind)
	}
	if _, err := schemas.ChainID(s.Network); err != nil {
		fault("--network (STARKNET_NETWORK): %w", err)
	}
	for i, text := range list(s.RPCURL) {
		if u, err := url.Parse(text); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			fault("--rpc-url (STARKNET_RPC_URL) is malformed, URL %d: want http(s)://host[:port][/path]", i+1)
		}
	}
	if s.AuditMS < 0 {
		fault("--indexer-audit-ms (INDEXER_AUDIT_MS) %d: want at least 1, or 0 for none", s.AuditMS)
	}
	if s.ModelAuditMS < 0 {
		fault("--projection-audit-ms (PROJECTION_AUDIT_MS) %d: want at least 1, or 0 for none", s.ModelAuditMS)
	}
	if s.PreConfirmedMS < 0 {
		fault("--indexer-pre-confirmed-ms (INDEXER_PRE_CONFIRMED_MS) %d: want at least 1, or 0 for none", s.PreConfirmedMS)
	}
	if s.IndexerPollMS <= 0 {
		fault("--indexer-poll-ms (INDEXER_POLL_MS) %d: want at least 1", s.IndexerPollMS)
	}
	if s.WSURL != "" {
		if u, err := url.Parse(s.WSURL); err != nil || u.Host == "" || u.Scheme != "ws" && u.Scheme != "wss" {
			fault("--ws-url (STARKNET_WS_URL) is malformed: want ws(s)://host[:port][/path]")
		}
	}
	if s.RPCRate < 0 {
		fault("--rpc-calls-per-second (STARKNET_RPC_CALLS_PER_SECOND) %g: want 0 for no bound, or more", s.RPCRate)
	}
	for _, b := range s.brokers() {
		if _, _, err := net.SplitHostPort(b); err != nil {
			fault("--kafka-brokers (KAFKA_BROKERS) %q: want host:port, separated by commas", b)
		}
	}
	if s.RateLimitRPM <= 0 {
		fault("--rate-limit-default-rpm (RATE_LIMIT_DEFAULT_RPM) %d: want at least 1", s.RateLimitRPM)
	}
	for _, origin := range list(s.CORSOrigins) {
		if u, err := url.Parse(origin); err != nil || u.Host == "" || u.Scheme+"://"+u.Host != origin {
			fault("--cors-origins (CORS_ORIGINS) %q: want scheme://host[:port], without a path", origin)
		}
	}
	if s.HeartbeatDays < 0 {
		fault("--heartbeat-days (HEARTBEAT_DAYS) %d: want at least 1, or 0 for all", s.HeartbeatDays)
	}
	if s.GPUMetricsDays < 0 {
		fault("--gpu-metrics-days (GPU_METRICS_DAYS) %d: want at least 1, or 0 for all", s.GPUMetricsDays)
	}
	for _, topic := range list(s.WebhookTopics) {
		if !slices.ContainsFunc(schemas.Topics(), func(spec schemas.TopicSpec) bool { return spec.Name == topic }) {
			fault("--webhook-topics (WEBHOOK_TOPICS): there is no topic %q", topic)
		}
	}
	if _, err := s.level(); err != nil {
		faults = append(faults, err)
	}
	if s.LogFormat != "text" && s.LogFormat != "json" {
		fault("--log-format (LOG_FORMAT) %q: want text or json", s.LogFormat)
	}
	if _, err := s.contracts(); err != nil {
		faults = append(faults, err)
	}
	if len(faults) > 0 {
		return &UsageError{errors.Join(faults...).Error()}
	}
	return nil
}

func (s Settings) brokers() []string { return list(s.KafkaBrokers) }

// list splits what a setting gives separated by commas.
func list(text string) []string {
	var out []string
	for one := range strings.SplitSeq(text, ",") {
		if one = strings.TrimSpace(one); one != "" {
			out = append(out, one)
		}
	}
	return out
}

// level reads --log-level, or what a RUST_LOG such as "info,sqlx=warn" says for everything.
func (s Settings) level() (slog.Level, error) {
	text, name := s.LogLevel, "--log-level (LOG_LEVEL)"
	if text == "" {
		if text, name = s.env.get("RUST_LOG"), "RUST_LOG"; text == "" {
			return slog.LevelInfo, nil
		}
	}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.ToLower(strings.TrimSpace(part))
		switch part {
		case "trace", "debug":
			return slog.LevelDebug, nil
		case "info":
			return slog.LevelInfo, nil
		case "warn", "warning":
			return slog.LevelWarn, nil
		case "error", "off":
			return slog.LevelError, nil
		}
		if name != "RUST_LOG" {
			break
		}
		// Directives for single modules of another language's program say nothing about ours.
	}
	if name == "RUST_LOG" {
		return slog.LevelInfo, nil
	}
	return 0, fmt.Errorf("%s %q: want debug, info, warn or error", name, text)
}

// accessLevel is the level of the lines of requests.
func (s Settings) accessLevel() slog.Level {
	if s.AccessLog {
		return slog.LevelInfo
	}
	return slog.LevelDebug
}

// logger writes to w in the configured form.
func (s Settings) logger(w io.Writer) *slog.Logger {
	level, err := s.level()
	if err != nil {
		level = slog.LevelInfo // check has reported it
	}
	options := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// required are the contracts without which there is nothing to show; on a network without default addresses the others are
// followed where they are given.
var required = map[string]bool{
	"SAGE_TOKEN_ADDRESS": true, "PROVER_STAKING_ADDRESS": true, "REPUTATION_MANAGER_ADDRESS": true,
	"JOB_MANAGER_ADDRESS": true, "OTC_ORDERBOOK_ADDRESS": true,
}

// contracts are the network's, with the addresses that the environment overrides. A variable may name several, separated by
// commas.
func (s Settings) contracts() ([]schemas.Contract, error) {
	defaults, err := schemas.Contracts(s.Network)
	if err != nil {
		return nil, nil // check has reported the network
	}
	var out []schemas.Contract
	var faults []error
	var missing []string
	overridden := map[string]bool{}
	for _, c := range defaults {
		value := s.env.get(c.Env)
		switch {
		case value == "" && c.Address.IsZero():
			if required[c.Env] {
				missing = append(missing, c.Env)
			}
		case value == "":
			out = append(out, c)
		case !overridden[c.Env]:
			overridden[c.Env] = true
			for text := range strings.SplitSeq(value, ",") {
				a, err := schemas.ParseAddress(strings.TrimSpace(text))
				if err != nil {
					faults = append(faults, fmt.Errorf("%s: %w", c.Env, err))
					continue
				}
				out = append(out, schemas.Contract{Name: c.Name, Address: a, Env: c.Env})
			}
		}
	}
	seen := map[schemas.Address]string{}
	for _, c := range out {
		if other, ok := seen[c.Address]; ok {
			faults = append(faults, fmt.Errorf("%s and %s name the same address %s", other, c.Env, c.Address))
		}
		seen[c.Address] = c.Env
	}
	if s.Network == schemas.Mainnet && len(missing) > 0 {
		faults = append(faults, fmt.Errorf("network mainnet has no default addresses: set %s", strings.Join(missing, ", ")))
	}
	return out, errors.Join(faults...)
}

// environment is the process's variables and, below them, those of the file .env. It resolves the flags that name one.
type environment struct{ values map[string]string }

// readEnvironment merges key=value pairs over the file, which need not exist.
func readEnvironment(environ []string, file string) (*environment, error) {
	values, err := godotenv.Read(file)
	if err != nil {
		if !errors.Is(err, os.ErrNotExist) {
			return nil, usagef("file %s is malformed: %v", file, err)
		}
		values = map[string]string{}
	}
	given := map[string]string{}
	for _, pair := range environ {
		if k, v, ok := strings.Cut(pair, "="); ok {
			given[k] = v
		}
	}
	maps.Copy(values, given)
	return &environment{values}, nil
}

func (e *environment) get(name string) string {
	if e == nil {
		return ""
	}
	return e.values[name]
}

// Validate is part of kong.Resolver.
func (e *environment) Validate(*kong.Application) error { return nil }

// Resolve is part of kong.Resolver: it gives a flag the value of its variable. An empty variable counts as none.
func (e *environment) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	name := flag.Tag.Get("setting")
	value := e.get(name)
	if name == "" || value == "" {
		return nil, nil
	}
	if flag.IsBool() {
		b, err := strconv.ParseBool(value)
		if err != nil {
			return nil, fmt.Errorf("%s %q: want true or false", name, value)
		}
		return b, nil
	}
	return value, nil
}
