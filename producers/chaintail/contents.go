package chaintail

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// contents stand for the transactions of a block. A block's hash does, too, where it commits to a state root. Nodes for tests
// need not have one: starknet-devnet 0.10 makes a block's hash of its number and its parent, so that after it took blocks back
// others come under the same hashes. With such a node the blocks that the log has are asked for again and again. After a restart
// their times alone tell, to the second.
type contents [sha256.Size]byte

func contentsOf(h starknet.Header) contents {
	doc := make([]byte, 0, len(h.TxHashes)*len(schemas.Hash{}))
	for _, tx := range h.TxHashes {
		doc = append(doc, tx[:]...)
	}
	return sha256.Sum256(doc)
}

// same tells whether the node's block is the one that was sealed: by its hash, its time, and its transactions as far as they
// are known.
func (s seal) same(h starknet.Header) bool {
	return h.Hash == s.Hash && (s.at == 0 || s.at == h.Timestamp) && (s.contents == contents{} || s.contents == contentsOf(h))
}

// continued tells whether a block, the next one to write, fits to what the log holds, and whether the node still has what it is
// to continue. A node that no longer has that block, being pruned, has said enough by the parent of the next.
func (t *Tailer) continued(ctx context.Context, w *chainWriter, next starknet.Header) (bool, error) {
	if !w.continues(next) {
		return false, nil
	}
	if !next.Rootless {
		return true, nil
	}
	newest, ok, err := w.branch.at(ctx, 0)
	if err != nil || !ok {
		return true, err
	}
	h, err := t.at.header(ctx, newest.Number)
	if errors.Is(err, starknet.ErrBlockNotFound) {
		return true, nil
	}
	return err == nil && newest.same(h), err
}
