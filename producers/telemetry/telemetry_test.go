package telemetry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// memoryLog keeps what is appended, or fails.
type memoryLog struct {
	mu      sync.Mutex
	records []schemas.Record
	fails   error
}

func (l *memoryLog) Append(_ context.Context, r schemas.Record) (int32, int64, error) {
	offset, err := l.AppendTo(context.Background(), -1, r)
	return -1, offset, err
}

func (l *memoryLog) AppendTo(_ context.Context, partition int32, r schemas.Record) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fails != nil {
		return 0, l.fails
	}
	r.Partition = partition
	l.records = append(l.records, r)
	return int64(len(l.records) - 1), nil
}

func TestReportsAreChecked(t *testing.T) {
	const worker = `"worker_address":"0x000000000000abcd"`
	for _, c := range []struct{ name, body, problem string }{
		{"only the address", `{` + worker + `}`, ""},
		{"everything", `{` + worker + `,"worker_id":"w-1","gpu_count":8,"gpu_utilization":99.5,"memory_utilization":0,"jobs_in_progress":3,"latency_ms":12,"version":"1.2.3"}`, ""},
		{"the bounds themselves", `{` + worker + `,"gpu_count":1024,"gpu_utilization":100,"jobs_in_progress":100000}`, ""},
		{"integers as floats", `{` + worker + `,"gpu_count":8.0,"jobs_in_progress":1e2,"latency_ms":0.0}`, ""},
		{"a part of a job", `{` + worker + `,"jobs_in_progress":1.5}`, "1.5 into Go struct field Heartbeat.jobs_in_progress"},
		{"a count in words", `{` + worker + `,"gpu_count":"8"}`, "Heartbeat.gpu_count"},
		{"its GPUs", `{` + worker + `,"gpus":[{"gpu_index":0.0,"power_watts":300}]}`, ""},
		{"a GPU without a number", `{` + worker + `,"gpus":[{"power_watts":300}]}`, "gpus[0].gpu_index is missing"},
		{"not JSON", `{`, "not the JSON of a heartbeat"},
		{"what is not known is ignored", `{` + worker + `,"mood":"fine"}`, ""},
		{"no address", `{}`, "worker_address is missing"},
		{"no 0x", `{"worker_address":"00000000abcd"}`, "Invalid worker address format"},
		{"too short", `{"worker_address":"0xabcd"}`, "Invalid worker address format"},
		{"not hex", `{"worker_address":"0xnotanaddress"}`, "Invalid worker address format"},
		{"above the prime", `{"worker_address":"0x` + strings.Repeat("f", 64) + `"}`, "Invalid worker address format"},
		{"nobody", `{"worker_address":"0x0000000000"}`, "the zero address"},
		{"more than a hundred percent", `{` + worker + `,"gpu_utilization":100.1}`, "gpu_utilization"},
		{"less than nothing", `{` + worker + `,"memory_utilization":-1}`, "memory_utilization"},
		{"a negative count", `{` + worker + `,"gpu_count":-1}`, "gpu_count"},
		{"a count beyond all", `{` + worker + `,"jobs_in_progress":5000000000}`, "jobs_in_progress"},
		{"a latency beyond all", `{` + worker + `,"latency_ms":2147483648}`, "latency_ms"},
		{"a novel", `{` + worker + `,"version":"` + strings.Repeat("v", maxText+1) + `"}`, "version"},
		{"a line break", `{` + worker + `,"worker_id":"a\nb"}`, "worker_id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, err := CheckHeartbeat([]byte(c.body))
			if c.problem == "" {
				if err != nil || h.Worker != (schemas.Address{30: 0xab, 31: 0xcd}) {
					t.Errorf("%+v, %v", h, err)
				}
				return
			}
			var invalid *InvalidError
			if !errors.As(err, &invalid) || !strings.Contains(invalid.Problem, c.problem) {
				t.Errorf("%v, want %q", err, c.problem)
			}
		})
	}
}

// TestAWholeNumberIsWhatJSONSchemaCallsAnInteger draws numbers in every way that JSON writes them.
func TestAWholeNumberIsWhatJSONSchemaCallsAnInteger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-maxExact, maxExact).Draw(t, "n")
		text := fmt.Sprint(n) + rapid.SampledFrom([]string{"", ".0", ".00", "e0", "E+0", ".0e0"}).Draw(t, "suffix")
		var w whole
		if err := json.Unmarshal([]byte(text), &w); err != nil || int64(w) != n {
			t.Fatalf("%s is read as %d, %v", text, w, err)
		}
		if text = fmt.Sprintf("%d.%d", n/2, rapid.IntRange(1, 9).Draw(t, "part")); json.Unmarshal([]byte(text), &w) == nil && n/2 < 1<<49 && n/2 > -1<<49 {
			t.Fatalf("%s is read as %d", text, w)
		}
	})
	for _, text := range []string{"1e300", "9007199254740994.0", "true", `"1"`, "[]", "{}"} {
		if w := whole(0); json.Unmarshal([]byte(text), &w) == nil {
			t.Errorf("%s is read as %d", text, w)
		}
	}
}

// TestWhatIsSaidOfAddressesIsWhatIsAccepted holds the patterns of the document to the checks. The few felts between 2^251 and the prime are no
// accounts.
func TestWhatIsSaidOfAddressesIsWhatIsAccepted(t *testing.T) {
	pattern := func(of any, member string) *regexp.Regexp {
		f, ok := reflect.TypeOf(of).FieldByName(member)
		if !ok {
			t.Fatal(member)
		}
		return regexp.MustCompile(f.Tag.Get("pattern"))
	}
	accounts := []*regexp.Regexp{pattern(Heartbeat{}, "Worker"), pattern(GPUMetrics{}, "Worker"), pattern(Claim{}, "Address")}
	hash := pattern(Claim{}, "TxHash")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringMatching("0x0{0,70}[0-9a-fA-F]{0,70}"), rapid.StringMatching("0x0{0,3}[0-9a-fA-F]{60,65}"), rapid.StringMatching("0[xX]?[0-9a-g]{6,12}")).Draw(t, "text")
		_, err := checkAddress("address", text)
		for _, p := range accounts {
			if described := len(text) >= minAddress && p.MatchString(text); described != (err == nil) {
				t.Fatalf("%s is described as an address: %t; %v", text, described, err)
			}
		}
		if _, err := schemas.ParseHash(text); strings.HasPrefix(text, "0x") && hash.MatchString(text) != (err == nil) {
			t.Fatalf("%s: %v", text, err)
		}
	})
}

func TestGPUMetricsAreChecked(t *testing.T) {
	const worker = `"worker_address":"0x000000000000abcd"`
	for _, c := range []struct{ name, body, problem string }{
		{"no GPUs", `{` + worker + `,"gpus":[]}`, ""},
		{"only a number", `{` + worker + `,"gpus":[{"gpu_index":3}]}`, ""},
		{
			"everything", `{` + worker + `,"gpus":[{"gpu_index":0,"gpu_model":"H100","gpu_tier":"DataCenter","vram_total_gb":80,"vram_used_gb":80,
				"compute_utilization":100,"temperature_celsius":-3.5,"power_watts":512.5,"has_tee":true,"current_job_id":"1042"},{"gpu_index":1023}]}`, "",
		},
		{"nobody's", `{"gpus":[]}`, "worker_address is missing"},
		{"no list", `{` + worker + `}`, "gpus is missing"},
		{"no number", `{` + worker + `,"gpus":[{"gpu_index":0},{"gpu_model":"H100"}]}`, "gpus[1].gpu_index is missing"},
		{"a number beyond all", `{` + worker + `,"gpus":[{"gpu_index":1024}]}`, "gpus[0].gpu_index 1024"},
		{"one twice", `{` + worker + `,"gpus":[{"gpu_index":2},{"gpu_index":2}]}`, "gpus[1].gpu_index 2: is there twice"},
		{"busier than can be", `{` + worker + `,"gpus":[{"gpu_index":0,"compute_utilization":101}]}`, "gpus[0].compute_utilization 101: want 0 to 100"},
		{"hotter than can be", `{` + worker + `,"gpus":[{"gpu_index":0,"temperature_celsius":251}]}`, "temperature_celsius"},
		{"power from nowhere", `{` + worker + `,"gpus":[{"gpu_index":0,"power_watts":-1}]}`, "power_watts"},
		{"more used than there is", `{` + worker + `,"gpus":[{"gpu_index":0,"vram_total_gb":24,"vram_used_gb":25}]}`, "vram_used_gb 25: is more than vram_total_gb 24"},
		{"a line break", `{` + worker + `,"gpus":[{"gpu_index":0,"gpu_model":"a\nb"}]}`, "gpus[0].gpu_model"},
		{"more than a rack", `{` + worker + `,"gpus":[` + strings.TrimSuffix(strings.Repeat(`{"gpu_index":0},`, 1025), ",") + `]}`, "1025 are too many"},
		{"not JSON", `[]`, "not the JSON of GPU metrics"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := CheckGPUMetrics([]byte(c.body))
			if c.problem == "" {
				if err != nil || m.Worker != (schemas.Address{30: 0xab, 31: 0xcd}) {
					t.Errorf("%+v, %v", m, err)
				}
				return
			}
			var invalid *InvalidError
			if !errors.As(err, &invalid) || !strings.Contains(invalid.Problem, c.problem) {
				t.Errorf("%v, want %q", err, c.problem)
			}
		})
	}
}

func TestClaimsAreChecked(t *testing.T) {
	const rest = `"amount":"10","claim_type":"staking","tx_hash":"0x4d"`
	for _, c := range []struct{ name, body, problem string }{
		{"what is needed", `{"address":"0x000000000000abcd",` + rest + `}`, ""},
		{"everything", `{"address":"0x000000000000abcd","block_number":9,"epoch_number":2,` + rest + `}`, ""},
		{"nobody's", `{` + rest + `}`, "address is missing"},
		{"no address", `{"address":"hello",` + rest + `}`, "Invalid worker address format"},
		{"no amount", `{"address":"0x000000000000abcd","claim_type":"staking","tx_hash":"0x4d"}`, "amount is missing"},
		{"less than nothing", `{"address":"0x000000000000abcd","amount":"-1","claim_type":"staking","tx_hash":"0x4d"}`, "want wei"},
		{"nothing", `{"address":"0x000000000000abcd","amount":"0","claim_type":"staking","tx_hash":"0x4d"}`, "nothing to claim"},
		{"no type", `{"address":"0x000000000000abcd","amount":"1","tx_hash":"0x4d"}`, "claim_type"},
		{"a type of nobody's", `{"address":"0x000000000000abcd","amount":"1","claim_type":"lottery","tx_hash":"0x4d"}`, "want one of staking, mining"},
		{"no transaction", `{"address":"0x000000000000abcd","amount":"1","claim_type":"staking"}`, ""},
		{"a transaction that is none", `{"address":"0x000000000000abcd","amount":"1","claim_type":"staking","tx_hash":"4d"}`, "tx_hash"},
		{"a block before the first", `{"address":"0x000000000000abcd","block_number":-1,` + rest + `}`, "block_number -1: want 0 to 9007199254740992"},
		{"a block beyond all", `{"address":"0x000000000000abcd","block_number":9007199254740993,` + rest + `}`, "block_number 9007199254740993"},
		{"an epoch beyond all", `{"address":"0x000000000000abcd","epoch_number":4294967296,` + rest + `}`, "epoch_number 4294967296"},
	} {
		t.Run(c.name, func(t *testing.T) {
			claim, err := CheckClaim([]byte(c.body))
			if c.problem == "" {
				if err != nil || !uuid.MatchString(claim.ClaimID) {
					t.Errorf("%+v, %v", claim, err)
				}
				return
			}
			var invalid *InvalidError
			if !errors.As(err, &invalid) || !strings.Contains(invalid.Problem, c.problem) {
				t.Errorf("%v, want %q", err, c.problem)
			}
		})
	}
	// However an address or a hash is written, and whatever else is said, the same claim has the same id; another one has another.
	id := func(body string) string {
		t.Helper()
		c, err := CheckClaim([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return c.ClaimID
	}
	one := id(`{"address":"0x000000000000abcd",` + rest + `}`)
	if again := id(`{"address":"0x0000000000ABCD","block_number":7,"amount":"10","claim_type":"staking","tx_hash":"0x004D"}`); again != one {
		t.Errorf("%s and %s are one claim", one, again)
	}
	unnamed := id(`{"address":"0x000000000000abcd","amount":"10","claim_type":"staking","epoch_number":12}`)
	if next := id(`{"address":"0x000000000000abcd","amount":"10","claim_type":"staking","epoch_number":13}`); unnamed == one || next == unnamed {
		t.Error("of claims without a transaction the epoch tells one from another")
	}
	if other := id(`{"address":"0x000000000000abcd","amount":"11","claim_type":"staking","tx_hash":"0x4d"}`); other == one {
		t.Errorf("two claims are both %s", one)
	}
}

func TestAHeartbeatHasTheTimeOfIngestionAndAnIDOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{}
		r := NewRecorder(log)
		h := schemas.Heartbeat{Worker: schemas.Address{31: 7}, JobsInProgress: new(uint32(2))}
		ids := map[string]bool{}
		for range 3 { // at one instant
			if err := r.Heartbeat(t.Context(), h); err != nil {
				t.Fatal(err)
			}
		}
		for _, rec := range log.records {
			if rec.Topic != schemas.TopicHeartbeats || string(rec.Key) != h.Worker.String() {
				t.Errorf("topic %s, key %s", rec.Topic, rec.Key)
			}
			env, err := schemas.ParseEnvelope(rec)
			if err != nil {
				t.Fatal(err)
			}
			var back schemas.Heartbeat
			if err := json.Unmarshal(env.Data, &back); err != nil {
				t.Fatal(err)
			}
			if env.Type != schemas.TypeHeartbeat || !env.Time.Equal(time.Now()) || back.Worker != h.Worker || *back.JobsInProgress != 2 {
				t.Errorf("%+v with %s", env, env.Data)
			}
			ids[env.ID] = true
		}
		if len(ids) != 3 {
			t.Errorf("three heartbeats have the ids %v", ids)
		}
	})
}

func TestWhatTheLogDoesNotHaveIsNotAcknowledged(t *testing.T) {
	down := errors.New("down")
	if err := NewRecorder(&memoryLog{fails: down}).Heartbeat(t.Context(), schemas.Heartbeat{Worker: schemas.Address{31: 7}}); !errors.Is(err, down) {
		t.Errorf("acknowledged: %v", err)
	}
}

func TestEveryPartitionIsToldTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- NewTicker(log, slog.New(slog.DiscardHandler)).Run(ctx) }()
		synctest.Wait()
		told := func() map[int32]time.Time {
			log.mu.Lock()
			defer log.mu.Unlock()
			newest := map[int32]time.Time{}
			for _, rec := range log.records {
				env, err := schemas.ParseEnvelope(rec)
				if err != nil || env.Type != schemas.TypeTick {
					t.Fatalf("%+v, %v", env, err)
				}
				newest[rec.Partition] = env.Time
			}
			return newest
		}
		for round := range 3 {
			newest := told()
			if len(newest) != schemas.TelemetryPartitions {
				t.Errorf("round %d: %d partitions were told", round, len(newest))
			}
			for p, at := range newest {
				if !at.Equal(time.Now()) {
					t.Errorf("round %d: partition %d was last told %s, now is %s", round, p, at, time.Now())
				}
			}
			if round == 1 { // a tick that fails is not the end
				log.mu.Lock()
				log.fails = errors.New("down")
				log.mu.Unlock()
				time.Sleep(schemas.TickInterval)
				synctest.Wait()
				log.mu.Lock()
				log.fails = nil
				log.mu.Unlock()
			}
			time.Sleep(schemas.TickInterval)
			synctest.Wait()
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
