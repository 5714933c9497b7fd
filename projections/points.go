package projections

// Points stops the engine at places that have names, such as between two statements of a batch's transaction: an error that it returns
// is what a crash there would be. Tests inject it; nil, as in production, stops nowhere. Calls may come from several goroutines.
type Points func(point string) error

// At is called where the engine passes a point.
func (p Points) At(point string) error {
	if p == nil {
		return nil
	}
	return p(point)
}

// The points that the engine passes. Beside them there is one after each table that a batch writes or a reorganisation takes back,
// [PointWrote] with its name.
const (
	PointClaiming  = "claiming"  // the lease is not yet taken
	PointPrepared  = "prepared"  // the reader has a row, and its lease is not yet taken
	PointEnded     = "ended"     // the backend of the last owner has ended, and the lease is not yet taken
	PointClaimed   = "claimed"   // the lease is taken, and nobody knows
	PointExtended  = "extended"  // and holds for another topic of the partition
	PointLoaded    = "loaded"    // rows are loaded and not folded
	PointBegun     = "begun"     // a transaction is open, and empty
	PointWrote     = "wrote "    // and the table's name
	PointAdvanced  = "advanced"  // the reader's row is moved on, and not committed
	PointCommitted = "committed" // a batch is stored, and nobody knows
	PointReverting = "reverting" // a reorganisation is about to be stored
	PointReleasing = "releasing" // the lease is about to be given back
)
