// Package embedded brings along the two services that sage-coordinator otherwise expects to find: a Kafka-protocol log in
// this process ([StartLog]) and a local Postgres ([StartPostgres]). Both keep their state in a directory of their own, so
// that a restart, and a kill -9, keep what was acknowledged.
//
// The package knows nothing of what is stored. Topics, tables and clients belong to its callers, which talk to both
// services over loopback TCP, exactly as they would to a cluster and a database server elsewhere. Tests of other packages
// start with the package embeddedtest.
//
// Begin with [StartLog]; then [StartPostgres] and, since the database runs in a child process of our own binary,
// [PostgresChild].
package embedded
