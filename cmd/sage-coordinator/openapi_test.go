package main

import (
	"bytes"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestExamplesAreAsDescribed holds every example of the document to the schema that it stands beside.
func TestExamplesAreAsDescribed(t *testing.T) {
	var printed, faults bytes.Buffer
	m := Main{Args: []string{"openapi"}, Stdout: &printed, Stderr: &faults}
	if code := m.Run(t.Context()); code != 0 {
		t.Fatalf("exit %d: %s", code, &faults)
	}
	document, err := jsonschema.UnmarshalJSON(&printed)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("api.json", document); err != nil {
		t.Fatal(err)
	}
	found := 0
	var look func(place string, node any)
	look = func(place string, node any) {
		if list, ok := node.([]any); ok {
			for _, v := range list {
				look(place, v)
			}
		}
		members, ok := node.(map[string]any)
		if !ok {
			return
		}
		if example, ok := members["example"]; ok && members["schema"] != nil {
			found++
			schema, err := compiler.Compile("api.json#" + place + "/schema")
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(example); err != nil {
				t.Errorf("%s: %v", place, err)
			}
			return
		}
		for name, v := range members {
			look(place+"/"+url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(name)), v)
		}
	}
	look("/paths", document.(map[string]any)["paths"])
	files, err := filepath.Glob(filepath.Join("..", "..", "api", "examples", "*.json"))
	if err != nil || found < len(files) || len(files) < 30 {
		t.Errorf("%d examples in the document, %d files: %v", found, len(files), err)
	}
}
