// What a frame of the stream says, in one line for people. Pure: what a frame lacks is left out of the sentence.

import { ends, sage, words } from './format';
import type { ChainEvents, ChainEventType } from './generated/events_gen';
import type { Frame } from './socket';

/** What an event is about; the page shows it as a word and a colour. */
export type Topic =
  | 'job'
  | 'proof'
  | 'stake'
  | 'trade'
  | 'vote'
  | 'dispute'
  | 'token'
  | 'reputation'
  | 'chain'
  | 'reorganisation'
  | 'page';

export interface Story {
  topic: Topic;
  text: string;
}

// The contracts' events by "Contract.Event", out of the types that follow from the ABIs.
type Named<T> = T extends `bitsage.${string}.${infer C}.${infer E}` ? `${C}.${E}` : never;
type Name = Named<ChainEventType>;
type Data<N extends Name> = ChainEvents[Extract<ChainEventType, `bitsage.${string}.${N}`>];
type Stories = { [N in Name]?: readonly [Topic, (event: Partial<Data<N>>) => string] };

/** A value from outside, as a word in a sentence. */
function word(value: unknown, otherwise = 'unknown'): string {
  if (typeof value === 'string' && value !== '') return ends(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object' && value !== null && 'value' in value) return word(value.value, otherwise);
  return otherwise;
}

/** The number of a job; the contracts' felts tell it in hex, their u256 in decimal, and it is the same job. */
const id = (value: unknown) =>
  typeof value === 'string' && /^0x[0-9a-f]{1,12}$/i.test(value)
    ? String(Number.parseInt(value, 16))
    : word(value);

/** The name of a contract or an event, which is never shortened. */
const name = (value: unknown) => (typeof value === 'string' && value !== '' ? value : 'unknown');

const coins = (value: unknown) => (typeof value === 'string' ? sage(value) : 'an unknown amount');

/** Events that no published client has a frame of its own for, and that say more than their name. */
const stories: Stories = {
  'JobManager.PaymentReleased': [
    'job',
    (e) => `Job ${id(e.job_id)} paid ${coins(e.amount)} to ${word(e.worker)}`,
  ],
  'JobManager.WorkerRegistered': ['stake', (e) => `Worker ${word(e.worker_address)} registered`],
  'ProverStaking.SuccessRecorded': [
    'job',
    (e) => `Success of ${word(e.worker)} with job ${id(e.job_id)} recorded`,
  ],
  'ReputationManager.ReputationInitialized': [
    'reputation',
    (e) => `Worker ${word(e.worker_id)} begins with reputation ${word(e.initial_score)}`,
  ],
  'ReputationManager.ReputationUpdated': [
    'reputation',
    (e) => `Reputation of worker ${word(e.worker_id)}: ${word(e.old_score)} → ${word(e.new_score)}`,
  ],
  'FraudProof.ChallengeSubmitted': [
    'dispute',
    (e) => `${word(e.challenger)} challenges job ${id(e.job_id)}, deposit ${coins(e.deposit)}`,
  ],
  'FraudProof.VoteCast': [
    'dispute',
    (e) =>
      `${word(e.voter)} sides with the ${e.supports_challenger === true ? 'challenger' : 'worker'} in challenge ${id(e.challenge_id)}`,
  ],
  'FraudProof.ChallengeResolved': [
    'dispute',
    (e) => `Challenge ${id(e.challenge_id)} ends: ${words(name(e.status)).toLowerCase()}`,
  ],
  'SAGEToken.Transfer': ['token', (e) => `${coins(e.value)} from ${word(e.from)} to ${word(e.to)}`],
  'SAGEToken.Approval': ['token', (e) => `${word(e.owner)} lets ${word(e.spender)} spend ${coins(e.value)}`],
  'SAGEToken.Mint': ['token', (e) => `${coins(e.amount)} minted`],
  'SAGEToken.Burn': ['token', (e) => `${coins(e.amount)} burnt`],
};

/** The contracts whose other events are told by name. */
const topics: Record<string, Topic> = {
  FraudProof: 'dispute',
  GovernanceTreasury: 'vote',
  JobManager: 'job',
  OTCOrderbook: 'trade',
  ProofVerifier: 'proof',
  ProverStaking: 'stake',
  ReputationManager: 'reputation',
  SAGEToken: 'token',
};

function indexed(contract: string, event: string, data: unknown): Story {
  const members = typeof data === 'object' && data !== null ? data : {};
  const story = (stories as Record<string, readonly [Topic, (e: object) => string] | undefined>)[
    `${contract}.${event}`
  ];
  if (story) return { topic: story[0], text: story[1](members) };
  return { topic: topics[contract] ?? 'chain', text: `${contract}: ${words(event).toLowerCase()}` };
}

const STAKING: Record<string, string> = {
  stake: 'staked',
  unstake_requested: 'asks to unstake',
  unstake: 'unstaked',
  slashed: 'was slashed by',
  rewards_claimed: 'claimed rewards of',
};

const SUPPORT: Record<string, string> = { 0: 'against', 1: 'for', 2: 'with abstention on' };

const JOB: Record<string, string> = {
  pending: 'submitted',
  assigned: 'assigned',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** Returns what a frame tells, or null where it is no news: heartbeats, gauges, and kinds that this page does not know. */
export function narrate({ type, data: d }: Frame): Story | null {
  switch (type) {
    case 'JobUpdate': {
      const status = name(d.status);
      const by =
        typeof d.worker_id === 'string' ? ` ${status === 'assigned' ? 'to' : 'by'} ${word(d.worker_id)}` : '';
      return { topic: 'job', text: `Job ${id(d.job_id)} ${JOB[status] ?? status}${by}` };
    }
    case 'ProofVerified':
      return {
        topic: 'proof',
        text: `Proof of job ${id(d.job_id)} ${d.is_valid === false ? 'found invalid' : 'verified'}`,
      };
    case 'StakingEvent': {
      const kind = name(d.event_type);
      const tier = typeof d.gpu_tier === 'string' ? ` as ${d.gpu_tier}` : '';
      return {
        topic: 'stake',
        text: `${word(d.worker_address)} ${STAKING[kind] ?? words(kind).toLowerCase()} ${coins(d.amount)}${tier}`,
      };
    }
    case 'OrderPlaced':
      return {
        topic: 'trade',
        text: `Order ${word(d.order_id)}: ${word(d.maker_address)} ${d.side === 'buy' ? 'buys' : 'sells'} ${coins(d.amount)}`,
      };
    case 'OrderUpdated':
      return {
        topic: 'trade',
        text: `Order ${word(d.order_id)} ${d.status === 'partial' ? 'partly filled' : name(d.status)}`,
      };
    case 'TradeExecuted':
      return {
        topic: 'trade',
        text: `Trade ${word(d.trade_id)}: ${coins(d.amount)} between ${word(d.maker_address)} and ${word(d.taker_address)}`,
      };
    case 'ProposalCreated': {
      const title = typeof d.title === 'string' && d.title !== '' ? `: ${d.title}` : '';
      return { topic: 'vote', text: `Proposal ${word(d.proposal_id)} created${title}` };
    }
    case 'VoteCast':
      return {
        topic: 'vote',
        text: `${word(d.voter_address)} votes ${SUPPORT[word(d.support)] ?? 'on'} proposal ${word(d.proposal_id)}`,
      };
    case 'FaucetClaim':
      return { topic: 'token', text: `${word(d.claimer_address)} took ${coins(d.amount)} from the faucet` };
    case 'IndexedEvent':
      return indexed(name(d.contract_name), name(d.event_name), d.event_data);
    case 'Reorged':
      return {
        topic: 'reorganisation',
        text: `The chain was reorganised: blocks after ${word(d.common_block)} are void`,
      };
    default:
      return null;
  }
}
