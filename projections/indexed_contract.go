package projections

import (
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// IndexedContract is what the indexer has seen of one contract.
type IndexedContract struct {
	Address     schemas.Address `db:"contract_address"`
	Name        string          `db:"contract_name"`
	Events      int64           `db:"events"`
	Undecoded   int64           `db:"undecoded"`
	LastEventAt time.Time       `db:"last_event_at"`
}

// IndexedContracts counts the events of each contract; the view indexer_state joins them with the head.
var IndexedContracts = Entity[IndexedContract]{
	Table: "indexed_contracts",
	Keys: func(f schemas.Fact) []string {
		if f.Observed() {
			return nil
		}
		return []string{f.Contract.String()}
	},
	Fold: func(c IndexedContract, f schemas.Fact) IndexedContract {
		c.Address, c.Name, c.LastEventAt = f.Contract, f.ContractName, f.Time
		c.Events++
		if _, undecoded := f.Event.(schemas.Undecoded); undecoded {
			c.Undecoded++
		}
		return c
	},
}
