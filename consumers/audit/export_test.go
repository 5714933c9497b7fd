package audit

import "context"

// RoundOf compares what is of one read model, once.
func (a *Auditor) RoundOf(ctx context.Context, projection string) {
	for _, c := range a.checks {
		if c.projection == projection {
			a.compare(ctx, c)
		}
	}
}
