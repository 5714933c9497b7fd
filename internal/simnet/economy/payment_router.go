package economy

import (
	"github.com/bitsage-network/validator-dashboard/schemas"
)

// paymentRouter takes clients' payments and splits them. Its share to burn is set to zero here: SAGEToken lets only its owner
// burn, so that a payment with anything to burn reverts. And since it gives out 5 % more than it takes, it needs funds.
type paymentRouter struct {
	Contract
	sage              *sageToken
	treasury, stakers address

	workers                                   Map[uint64, address]
	usd, burned, toWorker, toStakers, toTreas Cell[amount]
}

const (
	routerWorkerBps   = 8_000
	routerProtocolBps = 2_000
	routerTreasuryBps = 7_000 // of the protocol's fee
	routerStakersBps  = 3_000
	sageDiscountBps   = 500
)

// sagePrice is the router's price of a SAGE in USD, at 18 decimals, where no oracle has one.
var sagePrice = milliSage(100)

func (r *paymentRouter) functions() {
	r.entries = map[string]entry{"pay_with_sage": on(r.payWithSage)}
	r.views = map[string]view{
		"get_stats": tell(func(e *Env) list {
			return list{r.usd.get(e), r.burned.get(e), r.toWorker.get(e), r.toStakers.get(e), r.toTreas.get(e)}
		}),
		"get_fee_distribution": constant(map[string]int{
			"worker_bps": routerWorkerBps, "protocol_fee_bps": routerProtocolBps, "burn_share_bps": 0,
			"treasury_share_bps": routerTreasuryBps, "staker_share_bps": routerStakersBps,
		}),
		"get_discount_tiers": constant(map[string]int{
			"stablecoin_discount_bps": 0, "strk_discount_bps": 0, "wbtc_discount_bps": 0, "sage_discount_bps": sageDiscountBps,
			"staked_sage_discount_bps": 1_000, "privacy_credit_discount_bps": 200,
		}),
		"is_contract_configured":  constant(true),
		"is_configuration_locked": constant(false),
	}
}

type payArgs struct {
	Amount amount `json:"amount"`
	JobID  amount `json:"job_id"`
}

// payWithSage credits 5 % more than is paid, and distributes that.
func (r *paymentRouter) payWithSage(e *Env, a payArgs) {
	credited := bps(a.Amount, 10_000+sageDiscountBps)
	usd := mulDiv(a.Amount, sagePrice, wei)
	r.usd.set(e, r.usd.get(e).Add(usd))
	token := e.into(&r.sage.Contract)
	r.sage.transferFrom(token, transferFromArgs{e.caller, r.Address, a.Amount})

	toWorker := bps(credited, routerWorkerBps)
	fee := credited.Sub(toWorker)
	toTreasury := bps(fee, routerTreasuryBps)
	toStakers := fee.Sub(toTreasury)
	if worker := r.workers.get(e, low(a.JobID)); !worker.IsZero() {
		r.sage.transfer(token, transferArgs{worker, toWorker})
		e.emit(schemas.PaymentRouterWorkerPaid{JobID: a.JobID, Worker: worker, SageAmount: toWorker, Timestamp: e.block.Time})
	}
	r.sage.transfer(token, transferArgs{r.stakers, toStakers})
	r.sage.transfer(token, transferArgs{r.treasury, toTreasury})
	r.toWorker.set(e, r.toWorker.get(e).Add(toWorker))
	r.toStakers.set(e, r.toStakers.get(e).Add(toStakers))
	r.toTreas.set(e, r.toTreas.get(e).Add(toTreasury))
	e.emit(schemas.PaymentRouterFeesDistributed{
		TotalSage: credited, ToWorker: toWorker, ProtocolFee: fee, ToTreasury: toTreasury, ToStakers: toStakers, Timestamp: e.block.Time,
	})
	e.emit(schemas.PaymentRouterPaymentExecuted{
		JobID: a.JobID, Payer: e.caller, PaymentToken: schemas.ShortString("SAGE"), PaymentAmount: a.Amount,
		SageEquivalent: credited, UsdValue: usd,
	})
}
