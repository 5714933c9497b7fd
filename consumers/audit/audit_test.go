package audit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/bitsage-network/validator-dashboard/consumers/audit"
	"github.com/bitsage-network/validator-dashboard/internal/embedded/embeddedtest"
	"github.com/bitsage-network/validator-dashboard/internal/simnet"
	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/migrations"
	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

const (
	first  = 1_000
	blocks = 720
)

// world is a simulated network with what the log has of it, in a database.
type world struct {
	*testing.T
	network   *simnet.Net
	pool      *pgxpool.Pool
	handler   http.Handler // of the node
	contracts []schemas.Contract
	registry  *prometheus.Registry
}

// network is one for all tests: they only read it.
var network = sync.OnceValues(func() (*simnet.Net, error) {
	n, err := simnet.New(simnet.Config{Seed: 1, Workers: 6, L1Depth: 100, FirstBlock: first})
	if err != nil {
		return nil, err
	}
	return n, n.ProduceN(blocks)
})

func newNetwork(t *testing.T) *simnet.Net {
	t.Helper()
	n, err := network()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// of folds the events of a network that keep takes into a database.
func of(t *testing.T, network *simnet.Net, keep func(n int, typ string) bool) *world {
	t.Helper()
	contracts, err := schemas.Contracts(schemas.Local)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t, network, database(t), network.Handler(), contracts, prometheus.NewRegistry()}
	w.fold(w.steps(keep))
	return w
}

func database(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), embeddedtest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := migrations.Apply(t.Context(), pool, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return pool
}

func all(int, string) bool { return true }

func (w *world) steps(keep func(n int, typ string) bool) (steps []schemas.Step) {
	for i, e := range w.network.Events() {
		if n := len(steps); n == 0 || steps[n-1].Block.Number != e.Position.Block {
			at := time.Date(2026, 1, 1, 0, 0, int(e.Position.Block-first), 0, time.UTC)
			ref := schemas.BlockRef{Number: e.Position.Block, Hash: e.BlockHash}
			steps = append(steps, schemas.Step{Block: &schemas.Block{BlockRef: ref, Time: at, Sealed: true}})
		}
		step := &steps[len(steps)-1]
		step.State = schemas.StartOfChain()
		step.State.Next, step.State.Fingerprint = int64(i+1), fmt.Sprint(i)
		if !keep(i, e.Type) {
			continue
		}
		data, err := json.Marshal(e.Value)
		if err != nil {
			w.Fatal(err)
		}
		parts := strings.Split(e.Type, ".")
		step.Block.Facts = append(step.Block.Facts, schemas.Fact{
			ID: fmt.Sprint("event ", i), Event: e.Value, Type: e.Type, Position: e.Position, Time: step.Block.Time, Offset: int64(i),
			ChainEvent: schemas.ChainEvent{Contract: w.contract(parts[2]), ContractName: parts[2], Name: parts[3], Data: data, TxHash: e.TxHash, BlockHash: e.BlockHash},
		})
	}
	return steps
}

func (w *world) contract(name string) schemas.Address {
	i := slices.IndexFunc(w.contracts, func(c schemas.Contract) bool { return c.Name == name })
	return w.contracts[i].Address
}

func (w *world) fold(steps []schemas.Step) {
	w.Helper()
	set := projections.Chain()
	folder := projections.NewFolder(set)
	for i, keys := range folder.Missing(steps) {
		folder.Learn(i, keys, nil)
	}
	batch, err := folder.Fold(steps)
	if err != nil {
		w.Fatal(err)
	}
	lease, err := pg.NewChainStore(w.pool, set).Claim(w.Context(), "test")
	if err != nil {
		w.Fatal(err)
	}
	if err := lease.Commit(w.Context(), 0, batch); err != nil {
		w.Fatal(err)
	}
	if err := lease.Release(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// auditor asks the network's node.
func (w *world) auditor() *audit.Auditor {
	w.Helper()
	server := httptest.NewServer(w.handler)
	w.Cleanup(server.Close)
	node, err := starknet.NewClient(server.URL, starknet.Options{})
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(node.Close)
	w.registry = prometheus.NewRegistry()
	return audit.New(audit.Config{
		Every: time.Second, Contracts: w.contracts, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Registerer: w.registry,
	}, pg.NewQuestions(w.pool), starknet.NewViews(node))
}

func (w *world) exec(sql string, args ...any) {
	w.Helper()
	tag, err := w.pool.Exec(w.Context(), sql, args...)
	if err != nil {
		w.Fatal(err)
	}
	if tag.RowsAffected() != 1 {
		w.Fatalf("%s: %d rows", sql, tag.RowsAffected())
	}
}

func describe(s audit.Status) string {
	text := fmt.Sprintln(s.Outcomes, s.Problem, s.LeftOut)
	for _, d := range s.Drifts {
		text += fmt.Sprintln(d.Projection, "|", d.Check, "|", d.Key, "|", d.View, d.Args, d.Found)
	}
	return text
}

func TestWhatTheLogHasWholeDoesNotDrift(t *testing.T) {
	w := of(t, newNetwork(t), all)
	a := w.auditor()
	a.Round(t.Context())
	s := a.Status()
	if s.Drifting > 0 || s.Outcomes[audit.NotChecked]+s.Outcomes[audit.Refused] > 0 || len(s.LeftOut) > 0 {
		t.Error(describe(s))
	}
	if least := int64(len(projections.Invariants())); s.Outcomes[audit.Agrees] < least {
		t.Errorf("%d comparisons, want at least %d", s.Outcomes[audit.Agrees], least)
	}
	head, _ := w.network.Head()
	if s.Block > int64(head.Number) || s.Block < int64(head.Number)-5 || s.Last == "" || s.LastAt.IsZero() {
		t.Errorf("last compared %q at block %d, the head is %d", s.Last, s.Block, head.Number)
	}
}

// TestAMissingEventIsFound drops one event from the log at a time.
func TestAMissingEventIsFound(t *testing.T) {
	network := newNetwork(t)
	rnd := rand.New(rand.NewPCG(1, 1))
	for typ, projection := range map[string]string{
		schemas.ProverStakingStaked{}.EventType():                    "staking_events",
		schemas.JobManagerJobCompleted{}.EventType():                 "jobs",
		schemas.OTCOrderbookTradeExecuted{}.EventType():              "trades",
		schemas.SAGETokenBurn{}.EventType():                          "network_hours",
		schemas.PaymentRouterFeesDistributed{}.EventType():           "blockchain_events",
		schemas.GovernanceTreasuryVoteCast{}.EventType():             "proposals",
		schemas.ReputationManagerReputationInitialized{}.EventType(): "reputation_events",
		schemas.ProofGatedPaymentPaymentReleased{}.EventType():       "",
	} {
		t.Run(typ, func(t *testing.T) {
			var of []int
			for i, e := range network.Events() {
				if e.Type == typ {
					of = append(of, i)
				}
			}
			if len(of) == 0 {
				t.Fatal("there is no such event: the test has no teeth")
			}
			missing := of[rnd.IntN(len(of))]
			w := worldWithout(t, network, missing)
			a := w.auditor()
			if projection == "" { // it changes rows alone: enough of them are looked at that each has its turn
				projection = "job_payments"
				for range 400 {
					if a.RoundOf(t.Context(), projection); a.Status().Drifting > 0 {
						break
					}
				}
			} else {
				a.RoundOf(t.Context(), projection)
			}
			s := a.Status()
			if !slices.ContainsFunc(s.Drifts, func(d audit.Drift) bool { return d.Projection == projection && len(d.Found) > 0 }) {
				t.Errorf("without event %d nothing drifts in %s\n%s", missing, projection, describe(s))
			}
		})
	}
}

func worldWithout(t *testing.T, network *simnet.Net, missing int) *world {
	t.Helper()
	return of(t, network, func(n int, _ string) bool { return n != missing })
}

// TestAWrongRowIsFound changes one value in the database at a time, and mends it.
func TestAWrongRowIsFound(t *testing.T) {
	w := of(t, newNetwork(t), all)
	for _, c := range []struct{ table, column, key, value string }{
		{"workers", "staked_amount", "address", "staked_amount + 1"},
		{"workers", "slashed_amount", "address", "slashed_amount + 1"},
		{"stakes", "locked_amount", "stake_id", "locked_amount + 1"},
		{"reputations", "score", "worker_id", "score - 1"},
		{"orders", "remaining_amount", "order_id", "remaining_amount + 1"},
		{"jobs", "client_address", "job_id", "worker_address"},
		{"proposals", "votes_for", "proposal_id", "votes_for + 1"},
		{"proofs", "status", "proof_id", "case status when 'verified' then 'rejected' else 'verified' end"},
		{"job_payments", "promised_amount", "job_id", "promised_amount + 1"},
		{"faucets", "claims", "contract_name", "claims + 1"},
		{"transfers", "amount", "event_id", "amount - 1"},
	} {
		t.Run(c.table+"."+c.column, func(t *testing.T) {
			a := w.auditor()
			var key, was string
			condition := map[string]string{"job_payments": "registered_at is not null", "jobs": "worker_address is not null", "stakes": "contract_name = 'ProverStaking'", "proofs": "status in ('verified', 'rejected') and contract_name = 'ProofVerifier'", "proposals": "contract_name = 'GovernanceTreasury'"}[c.table]
			if condition == "" {
				condition = "true"
			}
			query := fmt.Sprintf("select %s::text, %s::text from %s where %s order by md5(%[1]s::text) limit 1", c.key, c.column, c.table, condition)
			if err := w.pool.QueryRow(t.Context(), query).Scan(&key, &was); err != nil {
				t.Fatal(err)
			}
			w.exec(fmt.Sprintf("update %s set %s = %s where %s::text = $1", c.table, c.column, c.value, c.key), key)
			for range 400 {
				if a.RoundOf(t.Context(), c.table); a.Status().Drifting > 0 {
					break
				}
			}
			s := a.Status()
			if s.Drifting == 0 {
				t.Fatalf("%s of %s %s is wrong, and nothing drifts\n%s", c.column, c.table, key, describe(s))
			}
			if n := testutil.ToFloat64(w.metric(t, "projection_drift_total", c.table)); n == 0 {
				t.Error("projection_drift_total does not tell")
			}
			cast := map[bool]string{true: "::numeric"}[strings.HasSuffix(c.column, "amount") || c.column == "votes_for"]
			if c.column == "score" || c.column == "claims" {
				cast = "::int8"
			}
			w.exec(fmt.Sprintf("update %s set %s = ($2::text)%s where %s::text = $1", c.table, c.column, cast, c.key), key, was)
			a.RoundOf(t.Context(), c.table)
			if s := a.Status(); s.Drifting > 0 {
				t.Errorf("mended, it still drifts\n%s", describe(s))
			}
		})
	}
}

// metric is a counter of the registry by its label.
func (w *world) metric(t *testing.T, name, label string) prometheus.Collector {
	t.Helper()
	families, err := w.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := prometheus.NewGauge(prometheus.GaugeOpts{Name: "found"})
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name && m.GetLabel()[0].GetValue() == label {
				out.Set(m.GetCounter().GetValue())
			}
		}
	}
	return out
}

// TestAnIDThatAViewDoesNotKnowIsNoDrift adds a proof that the contract never heard of: its view fails for it.
func TestAnIDThatAViewDoesNotKnowIsNoDrift(t *testing.T) {
	w := of(t, newNetwork(t), all)
	w.exec(`insert into proofs select (jsonb_populate_record(p, '{"proof_id": "ProofVerifier/999999999"}')).* from proofs p where contract_name = 'ProofVerifier' limit 1`)
	a := w.auditor()
	for range 400 {
		if a.RoundOf(t.Context(), "proofs"); a.Status().Outcomes[audit.Refused] > 0 {
			break
		}
	}
	if s := a.Status(); s.Outcomes[audit.Refused] == 0 || s.Drifting > 0 {
		t.Error(describe(s))
	}
}

// TestANodeWithoutTheStateIsNoDrift asks a node that no longer has the block, one that is down, and one that hangs up.
func TestANodeWithoutTheStateIsNoDrift(t *testing.T) {
	w := of(t, newNetwork(t), all)
	w.exec("update workers set staked_amount = staked_amount + 1 where address = (select min(address) from workers)")
	for name, handler := range map[string]http.HandlerFunc{
		"pruned": func(out http.ResponseWriter, r *http.Request) {
			var req struct{ ID int64 }
			if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
				t.Error(err)
			}
			_, _ = fmt.Fprintf(out, `{"jsonrpc":"2.0","id":%d,"error":{"code":24,"message":"Block not found"}}`, req.ID)
		},
		"down": func(out http.ResponseWriter, _ *http.Request) { http.Error(out, "down", http.StatusBadGateway) },
	} {
		t.Run(name, func(t *testing.T) {
			w.handler = handler
			a := w.auditor()
			a.RoundOf(t.Context(), "workers")
			s := a.Status()
			if s.Drifting > 0 || s.Outcomes[audit.NotChecked] == 0 || s.Outcomes[audit.Agrees] > 0 || s.Problem == "" {
				t.Error(describe(s))
			}
		})
	}
}

// older are views of contracts that are older than the log.
type older struct {
	audit.Views
	fails error
}

func (o older) ThereBefore(context.Context, schemas.Address, uint64) (bool, error) {
	return o.fails == nil, o.fails
}

func TestALogThatBeginsTooLateIsNoDrift(t *testing.T) {
	w := of(t, newNetwork(t), all)
	w.exec("update workers set staked_amount = staked_amount + 1 where address = (select min(address) from workers)")
	server := httptest.NewServer(w.handler)
	defer server.Close()
	node, err := starknet.NewClient(server.URL, starknet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer node.Close()
	for name, fails := range map[string]error{"older": nil, "not known": fmt.Errorf("pruned")} {
		t.Run(name, func(t *testing.T) {
			c := audit.Config{Every: time.Second, Contracts: w.contracts, Logger: slog.New(slog.DiscardHandler), Registerer: prometheus.NewRegistry()}
			a := audit.New(c, pg.NewQuestions(w.pool), older{starknet.NewViews(node), fails})
			a.RoundOf(t.Context(), "workers")
			s := a.Status()
			if s.Drifting > 0 || s.Outcomes[audit.NotChecked] == 0 || (s.LeftOut["ProverStaking"] == "") == (fails == nil) {
				t.Error(describe(s))
			}
		})
	}
}

// TestSeveralContractsOfAName leaves out what the read models do not keep apart.
func TestSeveralContractsOfAName(t *testing.T) {
	w := of(t, newNetwork(t), all)
	w.contracts = append(slices.Clone(w.contracts), schemas.Contract{Name: "ProverStaking", Address: schemas.Address{31: 1}})
	a := w.auditor()
	a.RoundOf(t.Context(), "workers")
	if s := a.Status(); s.LeftOut["ProverStaking"] == "" || s.Drifting > 0 || s.Outcomes[audit.Agrees] > 0 {
		t.Error(describe(s))
	}
}
