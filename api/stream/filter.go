package stream

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// topics are the frames that each path delivers, beside heartbeats; a path without a row delivers all.
var topics = map[string][]string{
	"/ws/jobs":       {"JobUpdate"},
	"/ws/workers":    {"WorkerUpdate", "NetworkStats"},
	"/ws/trading":    {"OrderPlaced", "OrderUpdated", "TradeExecuted"},
	"/ws/staking":    {"StakingEvent"},
	"/ws/governance": {"ProposalCreated", "VoteCast"},
}

// filter says which frames a client wants.
type filter struct {
	kinds    []string         // nil for all
	address  *schemas.Address // frames that concern the account
	pair     string           // frames of the trading pair
	proposal string           // frames of the proposal
}

// parseFilter reads a path and its query. What is malformed is an error, not an empty stream.
func parseFilter(path string, query url.Values) (f filter, err error) {
	f.kinds = topics[path]
	if f.kinds == nil {
		return f, nil
	}
	if text := query.Get("address"); text != "" {
		a, err := schemas.ParseAddress(text)
		if err != nil {
			return f, err
		}
		f.address = &a
	}
	if text := query.Get("pair_id"); text != "" {
		n, err := strconv.ParseUint(text, 10, 8)
		if err != nil {
			return f, fmt.Errorf("pair_id %q: want 0 to 255", text)
		}
		f.pair = strconv.FormatUint(n, 10)
	}
	if text := query.Get("proposal_id"); text != "" {
		id, err := schemas.ParseAmount(text)
		if err != nil {
			return f, fmt.Errorf("proposal_id: %w", err)
		}
		f.proposal = id.String()
	}
	return f, nil
}

// wants tells whether the client gets the frame. A filter never lets a frame pass that does not say what it asks for.
func (f filter) wants(fr frame) bool {
	switch {
	case fr.kind == "":
		return false // replaced by a later one
	case f.kinds == nil:
		return true
	case fr.kind == "Reorged":
		return true // what was sent may be void
	case !slices.Contains(f.kinds, fr.kind):
		return false
	case f.address != nil && fr.kind != "NetworkStats" && !slices.Contains(fr.addresses, *f.address):
		return false
	case f.pair != "" && fr.pair != f.pair:
		return false
	case f.proposal != "" && fr.proposal != f.proposal:
		return false
	}
	return true
}
