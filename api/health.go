package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// State is how a component, or the whole, is.
type State string

// The states of health. Only unhealthy makes /health answer 503.
const (
	Healthy   State = "healthy"
	Degraded  State = "degraded"
	Unhealthy State = "unhealthy"
)

// Check looks at one component. It must return when its context ends.
type Check struct {
	Name string
	// Needed tells that the process is not ready without this component.
	Needed bool
	Look   func(ctx context.Context) (State, string)
}

// Health looks at the components of a process. A look is kept for a second, so that probes cost little.
type Health struct {
	checks  []Check
	version string
	started time.Time
	numbers func() map[string]any

	mu   sync.Mutex
	last *healthAnswer // guarded by mu
	at   time.Time     // guarded by mu
}

// NewHealth returns the health of a process. Numbers gives what else is worth telling; it may be nil.
func NewHealth(version string, numbers func() map[string]any, checks ...Check) *Health {
	return &Health{checks: checks, version: version, started: time.Now(), numbers: numbers}
}

type component struct {
	Name     string `json:"name"`
	Status   State  `json:"status"`
	Message  string `json:"message,omitempty"`
	Response int64  `json:"response_time_ms"`
	Checked  int64  `json:"last_check"`
	needed   bool
}

type healthAnswer struct {
	Status     State          `json:"status"`
	Timestamp  int64          `json:"timestamp"`
	Version    string         `json:"version"`
	Uptime     int64          `json:"uptime_seconds"`
	Components []component    `json:"components"`
	Metrics    map[string]any `json:"metrics,omitempty"`
}

const (
	lookWithin = 3 * time.Second
	lookKept   = time.Second
)

// look asks every component at once.
func (h *Health) look(ctx context.Context) *healthAnswer {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last != nil && time.Since(h.at) < lookKept {
		return h.last
	}
	// One caller's disconnect must not make the others' answer.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookWithin)
	defer cancel()
	now := time.Now()
	answer := &healthAnswer{
		Status: Healthy, Timestamp: now.Unix(), Version: h.version, Uptime: int64(now.Sub(h.started).Seconds()),
		Components: make([]component, len(h.checks)),
	}
	var wait sync.WaitGroup
	for i, c := range h.checks {
		wait.Go(func() {
			started := time.Now()
			state, message := c.Look(ctx)
			answer.Components[i] = component{c.Name, state, message, time.Since(started).Milliseconds(), now.Unix(), c.Needed}
		})
	}
	wait.Wait()
	for _, c := range answer.Components {
		switch {
		case c.Status == Unhealthy && c.needed:
			answer.Status = Unhealthy
		case c.Status != Healthy && answer.Status == Healthy:
			answer.Status = Degraded
		}
	}
	if h.numbers != nil {
		answer.Metrics = h.numbers()
	}
	h.last, h.at = answer, time.Now()
	return answer
}

func (s *Server) health(c *gin.Context) {
	answer := s.config.Health.look(c)
	status := http.StatusOK
	if answer.Status == Unhealthy {
		status = http.StatusServiceUnavailable
	}
	c.JSON(status, answer)
}

// healthRoutes are for probes. They are never limited.
func (s *Server) healthRoutes() []endpoint {
	about := func(path, summary, example string) Route {
		return Route{Path: path, Tag: "Health", Summary: summary, PerMinute: Unlimited, Example: example}
	}
	return []endpoint{
		handled(about("/stats", "The process and the network at a glance: text, or JSON where Accept asks for it", ""), nil, summary{}, s.stats),
		handled(about("/health", "How the process and what it depends on are", "GET_health.200"), nil, healthAnswer{}, s.health, http.StatusServiceUnavailable),
		handled(about("/health/live", "Whether the process runs; nothing else is asked", "GET_health_live.200"), nil, liveAnswer{}, s.live),
		handled(about("/health/ready", "Whether the process can answer", "GET_health_ready.200"), nil, readyAnswer{}, s.ready, http.StatusServiceUnavailable),
	}
}

type liveAnswer struct {
	Alive bool `json:"alive"`
}

type readyAnswer struct {
	Ready  bool   `json:"ready"`
	Reason string `json:"reason,omitempty" doc:"What is missing."`
}

// live tells that the process runs, and asks nobody.
func (s *Server) live(c *gin.Context) { c.JSON(http.StatusOK, liveAnswer{true}) }

func (s *Server) ready(c *gin.Context) {
	if s.ending.Load() {
		c.JSON(http.StatusServiceUnavailable, readyAnswer{Reason: "the process ends"})
		return
	}
	for _, k := range s.config.Health.look(c).Components {
		if k.needed && k.Status == Unhealthy {
			c.JSON(http.StatusServiceUnavailable, readyAnswer{Reason: k.Name + ": " + k.Message})
			return
		}
	}
	c.JSON(http.StatusOK, readyAnswer{Ready: true})
}
