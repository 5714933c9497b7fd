// Package pg is the only package with SQL: it keeps the read models in Postgres and answers what the API asks of them.
//
// Rows and the place in the log that they came from commit in one transaction. The reader's row in the table readers is
// advanced last, and only where it still holds the offset and the owner epoch that the batch began with; so a batch takes
// effect once, whoever else believes to own the partition. Who may try is a lease on that row ([Claim]).
//
// Begin with [ChainLease.Commit]. What the API asks is in the files questions_*.go.
package pg
