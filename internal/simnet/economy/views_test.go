package economy

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestEveryViewAnswersByItsABI asks every view that we have, with as many zeros as it takes, early and late in a chain: an answer
// that the ABI cannot lay out would be a panic.
func TestEveryViewAnswersByItsABI(t *testing.T) {
	w, err := NewWorld(Config{Seed: 3, Workers: 4, Keys: noKeys{}})
	if err != nil {
		t.Fatal(err)
	}
	var early Version
	for n := range uint64(400) {
		w.Act(Block{n, 1_767_225_600 + n}, 0, 0, nil)
		if n == 0 {
			early = w.Version()
		}
	}
	asked := 0
	for _, c := range w.contracts {
		for name := range c.views {
			if known, ok := c.ABI.FunctionName(schemas.Selector(name)); !ok || known != name {
				t.Errorf("the ABI of %s has no view %s", c.Name, name)
			}
			for _, at := range []Version{early, w.Version()} {
				for zeros := range 20 {
					_, err := w.View(Block{400, 1_767_226_000}, at, c.Address, schemas.Selector(name), make([]felt, zeros))
					if wrongInput(err) {
						if zeros == 19 {
							t.Errorf("%s.%s: %v", c.Name, name, err)
						}
						continue
					}
					if err != nil && !strings.Contains(err.Error(), "Unknown enum indicator:") {
						t.Errorf("%s.%s: %v", c.Name, name, err)
					}
					asked++
					break
				}
			}
		}
		for name := range c.entries {
			if known, ok := c.ABI.FunctionName(schemas.Selector(name)); !ok || known != name {
				t.Errorf("the ABI of %s has no function %s", c.Name, name)
			}
		}
	}
	if asked < 250 {
		t.Errorf("only %d answers", asked)
	}
}

func wrongInput(err error) bool {
	revert, ok := errors.AsType[*Revert](err)
	return ok && slices.ContainsFunc(revert.Reason, func(f felt) bool {
		text, _ := f.ShortString()
		return strings.HasPrefix(text, "Input too") || strings.HasPrefix(text, "Failed to deserialize")
	})
}
