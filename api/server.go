package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ReadModels answers questions about the network, each with the place in the log that the answer is of. A moment that they do not
// hold is a [projections.NotIndexed].
type ReadModels interface {
	NetworkReads
	ValidatorReads
	JobReads
	ProofReads
	StakingReads
	EarningReads
	TradingModels
	GovernanceModels
	WalletModels
	ProvenanceModels
	AuditReads
}

// Config says what to serve.
type Config struct {
	Network   string
	Version   string
	Contracts []schemas.Contract
	Models    ReadModels
	Facts     Facts
	// Reports may be nil in a process that does not take any.
	Reports Reports
	Checks  Checks
	Claims  ClaimStates
	// Busy tells whether an error of Reports means "try again later".
	Busy   func(error) bool
	Health *Health
	Audits AuditTeller
	// Chain asks contracts; nil where there is no node to ask.
	Chain  Contracts
	Limits Limits
	// Watermarks tell whether what is kept in memory may still be answered; KeptBytes bounds it, 64 MiB where it is zero.
	Watermarks Watermarks
	KeptBytes  int
	// Origins are those whose pages may call the API; any, where there are none.
	Origins []string
	// AccessLog is the level that each request is logged at.
	AccessLog slog.Level
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
	kept    *kept
	exports chan struct{} // one for each that runs
	asking  chan struct{} // one for each request that has contracts asked
	engine  *gin.Engine
	handler http.Handler
	openAPI huma.API
	ending  atomic.Bool     // whether it will take no more requests in a moment
	written []byte          // the OpenAPI document
	sourced map[string]bool // routes that ask contracts where that is wanted, by pattern
	limits  map[string]int  // requests a minute of each route, by pattern; 0 for the default
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
	s := &Server{config: c, metrics: newMetrics(c.Registry), engine: gin.New(), limits: map[string]int{}, sourced: map[string]bool{}, exports: make(chan struct{}, exportsAtOnce), asking: make(chan struct{}, chainAtOnce)}
	if err := s.engine.SetTrustedProxies(c.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	var err error
	if s.limiter, err = newLimiter(c.Limits.Buckets); err != nil {
		return nil, err
	}
	registerLimits(c.Registry, s.limiter)
	c.Health.checks = append(c.Health.checks, s.limiterCheck())
	if c.KeptBytes <= 0 {
		c.KeptBytes = 64 << 20
	}
	if s.kept, err = newKept(c.Watermarks, c.Registry, c.Version, c.KeptBytes); err != nil {
		return nil, fmt.Errorf("answers in memory: %w", err)
	}
	s.engine.HandleMethodNotAllowed = true
	s.engine.ContextWithFallback = true // a handler's context is its request's: it ends with the caller, or the deadline
	s.engine.Use(s.observe, recovered(c.Logger), s.crossOrigin, s.limit)
	s.openAPI = s.describe()
	if err := s.mount(s.routes()); err != nil {
		return nil, fmt.Errorf("describe the API: %w", err)
	}
	if s.written, err = s.document(); err != nil {
		return nil, fmt.Errorf("describe the API: %w", err)
	}
	s.engine.GET("/openapi.json", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", s.written) })
	s.serveDocs()
	s.engine.GET("/metrics", gin.WrapH(promhttp.HandlerFor(c.Registry, promhttp.HandlerOpts{})))
	s.limits["/metrics"] = Unlimited
	for _, path := range []string{"/ws", "/ws/jobs", "/ws/workers", "/ws/trading", "/ws/staking", "/ws/governance"} {
		s.engine.GET(path, gin.WrapH(c.Stream))
		s.limits[path] = 10
	}
	s.engine.NoMethod(func(c *gin.Context) {
		fail(c, fault(methodForbidden, "this path does not take "+c.Request.Method))
	})
	s.engine.NoRoute(func(ctx *gin.Context) {
		if isAPI(ctx.Request.URL.Path) {
			fail(ctx, fault(notFound, "no such path"))
			return
		}
		c.Page.ServeHTTP(ctx.Writer, ctx.Request)
	})
	if s.handler, err = compressed(s.engine); err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	return s, nil
}

// isAPI tells the paths of programs from those of the page.
func isAPI(path string) bool {
	return path == "/api" || strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/ws/")
}

// Document returns the OpenAPI document.
func (s *Server) Document() []byte { return s.written }

// Handler returns the routes. Large answers are compressed for clients that take it.
func (s *Server) Handler() http.Handler { return s.handler }

// compressed compresses what h answers with, but for WebSockets, whose frames are their own affair.
func compressed(h http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1<<10), gzhttp.EnableZstd(true))
	if err != nil {
		return nil, err
	}
	small := wrap(h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Upgrade") != "":
			h.ServeHTTP(w, r)
		case r.Header.Get("Accept-Encoding") == "":
			w.Header()["Vary"] = []string{"Accept-Encoding"}
			h.ServeHTTP(w, r)
		default:
			small.ServeHTTP(w, r)
		}
	}), nil
}

const (
	// drainNotice is how long a process that ends says so in /health/ready before it takes no more requests.
	drainNotice = time.Second
	drainWithin = 4 * time.Second
)

// Run serves until ctx ends. Then it is not ready any more, and a moment later takes no more requests, and answers what it has begun.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second, // WebSockets and exports set their own
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
	s.ending.Store(true)
	select {
	case err := <-done:
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	case <-time.After(drainNotice):
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
