// Package projections says what events mean: for each read model a state and a pure fold, one file each, all listed in
// [Chain].
//
// A fold takes the state of one entity and one fact and returns the next state. It never fails, never looks at a clock and
// never goes backwards: undoing a reorganisation is the store's business, which keeps every closed version. What a fact
// cannot tell stays unknown ([Maybe]), and is not guessed. An event that cannot be, given the state, is folded all the same, and
// recorded among the [Anomalies].
//
// How rows are kept, versioned and asked for is in projections/pg; the loop that feeds the folds is in consumers. To add a
// read model write its file, its transcript in testdata, its migration, and its line in [Chain].
package projections
