package api

import (
	"fmt"
	"net/http"
	"strconv"

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
	var block *uint64
	if text := c.Query("block"); text != "" {
		n, err := strconv.ParseUint(text, 10, 63)
		if err != nil {
			fail(c, http.StatusBadRequest, "invalid_block", fmt.Sprintf("block %q: want the number of a block", text))
			return
		}
		block = &n
	}
	d, ok, at, err := s.config.Models.Digest(c, block)
	switch {
	case err != nil:
		s.unavailable(c, "the database", err)
		return
	case !ok:
		fail(c, http.StatusNotFound, "block_not_indexed", fmt.Sprintf("block %d is not indexed yet: the newest one is %d", d.Block, at.Block))
		return
	}
	fresh(c, at)
	c.JSON(http.StatusOK, stateDigest{
		Network: s.config.Network, Block: d.Block, ChangedAt: d.ChangedAt, Digest: d.Digest, Versions: d.Versions, ABISet: schemas.ABISet(),
	})
}
