package schemas

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"
)

//go:embed catalogue.json
var catalogueDocument []byte

// CatalogueEntry is one contract of the network as the catalogue (catalogue.json) knows it.
type CatalogueEntry struct {
	Contract string            `json:"contract"`
	Env      string            `json:"env"`     // the variable that overrides its addresses, such as JOB_MANAGER_ADDRESS
	Family   string            `json:"family"`  // of events that the catalogue does not name, from a newer ABI
	Sepolia  []Address         `json:"sepolia"` // default addresses; several where a contract was deployed again
	Events   map[string]string `json:"events"`  // event name to family
}

var catalogue = sync.OnceValue(func() []CatalogueEntry {
	var entries []CatalogueEntry
	if err := json.Unmarshal(catalogueDocument, &entries); err != nil {
		panic(fmt.Sprintf("schemas: the embedded catalogue.json is broken: %v", err))
	}
	return entries
})

// Catalogue returns every contract that we know an ABI of, in alphabetical order. The result is shared: do not change it.
func Catalogue() []CatalogueEntry { return catalogue() }

// The networks that the coordinator knows. Local is the simulated one.
const (
	Sepolia = "sepolia"
	Mainnet = "mainnet"
	Local   = "local"
)

// ChainID returns the id that a node of the network answers to starknet_chainId, a short string as a felt.
func ChainID(network string) (Felt, error) {
	switch network {
	case Sepolia:
		return ShortString("SN_SEPOLIA"), nil
	case Mainnet:
		return ShortString("SN_MAIN"), nil
	case Local:
		return ShortString("SN_BITSAGE_LOCAL"), nil
	}
	return Felt{}, fmt.Errorf("unknown network %q: want %s, %s or %s", network, Sepolia, Mainnet, Local)
}

// Contract is a contract at an address: what the tailer follows.
type Contract struct {
	Name    string
	Address Address
	Env     string
}

// Contracts returns the network's contracts by default. Sepolia has the catalogue's addresses, Local the first of each;
// Mainnet has names without addresses, which configuration must give.
func Contracts(network string) ([]Contract, error) {
	if _, err := ChainID(network); err != nil {
		return nil, err
	}
	var out []Contract
	for _, e := range Catalogue() {
		addresses := e.Sepolia
		switch {
		case network == Mainnet:
			addresses = []Address{{}}
		case network == Local && len(addresses) > 1:
			addresses = addresses[:1]
		}
		for _, a := range addresses {
			out = append(out, Contract{Name: e.Contract, Address: a, Env: e.Env})
		}
	}
	return out, nil
}

// EventType returns the stable type of a contract's event, bitsage.<family>.<Contract>.<Event>.
func EventType(contract, event string) string {
	family := "admin"
	for _, e := range Catalogue() {
		if e.Contract == contract {
			family = e.Family
			if f, ok := e.Events[event]; ok {
				family = f
			}
			break
		}
	}
	return "bitsage." + family + "." + contract + "." + event
}
