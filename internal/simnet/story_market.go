package simnet

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// trade lets a worker sell SAGE on the order book, and now and then a client buy what is offered.
func (s *scene) trade() {
	if len(s.book) > 0 && s.rnd.IntN(2) == 0 {
		s.buy(s.book[0])
		return
	}
	if len(s.book) > 0 && s.rnd.IntN(6) == 0 {
		o := s.book[len(s.book)-1]
		s.book = s.book[:len(s.book)-1]
		s.by(o.maker)
		s.pay(s.contracts["OTCOrderbook"], o.maker, o.remaining)
		s.emit(schemas.OTCOrderbookOrderCancelled{OrderID: o.id, Maker: o.maker, RemainingAmount: o.remaining})
		return
	}
	if len(s.workers) == 0 {
		return
	}
	w := s.workers[s.rnd.IntN(len(s.workers))]
	amount := schemas.Sage(uint64(1 + s.rnd.IntN(10)))
	if !s.can(w.address, amount) {
		return
	}
	s.orders++
	o := &order{id: schemas.AmountFromUint64(s.orders), maker: w.address, price: portion(schemas.Sage(1), uint64(900+s.rnd.IntN(200))), remaining: amount}
	s.book = append(s.book, o)
	s.by(w.address)
	s.pay(w.address, s.contracts["OTCOrderbook"], amount)
	s.emit(schemas.OTCOrderbookOrderPlaced{
		OrderID: o.id, Maker: o.maker, PairID: 0, Side: schemas.OTCOrderbookOrderSideSell, OrderType: schemas.OTCOrderbookOrderTypeLimit,
		Price: o.price, Amount: amount, ExpiresAt: s.time + 86_400,
	})
}

// buy fills an offer: placing, trade, then the taker's and the maker's fill, in the order of the contract's matching. The quote
// token is not one of ours, so its transfers are not told.
func (s *scene) buy(offer *order) {
	amount := offer.remaining
	if half := portion(amount, 5_000); s.rnd.IntN(2) == 0 && !half.IsZero() {
		amount = half
	}
	taker := s.clients[s.rnd.IntN(len(s.clients))]
	s.orders++
	s.trades++
	id := schemas.AmountFromUint64(s.orders)
	s.by(taker)
	s.emit(schemas.OTCOrderbookOrderPlaced{
		OrderID: id, Maker: taker, PairID: 0, Side: schemas.OTCOrderbookOrderSideBuy, OrderType: schemas.OTCOrderbookOrderTypeLimit,
		Price: offer.price, Amount: amount, ExpiresAt: s.time + 86_400,
	})
	s.pay(s.contracts["OTCOrderbook"], taker, amount)
	offer.remaining = offer.remaining.Sub(amount)
	quote := portion(amount, 1_000)
	status := schemas.OTCOrderbookOrderStatusPartialFill
	if offer.remaining.IsZero() {
		status = schemas.OTCOrderbookOrderStatusFilled
		s.book = s.book[1:]
	}
	s.emit(
		schemas.OTCOrderbookTradeExecuted{
			TradeID: schemas.AmountFromUint64(s.trades), MakerOrderID: offer.id, TakerOrderID: id, Maker: offer.maker, Taker: taker,
			Price: offer.price, Amount: amount, QuoteAmount: quote, MakerFee: portion(quote, 10), TakerFee: portion(quote, 30),
		},
		schemas.OTCOrderbookOrderFilled{OrderID: id, FilledAmount: amount, Status: schemas.OTCOrderbookOrderStatusFilled},
		schemas.OTCOrderbookOrderFilled{OrderID: offer.id, FilledAmount: amount, RemainingAmount: offer.remaining, Status: status},
	)
}

// claimRewards pays what a worker has accrued, from the treasury.
func (s *scene) claimRewards() {
	for _, w := range s.workers {
		if w.earned.IsZero() || !s.can(s.owner, w.earned) {
			continue
		}
		s.by(w.address)
		s.pay(s.owner, w.address, w.earned)
		s.emit(schemas.ProverStakingRewardsClaimed{Worker: w.address, Amount: w.earned})
		w.earned = schemas.Amount{}
		return
	}
}

// govern opens a proposal, or has somebody vote on the newest.
func (s *scene) govern() {
	if n := len(s.proposals); n > 0 && s.proposals[n-1].until > s.number {
		p := s.proposals[n-1]
		for _, w := range s.workers {
			power := s.balances[w.address]
			if p.votes[w.address] || power.IsZero() {
				continue
			}
			p.votes[w.address] = true
			s.by(w.address)
			s.emit(schemas.GovernanceTreasuryVoteCast{ProposalID: p.id, Voter: w.address, Support: s.rnd.IntN(3) > 0, VotingPower: power})
			return
		}
		return
	}
	if len(s.workers) == 0 || !s.workers[0].joined {
		return
	}
	p := &proposal{id: schemas.AmountFromUint64(uint64(len(s.proposals) + 1)), votes: map[schemas.Address]bool{}, until: s.number + 150}
	s.proposals = append(s.proposals, p)
	proposer := s.workers[s.rnd.IntN(len(s.workers))].address
	titles := []string{"Raise the reward rate", "Fund a public prover", "Lower the platform fee", "Add a GPU tier"}
	s.by(proposer)
	s.emit(schemas.GovernanceTreasuryProposalCreated{
		ProposalID: p.id, Proposer: proposer, Title: schemas.ShortString(titles[s.rnd.IntN(len(titles))]), ProposalType: schemas.GovernanceTreasuryProposalTypeParameter,
	})
}

// challenge raises a challenge of a running job, has it voted on, and rejects it: one that is upheld would call
// WorkerStaking, which always reverts, so it cannot be settled.
func (s *scene) challenge() {
	if d := s.disputed; d != nil {
		if d.voted < 3 {
			d.voted++
			voter := s.clients[s.rnd.IntN(len(s.clients))]
			s.by(voter)
			s.emit(schemas.FraudProofVoteCast{ChallengeID: d.id, Voter: voter, SupportsChallenger: s.rnd.IntN(4) == 0, VotingPower: s.balances[voter]})
			return
		}
		s.disputed = nil
		s.by(s.owner)
		s.emit(schemas.FraudProofChallengeResolved{ChallengeID: d.id, Status: schemas.FraudProofChallengeStatusInvalidProof})
		return
	}
	deposit := schemas.Sage(50)
	challenger := s.clients[s.rnd.IntN(len(s.clients))]
	for _, j := range s.open {
		if j.worker == nil || !s.can(challenger, deposit) {
			continue
		}
		s.disputes++
		s.disputed = &dispute{id: schemas.AmountFromUint64(s.disputes), job: j.id, worker: j.worker, challenger: challenger}
		s.by(challenger)
		s.pay(challenger, s.contracts["FraudProof"], deposit)
		s.emit(schemas.FraudProofChallengeSubmitted{ChallengeID: s.disputed.id, JobID: j.id, WorkerID: j.worker.id, Challenger: challenger, Deposit: deposit})
		return
	}
}

// slash takes five percent of a busy worker's stake for a job that took too long.
func (s *scene) slash() {
	for _, j := range s.open {
		w := j.worker
		if w == nil || w.stake.IsZero() || !w.leaving.IsZero() {
			continue
		}
		amount := portion(w.stake, 500)
		w.stake = w.stake.Sub(amount)
		w.failures++
		s.by(s.owner)
		s.pay(s.contracts["ProverStaking"], s.owner, amount)
		s.emit(schemas.ProverStakingSlashed{
			Worker: w.address, Amount: amount, Reason: schemas.ProverStakingSlashReasonTimeout, JobID: felt("job", number(s.jobs), []byte(j.id.String())),
		})
		s.reputation(w, -50, "worker_slashed", &j.id)
		return
	}
}

// stakeMore puts a worker's earnings at stake.
func (s *scene) stakeMore() {
	for _, w := range s.workers {
		if amount := schemas.Sage(100); w.joined && w.leaving.IsZero() && s.can(w.address, amount) {
			s.by(w.address)
			s.stakeFor(w, amount)
			w.failures = min(w.failures, 2)
			return
		}
	}
}

// lockup is seven days, as the contract has it.
const lockup = 7 * 86_400

// unstake lets a worker ask a part of its stake back now and then, and take it when the lockup is over.
func (s *scene) unstake() {
	for _, w := range s.workers {
		switch {
		case !w.leaving.IsZero() && int64(s.time) >= w.leavesAt:
			s.by(w.address)
			s.pay(s.contracts["ProverStaking"], w.address, w.leaving)
			s.emit(schemas.ProverStakingUnstakeCompleted{Worker: w.address, Amount: w.leaving})
			w.stake, w.leaving = w.stake.Sub(w.leaving), schemas.Amount{}
		case w.joined && w.leaving.IsZero() && s.rnd.IntN(400) == 0:
			w.leaving, w.leavesAt = portion(w.stake, 1_000), int64(s.time)+lockup
			s.by(w.address)
			s.emit(schemas.ProverStakingUnstakeRequested{Worker: w.address, Amount: w.leaving, UnlockTime: uint64(w.leavesAt)})
		}
	}
}

// drip gives a client SAGE from the faucet.
func (s *scene) drip() {
	user, amount := s.clients[s.rnd.IntN(len(s.clients))], schemas.Sage(20)
	if !s.can(s.contracts["Faucet"], amount) {
		return
	}
	s.claims++
	s.by(user)
	s.pay(s.contracts["Faucet"], user, amount)
	s.emit(schemas.FaucetTokensClaimed{User: user, Amount: amount, ClaimNumber: s.claims})
}
