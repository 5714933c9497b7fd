// Package dashboard is the page: a React app, built by `make build` into dist and embedded here. It talks to the API over
// HTTP and WebSocket only. Begin with [Handler].
package dashboard

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// Handler serves the built page.
func Handler() http.Handler {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("dashboard: the embedded folder is gone: " + err.Error()) // fixed at build time
	}
	return newHandler(files)
}

const notBuilt = "The dashboard's page is not part of this build. Build it with: make build\n"

// policy lets the page load only what this server sends.
const policy = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'"

// newHandler serves a built page from files: assets are named for their content and kept for ever, anything that is not a file
// is the page itself.
func newHandler(files fs.FS) http.Handler {
	serve := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "this path only answers GET", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		isAsset := strings.HasPrefix(name, "assets/")
		if info, err := fs.Stat(files, name); err == nil && !info.IsDir() && name != "index.html" {
			h.Set("Cache-Control", "public, max-age=3600")
			if isAsset {
				h.Set("Cache-Control", "public, max-age=31536000, immutable")
			}
			serve.ServeHTTP(w, r)
			return
		}
		if isAsset {
			http.NotFound(w, r)
			return
		}
		page, err := fs.ReadFile(files, "index.html")
		if err != nil {
			http.Error(w, notBuilt, http.StatusNotFound)
			return
		}
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-cache")
		if r.Method == http.MethodHead {
			return
		}
		if _, err := w.Write(page); err != nil {
			return // the browser is gone
		}
	})
}
