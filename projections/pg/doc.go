// Package pg is the only package with SQL: it keeps the read models in Postgres and answers what the API asks of them.
//
// Rows and the place in the log that they came from commit in one transaction. The reader's row in the table readers is
// advanced last, and only where it still holds the offset and the owner epoch that the batch began with; so a batch takes
// effect once, whoever else believes to own the partition. Who may try is a lease on that row ([Claim]).
//
// Begin with [ChainLease.Commit]. What the API asks is in questions.go and the files named for what they ask about.
//
// # Questions about the past
//
// Every question runs in ask, in a snapshot of the database that is of one moment: now, or a past block. What a query names after "from"
// makes the difference, the rest of it is the same for both:
//
//   - snapshot.table("jobs") for one row by its key, for joins by key, and for sums over all rows, as leaderboards are;
//   - snapshot.walk("jobs", walk{by: "status", value: "pending", limit: 50}, &args) for a page of a list, the newest first. The list has an
//     order that no event changes, (created_block, key), which snapshot.order says again where the query joins anything; a page goes on
//     after the place of the row that the page before ended with;
//   - "block_number <= $n", with snapshot.at.Block, for journals.
//
// A column that lists are filtered by needs two history indexes in a migration, as those of jobs.status in migration 009: on
// (column, created_block, key) of the current rows, and on (column, version_fork(valid_from, valid_to), created_block, key) of the closed
// versions; a list of all rows needs (created_block, key). A filter that leaves out few rows goes without, as walk.and. What workers
// reported is not known of the past: snapshot.alive has no rows then.
package pg
