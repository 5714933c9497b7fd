// Command generate writes everything that follows from the ABIs in schemas/abi: the Go event types by family, a JSON
// Schema per event, and the dashboard's TypeScript types. Run it through `make generate`; a test fails while the checked-in
// files differ from what it would write.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	root := flag.String("root", ".", "the repository's root")
	flag.Parse()
	files, err := generate()
	if err == nil {
		err = write(*root, files)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// generatedFolders hold nothing but generated files, so that a file of an event that is gone does not stay behind.
var generatedFolders = []string{"schemas/events"}

func write(root string, files map[string][]byte) error {
	for _, folder := range generatedFolders {
		if err := os.RemoveAll(filepath.Join(root, folder)); err != nil {
			return err
		}
	}
	for name, content := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
