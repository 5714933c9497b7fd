import { describe, expect, it } from 'vitest';
import { readContracts, readHealth, readJobs, readStats, readWorkers } from './answers';

const peer = {
  network: 'sepolia',
  total_workers: 37,
  active_workers: 29,
  total_jobs_processed: 1000,
  jobs_last_24h: 80,
  avg_job_completion_time_secs: 42.5,
  total_compute_hours: 10.9,
  network_utilization: 78.4,
  total_staked: '185000000000000000000000',
  total_staked_formatted: '185,000 SAGE',
  current_block: 3210987,
};

describe('stats', () => {
  it('are read from a server that tells no more than the published shape', () => {
    expect(readStats(peer)).toEqual({
      network: 'sepolia',
      simulated: false,
      workers: 37,
      activeWorkers: 29,
      jobs: 1000,
      jobsCompleted: null,
      jobsInProgress: null,
      jobsLastDay: 80,
      completedLastDay: null,
      proofs: null,
      utilisation: 78.4,
      averageSeconds: 42.5,
      computeHours: 10.9,
      staked: '185000000000000000000000',
      block: 3210987,
      blockTime: null,
      tiers: null,
    });
  });

  it('do not know what the server says is unknown, whatever number stands there', () => {
    const stats = readStats({
      ...peer,
      avg_job_completion_time_secs: 0,
      current_block: 0,
      indexed_at: null,
      unknown: ['avg_job_completion_time_secs', 'current_block'],
    });
    expect([stats.averageSeconds, stats.block, stats.blockTime]).toEqual([null, null, null]);
    expect(stats.workers).toBe(37);
  });

  it('keep a zero that is known', () => {
    expect(readStats({ ...peer, active_workers: 0, total_staked: '0' })).toMatchObject({
      activeWorkers: 0,
      staked: '0',
    });
  });

  it('call the local network simulated even where the server forgets to', () => {
    expect(readStats({ network: 'local' }).simulated).toBe(true);
    expect(readStats({ network: 'devnet', simulated: true }).simulated).toBe(true);
    expect(readStats({ network: 'mainnet', simulated: false }).simulated).toBe(false);
  });

  it('list the tiers in the order of the contract', () => {
    const { tiers } = readStats({ workers_by_tier: { frontier: 0, consumer: 20, datacenter: 'x' } });
    expect(tiers).toEqual([
      { tier: 'Consumer', workers: 20 },
      { tier: 'Frontier', workers: 0 },
    ]);
  });

  it.each([
    null,
    undefined,
    'text',
    7,
    [],
    { total_workers: '37', total_staked: 'a lot', unknown: 'no list' },
  ])('know nothing from %j', (value) => {
    const known = Object.entries(readStats(value)).filter(([name, v]) => name !== 'simulated' && v !== null);
    expect(known).toEqual([]);
  });
});

describe('workers', () => {
  const whole = `0x${'ab'.repeat(32)}`;

  it('prefer the whole address, and do not show it twice', () => {
    const { list } = readWorkers({
      workers: [{ worker_id: whole, address: '0xabab...abab', worker_address: whole, status: 'online' }],
    });
    expect(list[0]).toMatchObject({ id: null, address: whole });
  });

  it('take words for "not known" as that', () => {
    const { list } = readWorkers({
      workers: [
        {
          worker_id: 'a',
          gpu_type: 'Unknown',
          gpu_count: 0,
          reputation: 0,
          last_heartbeat: 0,
          status: 'dancing',
          unknown: ['gpu_count', 'reputation'],
        },
      ],
    });
    expect(list[0]).toMatchObject({
      gpuType: null,
      gpuCount: null,
      reputation: null,
      lastHeartbeat: null,
      status: 'unknown',
    });
  });

  it('put first what needs a look, and otherwise stay where they are', () => {
    const worker = (worker_id: string, status: string, jobs_completed: number) => ({
      worker_id,
      status,
      jobs_completed,
    });
    const order = (jobs: number) =>
      readWorkers({
        workers: [
          worker('w10', 'online', 1),
          worker('w2', 'online', jobs),
          worker('w3', 'offline', 5),
          worker('w1', 'idle', 5),
        ],
      }).list.map((w) => w.id);
    expect(order(0)).toEqual(['w3', 'w1', 'w2', 'w10']);
    expect(order(99)).toEqual(order(0));
  });

  it('tell how many there are beyond the page', () => {
    expect(readWorkers({ workers: [{}], total_count: 1, total: 250 }).total).toBe(250);
    expect(readWorkers({ workers: [{}, {}], total_count: 2 }).total).toBe(2);
    expect(readWorkers({}).list).toEqual([]);
  });
});

describe('jobs', () => {
  it('are read with what the chain does not tell', () => {
    const { list, total } = readJobs({
      jobs: [
        {
          job_id: '7',
          job_type: 'unknown',
          status: 'pending',
          submitted_at: 0,
          completed_at: null,
          duration_secs: null,
          reward: null,
          client_address: '',
          unknown: ['job_type', 'submitted_at', 'client_address'],
        },
        { status: 'a job without a number is none' },
      ],
      total_count: 12,
    });
    expect(total).toBe(12);
    expect(list).toEqual([
      {
        id: '7',
        type: null,
        status: 'pending',
        reward: null,
        payment: null,
        client: null,
        worker: null,
        submittedAt: null,
        seconds: null,
      },
    ]);
  });

  it('keep a duration of zero whole seconds, which is known', () => {
    expect(readJobs({ jobs: [{ job_id: '1', duration_secs: 0 }] }).list[0]?.seconds).toBe(0);
  });
});

describe('contracts', () => {
  it('have no explorer on a simulated network', () => {
    const answer = {
      network: 'local',
      explorer_base_url: 'https://sepolia.starkscan.co',
      sage_token: '0x1',
      faucet: null,
    };
    expect(readContracts(answer)).toEqual({
      simulated: true,
      explorer: null,
      list: [{ name: 'SAGEToken', address: '0x1' }],
    });
    expect(readContracts({ ...answer, network: 'sepolia' }).explorer).toBe('https://sepolia.starkscan.co');
  });

  it('take no explorer that is not a web address', () => {
    expect(
      readContracts({ network: 'sepolia', explorer_base_url: 'javascript:alert(1)' }).explorer,
    ).toBeNull();
  });

  it('are all listed where the server lists them', () => {
    expect(readContracts({ contracts: { Faucet: ['0x2', '0x3'], Escrow: ['0x1'] } }).list).toEqual([
      { name: 'Escrow', address: '0x1' },
      { name: 'Faucet', address: '0x2' },
      { name: 'Faucet', address: '0x3' },
    ]);
  });
});

it('health is read with or without messages', () => {
  expect(
    readHealth({
      status: 'degraded',
      version: '1',
      components: [{ name: 'database', status: 'healthy' }, 'noise'],
    }),
  ).toEqual({
    status: 'degraded',
    version: '1',
    components: [{ name: 'database', status: 'healthy', message: null }],
  });
  expect(readHealth('healthy')).toEqual({ status: 'unknown', version: null, components: [] });
});
