// Package simnet is a simulated StarkNet node with BitSage's contracts on it: a development tool, never a source of real
// numbers. It says so in every log line, in the addresses' names of its network (local, chain SN_BITSAGE_LOCAL) and here.
//
// A [Net] makes its chain up from a seed. What happens on it, and what every view of its contracts answers at every block, is
// package economy's; this package seals it into blocks ([Net.Produce], [Net.Run]), takes blocks back and puts others in their
// place ([Net.Reorg], [Net.Restore]), keeps the journal that a restart goes on from, and serves it all over StarkNet's
// JSON-RPC, spec 0.9 ([Net.Handler]). [Fleet] lets the simulated workers send heartbeats through the public API.
//
// # What follows from what
//
// The same seed, number of workers, first block and times give the same chain, hash by hash. What does not follow from these
// (block times and reorganisations) is in the journal, which is flushed to disk before a block is served: a restart, and a
// kill -9, go on at the same head. Hashes are SHA-256 under domains of their own, cut to 250 bits: valid felts that depend on
// their parents, but not the hashes that StarkNet would compute. Signatures of transactions are placeholders of the same kind;
// is_valid_signature of the accounts, however, verifies.
//
// # Blocks below the first
//
// A network may begin at any number ([Config.FirstBlock]), as if it was deployed late. The blocks below exist, are empty and
// have no contracts.
package simnet
