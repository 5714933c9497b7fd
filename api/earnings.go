package api

import (
	"context"
	"time"

	"github.com/bitsage-network/validator-dashboard/projections"
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// EarningReads answers questions about what workers are paid.
type EarningReads interface {
	Payments(ctx context.Context, as projections.AsOf, f projections.PaymentFilter, p projections.Page) (projections.Listed[projections.PaymentView], projections.Freshness, error)
	EachPayment(ctx context.Context, as projections.AsOf, f projections.PaymentFilter, p projections.Page, begin func(projections.Freshness), row func(projections.PaymentView) error) error
	PaymentDays(ctx context.Context, as projections.AsOf, f projections.PaymentFilter) ([]projections.PaymentDay, projections.Freshness, error)
	Earnings(ctx context.Context, as projections.AsOf, address schemas.Address) (projections.Earnings, projections.Freshness, error)
	EarningStats(ctx context.Context, as projections.AsOf, top int) (projections.EarningStats, projections.Freshness, error)
}

const aboutPayments = `Payments that reached workers, for jobs. payment_type is job (JobManager paid), routed (PaymentRouter paid) or private, whose amount nobody
but the worker can read: it is "0" and unknown, and in no sum.`

const aboutEarnings = aboutPayments + `
claimed_earnings equals total_earnings: a payment needs no claim. pending_earnings is what was promised for jobs and not paid. rank counts those who
earned more, plus one; percentile is 100 × workers that earned less or as much / all that earned. Hours and days end with the newest block.`

// earningRoutes are of what workers are paid.
func (s *Server) earningRoutes() []endpoint {
	of := func(path, summary, about, example string) Route {
		return Route{Path: path, Tag: "Earnings", Summary: summary, Of: Chain, About: about, Example: example}
	}
	return []endpoint{
		read(of("/api/earnings/{address}/summary", "What a worker earned", aboutEarnings, "GET_api_earnings_ADDR_summary.200"), s.earnings),
		exported(of("/api/earnings/{address}/history", "The payments of a worker", aboutPayments, "GET_api_earnings_ADDR_history.200"), s.paymentHistory, s.eachPaymentOf),
		read(of("/api/earnings/{address}/chart", "What a worker earned, by the day", aboutPayments, "GET_api_earnings_ADDR_chart.200"), s.earningsChart),
		read(of("/api/earnings/{address}/breakdown", "What a worker earned, by the type of payment", aboutPayments, ""), s.earningsBreakdown),
		read(of("/api/earnings/network/stats", "What all workers earned", aboutPayments+`
avg_payment is the mean of all payments whose amount can be read.`, ""), s.earningsNetwork),
		exported(of("/api/earnings/recent", "The newest payments", aboutPayments, ""), s.recentPayments, s.eachPayment),
	}
}

type payment struct {
	ID        string    `json:"id"`
	JobID     *string   `json:"job_id"`
	Worker    string    `json:"worker_address"`
	Amount    string    `json:"amount"`
	Type      string    `json:"payment_type"`
	Token     string    `json:"token"`
	Private   bool      `json:"privacy_enabled"`
	CreatedAt time.Time `json:"created_at"`
	TxHash    *string   `json:"tx_hash"`
	Block     *int64    `json:"block_number"`
	Unknown   []string  `json:"unknown"`
}

func paymentOf(p projections.PaymentView) payment {
	out := payment{
		ID: p.ID, JobID: new(p.JobID.String()), Worker: p.Worker, Type: p.Type, CreatedAt: p.Time, TxHash: &p.TxHash, Block: &p.Block, Unknown: []string{},
	}
	out.Amount = orUnknown(&out.Unknown, "amount", p.Amount).String()
	out.Token = orUnknown(&out.Unknown, "token", p.Token)
	out.Private = orUnknown(&out.Unknown, "privacy_enabled", p.Private)
	return out
}

type paymentList struct {
	Payments []payment `json:"payments"`
	paging
}

// PaymentsParams are the parameters of lists of payments.
type PaymentsParams struct {
	Listing
	Between
	Type  string `query:"payment_type" enum:"job,routed,private" doc:"Only payments of this type."`
	Token string `query:"token" maxLength:"32" doc:"Only payments in this token."`
}

// Period is a window before the newest block.
type Period struct {
	Period string `query:"period" enum:"24h,7d,30d,90d,all" default:"all" doc:"Only what is of this time before the newest block."`
}

// window is nil of all times.
func (p Period) window() *time.Duration {
	const day = 24 * time.Hour
	if d, ok := map[string]time.Duration{"24h": day, "7d": 7 * day, "30d": 30 * day, "90d": 90 * day}[p.Period]; ok {
		return &d
	}
	return nil
}

func (in PaymentsParams) filter(period Period, worker addressText) projections.PaymentFilter {
	return projections.PaymentFilter{Worker: worker.filter(), Type: in.Type, Token: in.Token, Span: in.span(), Within: period.window()}
}

func (s *Server) listPayments(ctx context.Context, in PaymentsParams, period Period, worker addressText) (a paymentList, at projections.Freshness, err error) {
	f := in.filter(period, worker)
	as, p, name, err := in.page("payments", 1, "", f.Worker, "|", f.Type, "|", f.Token, "|", period.Period, "|", in.Between)
	if err != nil {
		return a, at, err
	}
	found, at, err := s.config.Models.Payments(ctx, as, f, p)
	a.Payments, a.paging = listing(in.Listing, name, found, at, paymentOf)
	return a, at, err
}

func (s *Server) exportPayments(ctx context.Context, in PaymentsParams, period Period, worker addressText, begin func(projections.Freshness), row func(payment) error) error {
	as, p, err := in.whole("")
	if err != nil {
		return err
	}
	return s.config.Models.EachPayment(ctx, as, in.filter(period, worker), p, begin, func(v projections.PaymentView) error { return row(paymentOf(v)) })
}

type paymentsQuestion struct {
	PaymentsParams
	Period
	Worker addressText `path:"address" doc:"The worker."`
}

func (s *Server) paymentHistory(ctx context.Context, in *paymentsQuestion) (paymentList, projections.Freshness, error) {
	return s.listPayments(ctx, in.PaymentsParams, in.Period, in.Worker)
}

func (s *Server) eachPaymentOf(ctx context.Context, in *paymentsQuestion, begin func(projections.Freshness), row func(payment) error) error {
	return s.exportPayments(ctx, in.PaymentsParams, in.Period, in.Worker, begin, row)
}

func (s *Server) recentPayments(ctx context.Context, in *struct{ PaymentsParams }) (paymentList, projections.Freshness, error) {
	return s.listPayments(ctx, in.PaymentsParams, Period{}, addressText{})
}

func (s *Server) eachPayment(ctx context.Context, in *struct{ PaymentsParams }, begin func(projections.Freshness), row func(payment) error) error {
	return s.exportPayments(ctx, in.PaymentsParams, Period{}, addressText{}, begin, row)
}

type paymentTypeSum struct {
	Type  string `json:"payment_type"`
	Total string `json:"total"`
	Count int64  `json:"count"`
}

type tokenSum struct {
	Token string `json:"token" doc:"Empty of private payments: nobody can tell."`
	Total string `json:"total"`
	Count int64  `json:"count"`
}

type earnings struct {
	Total      string           `json:"total_earnings"`
	Pending    string           `json:"pending_earnings"`
	Claimed    string           `json:"claimed_earnings"`
	Day        string           `json:"earnings_24h"`
	Week       string           `json:"earnings_7d"`
	Month      string           `json:"earnings_30d"`
	ByType     []paymentTypeSum `json:"by_type"`
	ByToken    []tokenSum       `json:"by_token"`
	Rank       *int64           `json:"rank"`
	Percentile *float64         `json:"percentile"`
	Hidden     int64            `json:"private_payments" doc:"Payments whose amount nobody can read."`
}

func typeSums(of []projections.PaymentNumbers) []paymentTypeSum {
	out := []paymentTypeSum{}
	for _, n := range of {
		out = append(out, paymentTypeSum{n.Name, n.Sum.String(), n.Count})
	}
	return out
}

func (s *Server) earnings(ctx context.Context, in *AccountParams) (a earnings, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	e, at, err := s.config.Models.Earnings(ctx, as, in.Address.Address)
	all := e.Total()
	a = earnings{
		Total: all.Sum.String(), Pending: e.Pending.String(), Claimed: all.Sum.String(), Day: e.Day.Sum.String(), Week: e.Week.Sum.String(),
		Month: e.Month.Sum.String(), ByType: typeSums(e.ByType), ByToken: []tokenSum{}, Rank: e.Rank, Hidden: e.Hidden,
	}
	for _, n := range e.ByToken {
		a.ByToken = append(a.ByToken, tokenSum{n.Name, n.Sum.String(), n.Count})
	}
	if e.Rank != nil && e.Workers > 0 {
		a.Percentile = new(100 * float64(e.Workers-*e.Rank+1) / float64(e.Workers))
	}
	return a, at, err
}

func (s *Server) earningsBreakdown(ctx context.Context, in *AccountParams) (a []paymentTypeSum, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	e, at, err := s.config.Models.Earnings(ctx, as, in.Address.Address)
	return typeSums(e.ByType), at, err
}

type earningsDay struct {
	Date   string `json:"date"`
	Amount string `json:"amount"`
	Count  int64  `json:"count"`
}

type earningsChart struct {
	Data   []earningsDay `json:"data" doc:"Days without a payment are left out."`
	Period string        `json:"period"`
	Total  string        `json:"total"`
}

func (s *Server) earningsChart(ctx context.Context, in *struct {
	AccountParams
	Period string `query:"period" enum:"24h,7d,30d,90d,all" default:"30d" doc:"Only what is of this time before the newest block."`
},
) (a earningsChart, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	days, at, err := s.config.Models.PaymentDays(ctx, as, projections.PaymentFilter{Worker: in.Address.filter(), Within: Period{in.Period}.window()})
	a = earningsChart{Data: []earningsDay{}, Period: in.Period}
	var total schemas.Amount
	for _, d := range days {
		total = total.Add(d.Sum)
		a.Data = append(a.Data, earningsDay{d.Day.Format(time.DateOnly), d.Sum.String(), d.Count})
	}
	a.Total = total.String()
	return a, at, err
}

type earner struct {
	Address  string `json:"address"`
	Total    string `json:"total_earnings"`
	Payments int64  `json:"payment_count"`
}

type paymentShare struct {
	Type       string  `json:"payment_type"`
	Total      string  `json:"total"`
	Percentage float64 `json:"percentage" doc:"Of the sum."`
}

type earningsNetwork struct {
	Paid        string           `json:"total_paid"`
	Distributed string           `json:"total_distributed"`
	Payments    int64            `json:"total_payments"`
	Average     *string          `json:"avg_payment"`
	AverageToo  *string          `json:"avg_payment_amount"`
	DayCount    int64            `json:"payments_24h"`
	DayCountToo int64            `json:"payments_last_24h"`
	Day         string           `json:"amount_24h"`
	DayToo      string           `json:"volume_last_24h"`
	Top         []earner         `json:"top_earners"`
	Shares      []paymentShare   `json:"by_type_distribution"`
	ByType      []paymentTypeSum `json:"by_type"`
}

func (s *Server) earningsNetwork(ctx context.Context, in *struct {
	Moment
	Limit int `query:"limit" default:"10" minimum:"1" maximum:"100" doc:"How many top earners at most."`
},
) (a earningsNetwork, at projections.Freshness, err error) {
	as, err := in.asOf()
	if err != nil {
		return a, at, err
	}
	e, at, err := s.config.Models.EarningStats(ctx, as, in.Limit)
	all := e.Total()
	a = earningsNetwork{
		Paid: all.Sum.String(), Distributed: all.Sum.String(), Payments: all.Count, Average: wei(e.Mean()), AverageToo: wei(e.Mean()), DayCount: e.Day.Count,
		DayCountToo: e.Day.Count, Day: e.Day.Sum.String(), DayToo: e.Day.Sum.String(), Top: []earner{}, Shares: []paymentShare{}, ByType: typeSums(e.ByType),
	}
	for _, w := range e.Top {
		a.Top = append(a.Top, earner{w.Address, w.Earned.String(), w.Payments})
	}
	sum, _ := all.Sum.Big().Float64()
	for _, n := range e.ByType {
		share := paymentShare{Type: n.Name, Total: n.Sum.String()}
		if part, _ := n.Sum.Big().Float64(); sum > 0 {
			share.Percentage = 100 * part / sum
		}
		a.Shares = append(a.Shares, share)
	}
	return a, at, err
}
