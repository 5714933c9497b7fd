package economy

import (
	"fmt"

	"github.com/bitsage-network/validator-dashboard/schemas"
)

// build puts every contract of the catalogue at its address, each with those that it calls.
func (w *World) build() error {
	deployed := map[string]Contract{}
	catalogue, err := schemas.Contracts(schemas.Local)
	if err != nil {
		return err
	}
	for _, k := range catalogue {
		abi, err := schemas.Embedded(k.Name)
		if err != nil {
			return err
		}
		doc, err := schemas.EmbeddedJSON(k.Name)
		if err != nil {
			return err
		}
		deployed[k.Name] = Contract{Name: k.Name, Address: k.Address, Class: classHash(k.Name), ABI: abi, ABIDocument: doc}
	}
	take := func(name string) Contract {
		c, ok := deployed[name]
		if !ok {
			panic(fmt.Sprintf("economy: the catalogue has no address of %s", name))
		}
		delete(deployed, name)
		return c
	}
	if err := w.tokens(); err != nil {
		return err
	}
	owner := w.owner.Address
	w.sage = &sageToken{Contract: take("SAGEToken"), owner: owner, liquidity: w.liquidity.Address}
	w.staking = &proverStaking{Contract: take("ProverStaking"), owner: owner, treasury: w.treasury.Address, sage: w.sage}
	w.pool = &cdcPool{Contract: take("CDCPool"), admin: owner, sage: w.sage}
	w.reputation = &reputationManager{Contract: take("ReputationManager"), admin: owner, pool: w.pool.Address, rateLimit: 60}
	w.router = &paymentRouter{
		Contract: take("PaymentRouter"), sage: w.sage, treasury: w.treasury.Address, stakers: w.stakersPool.Address,
	}
	w.gated = &proofGatedPayment{Contract: take("ProofGatedPayment"), router: w.router}
	w.jobs = &jobManager{
		Contract: take("JobManager"), admin: owner, treasury: w.treasury.Address, sage: w.sage, pool: w.pool, gated: w.gated,
		reputation: w.reputation.Address,
	}
	w.reputation.jobs, w.gated.jobs = w.jobs.Address, w.jobs.Address
	w.proofs = &proofVerifier{Contract: take("ProofVerifier"), owner: owner, gated: w.gated}
	w.gated.proofs = w.proofs.Address
	w.stwo = &stwoVerifier{Contract: take("StwoVerifier"), owner: owner}
	w.referral = &referralSystem{Contract: take("ReferralSystem"), owner: owner, sage: w.sage}
	w.book = &otcOrderbook{
		Contract: take("OTCOrderbook"), owner: owner, sage: w.sage, referral: w.referral,
		quotes: map[address]*erc20{usdcAddress: w.usdc, strkAddress: w.strk},
	}
	w.referral.book = w.book.Address
	w.governance = &governanceTreasury{Contract: take("GovernanceTreasury"), owner: owner, sage: w.sage}
	w.fraud = &fraudProof{Contract: take("FraudProof"), owner: owner, sage: w.sage}
	w.faucet = &faucet{Contract: take("Faucet"), owner: owner, sage: w.sage}
	w.fees = &feeManager{Contract: take("FeeManager"), owner: owner, treasury: w.treasury.Address, sage: w.sage}
	w.escrow = &escrow{Contract: take("Escrow"), owner: owner, sage: w.sage}
	w.metered = &meteredBilling{Contract: take("MeteredBilling"), owner: owner, proofs: w.proofs, gated: w.gated}
	w.tee = &optimisticTEE{Contract: take("OptimisticTEE"), owner: owner, sage: w.sage, proofs: w.proofs, staking: w.staking, gated: w.gated}
	w.gated.tee, w.staking.tee = w.tee.Address, w.tee.Address

	for _, c := range []interface{ functions() }{
		w.sage, w.staking, w.reputation, w.jobs, w.pool, w.proofs, w.stwo, w.gated, w.router, w.book, w.governance, w.fraud, w.faucet, w.referral,
		w.fees, w.escrow, w.metered, w.tee,
	} {
		c.functions()
	}
	for _, c := range []*Contract{
		&w.sage.Contract, &w.staking.Contract, &w.reputation.Contract, &w.jobs.Contract, &w.pool.Contract, &w.proofs.Contract,
		&w.stwo.Contract, &w.gated.Contract, &w.router.Contract, &w.book.Contract, &w.governance.Contract, &w.fraud.Contract,
		&w.faucet.Contract, &w.referral.Contract, &w.fees.Contract, &w.escrow.Contract, &w.metered.Contract, &w.tee.Contract,
	} {
		w.add(c)
	}
	for _, k := range catalogue { // in the catalogue's order, so that every world is built alike
		if c, left := deployed[k.Name]; left {
			silent(&c)
			w.add(&c)
		}
	}
	return nil
}

// tokens puts the tokens of others in place.
func (w *World) tokens() error {
	abi, err := schemas.Embedded("MockERC20")
	if err != nil {
		return err
	}
	doc, err := schemas.EmbeddedJSON("MockERC20")
	if err != nil {
		return err
	}
	token := func(symbol string, at schemas.Address, decimals uint8) *erc20 {
		t := &erc20{
			Contract: Contract{Name: symbol, Address: at, Class: classHash("ERC20"), ABI: abi, ABIDocument: doc},
			symbol:   symbol, decimals: decimals,
		}
		t.functions()
		w.add(&t.Contract)
		return t
	}
	w.strk, w.usdc = token("STRK", strkAddress, 18), token("USDC", usdcAddress, 6)
	return nil
}

// endow gives every account the STRK and the quote tokens that it had before BitSage came to the chain.
func (w *World) endow() {
	e := w.env(Block{})
	for _, t := range []*erc20{w.strk, w.usdc} {
		each := schemas.Sage(1_000_000)
		for a := range w.accounts {
			t.balances.set(e, a, each)
		}
		t.supply = mulDiv(each, number(uint64(len(w.accounts))), number(1))
		t.functions()
	}
}

type deployArgs struct {
	Class    schemas.Hash `json:"classHash"`
	Salt     felt         `json:"salt"`
	Unique   bool         `json:"unique"`
	Calldata []felt       `json:"calldata"`

	to *Contract
}

// deploy runs the constructor of a contract; most need none here.
func (w *World) deploy(e *Env, a deployArgs) {
	inner := e.into(a.to)
	switch a.to {
	case &w.sage.Contract:
		w.sage.construct(inner)
	case &w.staking.Contract:
		w.staking.construct(inner)
	case &w.reputation.Contract:
		w.reputation.construct(inner)
	case &w.book.Contract:
		w.book.construct(inner, usdcAddress)
	case &w.fraud.Contract:
		w.fraud.construct(inner)
	case &w.faucet.Contract:
		w.faucet.construct(inner)
	case &w.fees.Contract:
		w.fees.construct(inner)
	case &w.metered.Contract:
		w.metered.construct(inner)
	case &w.tee.Contract:
		w.tee.construct(inner)
	}
}

// Deployed returns the contracts of the catalogue that the first block deploys.
func (w *World) Deployed() []*Contract {
	var out []*Contract
	for _, c := range w.contracts {
		if _, person := w.accounts[c.Address]; person || c == w.deployer || c == &w.strk.Contract || c == &w.usdc.Contract {
			continue
		}
		out = append(out, c)
	}
	return out
}
