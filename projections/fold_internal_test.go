package projections

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

type counted struct {
	Key   string `db:"key"`
	Count int64  `db:"count"`
	Last  string `db:"last"`
}

// TestAFolderThatForgetsFoldsTheSame folds batches with a memory of a few rows, while each batch reaches the store only after the rows
// of the next one were loaded, as it may when fold and write overlap.
func TestAFolderThatForgetsFoldsTheSame(t *testing.T) {
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		model := Entity[counted]{
			Table: "counted", Keys: func(f schemas.Fact) []string { return []string{f.Type} },
			Fold: func(c counted, f schemas.Fact) counted { return counted{f.Type, c.Count + 1, c.Last + "." + f.ID} },
		}
		f := NewFolder(Set{Entities: []EntityModel{model.Model()}})
		f.limit = rnd.IntN(6)
		store, want := map[string]Version{}, map[string]counted{}
		var onTheWay *Batch
		arrive := func() {
			if onTheWay != nil {
				maps.Copy(store, onTheWay.Entities[0].Current)
			}
		}
		loads := 0
		for block := range uint64(200) {
			var step schemas.Step
			step.Block = &schemas.Block{BlockRef: schemas.BlockRef{Number: block}}
			for i := range rnd.IntN(4) {
				fact := schemas.Fact{Type: fmt.Sprint("k", rnd.IntN(12)), ID: fmt.Sprint(block, "/", i), Position: schemas.Position{Block: block}}
				step.Block.Facts = append(step.Block.Facts, fact)
				c := want[fact.Type]
				want[fact.Type] = counted{fact.Type, c.Count + 1, c.Last + "." + fact.ID}
			}
			missing := f.Missing([]schemas.Step{step})
			loads += len(missing[0])
			rows := map[string]Version{}
			for _, key := range missing[0] {
				if v, ok := store[key]; ok {
					rows[key] = v
				}
			}
			f.Learn(0, missing[0], rows)
			b, err := f.Fold([]schemas.Step{step})
			if err != nil {
				t.Fatal(err)
			}
			arrive()
			onTheWay = &b
		}
		arrive()
		if loads <= len(want) {
			t.Errorf("seed %d: nothing was forgotten: the test has no teeth", seed)
		}
		for key, w := range want {
			if got := store[key].State; got != w {
				t.Errorf("seed %d: %s is %v, want %v", seed, key, got, w)
			}
		}
	}
}
