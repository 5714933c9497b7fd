// Package dashboard is the page: a React app that `make build` builds into the folder dist, embedded here and served by
// [Handler].
//
// The page talks to the API over HTTP and WebSocket and to nothing else; this package knows neither. A checkout without a built
// app compiles all the same, serves a note that says how to build it, and [Built] tells so. Begin with [Handler].
package dashboard

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed all:dist
var embedded embed.FS

// Built tells whether this binary has the page in it.
func Built() bool {
	return hasPage(dist())
}

// Handler serves the embedded page, for every path that is not the API's. It is safe for concurrent use.
func Handler() http.Handler {
	handler, err := newHandler(dist())
	if err != nil {
		panic("dashboard: reading the embedded page: " + err.Error()) // what is embedded is fixed when the binary is built
	}
	return handler
}

func dist() fs.FS {
	files, err := fs.Sub(embedded, "dist")
	if err != nil {
		panic("dashboard: the embedded folder has no dist: " + err.Error()) // a wrong constant above, nothing else
	}
	return files
}

func hasPage(files fs.FS) bool {
	info, err := fs.Stat(files, page)
	return err == nil && !info.IsDir()
}
