// Command rest measures a read of the API whose watermark does not move against a Gin handler that writes the same bytes from memory. Both are
// asked over loopback by the same clients, in turns, in one process; it prints the rates and their ratio, and fails where that is below 0.6.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/api"
	"github.com/bitsage-network/validator-dashboard/internal/embedded"
	"github.com/bitsage-network/validator-dashboard/migrations"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// least is the ratio that is asked for.
const least = 0.6

func main() {
	if handled, code := embedded.PostgresChild(os.Args[1:]); handled {
		os.Exit(code)
	}
	clients := flag.Int("clients", 64, "connections that ask at once")
	runs := flag.Int("runs", 15, "how often both are measured")
	stretch := flag.Duration("stretch", time.Second, "how long each is asked in a run")
	path := flag.String("path", "/api/network/workers", "the read")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := measure(ctx, os.Stdout, *path, *clients, *runs, *stretch); err != nil {
		log.Fatal(err)
	}
}

func measure(ctx context.Context, w io.Writer, path string, clients, runs int, stretch time.Duration) (err error) {
	dir, err := os.MkdirTemp("", "rest")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	database, err := embedded.StartPostgres(ctx, embedded.PostgresConfig{Dir: dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, database.Stop(context.WithoutCancel(ctx))) }()
	pool, err := pg.Open(ctx, database.URL(), 32)
	if err != nil {
		return err
	}
	defer pool.Close()
	quiet := slog.New(slog.DiscardHandler)
	if _, err := migrations.Apply(ctx, pool, quiet); err != nil {
		return err
	}
	if _, err := pool.Exec(ctx, network); err != nil {
		return fmt.Errorf("make a network: %w", err)
	}
	models := pg.NewQuestions(pool)
	server, err := api.New(api.Config{
		Network: schemas.Local, Version: "bench", Models: models, Watermarks: models, Health: api.NewHealth("bench", nil),
		Stream: http.NotFoundHandler(), Page: http.NotFoundHandler(), Registry: prometheus.NewRegistry(), Logger: quiet,
	})
	if err != nil {
		return err
	}
	ours := httptest.NewServer(server.Handler())
	defer ours.Close()
	body, err := get(ctx, ours.URL+path)
	if err != nil {
		return err
	}
	gin.SetMode(gin.ReleaseMode)
	bare := gin.New()
	bare.GET(path, func(c *gin.Context) { c.Data(http.StatusOK, "application/json", body) })
	reference := httptest.NewServer(bare)
	defer reference.Close()

	var ratios []float64
	for i := range runs {
		theirs, err := rate(ctx, reference.Listener.Addr().String(), path, clients, stretch)
		if err != nil {
			return err
		}
		mine, err := rate(ctx, ours.Listener.Addr().String(), path, clients, stretch)
		if err != nil {
			return err
		}
		ratios = append(ratios, mine/theirs)
		if _, err := fmt.Fprintf(w, "run %d: a Gin handler %.0f requests/s, the API %.0f requests/s, ratio %.2f (%d bytes)\n", i+1, theirs, mine, mine/theirs, len(body)); err != nil {
			return err
		}
	}
	slices.Sort(ratios)
	median := ratios[len(ratios)/2]
	if _, err := fmt.Fprintf(w, "median ratio %.2f, wanted %.2f\n", median, least); err != nil {
		return err
	}
	if median < least {
		return fmt.Errorf("the ratio %.2f is below %.2f", median, least)
	}
	return nil
}

// network is a database with a hundred workers and its readers' rows, as the real ones are: one of the chain, and twelve of each kind of report.
const network = `
insert into readers (reader, topic, part, next_offset, fingerprint, log_time) values ('chain', 'bitsage.chain', 0, 1000, 'x', now());
insert into readers (reader, topic, part, next_offset, fingerprint, log_time)
select 'heartbeats', t, p, 1000, 'x', now() from unnest(array['bitsage.heartbeats', 'bitsage.gpu-metrics', 'bitsage.claims']) t, generate_series(0, 11) p;
insert into blocks (number, hash, time, sealed, events, log_offset) values (120, '0x78', now(), true, 1, 999);
insert into workers (address, worker_id, registered_at, staked_amount, locked_amount, slashed_amount, gpu_tier, stake_active, failures, jobs_assigned,
    jobs_completed, total_earnings, rewards_claimed, created_block, valid_from, log_offset)
select '0x' || lpad(to_hex(n), 64, '0'), '0x' || to_hex(n), now(), 5000, 0, 0, 'DataCenter', true, 0, 0, n, 0, 0, 1, 1, n from generate_series(1, 100) n`

func get(ctx context.Context, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept-Encoding", "identity")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	if err = errors.Join(err, answer.Body.Close()); err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", url, answer.Status, body)
	}
	return body, err
}

// rate asks over so many connections for a while and returns the answers a second. It does as little as a client can, since it takes its time from
// the server's.
func rate(ctx context.Context, address, path string, clients int, stretch time.Duration) (float64, error) {
	group, ctx := errgroup.WithContext(ctx)
	request := []byte("GET " + path + " HTTP/1.1\r\nHost: " + address + "\r\n\r\n")
	var answers atomic.Int64
	until := time.Now().Add(stretch)
	for range clients {
		group.Go(func() error {
			conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
			if err != nil {
				return err
			}
			defer conn.Close()
			r := bufio.NewReaderSize(conn, 64<<10)
			for time.Now().Before(until) && ctx.Err() == nil {
				if _, err := conn.Write(request); err != nil {
					return err
				}
				if err := skipAnswer(r); err != nil {
					return err
				}
				answers.Add(1)
			}
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return 0, err
	}
	return float64(answers.Load()) / stretch.Seconds(), nil
}

// skipAnswer reads an answer of status 200, with its length in the header or in chunks.
func skipAnswer(r *bufio.Reader) error {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(string(line), "HTTP/1.1 200 ") {
		return fmt.Errorf("the server answered %q", line)
	}
	length, chunked := 0, false
	for {
		if line, err = r.ReadSlice('\n'); err != nil {
			return err
		}
		header := strings.TrimRight(string(line), "\r\n")
		if header == "" {
			break
		}
		name, value, _ := strings.Cut(header, ": ")
		switch strings.ToLower(name) {
		case "content-length":
			if length, err = strconv.Atoi(value); err != nil {
				return err
			}
		case "transfer-encoding":
			chunked = true
		}
	}
	if !chunked {
		_, err = r.Discard(length)
		return err
	}
	for {
		if line, err = r.ReadSlice('\n'); err != nil {
			return err
		}
		size, err := strconv.ParseInt(strings.TrimRight(string(line), "\r\n"), 16, 64)
		if err != nil {
			return err
		}
		if _, err := r.Discard(int(size) + 2); err != nil || size == 0 {
			return err
		}
	}
}
