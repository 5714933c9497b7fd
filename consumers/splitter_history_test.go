package consumers_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/bitsage-network/validator-dashboard/consumers"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestSplitHistories splits random chain topics, with reorganisations, takeovers, zombies and doubled records, while appends fail and
// splitters are stopped and fenced. Whoever reads the topic of a family from its beginning, and takes back what its
// reorganisations say, must have the events of the standing chain, in order, each once.
func TestSplitHistories(t *testing.T) {
	for s := range uint64(20) {
		t.Run(fmt.Sprint("seed=", s), func(t *testing.T) {
			h := newHistory(t, s, 150)
			want := map[string][]string{}
			for _, step := range h.chain {
				for _, f := range step.Block.Facts {
					topic := schemas.FamilyTopic(schemas.FamilyOf(f))
					want[topic] = append(want[topic], fmt.Sprint(f.ID, " ", schemas.EntityKey(f)))
				}
			}
			var topics map[string][]schemas.Record
			synctest.Test(t, func(t *testing.T) { topics = consumers.Split(t, s, h.log) })
			for _, family := range schemas.Families() {
				topic := schemas.FamilyTopic(family)
				if got := standing(t, topics[topic]); !slices.Equal(got, want[topic]) {
					t.Errorf("%s: %s", topic, firstDifference(got, want[topic]))
				}
			}
		})
	}
}

// standing reads a derived topic as an analyst would.
func standing(t *testing.T, records []schemas.Record) []string {
	t.Helper()
	type event struct {
		block uint64
		text  string
	}
	var chain []event
	last := int64(-1)
	for _, rec := range records {
		env, err := schemas.ParseEnvelope(rec)
		if err != nil {
			t.Fatal(err)
		}
		if env.Type == schemas.TypeSplitClaimed {
			continue
		}
		offset, derived, err := schemas.SourceOffset(rec)
		if err != nil || !derived {
			t.Fatalf("%s has no source offset: %v", env.ID, err)
		}
		if offset <= last {
			t.Fatalf("offset %d of the chain topic comes after offset %d", offset, last)
		}
		last = offset
		if env.Type == schemas.TypeReorged {
			common := decode[schemas.Reorged](t, env.Data).Common.Number
			chain = slices.DeleteFunc(chain, func(e event) bool { return e.block > common })
			continue
		}
		chain = append(chain, event{env.Position.Block, env.ID + " " + string(rec.Key)})
	}
	var out []string
	for _, e := range chain {
		out = append(out, e.text)
	}
	return out
}

func decode[T any](t *testing.T, data []byte) (v T) {
	t.Helper()
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}
