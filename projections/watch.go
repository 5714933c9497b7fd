package projections

// Watch is what monitoring asks of the read models, beyond [NetworkStats].
type Watch struct {
	Workers    []WorkerWatch
	Votes      []VoterWatch
	Rounds     map[CaseStatus]int64 // challenges at FraudProof that came to an end
	Frauds     int64                // that FraudProof told of
	Validators *int64               // nil where the chain has not told of a set
}

// WorkerWatch is one registered worker, or the mean over those that are not told one by one. What is nil is not known.
type WorkerWatch struct {
	Address        string // empty for the mean
	UptimePercent  *float64
	GPUUtilization *float64 // percent, by the newest heartbeat of less than two minutes
}

// VoterWatch is the number of votes of one account, or of those that are not told one by one.
type VoterWatch struct {
	Address string // empty for the others
	Votes   int64
}
