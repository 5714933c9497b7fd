package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/swaggest/swgui/v5emb"
)

const docsPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>BitSage validator dashboard: the API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="api"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/begin.js"></script>
</html>
`

const docsScript = `SwaggerUIBundle({url: "/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null});
`

// docsPolicy lets the page load what is served here and nothing else. The viewer sets styles of its elements, but no script.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// serveDocs serves the description of the API for people: Swagger UI, out of this program.
func (s *Server) serveDocs() {
	viewer := v5emb.New("", "/openapi.json", "/docs")
	s.limits["/docs"], s.limits["/docs/*file"] = Unlimited, Unlimited
	s.engine.GET("/docs", func(c *gin.Context) {
		c.Header("Content-Security-Policy", docsPolicy)
		c.Header("X-Content-Type-Options", "nosniff")
		c.Data(http.StatusOK, "text/html; charset=utf-8", []byte(docsPage))
	})
	s.engine.GET("/docs/*file", func(c *gin.Context) {
		switch file := c.Param("file"); file {
		case "/":
			c.Redirect(http.StatusMovedPermanently, "/docs")
		case "/begin.js":
			c.Data(http.StatusOK, "text/javascript; charset=utf-8", []byte(docsScript))
		case "/swagger-ui.css", "/swagger-ui-bundle.js":
			c.Header("Cache-Control", "public, max-age=3600")
			viewer.ServeHTTP(c.Writer, c.Request)
		default:
			fail(c, fault(notFound, "no such file"))
		}
	})
}
