// Package simnet is a simulated StarkNet network: a development tool, never a source of real numbers.
//
// A [Net] is a chain that makes itself up from a seed: workers stake and register, clients submit jobs, workers take and
// finish them and are paid, orders trade, proposals are voted on, challenges are raised and resolved, and now and then
// somebody is slashed. The events are laid out by the real contracts' ABIs and come in the order in which the contracts emit
// them; what the contracts cannot emit never happens. [Net.Handler] serves it over StarkNet's JSON-RPC, spec 0.9, and [Fleet]
// lets the simulated workers send heartbeats through the public API.
//
// The same seed and the same times give the same chain, hash by hash. What does not follow from the seed (block times and
// reorganisations) is in a journal, written and flushed before a block is served, so that a restart goes on at the same head.
package simnet
