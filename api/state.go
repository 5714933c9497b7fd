package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// stateDigest answers GET /api/state/digest: coordinators with logs of their own that agree on it have the same read models.
type stateDigest struct {
	Network   string               `json:"network"`
	Block     uint64               `json:"block"`
	ChangedAt uint64               `json:"changed_at"` // the newest block up to it that changed anything
	Digest    projections.Digest   `json:"digest"`     // sha-256, hex
	Versions  projections.Versions `json:"versions"`   // of the read models
	ABISet    string               `json:"abi_set"`    // of the ABIs that this build has
}

func (s *Server) stateDigest(c *gin.Context) {
	as, ok := moment(c)
	if !ok {
		return
	}
	d, at, err := s.config.Models.Digest(c, as)
	if err != nil {
		s.unavailable(c, "the database", err)
		return
	}
	fresh(c, at)
	c.JSON(http.StatusOK, stateDigest{
		Network: s.config.Network, Block: d.Block, ChangedAt: d.ChangedAt, Digest: d.Digest, Versions: d.Versions, ABISet: schemas.ABISet(),
	})
}
