// Package api is the edge for people and programs: routes, answers, errors, health and metrics. It reads the read models
// through [ReadModels], records heartbeats through [Reports], and never writes a table. The WebSocket hub is in api/stream.
//
// Answers keep the shapes that published clients read, with members added and none changed. What the log does not know is
// null where the shape allows it, else a neutral value whose name stands in the answer's member unknown. A database that does
// not answer is a 503, never zeros. Begin with [New].
//
// # Adding a read
//
// The table of [Server.routes] is where an endpoint is declared; the router, the limits, the checks of parameters, the cache and the
// OpenAPI document follow from it. To add a read:
//
//  1. Declare the answer: a struct with json tags, doc tags where a name does not say all, enum tags for words. A pointer may be null;
//     a list is never nil.
//  2. Declare the parameters in the handler's signature: embed [Moment] (?block, ?at), [Caller] (whose), [Paged] (cursor, page, offset), and
//     add fields tagged query, path or header, with doc, default, minimum, maximum, enum.
//  3. Write the handler: func(ctx, *params) (answer, projections.Freshness, error). It asks the models and shapes the answer. It answers what
//     went wrong with problemError{fault(kind, words)}; any other error is a 503, and goes to the log.
//  4. Add read(Route{…}, s.handler) to the part of the table that fits, with the sources that the answer is made of.
//  5. Put the path into a file of testdata/transcripts: a test compares the answer with what stands below it.
package api
