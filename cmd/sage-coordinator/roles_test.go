package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bitsage-network/validator-dashboard/internal/embedded"
	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
)

// startRole starts one verb as a process of its own.
func startRole(t *testing.T, environ []string, args ...string) *program {
	t.Helper()
	p := &program{t: t, output: &bytes.Buffer{}, exited: make(chan error, 1)}
	p.cmd = exec.Command(os.Args[0], args...)
	p.cmd.Env = append(append(os.Environ(), asProgram+"=1", "DATABASE_URL=", "KAFKA_BROKERS=", "STARKNET_RPC_URL=", "RATE_LIMIT_ENABLED=false"), environ...)
	p.cmd.Dir = t.TempDir() // no .env of anybody's
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.exited <- p.cmd.Wait() }()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // mostly gone already
		if t.Failed() {
			t.Logf("output of %s:\n%s", args[0], p.output)
		}
	})
	return p
}

// stopRole asks a process to end, and waits until it has.
func (p *program) stopRole() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		p.t.Fatal(err)
	}
	select {
	case err := <-p.exited:
		if err != nil {
			p.t.Errorf("Ctrl-C: %v\n%s", err, p.output)
		}
	case <-time.After(10 * time.Second):
		p.t.Errorf("not gone 10 s after Ctrl-C\n%s", p.output)
	}
}

// TestRolesApart runs simnet, two tailers, two that react, project and serve as processes of their own beside brokers and a database that are given.
// Those that write are killed in full flow, and the others go on where they were.
func TestRolesApart(t *testing.T) {
	quiet := slog.New(slog.DiscardHandler)
	dir := t.TempDir()
	brokers := strings.Join(embeddedtest.Log(t), ",")
	database, err := embedded.StartPostgres(t.Context(), embedded.PostgresConfig{Dir: filepath.Join(dir, "postgres"), Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := database.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})

	told := make(chan string, 1_000)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { told <- r.Header.Get("webhook-id") }))
	t.Cleanup(hook.Close)
	chainPort, apiPort := freePort(t), freePort(t)
	shared := []string{
		"KAFKA_BROKERS=" + brokers, "DATABASE_URL=" + database.URL(), "STARKNET_NETWORK=local",
		"STARKNET_RPC_URL=http://127.0.0.1:" + chainPort, "INDEXER_POLL_MS=100", "PROJECTION_AUDIT_MS=200", fmt.Sprint("INDEXER_START_BLOCK=", e2eStart),
	}
	chain := startRole(t, nil, "simnet", "--data-dir", dir, "--bind", "127.0.0.1", "--port", chainPort, "--workers", fmt.Sprint(e2eWorkers),
		"--block-time", "200ms", "--seed", fmt.Sprint(e2eSeed), "--start-block", fmt.Sprint(e2eStart))
	tails := []*program{startRole(t, shared, "tail"), startRole(t, shared, "tail")}
	react := func() *program {
		return startRole(t, append(shared, "WEBHOOK_URL="+hook.URL, "WEBHOOK_SECRET=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "react")
	}
	reacts := []*program{react(), react()}
	project := startRole(t, shared, "project")
	serve := startRole(t, shared, "serve", "--bind", "127.0.0.1", "--port", apiPort)
	serve.url = "http://127.0.0.1:" + apiPort
	serve.wait("ready", time.Minute, func() bool {
		var answer struct{ Ready bool }
		return serve.get("/health/ready", &answer) == nil && answer.Ready
	})
	serve.wait("the chain arrives", time.Minute, func() bool { s := serve.stats(); return s.TotalWorkers == e2eWorkers && s.Jobs > 0 })

	// One of the two writes and the other stands by. Each is killed in turn, and started again, so that the writer is killed once at
	// least, whichever it is.
	for i, tail := range tails {
		if err := tail.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-tail.exited
		if err := reacts[i].cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-reacts[i].exited
		tails[i], reacts[i] = startRole(t, shared, "tail"), react()
		stopped := serve.stats().Block
		serve.wait("the other one goes on", time.Minute, func() bool { return serve.stats().Block > stopped+10 })
	}

	// Who serves neither follows the chain nor keeps the read models: what the audits found it hears from those who do.
	type audited struct {
		By     string `json:"told_by"`
		Status string
	}
	serve.wait("the audits are told of", time.Minute, func() bool {
		var answer struct{ Completeness, Projections *audited }
		if err := serve.get("/api/audit", &answer); err != nil {
			t.Fatal(err)
		}
		return answer.Completeness != nil && answer.Completeness.By != "" && answer.Projections != nil && answer.Projections.By != "" && answer.Projections.Status == "healthy"
	})

	checkSourceChain(t, serve)

	if err := serve.beat("probe"); err != nil {
		t.Fatal(err)
	}
	select {
	case id := <-told:
		if !strings.HasPrefix(id, "presence/") || !strings.HasSuffix(id, "/online") {
			t.Errorf("the webhook was told %s first, want that the worker is online", id)
		}
	case <-time.After(time.Minute):
		t.Error("the webhook was not told that a worker is online")
	}

	for _, p := range []*program{serve, project, tails[0], tails[1], reacts[0], reacts[1], chain} {
		p.stopRole()
	}
	client, err := eventlog.Open(eventlog.Config{Brokers: strings.Split(brokers, ","), Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	facts := standingFacts(t, client)
	checkChain(t, dir, facts)
	checkFamilies(t, client, facts)
}

// checkSourceChain asks for workers, jobs and proofs with what the contracts say of them, which must be the same.
func checkSourceChain(t *testing.T, serve *program) {
	t.Helper()
	get := func(path string, into any) {
		t.Helper()
		if err := serve.get(path, into); err != nil {
			t.Fatal(err)
		}
	}
	var workers []struct {
		Address string `json:"address"`
	}
	var jobs struct {
		Jobs []struct {
			ID string `json:"job_id"`
		}
	}
	var proofs struct{ Proofs []struct{ ID string } }
	get("/api/workers?limit=4", &workers)
	get("/api/jobs?limit=4", &jobs)
	get("/api/proofs?contract=ProofVerifier&limit=4", &proofs)
	var paths []string
	for _, w := range workers {
		paths = append(paths, "/api/validator/status?address="+w.Address, "/api/staking/info/"+w.Address+"?", "/api/workers/"+w.Address+"?")
	}
	for _, j := range jobs.Jobs {
		paths = append(paths, "/api/jobs/"+j.ID+"?", "/api/jobs/db/"+j.ID+"?")
	}
	for _, p := range proofs.Proofs {
		paths = append(paths, "/api/proofs/"+p.ID+"?")
		var verdict struct {
			Valid  *bool `json:"is_valid"`
			Agrees bool
		}
		if get("/api/proofs/"+p.ID+"/verify", &verdict); verdict.Valid == nil || !verdict.Agrees {
			t.Errorf("proof %s: %+v", p.ID, verdict)
		}
	}
	if len(workers) == 0 || len(jobs.Jobs) == 0 || len(proofs.Proofs) == 0 {
		t.Fatalf("nothing to ask for: %d workers, %d jobs, %d proofs", len(workers), len(jobs.Jobs), len(proofs.Proofs))
	}
	for _, path := range paths {
		var answer struct {
			Chain struct {
				Block int64 `json:"block_number"`
				Views []struct {
					View        string
					Known       bool
					Reason      string `json:"unknown_reason"`
					Differences []any
				}
			}
		}
		get(path+"&source=chain", &answer)
		compared := 0
		for _, v := range answer.Chain.Views {
			if len(v.Differences) > 0 {
				t.Errorf("%s at block %d: %+v", path, answer.Chain.Block, v)
			}
			if v.Known && v.Reason == "" {
				compared++
			}
		}
		if compared == 0 {
			t.Errorf("%s: nothing was compared: %+v", path, answer.Chain)
		}
	}
}
