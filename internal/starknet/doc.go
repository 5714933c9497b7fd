// Package starknet is the JSON-RPC client for StarkNet nodes, of spec 0.8 to 0.10.
//
// It is small on purpose: the calls that the tailer needs, parameters by name (real nodes refuse positions), answers with
// what is optional left optional, and errors that say whether trying again can help. What to make of the answers is in
// producers/chaintail. Begin with [Client].
package starknet
