package api

import (
	"context"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// stateDigest answers GET /api/state/digest: coordinators with logs of their own that agree on it have the same read models.
type stateDigest struct {
	Network   string               `json:"network"`
	Block     uint64               `json:"block"`
	ChangedAt uint64               `json:"changed_at"` // the newest block up to it that changed anything
	Digest    string               `json:"digest"`     // sha-256, hex
	Versions  projections.Versions `json:"versions"`   // of the read models
	ABISet    string               `json:"abi_set"`    // of the ABIs that this build has
}

func (s *Server) stateDigest(ctx context.Context, in *struct{ Moment }) (a stateDigest, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	d, at, err := s.config.Models.Digest(ctx, as)
	return stateDigest{
		Network: s.config.Network, Block: d.Block, ChangedAt: d.ChangedAt, Digest: d.Digest.String(), Versions: d.Versions, ABISet: schemas.ABISet(),
	}, at, err
}
