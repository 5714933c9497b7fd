package simnet

import (
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Config says what network to simulate.
type Config struct {
	Seed uint64
	// Workers may be 0: then clients submit jobs that nobody takes.
	Workers int
	// BlockTime is the pause between two blocks that [Net.Run] makes, and the distance of their times where the clock is not
	// the wall's. Defaults to one second.
	BlockTime time.Duration
	// StartTime is the first block's time where [Net.Produce] makes it. Defaults to 2026-01-01, so that tests are repeatable.
	StartTime time.Time
	// FirstBlock is the number of the block that deploys the contracts.
	FirstBlock uint64
	// L1Depth is how many blocks behind the head blocks count as accepted on L1; deeper reorganisations are refused. Defaults
	// to 40.
	L1Depth int
	// Dir keeps the journal; empty keeps nothing.
	Dir string
	// Logger hears of what is not part of the chain. Defaults to none.
	Logger *slog.Logger
}

func (c Config) withDefaults() (Config, error) {
	if c.BlockTime == 0 {
		c.BlockTime = time.Second
	}
	if c.StartTime.IsZero() {
		c.StartTime = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if c.L1Depth == 0 {
		c.L1Depth = 40
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	switch {
	case c.Workers < 0 || c.Workers > maxWorkers:
		return c, fmt.Errorf("simulated network: %d workers: want 0 to %d", c.Workers, maxWorkers)
	case c.BlockTime < 0:
		return c, errors.New("simulated network: the block time is negative")
	case c.L1Depth < 1:
		return c, errors.New("simulated network: the depth of L1 is below 1")
	case c.FirstBlock > maxNumber:
		return c, fmt.Errorf("simulated network: first block %d: want at most %d", c.FirstBlock, uint64(maxNumber))
	}
	return c, nil
}

const (
	maxWorkers = 10_000
	maxNumber  = 1 << 40 // keeps numbers exact in every client's JSON
)
