// What a frame of the WebSocket says, in a line for people. Pure, so that it can be tested.

export interface Frame {
  type: string;
  data: Record<string, unknown>;
}

export interface Entry {
  key: number;
  kind: string;
  text: string;
  time: number;
  block?: number;
}

const MAX_ENTRIES = 60;

/** Puts an entry in front, and drops the oldest beyond what the page shows. */
export function remember(entries: Entry[], entry: Entry): Entry[] {
  return [entry, ...entries].slice(0, MAX_ENTRIES);
}

const ends = (v: unknown) => {
  const s = String(v ?? '');
  return s.length > 14 ? `${s.slice(0, 6)}…${s.slice(-4)}` : s;
};

const inSage = (v: unknown) => {
  const s = String(v ?? '');
  if (!/^\d+$/.test(s)) return '';
  return `${(BigInt(s) / 10n ** 18n).toLocaleString('en-US')} SAGE`;
};

/** Returns the line for a frame, or null for frames that are not news. */
export function narrate(frame: Frame): string | null {
  const d = frame.data;
  switch (frame.type) {
    case 'JobUpdate':
      return `Job ${d.job_id} is ${d.status}${d.worker_id ? ` · ${ends(d.worker_id)}` : ''}`;
    case 'ProofVerified':
      return `Proof of job ${d.job_id} verified`;
    case 'StakingEvent':
      return `${ends(d.worker_address)}: ${String(d.event_type).replaceAll('_', ' ')} ${inSage(d.amount)}`;
    case 'OrderPlaced':
      return `Order ${d.order_id}: ${d.side} ${inSage(d.amount)}`;
    case 'OrderUpdated':
      return `Order ${d.order_id} is ${d.status}`;
    case 'TradeExecuted':
      return `Trade ${d.trade_id}: ${inSage(d.amount)}`;
    case 'ProposalCreated':
      return `Proposal ${d.proposal_id} created${d.title ? `: ${d.title}` : ''}`;
    case 'VoteCast':
      return `${ends(d.voter_address)} voted ${d.support ? 'for' : 'against'} proposal ${d.proposal_id}`;
    case 'FaucetClaim':
      return `Faucet claim by ${ends(d.claimer_address)}`;
    case 'IndexedEvent':
      return `${d.contract_name} ${d.event_name}`;
    case 'Reorged':
      return `The chain was reorganised: blocks above ${d.common_block} are void`;
  }
  return null;
}
