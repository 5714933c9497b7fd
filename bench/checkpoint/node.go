package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

const (
	accounts = 100
	perBlock = 10 // events, two of a transaction
	perTx    = 2
	maxChunk = 1_024
	genesis  = 1_700_000_000
)

// claim is one event of the made-up chain: an account takes tokens of the faucet.
type claim struct {
	User   schemas.Address
	Amount schemas.Amount
	Number uint64
	keys   []schemas.Felt
	data   []schemas.Felt
}

type transaction struct {
	hash   schemas.Hash
	claims []claim
}

type block struct {
	number       uint64
	hash, parent schemas.Hash
	txs          []*transaction
}

// node is a made-up StarkNet node (spec 0.10.1) of a chain of nothing but claims, as many in each block, that can be reorganised and
// can refuse a call. It is safe for concurrent use.
type node struct {
	faucet schemas.Address
	chain  schemas.Felt

	mu     sync.Mutex
	blocks []block // by number
	made   uint64  // transactions
	branch uint64
	counts [accounts]uint64
	refuse bool      // the next getEvents call
	asked  time.Time // when events were asked for first
}

func newNode(blocks int) (*node, error) {
	n := &node{}
	contracts, err := schemas.Contracts(schemas.Local)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(contracts, func(c schemas.Contract) bool { return c.Name == "Faucet" })
	if i < 0 {
		return nil, errors.New("the catalogue has no faucet")
	}
	n.faucet = contracts[i].Address
	if n.chain, err = schemas.ChainID(schemas.Local); err != nil {
		return nil, err
	}
	n.seal(nil) // the first block has nothing in it: Checkpoint takes the number 0 for none
	return n, n.grow(blocks)
}

// grow makes blocks with new claims on top of the chain.
func (n *node) grow(blocks int) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for range blocks {
		var txs []*transaction
		for range perBlock / perTx {
			tx := &transaction{hash: schemas.Hash(schemas.FeltFromUint64(1<<40 + n.made))}
			for range perTx {
				c, err := n.claim()
				if err != nil {
					return err
				}
				tx.claims = append(tx.claims, c)
			}
			n.made++
			txs = append(txs, tx)
		}
		n.seal(txs)
	}
	return nil
}

func (n *node) claim() (claim, error) {
	account := (n.made*7 + uint64(len(n.blocks))) % accounts
	n.counts[account]++
	c := claim{
		User: schemas.Address(schemas.FeltFromUint64(1<<32 + account)), Amount: schemas.AmountFromUint64(1_000_000 + n.made%997),
		Number: n.counts[account],
	}
	abi, err := schemas.Embedded("Faucet")
	if err != nil {
		return c, err
	}
	c.keys, c.data, err = abi.EncodeEvent("TokensClaimed", schemas.FaucetTokensClaimed{User: c.User, Amount: c.Amount, ClaimNumber: c.Number})
	return c, err
}

// seal puts transactions into a block on top. The caller holds mu.
func (n *node) seal(txs []*transaction) {
	b := block{number: uint64(len(n.blocks)), txs: txs}
	b.hash = schemas.Hash(schemas.FeltFromUint64((n.branch+1)<<48 + b.number))
	if b.number > 0 {
		b.parent = n.blocks[b.number-1].hash
	}
	n.blocks = append(n.blocks, b)
}

// reorganise replaces the newest blocks: each transaction of theirs comes again, half of a block's in the next block, as after a real
// reorganisation.
func (n *node) reorganise(depth int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	old := slices.Clone(n.blocks[len(n.blocks)-depth:])
	n.blocks = n.blocks[:len(n.blocks)-depth]
	n.branch++
	var late []*transaction
	for i, b := range old {
		half := (len(b.txs) + 1) / 2
		if i == len(old)-1 {
			half = len(b.txs)
		}
		n.seal(slices.Concat(late, b.txs[:half]))
		late = b.txs[half:]
	}
}

// refuseOne makes the node answer the next getEvents call with an error.
func (n *node) refuseOne() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.refuse = true
}

// began is when somebody asked for events first.
func (n *node) began() time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.asked
}

func (n *node) head() uint64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return uint64(len(n.blocks) - 1)
}

// truth is what the claims of the chain as it stands come to, and the chain's head.
func (n *node) truth() (rows, head uint64, t tables) {
	n.mu.Lock()
	defer n.mu.Unlock()
	t = tables{claims: map[string]int{}, totals: map[string]string{}}
	sums := map[string]schemas.Amount{}
	for _, b := range n.blocks {
		for _, tx := range b.txs {
			for _, c := range tx.claims {
				user := c.User.Felt().String()
				t.claims[fmt.Sprintf("%s/%d %s %s", user, c.Number, tx.hash.Felt(), c.Amount)]++
				sums[user] = sums[user].Add(c.Amount)
				rows++
			}
		}
	}
	for user, sum := range sums {
		t.totals[user] = sum.String()
	}
	return rows, uint64(len(n.blocks) - 1), t
}

type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (e *rpcError) Error() string { return e.Message }

var errRefused = errors.New("refused")

// ServeHTTP answers a JSON-RPC call whose parameters have names, or stand in the order of the spec.
func (n *node) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q struct {
		ID     json.RawMessage `json:"id"`
		Method string          `json:"method"`
		Params json.RawMessage `json:"params"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var first json.RawMessage
	var named map[string]json.RawMessage
	var listed []json.RawMessage
	if json.Unmarshal(q.Params, &listed) == nil && len(listed) > 0 {
		first = listed[0]
	} else if json.Unmarshal(q.Params, &named) == nil {
		for _, name := range []string{"block_id", "filter"} {
			if named[name] != nil {
				first = named[name]
			}
		}
	}
	result, err := n.answer(q.Method, first)
	answer := map[string]any{"jsonrpc": "2.0", "id": q.ID, "result": result}
	var known *rpcError
	switch {
	case errors.Is(err, errRefused):
		http.Error(w, "the node has a bad moment", http.StatusInternalServerError)
		return
	case errors.As(err, &known):
		delete(answer, "result")
		answer["error"] = known
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer) // a client that went away is killed by the test
}

func (n *node) answer(method string, argument json.RawMessage) (any, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch method {
	case "starknet_specVersion":
		return "0.10.1", nil
	case "starknet_chainId":
		return n.chain, nil
	case "starknet_blockNumber":
		return len(n.blocks) - 1, nil
	case "starknet_getBlockWithTxHashes":
		return n.block(argument, func(t *transaction) any { return t.hash })
	case "starknet_getBlockWithReceipts":
		return n.block(argument, n.withReceipt)
	case "starknet_getEvents":
		return n.page(argument)
	case "starknet_getClassHashAt", "starknet_getClassAt", "starknet_call":
		return nil, &rpcError{20, "Contract not found"} // nothing is deployed: events are all that there is
	}
	return nil, &rpcError{-32601, "Method not found"}
}

// find returns the place of the block that an id names.
func (n *node) find(id json.RawMessage) (int, error) {
	var tag string
	var named struct {
		Hash   *schemas.Hash `json:"block_hash"`
		Number *int          `json:"block_number"`
	}
	at := -1
	switch {
	case json.Unmarshal(id, &tag) == nil && tag == "latest":
		at = len(n.blocks) - 1
	case tag == "l1_accepted":
		at = 0
	case tag != "":
	case json.Unmarshal(id, &named) != nil:
	case named.Number != nil:
		at = *named.Number
	case named.Hash != nil:
		at = slices.IndexFunc(n.blocks, func(b block) bool { return b.hash == *named.Hash })
	}
	if at < 0 || at >= len(n.blocks) {
		return 0, &rpcError{24, "Block not found"}
	}
	return at, nil
}

func (n *node) block(id json.RawMessage, each func(*transaction) any) (any, error) {
	at, err := n.find(id)
	if err != nil {
		return nil, err
	}
	b := n.blocks[at]
	txs := make([]any, len(b.txs))
	for i, t := range b.txs {
		txs[i] = each(t)
	}
	return map[string]any{
		"status": "ACCEPTED_ON_L2", "block_hash": b.hash, "parent_hash": b.parent, "block_number": b.number, "new_root": "0x1",
		"timestamp": genesis + b.number*2, "event_count": len(b.txs) * perTx, "transaction_count": len(b.txs), "transactions": txs,
	}, nil
}

func (n *node) withReceipt(t *transaction) any {
	events := make([]any, len(t.claims))
	for i, c := range t.claims {
		events[i] = map[string]any{"from_address": n.faucet, "keys": c.keys, "data": c.data}
	}
	return map[string]any{
		"transaction": map[string]any{"transaction_hash": t.hash},
		"receipt":     map[string]any{"transaction_hash": t.hash, "execution_status": "SUCCEEDED", "events": events},
	}
}

// page answers getEvents. Its token is the place of the next event: block, and event in the block.
func (n *node) page(argument json.RawMessage) (any, error) {
	if n.asked.IsZero() {
		n.asked = time.Now()
	}
	if n.refuse {
		n.refuse = false
		return nil, errRefused
	}
	var f struct {
		From    json.RawMessage `json:"from_block"`
		To      json.RawMessage `json:"to_block"`
		Address json.RawMessage `json:"address"`
		Chunk   int             `json:"chunk_size"`
		Token   string          `json:"continuation_token"`
	}
	if err := json.Unmarshal(argument, &f); err != nil {
		return nil, err
	}
	if f.Chunk < 1 || f.Chunk > maxChunk {
		return nil, &rpcError{31, "Requested page size is too big"}
	}
	from, err := n.find(f.From)
	if err != nil {
		return nil, err
	}
	to, err := n.find(f.To)
	if err != nil {
		return nil, err
	}
	skip := 0
	if f.Token != "" {
		if _, err := fmt.Sscanf(f.Token, "%d-%d", &from, &skip); err != nil {
			return nil, &rpcError{33, "The supplied continuation token is invalid or unknown"}
		}
	}
	events := []any{}
	if len(f.Address) > 0 && !strings.Contains(string(f.Address), n.faucet.Felt().String()) {
		return map[string]any{"events": events}, nil
	}
	for at := from; at <= to; at++ {
		b, i := n.blocks[at], 0
		for t, tx := range b.txs {
			for e, c := range tx.claims {
				if i++; i <= skip {
					continue
				}
				if len(events) == f.Chunk {
					return map[string]any{"events": events, "continuation_token": fmt.Sprintf("%d-%d", at, i-1)}, nil
				}
				events = append(events, map[string]any{
					"from_address": n.faucet.Felt(), "keys": c.keys, "data": c.data, "block_hash": b.hash.Felt(), "block_number": b.number,
					"transaction_hash": tx.hash.Felt(), "transaction_index": t, "event_index": e,
				})
			}
		}
		skip = 0
	}
	return map[string]any{"events": events}, nil
}
