// Package api is the edge for people and programs: routes, answers, errors, health and metrics. It reads the read models
// through [ReadModels], records heartbeats through [Heartbeats], and never writes a table. The WebSocket hub is in api/stream.
//
// Answers keep the shapes that published clients read, with members added and none changed. What the log does not know is
// null where the shape allows it, else a neutral value whose name stands in the answer's member unknown. A database that does
// not answer is a 503, never zeros. Begin with [New].
package api
