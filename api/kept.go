package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/singleflight"
)

// kept holds answers in memory. An answer serves until a watermark of what it is made of has moved, however long that is.
type kept struct {
	marks   sight
	flights singleflight.Group // so that the same question is asked once at a time
	count   *prometheus.CounterVec
	version string

	mu      sync.Mutex
	answers *simplelru.LRU[string, *answer] // guarded by mu
	size    int                             // guarded by mu; bytes
	most    int                             // of size
}

// answer is an answer as it was written, without what is of one request.
type answer struct {
	marks  string // that it was made after
	status int
	header http.Header
	body   []byte
	etag   string
	length []string // of the body, as a header has it
}

// overhead is about what an answer costs beside its body.
const overhead = 1 << 10

func newKept(models Watermarks, reg prometheus.Registerer, version string, most int) (*kept, error) {
	k := &kept{marks: sight{models: models}, version: version, most: most, count: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "dashboard_answers_total", Help: "Answers of reads, by whether they were kept in memory, made anew, or not needed since the client has them.",
	}, []string{"from"})}
	for _, from := range []string{"memory", "database", "client"} {
		k.count.WithLabelValues(from)
	}
	var err error
	k.answers, err = simplelru.NewLRU(max(1, most/overhead), func(key string, a *answer) { k.size -= cost(key, a) })
	reg.MustRegister(k.count, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "dashboard_kept_answers_bytes", Help: "Memory that answers of reads are kept in.",
	}, func() float64 {
		k.mu.Lock()
		defer k.mu.Unlock()
		return float64(k.size)
	}))
	return k, err
}

func cost(key string, a *answer) int { return overhead + len(key) + len(a.body) }

// get returns an answer that was made after these marks.
func (k *kept) get(key, marks string) *answer {
	k.mu.Lock()
	defer k.mu.Unlock()
	if a, ok := k.answers.Get(key); ok && a.marks == marks {
		return a
	}
	return nil
}

// put keeps an answer, and forgets those that were asked for longest ago where there is no room.
func (k *kept) put(key string, a *answer) {
	c := cost(key, a)
	if c > k.most/4 {
		return // one that leaves no room for others is not worth it
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.answers.Remove(key)
	k.answers.Add(key, a)
	k.size += c
	for k.size > k.most {
		k.answers.RemoveOldest()
	}
}

// askedAnew tells a question that no answer in memory serves: what a contract says now is asked of the contract.
func (s *Server) askedAnew(c *gin.Context) bool {
	return s.sourced[c.FullPath()] && c.Query("source") == "chain"
}

// keep serves what is kept, and has the handler after it make what is not.
func (s *Server) keep(op *huma.Operation, of Source) gin.HandlerFunc {
	var queries []string
	byWallet := false
	for _, p := range op.Parameters {
		switch p.In {
		case "query":
			queries = append(queries, p.Name)
		case "header":
			byWallet = byWallet || p.Name == walletHeader
		}
	}
	exports := op.Metadata[alsoCSV] == true
	s.sourced[ginPath(op.Path)] = slices.Contains(queries, "source")
	return func(c *gin.Context) {
		switch {
		case exports && wantsCSV(c):
			s.asExport(c)
			return
		case s.askedAnew(c):
			inTime(c)
			return
		}
		marks, err := s.marks(c, of)
		if err != nil {
			fail(c, s.trouble(c, c.FullPath(), err))
			return
		}
		key := questionKey(c, queries, byWallet)
		a, from := s.kept.get(key, marks), "memory"
		if a == nil {
			made, _, _ := s.kept.flights.Do(key+"\x00"+marks, func() (any, error) { return s.make(c, key, marks), nil })
			a, from = made.(*answer), "database"
		}
		c.Abort() // whoever waited for another's answer needs no handler
		h := c.Writer.Header()
		maps.Copy(h, a.header)
		if a.status != http.StatusOK {
			c.Status(a.status)
			_, _ = c.Writer.Write(a.body) // the caller may be gone
			return
		}
		h["Etag"], h["Cache-Control"] = []string{a.etag}, noCache
		h.Add("Vary", "Accept, X-Wallet-Address")
		if matches(c.Request.Header.Get("If-None-Match"), a.etag) {
			s.kept.count.WithLabelValues("client").Inc()
			h.Del("Content-Type")
			c.Status(http.StatusNotModified)
			c.Writer.WriteHeaderNow()
			return
		}
		s.kept.count.WithLabelValues(from).Inc()
		h["Content-Length"] = a.length
		c.Status(http.StatusOK)
		_, _ = c.Writer.Write(a.body) // the caller may be gone
	}
}

var noCache = []string{"no-cache"}

// marks returns the watermarks of sources, as they are now.
func (s *Server) marks(ctx context.Context, of Source) (string, error) {
	if of == 0 {
		return "", nil
	}
	w, err := s.kept.marks.now(ctx)
	switch {
	case err != nil:
		return "", err
	case of == Chain:
		return w.Chain, nil
	case of == Telemetry:
		return w.Telemetry, nil
	}
	return w.Chain + w.Telemetry, nil
}

// make has the handlers after this one answer. It goes on when the caller goes away, since others may wait for the same.
func (s *Server) make(c *gin.Context, key, marks string) *answer {
	request, writer := c.Request, c.Writer
	defer func() { c.Request, c.Writer = request, writer }()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(request.Context()), answerWithin)
	defer cancel()
	r := &recording{ResponseWriter: writer, header: http.Header{}, status: http.StatusOK}
	r.header.Set(requestID, writer.Header().Get(requestID))
	c.Request, c.Writer = request.WithContext(ctx), r
	recovered(s.config.Logger)(c)
	r.header.Del(requestID)
	a := &answer{marks: marks, status: r.status, header: r.header, body: r.body.Bytes()}
	if a.status == http.StatusOK {
		sum := sha256.Sum256([]byte(s.kept.version + "\x00" + key + "\x00" + marks))
		a.etag = `W/"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`
		a.length = []string{strconv.Itoa(len(a.body))}
		s.kept.put(key, a)
	}
	return a
}

// questionKey tells one question from another: by its path, and by the parameters that the route has.
func questionKey(c *gin.Context, queries []string, byWallet bool) string {
	path := c.Request.URL.Path
	wallet := ""
	if byWallet {
		wallet = c.Request.Header.Get(walletHeader)
	}
	if c.Request.URL.RawQuery == "" && wallet == "" {
		return path
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%q?%q", path, wallet)
	for _, name := range queries {
		if value, ok := c.GetQuery(name); ok {
			fmt.Fprintf(&b, "&%s=%q", name, value)
		}
	}
	return b.String()
}

// matches tells whether a client has the answer: its If-None-Match names the tag.
func matches(header, etag string) bool {
	if header == "" {
		return false
	}
	for tag := range strings.SplitSeq(header, ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || "W/"+strings.TrimPrefix(tag, "W/") == etag {
			return true
		}
	}
	return false
}

// recording is a writer that keeps what is written.
type recording struct {
	gin.ResponseWriter
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recording) Header() http.Header               { return r.header }
func (r *recording) WriteHeader(status int)            { r.status = status }
func (r *recording) WriteHeaderNow()                   {}
func (r *recording) Write(b []byte) (int, error)       { return r.body.Write(b) }
func (r *recording) WriteString(s string) (int, error) { return r.body.WriteString(s) }
func (r *recording) Status() int                       { return r.status }
func (r *recording) Size() int                         { return r.body.Len() }
func (r *recording) Written() bool                     { return r.body.Len() > 0 }
