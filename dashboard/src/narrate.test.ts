import { expect, it } from 'vitest';
import { narrate } from './narrate';

const worker = `0x${'0b'.repeat(32)}`;
const other = `0x${'0c'.repeat(32)}`;
const five = '5000000000000000000';

it.each([
  ['JobUpdate', { job_id: '7', status: 'pending', worker_id: null }, 'Job 7 submitted'],
  ['JobUpdate', { job_id: '7', status: 'assigned', worker_id: worker }, 'Job 7 assigned to 0x0b0b…0b0b'],
  ['JobUpdate', { job_id: '7', status: 'completed', worker_id: worker }, 'Job 7 completed by 0x0b0b…0b0b'],
  ['ProofVerified', { job_id: '7', is_valid: true }, 'Proof of job 7 verified'],
  ['ProofVerified', { job_id: '7', is_valid: false }, 'Proof of job 7 found invalid'],
  [
    'StakingEvent',
    { worker_address: worker, event_type: 'stake', amount: five, gpu_tier: 'DataCenter' },
    '0x0b0b…0b0b staked 5 SAGE as DataCenter',
  ],
  [
    'StakingEvent',
    { worker_address: worker, event_type: 'unstake_requested', amount: five },
    '0x0b0b…0b0b asks to unstake 5 SAGE',
  ],
  [
    'StakingEvent',
    { worker_address: worker, event_type: 'rewards_claimed', amount: five },
    '0x0b0b…0b0b claimed rewards of 5 SAGE',
  ],
  [
    'OrderPlaced',
    { order_id: '17', maker_address: worker, side: 'sell', amount: five },
    'Order 17: 0x0b0b…0b0b sells 5 SAGE',
  ],
  ['OrderUpdated', { order_id: '17', status: 'partial' }, 'Order 17 partly filled'],
  ['OrderUpdated', { order_id: '17', status: 'cancelled' }, 'Order 17 cancelled'],
  [
    'TradeExecuted',
    { trade_id: '9', maker_address: worker, taker_address: other, amount: five, side: null, pair_id: null },
    'Trade 9: 5 SAGE between 0x0b0b…0b0b and 0x0c0c…0c0c',
  ],
  ['ProposalCreated', { proposal_id: '3', title: 'fund-the-docs' }, 'Proposal 3 created: fund-the-docs'],
  ['ProposalCreated', { proposal_id: '3', title: null }, 'Proposal 3 created'],
  [
    'VoteCast',
    { proposal_id: '3', voter_address: worker, support: 0 },
    '0x0b0b…0b0b votes against proposal 3',
  ],
  ['VoteCast', { proposal_id: '3', voter_address: worker, support: 1 }, '0x0b0b…0b0b votes for proposal 3'],
  ['FaucetClaim', { claimer_address: worker, amount: five }, '0x0b0b…0b0b took 5 SAGE from the faucet'],
  ['Reorged', { common_block: 41 }, 'The chain was reorganised: blocks after 41 are void'],
])('%s %j', (type, data, text) => {
  expect(narrate({ type, data })?.text).toBe(text);
});

const indexed = (contract_name: string, event_name: string, event_data: unknown) =>
  narrate({ type: 'IndexedEvent', data: { contract_name, event_name, event_data } })?.text;

it('tells the events of the contracts, ids in either form', () => {
  expect(indexed('JobManager', 'PaymentReleased', { job_id: { value: '6' }, worker, amount: five })).toBe(
    'Job 6 paid 5 SAGE to 0x0b0b…0b0b',
  );
  expect(indexed('ProverStaking', 'SuccessRecorded', { worker, job_id: '0x1f' })).toBe(
    'Success of 0x0b0b…0b0b with job 31 recorded',
  );
  expect(
    indexed('ReputationManager', 'ReputationUpdated', { worker_id: '0x2', old_score: 500, new_score: 510 }),
  ).toBe('Reputation of worker 0x2: 500 → 510');
  expect(indexed('FraudProof', 'ChallengeResolved', { challenge_id: '4', status: 'InvalidProof' })).toBe(
    'Challenge 4 ends: invalid proof',
  );
});

it('tells other events by their name, whole', () => {
  expect(indexed('JobManager', 'CDCPoolNotificationFailed', {})).toBe(
    'JobManager: cdc pool notification failed',
  );
  expect(
    narrate({ type: 'IndexedEvent', data: { contract_name: 'Escrow', event_name: 'Released' } }),
  ).toEqual({
    topic: 'chain',
    text: 'Escrow: released',
  });
});

it('is silent about what is no news', () => {
  for (const type of ['Heartbeat', 'WorkerUpdate', 'NetworkStats', 'SomethingNew']) {
    expect(narrate({ type, data: { timestamp: 1 } })).toBeNull();
  }
});

it('leaves out what a frame does not say, and never throws', () => {
  const types =
    'JobUpdate ProofVerified StakingEvent OrderPlaced OrderUpdated TradeExecuted ProposalCreated VoteCast FaucetClaim IndexedEvent Reorged';
  for (const type of types.split(' ')) {
    expect(narrate({ type, data: {} })?.text).not.toMatch(/undefined|null|NaN|\[object/);
  }
  for (const nonsense of [null, 7, 'x', [], { job_id: { deep: {} }, amount: {} }]) {
    expect(indexed('JobManager', 'PaymentReleased', nonsense)).toBe(
      'Job unknown paid an unknown amount to unknown',
    );
  }
});
