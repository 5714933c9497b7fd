package api

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

func TestDocsNeedNothingFromElsewhere(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{})
	w, _ := ask(t, h, "GET", "/docs", "")
	page := w.Body.String()
	if w.Code != http.StatusOK || strings.Contains(page, "//cdn") || strings.Contains(page, "https://") || strings.Contains(page, "<script>") ||
		!strings.Contains(w.Header().Get("Content-Security-Policy"), "script-src 'self';") {
		t.Fatalf("%d %v %s", w.Code, w.Header(), page)
	}
	for path, begins := range map[string]string{"/docs/swagger-ui.css": ".swagger-ui", "/docs/swagger-ui-bundle.js": "", "/docs/begin.js": "SwaggerUIBundle("} {
		w, _ := ask(t, h, "GET", path, "")
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), begins) || w.Body.Len() == 0 || !strings.Contains(page, path) {
			t.Errorf("%s: %d, %d bytes of %s", path, w.Code, w.Body.Len(), w.Header().Get("Content-Type"))
		}
	}
	if w, _ := ask(t, h, "GET", "/docs/embed.go", ""); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
}

func TestStatsAreForPeopleAndForPrograms(t *testing.T) {
	h, _ := newServer(t, models{}, recorder{}, Check{"database", true, func(context.Context) (State, string) { return Healthy, "2 of 32 connections in use" }})
	w, _ := ask(t, h, "GET", "/stats", "")
	for _, want := range []string{"status healthy", "workers 4", "active 3", "staked 20,000 SAGE", "2 of 32 connections in use"} {
		if !strings.Contains(strings.Join(strings.Fields(w.Body.String()), " "), want) {
			t.Errorf("%q is missing in\n%s", want, w.Body)
		}
	}
	if got := w.Header().Get("Content-Type"); got != "text/plain; charset=utf-8" {
		t.Errorf("for people: %s", got)
	}
	_, answer := ask(t, h, "GET", "/stats", "", "Accept", "application/json")
	if network, ok := answer["network"].(map[string]any); !ok || network["total_workers"] != 4.0 || answer["status"] != "healthy" {
		t.Errorf("for programs: %v", answer)
	}
	down, _ := newServer(t, models{down: errDown}, recorder{})
	if w, _ := ask(t, down, "GET", "/stats", ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "not known") || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("without a database: %d\n%s", w.Code, w.Body)
	}
	if _, answer := ask(t, down, "GET", "/stats", "", "Accept", "application/json"); answer["network"] != nil {
		t.Errorf("without a database: %v", answer)
	}
}
