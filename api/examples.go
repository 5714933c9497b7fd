package api

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// exampleFiles are what published clients were written against, with the members that were added since. The values are nobody's.
//
//go:embed examples/*.json
var exampleFiles embed.FS

func example(name string) (v any, err error) {
	text, err := exampleFiles.ReadFile("examples/" + name + ".json")
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	if err != nil {
		return nil, fmt.Errorf("example %s: %w", name, err)
	}
	return v, nil
}

// exemplify puts a route's example into the document, and that of what it is asked with.
func exemplify(op *huma.Operation, name string) (err error) {
	if refused := op.Responses["429"]; refused != nil {
		if refused.Content[problemType].Example, err = example("ERROR.429"); err != nil {
			return err
		}
	}
	if name == "" {
		return nil
	}
	if op.RequestBody != nil {
		if op.RequestBody.Content["application/json"].Example, err = example(strings.TrimSuffix(name, ".200") + ".request"); err != nil {
			return err
		}
	}
	op.Responses["200"].Content["application/json"].Example, err = example(name)
	return err
}
