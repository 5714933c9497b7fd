//go:build node

package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/bitsage-network/validator-dashboard/internal/embedded"
	"github.com/bitsage-network/validator-dashboard/internal/eventlog"
	"github.com/bitsage-network/validator-dashboard/internal/starknet"
	"github.com/bitsage-network/validator-dashboard/projections/pg"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// receiver is an address that the tests send to and nobody else has.
func receiver(n uint64) schemas.Address {
	return schemas.Address(schemas.FeltFromUint64(0xbeef_0000 + n))
}

// following is a coordinator that follows a real node, its token set to the node's STRK.
type following struct {
	*program
	node *devnet
	env  []string // of the coordinator
	dir  string
	db   *pgxpool.Pool
	url  string // of the database
}

func newFollowing(t *testing.T, contracts func(*devnet) []string) *following {
	t.Helper()
	f := &following{node: startDevnet(t), dir: t.TempDir()}
	f.env = append(contracts(f.node), "SAGE_TOKEN_ADDRESS="+strk)
	database, err := embedded.StartPostgres(t.Context(), embedded.PostgresConfig{Dir: filepath.Join(f.dir, "postgres"), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	f.url = database.URL()
	f.start(t)
	if f.db, err = pg.Open(t.Context(), f.url, 2); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		f.db.Close()
		_ = f.cmd.Process.Kill() // before its database; mostly gone already
		if err := database.Stop(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	return f
}

// start starts the coordinator, and waits until it is ready.
func (f *following) start(t *testing.T) {
	t.Helper()
	port := freePort(t)
	f.program = startRole(t, f.env, "dev", "--rpc-url", f.node.url, "--network", "sepolia",
		"--database-url", f.url, "--data-dir", f.dir, "--bind", "127.0.0.1", "--port", port, "--indexer-poll-ms", "100")
	f.program.url = "http://127.0.0.1:" + port
	f.wait("ready", time.Minute, func() bool {
		var answer struct{ Ready bool }
		return f.get("/health/ready", &answer) == nil && answer.Ready
	})
}

// kill ends the coordinator as a power cut does.
func (f *following) kill(t *testing.T) {
	t.Helper()
	if err := f.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-f.exited
}

// transfers reads the transfers of the whole chain from the node's receipts, one line each, in order.
func (n *devnet) transfers() (lines []string) {
	n.t.Helper()
	token, err := schemas.ParseAddress(strk)
	if err != nil {
		n.t.Fatal(err)
	}
	for number := range n.head().Number + 1 {
		var block struct {
			Transactions []struct {
				Receipt starknet.Receipt `json:"receipt"`
			} `json:"transactions"`
		}
		n.call("starknet_getBlockWithReceipts", map[string]any{"block_id": starknet.ByNumber(number)}, &block)
		for tx, in := range block.Transactions {
			for i, e := range in.Receipt.Events {
				if e.From != token || e.Keys[0] != schemas.Selector("Transfer") {
					continue
				}
				amount, ok := e.Data[0].Uint64()
				if len(e.Keys) != 3 || len(e.Data) != 2 || !ok || !e.Data[1].IsZero() {
					n.t.Fatalf("event %d of %s is not as this test knows transfers: %v %v", i, in.Receipt.TxHash, e.Keys, e.Data)
				}
				lines = append(lines, fmt.Sprintf("%d/%d/%d %s %s %s %d", number, tx, i, in.Receipt.TxHash,
					schemas.Address(e.Keys[1]), schemas.Address(e.Keys[2]), amount))
			}
		}
	}
	return lines
}

const storedTransfers = `select block_number || '/' || tx_index || '/' || event_index || ' ' || tx_hash || ' ' || (event_data->>'from') || ' ' ||
	(event_data->>'to') || ' ' || (event_data->>'value')
	from blockchain_events where event_type = 'bitsage.token.SAGEToken.Transfer' order by block_number, tx_index, event_index`

// arrived waits until the table holds exactly the transfers of the node's chain.
func (f *following) arrived(t *testing.T, what string) (lines []string) {
	t.Helper()
	want := f.node.transfers()
	f.wait(what, 30*time.Second, func() bool {
		lines = column(t, f.db, storedTransfers)
		return slices.Equal(lines, want)
	})
	return lines
}

// to counts the transfers of an amount to an address.
func to(lines []string, address schemas.Address, amount uint64) (n int) {
	for _, l := range lines {
		if strings.HasSuffix(l, fmt.Sprintf(" %s %d", address, amount)) {
			n++
		}
	}
	return n
}

// TestRealNode follows a real StarkNet node: transfers that are minted and signed while it runs, blocks that are taken back, and a kill.
func TestRealNode(t *testing.T) {
	f := newFollowing(t, func(*devnet) []string { return nil })
	n := f.node

	n.mint(receiver(1), 1_001)
	n.transfer(receiver(2), 2_002)
	lines := f.arrived(t, "the transfers arrive")
	if to(lines, receiver(1), 1_001) != 1 || to(lines, receiver(2), 2_002) != 1 {
		t.Fatalf("minted and sent are not both in\n%s", strings.Join(lines, "\n"))
	}

	// The node's head is taken back, and another chain grows in its place.
	n.mint(receiver(3), 3_003)
	n.mint(receiver(4), 4_004)
	f.arrived(t, "what will be taken back arrives")
	before := n.head()
	n.abort(before.Number - 1)
	n.transfer(receiver(5), 5_005)
	n.mint(receiver(6), 6_006)
	lines = f.arrived(t, "the other chain is followed")
	for receiver, count := range map[schemas.Address]int{
		receiver(3): to(lines, receiver(3), 3_003), receiver(4): to(lines, receiver(4), 4_004),
	} {
		if count != 0 {
			t.Errorf("a void transfer to %s stands", receiver)
		}
	}
	if to(lines, receiver(5), 5_005) != 1 || to(lines, receiver(6), 6_006) != 1 {
		t.Errorf("what came in place of the void blocks is missing in\n%s", strings.Join(lines, "\n"))
	}

	// Back to the first branch: the same transactions come again.
	n.abort(before.Number - 1)
	n.mint(receiver(3), 3_003)
	n.mint(receiver(4), 4_004)
	lines = f.arrived(t, "the first branch is followed again")
	if to(lines, receiver(3), 3_003) != 1 || to(lines, receiver(5), 5_005) != 0 {
		t.Errorf("the chain went A, B, A, and the table is\n%s", strings.Join(lines, "\n"))
	}

	// Killed while transfers come in, and more come while it is down; a part of them is taken back meanwhile.
	for i := range uint64(10) {
		n.mint(receiver(10), i)
	}
	f.arrived(t, "what a part of will be taken back arrives")
	for i := range uint64(5) {
		n.mint(receiver(11), i)
		if i == 2 {
			f.kill(t)
		}
	}
	told := f.output.String()
	// What another process sealed is known by hash and time, and this node's hashes say nothing: so its clock must move on.
	n.nextSecond()
	n.abort(n.head().Number - 7)
	n.transfer(receiver(12), 12_012)
	for i := range uint64(20) {
		n.mint(receiver(12), i)
	}
	f.start(t)
	lines = f.arrived(t, "it goes on after the kill")
	f.stopRole()

	var class schemas.Hash
	n.call("starknet_getClassHashAt", map[string]any{"block_id": "latest", "contract_address": strk}, &class)
	if !strings.Contains(told, "decoding by the ABI of the contract's class") || !strings.Contains(told, class.String()) {
		t.Errorf("the log does not say that transfers were decoded by the ABI of class %s:\n%s", class, told)
	}
	f.sameInLog(t, lines)
}

// TestRealNodeUpgrade follows a contract whose class is replaced in place, while the coordinator runs and while it does not: an account,
// named as one of ours, becomes a token. Each event is decoded by the class that emitted it, and so it is after the upgrade was taken back.
func TestRealNodeUpgrade(t *testing.T) {
	var second account
	f := newFollowing(t, func(n *devnet) []string {
		second = n.accounts[1]
		return []string{"JOB_MANAGER_ADDRESS=" + second.Address.String()}
	})
	n := f.node
	class := func(of schemas.Address) (h schemas.Hash) {
		n.call("starknet_getClassHashAt", map[string]any{"block_id": "latest", "contract_address": of.Felt()}, &h)
		return h
	}
	token, err := schemas.ParseAddress(strk)
	if err != nil {
		t.Fatal(err)
	}
	asAccount, asToken := class(second.Address), class(token)
	approve := func(amount uint64) {
		n.invoke(n.accounts[0], second.Address, "approve", receiver(1).Felt(), schemas.FeltFromUint64(amount), schemas.FeltFromUint64(0))
	}
	const decoded = `select split_part(event_type, '.', 4) || coalesce(' ' || (event_data->>'value'), '') from blockchain_events
		where event_type like '%.JobManager.%' or event_type = 'bitsage.chain.undecoded' order by block_number, tx_index, event_index`
	arrived := func(what string, want ...string) {
		t.Helper()
		f.wait(what, 30*time.Second, func() bool { return slices.Equal(column(t, f.db, decoded), want) })
	}
	first := n.head().Number + 1
	n.invoke(second, second.Address, "upgrade", asToken.Felt())
	approve(11)
	arrived("the upgrade and what the new class tells", "Upgraded", "Approval 11")

	// The upgrade is taken back, and comes again while the coordinator is down.
	f.kill(t)
	n.nextSecond()
	n.abort(first)
	if class(second.Address) != asAccount {
		t.Fatal("the node did not take the upgrade back")
	}
	n.mint(receiver(2), 2)
	n.mint(receiver(2), 3)
	n.invoke(second, second.Address, "upgrade", asToken.Felt())
	approve(12)
	approve(13)
	f.start(t)
	arrived("the upgrade on the other branch", "Upgraded", "Approval 12", "Approval 13")
	f.stopRole()

	var classes []string
	recorded := map[schemas.Hash]int{}
	for _, rec := range f.chainTopic(t) {
		env, err := schemas.ParseEnvelope(rec)
		if err != nil {
			t.Fatal(err)
		}
		if env.Type == schemas.TypeClassABI {
			var abi schemas.ClassABI
			if err := json.Unmarshal(env.Data, &abi); err != nil {
				t.Fatal(err)
			}
			recorded[abi.Class]++
		} else if strings.Contains(env.Type, ".JobManager.") {
			var e schemas.ChainEvent
			if err := json.Unmarshal(env.Data, &e); err != nil {
				t.Fatal(err)
			}
			classes = append(classes, fmt.Sprint(e.Name, " ", e.Class == asAccount, e.Class == asToken, e.Embedded))
		}
	}
	want := []string{
		"Upgraded true false false", "Approval false true false",
		"Upgraded true false false", "Approval false true false", "Approval false true false",
	}
	if !slices.Equal(classes, want) {
		t.Errorf("of which class the events were, the account's or the token's, and whether the embedded ABI decoded them:\n%v\nwant\n%v", classes, want)
	}
	if recorded[asAccount] != 1 || recorded[asToken] != 1 {
		t.Errorf("the log holds the ABIs of classes %v, want those of %s and %s once each", recorded, asAccount, asToken)
	}
}

// chainTopic reads the chain topic of a coordinator that has stopped.
func (f *following) chainTopic(t *testing.T) []schemas.Record {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	log, err := embedded.StartLog(t.Context(), embedded.LogConfig{Dir: filepath.Join(f.dir, "log"), Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	}()
	client, err := eventlog.Open(eventlog.Config{Brokers: log.Brokers(), Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	return wholePartition(t, client, schemas.TopicChain, 0)
}

// sameInLog compares the chain topic with what stands on the chain: nothing is lost, and nothing stands twice.
func (f *following) sameInLog(t *testing.T, want []string) {
	t.Helper()
	var got []string
	ids := map[string]bool{}
	var standing []schemas.Fact
	reorgs := 0
	reader := schemas.NewChainReader(schemas.StartOfChain())
	for _, rec := range f.chainTopic(t) {
		steps, err := reader.Read(rec)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range steps {
			if s.Final != nil {
				continue
			}
			if s.Reorg != nil {
				reorgs++
				standing = slices.DeleteFunc(standing, func(x schemas.Fact) bool { return x.Position.Block > s.Reorg.Common.Number })
				continue
			}
			standing = append(standing, s.Block.Facts...)
		}
	}
	for _, fact := range standing {
		if ids[fact.ID] {
			t.Errorf("event %s stands twice", fact.ID)
		}
		ids[fact.ID] = true
		transfer, ok := fact.Event.(schemas.SAGETokenTransfer)
		if !ok {
			t.Errorf("event %s at %s is a %s", fact.ID, fact.Position, fact.Type)
			continue
		}
		got = append(got, fmt.Sprintf("%d/%d/%d %s %s %s %s", fact.Position.Block, fact.Position.Tx, fact.Position.Event, fact.TxHash,
			transfer.From, transfer.To, transfer.Value))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the log's standing transfers are\n%s\nof the chain\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if reorgs < 3 {
		t.Errorf("the log tells of %d reorganisations, want 3 at least", reorgs)
	}
}
