// Package economy is the pure core of the simulated network, a development tool: BitSage's contracts as state machines, and
// the people and programs that use them. It knows neither blocks' hashes nor HTTP nor a clock; package chain seals what
// happens here into blocks, and package rpc serves it.
//
// A [World] holds every contract at its address. [World.Execute] runs one transaction: entry points change storage and emit
// events in the order in which the real contracts do, and a failed assertion undoes all of it, as on chain.
// [World.View] answers a call of a view function at any point of the past, since the storage ([Ledger]) keeps every version
// of every cell; [World.Truncate] takes the world back to a point, for reorganisations.
//
// [World.Act] lets the actors of the simulation work for one block: workers join, claim jobs and finish them, clients submit
// and pay, traders trade, holders vote. What they do follows from the seed, the block's number and what they see on chain,
// so the same recipe gives the same transactions.
//
// The contracts follow the behaviour of the real ones, their oddities included, since readers of the chain have to cope with
// them: a first WorkerStaking stake always reverts, an upheld challenge cannot be settled, large SAGE transfers are debited
// twice, expired jobs stay active, the pool slashes without an event and no metered hour is ever paid. One file holds one
// contract. What is left out is left out whole: a view that is not simulated reverts and says so. Of the contracts with audit
// rules none is; upgrades, privacy, vesting, collateral, gas fees and the registries of provers and enclaves are.
package economy
