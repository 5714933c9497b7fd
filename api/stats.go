package api

import (
	"fmt"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/bitsage-network/validator-dashboard/projections"
)

// summary is the process and the network at a glance.
type summary struct {
	Status     State         `json:"status"`
	Version    string        `json:"version"`
	Uptime     int64         `json:"uptime_seconds"`
	Components []component   `json:"components"`
	Network    *networkStats `json:"network" doc:"Null while the database does not answer."`
}

// stats answers GET /stats: text for people, JSON for who asks for it.
func (s *Server) stats(c *gin.Context) {
	health := s.config.Health.look(c)
	out := summary{Status: health.Status, Version: health.Version, Uptime: health.Uptime, Components: health.Components}
	n, at, err := s.config.Models.NetworkStats(c, projections.AsOf{})
	if err == nil {
		answer := s.statsAnswer(n, at)
		out.Network = &answer
	} else {
		s.config.Logger.WarnContext(c, "stats without the network", "error", err)
	}
	c.Header("Vary", "Accept")
	if strings.Contains(c.GetHeader("Accept"), "application/json") {
		c.JSON(http.StatusOK, out)
		return
	}
	c.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(out.text()))
}

// text is a summary for people. What is not known is a dash.
func (a summary) text() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	line := func(name string, value any) { fmt.Fprintf(w, "%s\t%v\n", name, value) }
	line("sage-coordinator", a.Version)
	line("status", a.Status)
	line("up", time.Duration(a.Uptime)*time.Second)
	fmt.Fprintln(w)
	if n := a.Network; n == nil {
		line("network", "not known: the database does not answer")
	} else {
		unknown := map[string]bool{}
		for _, name := range n.Unknown {
			unknown[name] = true
		}
		known := func(name, member string, value any) {
			if unknown[member] {
				value = "-"
			}
			line(name, value)
		}
		line("network", n.Network)
		known("block", "current_block", n.CurrentBlock)
		known("workers", "total_workers", n.TotalWorkers)
		known("  active", "active_workers", n.ActiveWorkers)
		line("staked", n.StakedFormatted)
		line("jobs", n.TotalJobsProcessed)
		line("  in progress", n.InProgress)
		line("  completed", n.Completed)
		line("  completed in 24 h", n.CompletedLast24h)
		line("proofs verified", n.Proofs)
	}
	fmt.Fprintln(w)
	for _, k := range a.Components {
		line(k.Name, fmt.Sprintf("%s, %d ms, %s", k.Status, k.Response, k.Message))
	}
	_ = w.Flush() // into memory, which does not fail
	return b.String()
}
