package api

import (
	"context"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/time/rate"
)

// Limits says how often a client may ask. A client is an address (an IPv6 one its /64), and each route has a bucket of its own: it
// begins full, holds as much as the route gives in a minute, and refills evenly.
type Limits struct {
	Enabled bool
	// Default is what a route that the table does not name gives, in requests a minute.
	Default int
	// Buckets bounds how many are kept. Beyond it the one that was used longest ago is forgotten.
	Buckets int
}

// fleet is how many workers may report from one address at the pace that one of them may: reports are counted by worker, and an address
// has room for a fleet.
const fleet = 20

// limitedRoute returns the pattern that a request is counted under. Health, metrics, and the page with its files are never limited.
func (s *Server) limitedRoute(pattern, path string) (route string, ok bool) {
	if pattern == "" {
		return "unknown", isAPI(path)
	}
	return pattern, s.limits[pattern] != Unlimited
}

// verdict is what a bucket says to a request.
type verdict struct {
	ok        bool
	limit     int           // a minute
	remaining int           // requests that it has left
	reset     time.Duration // until it is full
	retry     time.Duration // until it has one more, where it has none
}

// bucketKey names a bucket. Worker is empty but for what a worker reports.
type bucketKey struct {
	client netip.Prefix
	route  string // a pattern, never the raw path
	worker string
}

// limiter keeps the buckets. It is safe for concurrent use; the time is the caller's.
type limiter struct {
	mu      sync.Mutex
	buckets *simplelru.LRU[bucketKey, *bucket]
	most    int
	swept   time.Time
	evicted time.Time // when the bucket that was forgotten last had been used last
}

// bucket is a bucket and when it was used last.
type bucket struct {
	*rate.Limiter
	used time.Time
}

// idleAfter is how often buckets that are full again are dropped: one that is full is like none.
const idleAfter = time.Minute

func newLimiter(most int) (*limiter, error) {
	buckets, err := simplelru.NewLRU[bucketKey, *bucket](most, nil)
	if err != nil {
		return nil, fmt.Errorf("rate limits: %w", err)
	}
	return &limiter{buckets: buckets, most: most}, nil
}

// fresh returns a bucket of a client that has none, which may have had one that was forgotten for want of room: it then was used no later than the
// last one that was. So it begins with no more than what has refilled since, but with one request, and nobody gains a burst by being forgotten.
func (l *limiter) fresh(limit int, now time.Time) *bucket {
	b := &bucket{rate.NewLimiter(rate.Limit(float64(limit)/60), limit), now}
	if refilled := now.Sub(l.evicted).Seconds() * float64(limit) / 60; refilled < float64(limit) {
		b.AllowN(now, limit-max(1, int(refilled)))
	}
	if l.buckets.Len() >= l.most {
		if _, oldest, ok := l.buckets.RemoveOldest(); ok {
			l.evicted = oldest.used
		}
	}
	return b
}

// take counts a request at a time against a bucket that gives so many a minute.
func (l *limiter) take(key bucketKey, limit int, now time.Time) verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) >= idleAfter {
		l.sweep(now)
	}
	b, ok := l.buckets.Get(key)
	if !ok {
		b = l.fresh(limit, now)
		l.buckets.Add(key, b)
	}
	b.used = now
	v := verdict{ok: b.AllowN(now, 1), limit: limit}
	left := b.TokensAt(now)
	perSecond := float64(limit) / 60
	v.remaining = max(0, int(left))
	v.reset = seconds((float64(limit) - left) / perSecond)
	if !v.ok {
		v.retry = seconds((1 - left) / perSecond)
	}
	return v
}

func seconds(s float64) time.Duration { return time.Duration(math.Max(0, s) * float64(time.Second)) }

func (l *limiter) sweep(now time.Time) {
	l.swept = now
	for _, key := range l.buckets.Keys() {
		if b, ok := l.buckets.Peek(key); ok && b.TokensAt(now) >= float64(b.Burst()) {
			l.buckets.Remove(key)
		}
	}
}

// active counts the clients and the workers that have buckets which are not full.
func (l *limiter) active(now time.Time) (clients, workers int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	seen := map[netip.Prefix]bool{}
	for _, key := range l.buckets.Keys() {
		b, ok := l.buckets.Peek(key)
		if !ok || b.TokensAt(now) >= float64(b.Burst()) {
			continue
		}
		if key.worker != "" {
			workers++
			continue
		}
		seen[key.client] = true
	}
	return len(seen), workers
}

// clientOf is the part of an address that is one client: an IPv6 network is given out by /64.
func clientOf(address string) netip.Prefix {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{} // no address at all, as over a socket of the machine's own: one client
	}
	ip = ip.Unmap().WithZone("")
	bits := ip.BitLen()
	if ip.Is6() {
		bits = 64
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

// limit lets a request through, or answers with 429.
func (s *Server) limit(c *gin.Context) {
	route, ok := s.limitedRoute(c.FullPath(), c.Request.URL.Path)
	if !s.config.Limits.Enabled || !ok {
		return
	}
	limit := s.limits[route]
	if limit == 0 {
		limit = s.config.Limits.Default
	}
	if s.askedAnew(c) {
		route, limit = "source=chain", chainPerMinute
	}
	s.answerLimit(c, s.limiter.take(bucketKey{client: clientOf(c.ClientIP()), route: route}, limit, time.Now()))
}

// limitWorker counts what a worker reports. It tells whether the request may go on.
func (s *Server) limitWorker(c *gin.Context, worker string) bool {
	if !s.config.Limits.Enabled {
		return true
	}
	// Nobody has signed yet, so a report counts for the worker as seen from its address: nobody can use up another's.
	key := bucketKey{client: clientOf(c.ClientIP()), route: c.FullPath(), worker: worker}
	s.answerLimit(c, s.limiter.take(key, perWorker[c.FullPath()], time.Now()))
	return !c.IsAborted()
}

// answerLimit tells a client where it stands.
func (s *Server) answerLimit(c *gin.Context, v verdict) {
	reset := strconv.Itoa(int(math.Ceil(v.reset.Seconds())))
	h := c.Writer.Header()
	h.Set("X-RateLimit-Limit", strconv.Itoa(v.limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(v.remaining))
	h.Set("X-RateLimit-Reset", reset)
	h.Set("RateLimit-Policy", fmt.Sprintf(`"route";q=%d;w=60`, v.limit))
	h.Set("RateLimit", fmt.Sprintf(`"route";r=%d;t=%s`, v.remaining, reset))
	if v.ok {
		return
	}
	retry := max(1, int(math.Ceil(v.retry.Seconds())))
	p := fault(rateLimited, "Rate limit exceeded").retry(retry)
	p.Limit = v.limit
	fail(c, p)
}

// limiterCheck tells how much of the limiter's memory is taken. Full, it forgets the buckets that were used longest ago.
func (s *Server) limiterCheck() Check {
	return Check{Name: "rate_limiter", Look: func(context.Context) (State, string) {
		if !s.config.Limits.Enabled {
			return Healthy, "off"
		}
		s.limiter.mu.Lock()
		n := s.limiter.buckets.Len()
		s.limiter.mu.Unlock()
		message := fmt.Sprintf("%d of %d buckets in use", n, s.config.Limits.Buckets)
		if n >= s.config.Limits.Buckets {
			return Degraded, message
		}
		return Healthy, message
	}}
}

// registerLimits registers the metrics of the limiter.
func registerLimits(reg prometheus.Registerer, l *limiter) {
	reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "rate_limiter_active_buckets", Help: "Client addresses that have asked so often of late that a bucket of theirs is not full.",
	}, func() float64 { clients, _ := l.active(time.Now()); return float64(clients) }), prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "rate_limiter_active_workers", Help: "Workers that have reported so often of late that their bucket is not full.",
	}, func() float64 { _, workers := l.active(time.Now()); return float64(workers) }))
}
