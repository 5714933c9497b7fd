// Package schemas is the vocabulary of the house: what the log carries and how it is read.
//
// It holds the canonical values ([Felt], [Address], [Hash], [Amount]), the contracts' events as generated from their ABIs
// with the codec that reads and writes their felts ([ABI]), the envelope and the topics of the log ([Envelope], [Topics]),
// and the rule by which every reader of the chain topic decides what stands ([ChainReader]).
//
// Everything here is pure: no I/O, no clock, no goroutines, and no import of another room. A family of events is a file
// <family>_gen.go with a sealed interface; to add an event put its ABI into schemas/abi, name its family in catalogue.json and
// run `make generate`.
package schemas
