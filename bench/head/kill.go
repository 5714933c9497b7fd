package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// What a process to kill finds the log and the database by.
const (
	brokersVariable  = "HEAD_BROKERS"
	databaseVariable = "HEAD_DATABASE"
)

// beReader shares in the reading until it is killed.
func beReader(ctx context.Context) error {
	s := &system{}
	var err error
	quiet := slog.New(slog.DiscardHandler)
	brokers := strings.Split(os.Getenv(brokersVariable), ",")
	if s.events, err = eventlog.Open(eventlog.Config{Brokers: brokers, Logger: quiet, Registerer: prometheus.NewRegistry()}); err != nil {
		return err
	}
	defer s.events.Close()
	if s.pool, err = pg.Open(ctx, os.Getenv(databaseVariable), 32); err != nil {
		return err
	}
	defer s.pool.Close()
	return s.project(ctx)
}

// takeovers kills processes that read a share, and measures how long each of its partitions stands still while heartbeats arrive; the
// longest of a process counts.
func (s *system) takeovers(ctx context.Context, kills int) (took []time.Duration, err error) {
	group, under := errgroup.WithContext(ctx)
	reporting, stop := context.WithCancel(under)
	group.Go(func() error { return s.report(reporting, func(int32, mark) {}) })
	group.Go(func() error {
		defer stop()
		for range kills {
			one, err := s.takeover(under)
			if err != nil {
				return err
			}
			took = append(took, one)
		}
		return nil
	})
	return took, group.Wait()
}

func (s *system) takeover(ctx context.Context) (time.Duration, error) {
	program, err := os.Executable()
	if err != nil {
		return 0, err
	}
	reader := exec.CommandContext(ctx, program, "-reader")
	reader.Env = append(os.Environ(), brokersVariable+"="+s.events.Brokers(), databaseVariable+"="+s.pool.Config().ConnString())
	reader.Stderr = os.Stderr
	if err := reader.Start(); err != nil {
		return 0, err
	}
	killed := false
	defer func() {
		if !killed {
			_ = reader.Process.Kill()
			_ = reader.Wait()
		}
	}()
	owner := ownerOf(reader.Process.Pid)
	stands := map[int32]int64{}
	for deadline := time.Now().Add(time.Minute); len(stands) < schemas.TelemetryPartitions/2; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			return 0, errors.New("a second reader does not get its share")
		}
		if stands, err = s.offsets(ctx, "owner = $2 and moved_at > now() - interval '1 second'", owner); err != nil {
			return 0, err
		}
	}
	killed = true
	started := time.Now()
	if err := reader.Process.Kill(); err != nil {
		return 0, err
	}
	_ = reader.Wait() // says that it was killed
	if stands, err = s.offsets(ctx, "owner = $2", owner); err != nil {
		return 0, err
	}
	for len(stands) > 0 {
		time.Sleep(5 * time.Millisecond)
		now, err := s.offsets(ctx, "owner <> $2", owner)
		if err != nil {
			return 0, err
		}
		for part, next := range now {
			if at, ok := stands[part]; ok && next > at {
				delete(stands, part)
			}
		}
	}
	return time.Since(started), nil
}

// ownerOf names a process on this machine.
func ownerOf(pid int) string { return fmt.Sprint("bench/", pid) }

// offsets returns where the readers of heartbeats stand, by partition, of which a condition holds for an owner.
func (s *system) offsets(ctx context.Context, condition, owner string) (map[int32]int64, error) {
	rows, err := s.pool.Query(ctx, "select part, next_offset from readers where reader = $1 and "+condition, pg.HeartbeatReader, owner)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[int32]int64{}
	for rows.Next() {
		var part int32
		var next int64
		if err := rows.Scan(&part, &next); err != nil {
			return nil, err
		}
		found[part] = next
	}
	return found, rows.Err()
}
