// Package starknet is the JSON-RPC client for StarkNet nodes, of spec 0.8 to 0.10.
//
// It is small on purpose: the calls that the coordinator needs, parameters by name (real nodes refuse positions), answers with
// what is optional left optional and what is required checked, so that a broken proxy never reads as an empty block. An error
// says what failed, so that a caller can tell what is worth a retry: [RPCError] is the node's own answer, [HTTPError] that of
// something in front of it, [ErrMalformed] an answer that makes no sense, [ErrTimeout] none in time. What to make of the answers
// is the caller's business. Begin with [Client].
package starknet
