package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// ConsensusRound is one epoch of the ValidatorRegistry: the nearest thing to a round of consensus that the chain tells of. It
// ends when the next one starts.
type ConsensusRound struct {
	Epoch      schemas.Amount        `db:"epoch"`
	StartedAt  Maybe[time.Time]      `db:"started_at"`
	Validators Maybe[int64]          `db:"validators"`
	Weight     Maybe[schemas.Amount] `db:"total_weight"`
	TxHash     schemas.Hash          `db:"tx_hash"`
}

// ConsensusRounds follows the epochs. Nobody can register as a validator at the contract as it is written, so that the sets
// that are told are empty ones.
var ConsensusRounds = Entity[ConsensusRound]{
	Table: "consensus_rounds",
	Keys: func(f schemas.Fact) []string {
		switch e := f.Event.(type) {
		case schemas.ValidatorRegistryEpochAdvanced:
			return []string{schemas.AmountFromUint64(e.NewEpoch).String()}
		case schemas.ValidatorRegistryValidatorSetUpdated:
			return []string{schemas.AmountFromUint64(e.Epoch).String()}
		}
		return nil
	},
	Fold: func(r ConsensusRound, f schemas.Fact) ConsensusRound {
		r.TxHash = f.TxHash
		switch e := f.Event.(type) {
		case schemas.ValidatorRegistryEpochAdvanced:
			r.Epoch, r.StartedAt = schemas.AmountFromUint64(e.NewEpoch), Known(f.Time)
		case schemas.ValidatorRegistryValidatorSetUpdated:
			r.Epoch, r.Weight = schemas.AmountFromUint64(e.Epoch), Known(e.TotalWeight)
			r.Validators = Known(int64(min(e.Count, 1<<63-1)))
		}
		return r
	},
}
