// Package deploy_test holds the deployment files and docs/deployment.md against the binary: every variable, flag, port, path,
// metric and query in them must be one that `sage-coordinator` really has.
//
// The binary is built and started once, as `dev` on a free port and a data folder of its own; see [coordinator]. The tests that
// need programs beside Go (promtool, curl, jq, psql) have the build tag tools; `make test-deploy` installs those programs and runs
// everything.
package deploy_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// root is the repository.
const root = ".."

func TestMain(m *testing.M) {
	code := m.Run()
	if err := stopDev(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// dev is a running `sage-coordinator dev`.
type dev struct {
	binary string
	port   string
	folder string
	cmd    *exec.Cmd
	output *bytes.Buffer // read it after exited only
	exited chan error
}

var (
	startDev = sync.OnceValues(launch)
	started  *dev // set by startDev; TestMain ends it
)

// coordinator returns the running dev that all tests share, with workers that have completed jobs and sent heartbeats.
func coordinator(t *testing.T) *dev {
	t.Helper()
	d, err := startDev()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func launch() (*dev, error) {
	folder, err := os.MkdirTemp("", "sage-deploy-")
	if err != nil {
		return nil, err
	}
	d := &dev{binary: filepath.Join(folder, "sage-coordinator"), folder: folder, output: &bytes.Buffer{}, exited: make(chan error, 1)}
	started = d
	if out, err := exec.Command("go", "build", "-o", d.binary, "../cmd/sage-coordinator").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	if d.port, err = freePort(); err != nil {
		return nil, err
	}
	d.cmd = exec.Command(d.binary, "dev", "--data-dir", folder, "--port", d.port, "--bind", "127.0.0.1", "--workers", "4", "--block-time", "200ms")
	d.cmd.Env = append(os.Environ(), "DATABASE_URL=", "KAFKA_BROKERS=", "STARKNET_RPC_URL=", "LOG_LEVEL=warn")
	d.cmd.Dir = folder // no .env of anybody's
	d.cmd.Stdout, d.cmd.Stderr = d.output, d.output
	if err := d.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { d.exited <- d.cmd.Wait() }()
	return d, d.wait(3*time.Minute, func() error {
		metrics, err := d.get("/metrics")
		if err != nil {
			return err
		}
		for _, line := range []string{"\nworker_heartbeats_total{outcome=\"recorded\"}", "\nindexer_block_height ", "\nactive_workers_total "} {
			if !strings.Contains(metrics, line) || strings.Contains(metrics, line+"0\n") {
				return fmt.Errorf("/metrics has no%s", line)
			}
		}
		if strings.Contains(metrics, "\njobs_completed_total{status=\"completed\"} 0\n") {
			return errors.New("no job is completed")
		}
		return nil
	})
}

func stopDev() error {
	d := started
	if d == nil {
		return nil
	}
	defer func() { _ = os.RemoveAll(d.folder) }()
	if d.cmd == nil || d.cmd.Process == nil {
		return nil
	}
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	if err := <-d.exited; err != nil {
		return fmt.Errorf("dev ended with %w\n%s", err, d.output)
	}
	return nil
}

// wait asks until ok has no objection.
func (d *dev) wait(within time.Duration, ok func() error) error {
	return waitFor(within, d.exited, ok)
}

// waitFor asks until ok has no objection, the time is up, or the process whose end exited tells is gone.
func waitFor(within time.Duration, exited chan error, ok func() error) error {
	deadline := time.Now().Add(within)
	for {
		err := ok()
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("not within %s: %w", within, err)
		}
		select {
		case end := <-exited:
			exited <- end // for whoever waits for it at the end
			return fmt.Errorf("the process ended (%w) before: %w", end, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// get returns the body of an answer 200.
func (d *dev) get(path string) (string, error) { return fetch("http://127.0.0.1:" + d.port + path) }

func fetch(address string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return "", err
	}
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s: %s", address, res.Status, body)
	}
	return string(body), nil
}

// database is the connection string of dev's own Postgres, from what it keeps in its data folder.
func (d *dev) database(t *testing.T, name string) string {
	t.Helper()
	password := strings.TrimSpace(read(t, filepath.Join(d.folder, "postgres", "password")))
	port := strings.TrimSpace(read(t, filepath.Join(d.folder, "postgres", "port")))
	u := url.URL{
		Scheme: "postgresql", User: url.UserPassword("sage", password), Host: net.JoinHostPort("127.0.0.1", port), Path: name,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(doc)
}
