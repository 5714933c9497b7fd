package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ReadModels answers questions about the network, each with the place in the log that the answer is of. A moment that they do not
// hold is a [projections.NotIndexed].
type ReadModels interface {
	NetworkStats(ctx context.Context, as projections.AsOf) (projections.NetworkStats, projections.Freshness, error)
	Workers(ctx context.Context, as projections.AsOf, limit int) ([]projections.WorkerView, int64, projections.Freshness, error)
	Worker(ctx context.Context, as projections.AsOf, address schemas.Address) (projections.WorkerStatus, bool, projections.Freshness, error)
	RecentJobs(ctx context.Context, as projections.AsOf, status string, limit int) ([]projections.JobView, int64, projections.Freshness, error)
	Digest(ctx context.Context, as projections.AsOf) (projections.StateDigest, projections.Freshness, error)
}

// Config says what to serve.
type Config struct {
	Network   string
	Version   string
	Contracts []schemas.Contract
	Models    ReadModels
	// Reports may be nil in a process that does not take any.
	Reports Reports
	Checks  Checks
	Claims  ClaimStates
	// Busy tells whether an error of Reports means "try again later".
	Busy   func(error) bool
	Health *Health
	Limits Limits
	// TrustedProxies are addresses or networks whose X-Forwarded-For is believed; none by default.
	TrustedProxies []string
	// Stream serves the WebSockets, Page everything that is not the API's.
	Stream, Page http.Handler
	Registry     *prometheus.Registry
	Logger       *slog.Logger
}

// Server is the HTTP edge of a process.
type Server struct {
	config  Config
	metrics *metrics
	limiter *limiter
	engine  *gin.Engine
}

// New builds the routes. It fails where a trusted proxy is none.
func New(c Config) (*Server, error) {
	gin.SetMode(gin.ReleaseMode)
	if c.Limits.Default <= 0 {
		c.Limits.Default = 60
	}
	if c.Limits.Buckets <= 0 {
		c.Limits.Buckets = 100_000
	}
	s := &Server{config: c, metrics: newMetrics(c.Registry), engine: gin.New()}
	if err := s.engine.SetTrustedProxies(c.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	var err error
	if s.limiter, err = newLimiter(c.Limits.Buckets); err != nil {
		return nil, err
	}
	registerLimits(c.Registry, s.limiter)
	s.engine.HandleMethodNotAllowed = true
	s.engine.ContextWithFallback = true // a handler's context is its request's: it ends with the caller, or the deadline
	s.engine.Use(s.observe, recovered(c.Logger), crossOrigin, s.limit)
	s.engine.GET("/health", s.health)
	s.engine.GET("/health/live", s.live)
	s.engine.GET("/health/ready", s.ready)
	s.engine.GET("/metrics", gin.WrapH(promhttp.HandlerFor(c.Registry, promhttp.HandlerOpts{})))
	s.engine.GET("/api/network/stats", inTime, s.networkStats)
	s.engine.GET("/api/network/workers", inTime, s.networkWorkers)
	s.engine.GET("/api/jobs/recent", inTime, s.recentJobs)
	s.engine.GET("/api/validator/status", inTime, s.validatorStatus)
	s.engine.GET("/api/contracts", s.contracts)
	s.engine.GET("/api/state/digest", inTime, s.stateDigest)
	s.engine.POST(heartbeatRoute, inTime, s.takesReports, s.heartbeat)
	s.engine.POST(gpuMetricsRoute, inTime, s.takesReports, s.gpuMetrics)
	s.engine.POST(claimRoute, inTime, s.takesReports, s.claimReward)
	for _, path := range []string{"/ws", "/ws/jobs", "/ws/workers", "/ws/trading", "/ws/staking", "/ws/governance"} {
		s.engine.GET(path, gin.WrapH(c.Stream))
	}
	s.engine.NoMethod(func(c *gin.Context) {
		fail(c, http.StatusMethodNotAllowed, "method_not_allowed", "this path does not take "+c.Request.Method)
	})
	s.engine.NoRoute(func(ctx *gin.Context) {
		if isAPI(ctx.Request.URL.Path) {
			fail(ctx, http.StatusNotFound, "not_found", "no such path")
			return
		}
		c.Page.ServeHTTP(ctx.Writer, ctx.Request)
	})
	return s, nil
}

// isAPI tells the paths of programs from those of the page.
func isAPI(path string) bool {
	return path == "/api" || strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/ws/")
}

// Handler returns the routes.
func (s *Server) Handler() http.Handler { return s.engine }

const drainWithin = 4 * time.Second

// Run serves until ctx ends, and then answers what it has begun.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           s.engine,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.config.Logger.Handler(), slog.LevelDebug),
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainWithin)
	defer cancel()
	err := server.Shutdown(draining)
	if serr := <-done; !errors.Is(serr, http.ErrServerClosed) {
		err = errors.Join(err, serr)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return err
}

// fail answers an error: error for people and existing clients, code for programs.
func fail(c *gin.Context, status int, code, message string) {
	c.AbortWithStatusJSON(status, gin.H{"error": message, "code": code})
}

// unavailable answers for a dependency that does not; the reason is for the log, not for the caller.
func (s *Server) unavailable(c *gin.Context, what string, err error) {
	if e, ok := errors.AsType[*projections.NotIndexed](err); ok {
		fail(c, http.StatusNotFound, "block_not_indexed", e.Error())
		return
	}
	level := slog.LevelError
	if c.Request.Context().Err() == context.Canceled {
		level = slog.LevelDebug // the caller went away; nothing is wrong here
	}
	s.config.Logger.Log(c, level, "request failed", "path", c.FullPath(), "error", err)
	c.Header("Retry-After", "2")
	fail(c, http.StatusServiceUnavailable, "unavailable", what+" does not answer; try again in a moment")
}

// moment reads as of when a question is: ?block=N, or ?at= with a time in RFC 3339; now, where neither is given.
func moment(c *gin.Context) (as projections.AsOf, ok bool) {
	block, at := c.Query("block"), c.Query("at")
	switch {
	case block != "" && at != "":
		fail(c, http.StatusBadRequest, "invalid_moment", "give block or at, not both")
		return as, false
	case block != "":
		n, err := strconv.ParseUint(block, 10, 63)
		if err != nil {
			fail(c, http.StatusBadRequest, "invalid_block", fmt.Sprintf("block %q: want the number of a block", block))
			return as, false
		}
		as.Block = &n
	case at != "":
		t, err := time.Parse(time.RFC3339, at)
		if err != nil {
			fail(c, http.StatusBadRequest, "invalid_time", fmt.Sprintf("at %q: want a time such as 2026-01-02T15:04:05Z", at))
			return as, false
		}
		as.Time = &t
	}
	return as, true
}

// fresh tells of which place in the log an answer is.
func fresh(c *gin.Context, at projections.Freshness) {
	c.Header("X-Position", fmt.Sprintf("%s/0=%d", schemas.TopicChain, at.Next))
	if at.Known {
		c.Header("X-Indexed-Block", fmt.Sprint(at.Block))
		if at.Hash != "" {
			c.Header("X-Indexed-Block-Hash", at.Hash)
		}
		c.Header("X-Indexed-At", at.Time.UTC().Format(time.RFC3339))
	}
}
