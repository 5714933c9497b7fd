package schemas_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// answers are of each observed view, with a value of its own in every member.
func answers() map[string]schemas.Event {
	n := schemas.AmountFromUint64
	return map[string]schemas.Event{
		"JobManager.get_job_details": schemas.JobDetails{
			JobID: schemas.JobRef{Value: n(7)}, JobType: "ProofGeneration", Client: schemas.Address{31: 1}, Worker: schemas.Address{31: 2}, State: "Processing",
			PaymentAmount: n(3), CreatedAt: 4, AssignedAt: 5, CompletedAt: 6, ResultHash: schemas.Felt{31: 8},
		},
		"ProverStaking.get_config": schemas.StakingConfig{
			MinStakeConsumer: n(1), MinStakeWorkstation: n(2), MinStakeDatacenter: n(3), MinStakeEnterprise: n(4), MinStakeFrontier: n(5),
			SlashInvalidProofBps: 6, SlashTimeoutBps: 7, SlashRepeatedFailuresBps: 8, SlashMaliciousBps: 9, SlashBenchmarkFraudBps: 10,
			UnstakeLockupSecs: math.MaxUint64, RewardApyBps: 11, MaxConsecutiveFailures: 12,
		},
		"GovernanceTreasury.get_proposal": schemas.ProposalDetails{
			ID: n(1), Proposer: schemas.Address{31: 2}, Title: schemas.ShortString("t"), Description: schemas.ShortString("d"), Target: schemas.Address{31: 3},
			Value: n(4), Calldata: schemas.Felt{31: 5}, VotesFor: n(6), VotesAgainst: n(7), StartTime: 8, EndTime: 9, ExecutionTime: 10, Executed: true,
			Cancelled: true, ProposalType: "Parameter",
		},
		"GovernanceTreasury.get_config": schemas.GovernanceConfig{VotingDelay: 1, VotingPeriod: 2, ExecutionDelay: 3, QuorumThreshold: n(4), ProposalThreshold: n(5)},
		"OTCOrderbook.get_pair":         schemas.PairDetails{BaseToken: schemas.Address{31: 1}, QuoteToken: schemas.Address{31: 2}, MinOrderSize: n(3), TickSize: n(4), IsActive: true},
	}
}

// TestObservationsAreOfTheirViews: a view's answer comes through its felts into the observation's type and back, with nothing lost,
// and the type is named for it.
func TestObservationsAreOfTheirViews(t *testing.T) {
	for _, v := range schemas.Views() {
		answer, ok := answers()[v.String()]
		if !ok {
			t.Errorf("%s: no answer to try", v)
			continue
		}
		abi, err := schemas.Embedded(v.Contract)
		if err != nil {
			t.Fatal(err)
		}
		felts, err := abi.EncodeOutputs(v.Function, answer)
		if err != nil {
			t.Errorf("%s: %v", v, err)
			continue
		}
		data, err := abi.DecodeOutputs(v.Function, felts)
		if err != nil {
			t.Fatal(err)
		}
		back, err := schemas.DecodeEventData(schemas.ObservationType(v.Contract, v.Function), data)
		if err != nil || back != answer {
			t.Errorf("%s: came back as %+v, %v", v, back, err)
		}
		if typ := schemas.ObservationType(v.Contract, v.Function); answer.EventType() != typ {
			t.Errorf("%s: the type is %s, want %s", v, answer.EventType(), typ)
		}
		again, err := json.Marshal(back)
		if err != nil || !bytes.Equal(again, data) {
			t.Errorf("%s: members differ: %s, %v\nthe view answers %s", v, again, err, data)
		}
	}
}

// TestObservationsInTheLog: an observation is read after the events of its block and below its seal, and is told from them; one
// without an answer says why.
func TestObservationsInTheLog(t *testing.T) {
	block := schemas.Hash{31: 1}
	record := func(offset int64, typ string, p schemas.Position, value any) schemas.Record {
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		env := schemas.Envelope{ID: fmt.Sprint(offset), Type: typ, Data: data}
		if typ != schemas.TypeClaimed {
			env.Position = &p
		}
		rec, err := env.Record(schemas.TopicChain, nil)
		if err != nil {
			t.Fatal(err)
		}
		rec.Offset = offset
		return rec
	}
	answer, err := json.Marshal(answers()["OTCOrderbook.get_pair"])
	if err != nil {
		t.Fatal(err)
	}
	last := schemas.Position{Block: 9, Tx: math.MaxUint32 - 1, Event: math.MaxUint32}
	observed := schemas.ObservationPosition(9, 0)
	if observed.Compare(last) <= 0 || schemas.ObservationPosition(9, 1<<20).Compare(schemas.SealPosition(9)) >= 0 {
		t.Fatal("an observation belongs between the last event and the seal")
	}
	if p, err := schemas.ParsePosition(observed.String()); err != nil || p != observed {
		t.Fatalf("position %s comes back as %v, %v", observed, p, err)
	}
	reader := schemas.NewChainReader(schemas.StartOfChain())
	var facts []schemas.Fact
	for _, rec := range []schemas.Record{
		record(0, schemas.TypeClaimed, schemas.Position{}, schemas.Claimed{}),
		record(1, "bitsage.staking.ProverStaking.SuccessRecorded", last, schemas.ChainEvent{BlockHash: block, Name: "SuccessRecorded", Data: json.RawMessage(`{"worker":"0x1","job_id":"0x2"}`)}),
		record(2, schemas.TypePairDetails, observed, schemas.ChainEvent{BlockHash: block, Name: "get_pair", Args: json.RawMessage(`{"pair_id":3}`), Data: answer}),
		record(3, schemas.TypeJobDetails, schemas.ObservationPosition(9, 1), schemas.ChainEvent{BlockHash: block, Name: "get_job_details", Reason: schemas.ReasonNoState}),
		record(4, schemas.TypePairDetails, observed, schemas.ChainEvent{BlockHash: block, Name: "get_pair", Data: answer}), // written again
		record(5, schemas.TypeSealed, schemas.SealPosition(9), schemas.Sealed{Number: 9, Hash: block, Events: 3, LastReorg: -1}),
	} {
		steps, err := reader.Read(rec)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range steps {
			facts = append(facts, s.Block.Facts...)
		}
	}
	if len(facts) != 3 || facts[0].Observed() || !facts[1].Observed() || !facts[2].Observed() {
		t.Fatalf("read %+v", facts)
	}
	if facts[1].Event != answers()["OTCOrderbook.get_pair"] || string(facts[1].Args) != `{"pair_id":3}` {
		t.Errorf("the pair is %+v of %s", facts[1].Event, facts[1].Args)
	}
	if facts[2].Event != (schemas.Undecoded{Reason: schemas.ReasonNoState}) {
		t.Errorf("an unknown answer is %+v", facts[2].Event)
	}
	if family := schemas.FamilyOf(facts[2]); family != "jobs" {
		t.Errorf("its family is %s", family)
	}
}
