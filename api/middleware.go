package api

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	beats    *prometheus.CounterVec
	reports  *prometheus.CounterVec
}

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dashboard_requests_total", Help: "Requests, by route and status.",
		}, []string{"endpoint", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dashboard_request_duration_seconds", Help: "Time to answer a request, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"endpoint"}),
		beats: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "worker_heartbeats_total", Help: "Heartbeats received, by outcome.",
		}, []string{"outcome"}),
		reports: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "worker_reports_total", Help: "Other reports of workers received, by kind and outcome.",
		}, []string{"kind", "outcome"}),
	}
	reg.MustRegister(m.requests, m.took, m.beats, m.reports)
	return m
}

// reportsOf counts the reports of a kind by outcome.
func (m *metrics) reportsOf(kind string) *prometheus.CounterVec {
	return m.reports.MustCurryWith(prometheus.Labels{"kind": kind})
}

// requestID names a request, in answers and in the log.
const requestID = "X-Request-Id"

// observe counts, times and logs every request, and gives it an id.
func (s *Server) observe(c *gin.Context) {
	started := time.Now()
	id := c.GetHeader(requestID)
	if !isID(id) {
		id = rand.Text()
	}
	c.Header(requestID, id)
	c.Next()
	route := c.FullPath() // a pattern, never the raw path: label sets stay bounded
	if route == "" {
		route = "other"
	}
	took, status := time.Since(started), c.Writer.Status()
	s.metrics.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	if status != http.StatusSwitchingProtocols {
		s.metrics.took.WithLabelValues(route).Observe(took.Seconds())
	}
	if !s.config.Logger.Enabled(c, s.config.AccessLog) {
		return
	}
	s.config.Logger.LogAttrs(c, s.config.AccessLog, "request", slog.String("id", id), slog.String("method", c.Request.Method), slog.String("route", route),
		slog.String("path", c.Request.URL.Path), slog.Int("status", status), slog.Int("bytes", max(0, c.Writer.Size())), slog.Duration("took", took),
		slog.String("client", c.ClientIP()))
}

// isID tells whether a caller's id can stand in answers and in the log.
func isID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	return strings.IndexFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }) < 0
}

// answerWithin bounds what a request may wait for the database and the log.
const answerWithin = 8 * time.Second

// inTime ends a request's context, so that a dependency that hangs is told as one that does not answer.
func inTime(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), answerWithin)
	defer cancel()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

// recovered turns a panic into a 500 that says nothing of it; the log does.
func recovered(log *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		defer func() {
			if p := recover(); p != nil {
				if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(p)
				}
				log.ErrorContext(c, "request panicked", "path", c.FullPath(), "panic", p, "stack", string(debug.Stack()))
				fail(c, fault(internal, "internal error"))
			}
		}()
		c.Next()
	}
}

// crossOrigin lets the pages of the configured origins call the API, by default any: it takes no cookies, and reading is public.
func (s *Server) crossOrigin(c *gin.Context) {
	h := c.Writer.Header()
	if len(s.config.Origins) == 0 {
		h.Set("Access-Control-Allow-Origin", "*")
	} else {
		h.Add("Vary", "Origin")
		if origin := c.GetHeader("Origin"); slices.Contains(s.config.Origins, origin) {
			h.Set("Access-Control-Allow-Origin", origin)
		}
	}
	h["Access-Control-Expose-Headers"] = exposedHeaders
	if c.Request.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
		h.Set("Access-Control-Allow-Headers", "Content-Type, If-None-Match, X-Request-Id, X-Wallet-Address")
		h.Set("Access-Control-Max-Age", "86400")
		c.AbortWithStatus(http.StatusNoContent)
	}
}

var exposedHeaders = []string{"Content-Disposition, ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Finality, X-Indexed-At, X-Indexed-Block, X-Indexed-Block-Hash, " +
	"X-Next-Cursor, X-Position, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, X-Total-Count"}
