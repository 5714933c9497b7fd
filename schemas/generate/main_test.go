package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestGeneratedFilesAreCurrent fails while the checked-in files differ from what the ABIs say.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	const root = "../.."
	files, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(root, name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what the ABIs say (%v): run make generate", name, err)
		}
	}
	for _, folder := range generatedFolders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			if _, ok := files[filepath.ToSlash(name)]; !ok {
				t.Errorf("%s belongs to no event: run make generate", name)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
