// What the API answers, as the page understands it. A member that is missing, null, of another type, or named in the answer's
// `unknown` list becomes null here, at the edge: beyond this file null means "not known", and no zero stands in for it. Names of members are
// those of the document; what stands in them is not taken for granted.

import type { components } from './generated/api_gen';

type Schemas = components['schemas'];

export interface Stats {
  network: string | null;
  simulated: boolean;
  workers: number | null;
  activeWorkers: number | null;
  jobs: number | null;
  jobsCompleted: number | null;
  jobsInProgress: number | null;
  jobsLastDay: number | null;
  completedLastDay: number | null;
  proofs: number | null;
  /** Percent: active of registered workers. */
  utilisation: number | null;
  /** Seconds from assignment to completion. */
  averageSeconds: number | null;
  computeHours: number | null;
  /** Wei, as a decimal string. */
  staked: string | null;
  block: number | null;
  /** When the newest block was made, in unix seconds. */
  blockTime: number | null;
  /** Registered workers by tier, in the contract's order. */
  tiers: { tier: string; workers: number }[] | null;
}

export type Liveness = 'online' | 'idle' | 'offline' | 'unknown';

export interface Worker {
  id: string | null;
  /** The whole address where the server tells it, its two ends otherwise. */
  address: string | null;
  status: Liveness;
  gpuCount: number | null;
  gpuType: string | null;
  /** Percent. */
  gpuLoad: number | null;
  /** 0 to 1000. */
  reputation: number | null;
  jobsCompleted: number | null;
  tier: string | null;
  staked: string | null;
  lastHeartbeat: number | null;
}

export interface Job {
  id: string;
  type: string | null;
  status: string;
  /** As the server words it, with its unit. */
  reward: string | null;
  /** The same in wei, where the server tells it. */
  payment: string | null;
  client: string | null;
  worker: string | null;
  submittedAt: number | null;
  seconds: number | null;
}

export interface Contract {
  name: string;
  address: string;
}

export interface Contracts {
  simulated: boolean;
  /** Where an explorer shows addresses and transactions; null where no explorer knows this network. */
  explorer: string | null;
  list: Contract[];
}

export interface Component {
  name: string;
  status: string;
  message: string | null;
}

export interface Health {
  status: string;
  version: string | null;
  components: Component[];
}

type Name<T> = keyof T & string;

/** The members of one JSON object, read with doubt. T is what the document says of it. */
class Reader<T> {
  private readonly members: Record<string, unknown>;
  private readonly unknown: ReadonlySet<unknown>;

  constructor(value: unknown) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.members = isObject ? (value as Record<string, unknown>) : {};
    const { unknown } = this.members;
    this.unknown = new Set(Array.isArray(unknown) ? (unknown as unknown[]) : []);
  }

  private get(name: Name<T>): unknown {
    return this.unknown.has(name) ? null : this.members[name];
  }

  number(name: Name<T>): number | null {
    const v = this.get(name);
    return typeof v === 'number' && Number.isFinite(v) ? v : null;
  }

  /** Unix seconds; zero is how some servers say "never". */
  time(name: Name<T>): number | null {
    const v = this.number(name);
    return v !== null && v > 0 ? v : null;
  }

  text(name: Name<T>): string | null {
    const v = this.get(name);
    return typeof v === 'string' && v !== '' ? v : null;
  }

  wei(name: Name<T>): string | null {
    const v = this.text(name);
    return v !== null && /^\d+$/.test(v) ? v : null;
  }

  flag(name: Name<T>): boolean {
    return this.get(name) === true;
  }

  list(name: Name<T>): unknown[] {
    const v = this.get(name);
    return Array.isArray(v) ? (v as unknown[]) : [];
  }

  object(name: Name<T>): Record<string, unknown> | null {
    const v = this.get(name);
    return typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Record<string, unknown>) : null;
  }
}

/** The network that a simulation in the server's own process goes by. */
const LOCAL = 'local';

const TIERS: readonly [string, string][] = [
  ['consumer', 'Consumer'],
  ['workstation', 'Workstation'],
  ['datacenter', 'DataCenter'],
  ['enterprise', 'Enterprise'],
  ['frontier', 'Frontier'],
];

function readTiers(members: Record<string, unknown> | null): Stats['tiers'] {
  if (!members) return null;
  return TIERS.flatMap(([key, tier]) => {
    const workers = members[key];
    return typeof workers === 'number' ? [{ tier, workers }] : [];
  });
}

export function readStats(value: unknown): Stats {
  const r = new Reader<Schemas['NetworkStats']>(value);
  const network = r.text('network');
  return {
    network,
    simulated: r.flag('simulated') || network === LOCAL,
    workers: r.number('total_workers'),
    activeWorkers: r.number('active_workers'),
    jobs: r.number('total_jobs_processed'),
    jobsCompleted: r.number('total_jobs_completed'),
    jobsInProgress: r.number('jobs_in_progress'),
    jobsLastDay: r.number('jobs_last_24h'),
    completedLastDay: r.number('jobs_completed_24h'),
    proofs: r.number('total_proofs_verified'),
    utilisation: r.number('network_utilization'),
    averageSeconds: r.number('avg_job_completion_time_secs'),
    computeHours: r.number('total_compute_hours'),
    staked: r.wei('total_staked'),
    block: r.number('current_block'),
    blockTime: r.time('indexed_at'),
    tiers: readTiers(r.object('workers_by_tier')),
  };
}

function liveness(status: string | null): Liveness {
  switch (status) {
    case 'online':
    case 'idle':
    case 'offline':
      return status;
    default:
      return 'unknown';
  }
}

/** A word that stands for "not known" is not a name. */
const named = (text: string | null) => (text === null || /^(unknown|none)$/i.test(text) ? null : text);

function readWorker(value: unknown): Worker {
  const r = new Reader<Schemas['Worker']>(value);
  const address = r.text('worker_address') ?? r.text('address');
  const id = r.text('worker_id');
  return {
    id: id === address ? null : id,
    address,
    status: liveness(r.text('status')),
    gpuCount: r.number('gpu_count'),
    gpuType: named(r.text('gpu_type')),
    gpuLoad: r.number('gpu_utilization'),
    reputation: r.number('reputation'),
    jobsCompleted: r.number('jobs_completed'),
    tier: r.text('stake_tier'),
    staked: r.wei('staked_amount'),
    lastHeartbeat: r.time('last_heartbeat'),
  };
}

export interface Workers {
  list: Worker[];
  /** Of the network; the list may be its beginning. */
  total: number;
}

/** What needs a look comes first; the order does not depend on counters, so rows stay where they are while the network works. */
const URGENCY: Record<Liveness, number> = { offline: 0, idle: 1, unknown: 2, online: 3 };

export function readWorkers(value: unknown): Workers {
  const r = new Reader<Schemas['NetworkWorkers']>(value);
  const list = r.list('workers').map(readWorker);
  const name = (w: Worker) => w.id ?? w.address ?? '';
  list.sort(
    (a, b) =>
      URGENCY[a.status] - URGENCY[b.status] || name(a).localeCompare(name(b), 'en', { numeric: true }),
  );
  return { list, total: r.number('total') ?? Math.max(list.length, r.number('total_count') ?? 0) };
}

function readJob(value: unknown): Job[] {
  const r = new Reader<Schemas['Job']>(value);
  const id = r.text('job_id');
  if (id === null) return [];
  return [
    {
      id,
      type: named(r.text('job_type')),
      status: r.text('status') ?? 'unknown',
      reward: r.text('reward'),
      payment: r.wei('payment_amount'),
      client: r.text('client_address'),
      worker: r.text('worker_address'),
      submittedAt: r.time('submitted_at'),
      seconds: r.number('duration_secs'),
    },
  ];
}

export interface Jobs {
  list: Job[];
  total: number | null;
}

export function readJobs(value: unknown): Jobs {
  const r = new Reader<Schemas['RecentJobs']>(value);
  return { list: r.list('jobs').flatMap(readJob), total: r.number('total_count') };
}

const PUBLISHED: readonly [keyof Schemas['Contracts'], string][] = [
  ['sage_token', 'SAGEToken'],
  ['prover_staking', 'ProverStaking'],
  ['reputation_manager', 'ReputationManager'],
  ['job_manager', 'JobManager'],
  ['faucet', 'Faucet'],
];

export function readContracts(value: unknown): Contracts {
  const r = new Reader<Schemas['Contracts']>(value);
  const simulated = r.flag('simulated') || r.text('network') === LOCAL;
  const url = r.text('explorer_base_url');
  const all = r.object('contracts');
  const list = all
    ? Object.entries(all).flatMap(([name, addresses]) =>
        (Array.isArray(addresses) ? (addresses as unknown[]) : [addresses]).flatMap((address) =>
          typeof address === 'string' ? [{ name, address }] : [],
        ),
      )
    : PUBLISHED.flatMap(([key, name]) => {
        const address = r.text(key);
        return address === null ? [] : [{ name, address }];
      });
  list.sort((a, b) => a.name.localeCompare(b.name, 'en'));
  // What a simulated chain holds is on no explorer, even where it uses a real network's addresses.
  const explorer = !simulated && url !== null && /^https?:\/\//.test(url) ? url.replace(/\/+$/, '') : null;
  return { simulated, explorer, list };
}

export function readHealth(value: unknown): Health {
  const r = new Reader<Schemas['HealthAnswer']>(value);
  return {
    status: r.text('status') ?? 'unknown',
    version: r.text('version'),
    components: r.list('components').flatMap((c) => {
      const component = new Reader<Schemas['Component']>(c);
      const name = component.text('name');
      return name === null
        ? []
        : [{ name, status: component.text('status') ?? 'unknown', message: component.text('message') }];
    }),
  };
}
