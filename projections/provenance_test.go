package projections

import (
	"testing"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// TestProvenance folds a few events into versions, and tells from the versions and the events which made what.
func TestProvenance(t *testing.T) {
	facts := []schemas.Fact{
		narrated(t, `10 JobManager.JobSubmitted {"job_id":"7","client":"0xa","payment":"5"}`, 0),
		narrated(t, `10 JobManager.JobAssigned {"job_id":"7","worker":"0xb"}`, 1),
		narrated(t, `10 JobManager.JobSubmitted {"job_id":"8","client":"0xa","payment":"5"}`, 2),
		narrated(t, `12 JobManager.JobCompleted {"job_id":"7","worker":"0xb"}`, 3),
	}
	var steps []schemas.Step
	for _, f := range facts {
		if n := len(steps); n == 0 || steps[n-1].Block.Number != f.Position.Block {
			steps = append(steps, schemas.Step{Block: &schemas.Block{BlockRef: schemas.BlockRef{Number: f.Position.Block}, Sealed: true}})
		}
		steps[len(steps)-1].Block.Facts = append(steps[len(steps)-1].Block.Facts, f)
	}
	set := Set{Entities: []EntityModel{Jobs.Model()}}
	folder := NewFolder(set)
	folder.Learn(0, folder.Missing(steps)[0], nil)
	batch, err := folder.Fold(steps)
	if err != nil {
		t.Fatal(err)
	}
	h := RowHistory{Versions: []Version{batch.Entities[0].Closed[0].Version, batch.Entities[0].Current["7"]}, Events: facts}
	changes, agrees := set.Entities[0].Provenance("7", h)
	if len(changes) != 3 || !agrees || len(h.Missing()) != 0 {
		t.Fatalf("%d changes, agrees %v, missing %v", len(changes), agrees, h.Missing())
	}
	if last := changes[2]; last.Offset != 3 || last.After != batch.Entities[0].Current["7"].State || changes[0].After.(Job).Status != JobPending {
		t.Errorf("%+v", changes)
	}
	// The later half begins with the state that the earlier half left.
	later, agrees := set.Entities[0].Provenance("7", RowHistory{Before: h.Versions[0].State, Versions: h.Versions[1:], Events: facts[3:]})
	if len(later) != 1 || !agrees || later[0].After != changes[2].After {
		t.Errorf("%+v, agrees %v", later, agrees)
	}
	// A row that somebody changed does not agree.
	wrong := h.Versions[1].State.(Job)
	wrong.Status = JobCancelled
	h.Versions[1].State = wrong
	if _, agrees := set.Entities[0].Provenance("7", h); agrees {
		t.Error("a row that is not what its facts give agrees")
	}
	// A fact that only the log has is missing among the events.
	if got := (RowHistory{Versions: h.Versions, Events: facts[:2]}).Missing(); len(got) != 1 || got[0] != 3 {
		t.Errorf("missing %v", got)
	}
}
