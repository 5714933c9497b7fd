package dashboard

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestHandler(t *testing.T) {
	built := newHandler(fstest.MapFS{
		"index.html":      {Data: []byte("<title>page</title>")},
		"assets/app-1.js": {Data: []byte("app")},
		"icon.svg":        {Data: []byte("<svg/>")},
	})
	for _, c := range []struct {
		name, method, path string
		handler            http.Handler
		status             int
		body, cache        string
	}{
		{"the page", "GET", "/", built, 200, "<title>page", "no-cache"},
		{"a path of the app's own", "GET", "/workers/0x1", built, 200, "<title>page", "no-cache"},
		{"the page by its name", "GET", "/index.html", built, 200, "<title>page", "no-cache"},
		{"an asset", "GET", "/assets/app-1.js", built, 200, "app", "public, max-age=31536000, immutable"},
		{"a missing asset is not the page", "GET", "/assets/app-0.js", built, 404, "", ""},
		{"the icon", "GET", "/icon.svg", built, 200, "<svg/>", "public, max-age=3600"},
		{"writing", "POST", "/", built, 405, "", ""},
		{"a way out of the folder", "GET", "/../../etc/passwd", built, 200, "<title>page", "no-cache"},
		{"not built", "GET", "/", newHandler(fstest.MapFS{}), 404, "make build", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			c.handler.ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) {
				t.Errorf("%d %q", w.Code, w.Body)
			}
			if got := w.Header().Get("Cache-Control"); c.cache != "" && got != c.cache {
				t.Errorf("Cache-Control %q, want %q", got, c.cache)
			}
			if w.Header().Get("Content-Security-Policy") == "" {
				t.Error("no Content-Security-Policy")
			}
		})
	}
}

func TestEmbeddedFolderIsThere(t *testing.T) {
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 200 && !strings.Contains(w.Body.String(), "make build") {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}
