import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { App } from './App';
import { Network } from './network';
import { answerFrom, FakeSocket, type Answers } from './testing/fakes';

const NOW = 1_764_000_000;
const address = `0x0${'5'.repeat(63)}`;

const answers = (): Answers => ({
  '/api/network/stats': {
    network: 'local',
    simulated: true,
    total_workers: 2,
    active_workers: 1,
    total_jobs_processed: 12_345,
    total_jobs_completed: 12_000,
    jobs_last_24h: 80,
    avg_job_completion_time_secs: 0,
    network_utilization: 50,
    total_staked: '27266400000000000000000',
    current_block: 4120,
    indexed_at: NOW - 2,
    workers_by_tier: { consumer: 2, frontier: 0 },
    unknown: ['avg_job_completion_time_secs'],
  },
  '/api/network/workers': {
    workers: [
      {
        worker_id: 'w1',
        worker_address: address,
        status: 'online',
        gpu_count: 2,
        reputation: 510,
        jobs_completed: 3,
        stake_tier: 'Consumer',
        last_heartbeat: NOW - 3,
      },
      {
        worker_id: 'w2',
        address: '0x0123...4567',
        status: 'unknown',
        gpu_count: 0,
        reputation: 0,
        jobs_completed: 0,
        stake_tier: 'None',
        last_heartbeat: null,
        unknown: ['gpu_count', 'reputation'],
      },
    ],
  },
  '/api/jobs/recent': {
    jobs: [
      {
        job_id: '9',
        job_type: 'unknown',
        status: 'pending',
        submitted_at: NOW - 60,
        completed_at: null,
        duration_secs: null,
        reward: '5 SAGE',
        client_address: address,
      },
    ],
    total_count: 1,
  },
  '/api/contracts': {
    network: 'local',
    simulated: true,
    sage_token: '0x1',
    explorer_base_url: 'https://sepolia.starkscan.co',
  },
  '/health': { status: 'healthy', components: [{ name: 'database', status: 'healthy' }] },
});

beforeEach(() => {
  vi.useFakeTimers({ now: NOW * 1000 });
  FakeSocket.install();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

async function open(table: Answers) {
  answerFrom(table);
  const view = render(<App network={new Network('http://test/')} />);
  await pass(50);
  return view;
}

const rows = (id: string) => within(screen.getByTestId(id)).getAllByRole('row').slice(1);

describe('the page', () => {
  it('shows what the server knows', async () => {
    await open(answers());
    expect(screen.getByTestId('block').textContent).toBe('4,120');
    expect(screen.getByTestId('network').textContent).toMatch(/simulated network/);
    expect(screen.getByTestId('number-active').textContent).toBe('1');
    expect(screen.getByTestId('number-jobs').textContent).toBe('12,345');
    expect(screen.getByTestId('number-staked').textContent).toBe('27,266 SAGE');
    expect(screen.getByTestId('number-staked').title).toBe('27,266.4 SAGE');
    expect(screen.getByText('of 2 registered')).toBeDefined();
    expect(rows('workers')).toHaveLength(2);
    expect(rows('jobs')).toHaveLength(1);
    expect(screen.getByText('1 min ago')).toBeDefined();
  });

  it('shows a dash with its reason for what is not known, and no zero', async () => {
    await open(answers());
    expect(screen.getByTestId('number-time').textContent).toMatch(/^—/);
    expect(screen.getByTestId('number-progress').textContent).toMatch(/^—/);
    const unheard = screen.getByRole('row', { name: /^w2/ });
    const cells = within(unheard).getAllByRole('cell');
    expect(cells.map((c) => c.textContent)).toEqual([
      '0x0123...4567',
      'unknown',
      '—no heartbeat was ever heard',
      '—the worker has not told its GPUs',
      '—the worker does not report its load',
      '—the chain has no reputation for this worker',
      '0',
      'None',
      '—the stake is not known',
    ]);
  });

  it('shows an address whole, selected, where there is no clipboard', async () => {
    await open(answers()); // jsdom has none, as a page over plain HTTP
    const button = within(screen.getByTestId('workers')).getAllByRole('button')[0];
    const cell = button?.closest('.address');
    const whole = cell?.querySelector('code')?.title;
    expect(whole).toMatch(/^0x[0-9a-f]{64}$/);
    button?.click();
    await pass(50);
    expect(cell?.textContent).toBe(whole);
    expect(getSelection()?.toString()).toBe(whole);
    expect(button?.title).toMatch(/press Ctrl-C/);
  });

  it('says what is missing while nothing is there', async () => {
    await open({
      ...answers(),
      '/api/network/workers': { workers: [] },
      '/api/jobs/recent': { jobs: [], total_count: 0 },
    });
    expect(screen.getByText('No worker has registered yet')).toBeDefined();
    expect(screen.getByText('No job has been submitted yet')).toBeDefined();
    expect(screen.getByText('Not connected yet')).toBeDefined();
  });

  it('says what failed, and asks again when told to', async () => {
    const table = answers();
    const workers = table['/api/network/workers'];
    table['/api/network/workers'] = Response.json({ error: 'the database does not answer' }, { status: 503 });
    await open(table);
    expect(screen.getByText('There is no news of the workers')).toBeDefined();
    expect(screen.getByText(/The database does not answer/)).toBeDefined();
    table['/api/network/workers'] = workers;
    fireEvent.click(screen.getByRole('button', { name: 'Ask now' }));
    await pass(50);
    expect(rows('workers')).toHaveLength(2);
  });

  it('keeps what it knew when the server goes away, and says so', async () => {
    const table = answers();
    await open(table);
    for (const path of Object.keys(table)) Reflect.deleteProperty(table, path);
    await pass(20_000);
    expect(screen.getByTestId('state').textContent).toMatch(/^Problem\. The server cannot be reached since/);
    expect(rows('workers')).toHaveLength(2);
    expect(screen.getAllByText(/^as of .*: the server cannot be reached$/).length).toBeGreaterThanOrEqual(2);
    Object.assign(table, answers());
    await pass(20_000);
    expect(screen.getByTestId('state').textContent).toMatch(/^All is well/);
  });

  it('answers health that comes with 503', async () => {
    await open({
      ...answers(),
      '/health': Response.json(
        {
          status: 'unhealthy',
          components: [{ name: 'log', status: 'unhealthy', message: 'does not answer' }],
        },
        { status: 503 },
      ),
    });
    expect(screen.getByTestId('state').textContent).toMatch(/Log: does not answer/);
  });

  it('asks anew for what a frame is about, and lists it', async () => {
    const table = answers();
    const { asked } = answerFrom(table);
    render(<App network={new Network('http://test/')} />);
    await pass(50);
    FakeSocket.last().accept();
    FakeSocket.last().say({ type: 'Heartbeat', data: { timestamp: NOW } });
    await pass(1_500);
    expect(screen.getByTestId('link').textContent).toBe('live');
    const before = asked.filter((path) => path.startsWith('/api/jobs')).length;
    FakeSocket.last().say({
      type: 'JobUpdate',
      data: { job_id: '10', status: 'pending', timestamp: NOW, block_number: 4121 },
    });
    await pass(1_500);
    expect(asked.filter((path) => path.startsWith('/api/jobs')).length).toBe(before + 1);
    expect(within(screen.getByTestId('feed')).getByText('Job 10 submitted')).toBeDefined();
  });

  it('holds the feed for who reads it', async () => {
    await open(answers());
    FakeSocket.last().accept();
    FakeSocket.last().say({ type: 'ProofVerified', data: { job_id: '1' } });
    await pass(300);
    fireEvent.click(screen.getByRole('button', { name: 'Pause' }));
    FakeSocket.last().say({ type: 'ProofVerified', data: { job_id: '2' } });
    await pass(300);
    expect(screen.getByTestId('feed-state').textContent).toBe('held, 1 new');
    expect(screen.queryByText('Proof of job 2 verified')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Resume' }));
    expect(screen.getByText('Proof of job 2 verified')).toBeDefined();
  });

  it('tells ages by the server’s clock where this machine’s is off', async () => {
    const table = answers();
    table['/api/network/stats'] = Response.json(
      { ...(table['/api/network/stats'] as object), indexed_at: NOW + 3_600 },
      { headers: { Date: new Date((NOW + 3_605) * 1000).toUTCString() } },
    );
    await open(table);
    await pass(1_000);
    expect(screen.getByText('6 s ago')).toBeDefined();
  });

  it('links to no explorer on a simulated network', async () => {
    await open(answers());
    expect(screen.getByText('on the simulated chain only')).toBeDefined();
    expect(screen.getAllByRole('link').map((a) => a.getAttribute('href'))).toEqual([
      '/health',
      '/metrics',
      '/api/network/stats',
    ]);
  });

  it('copies an address whole', async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal('navigator', { onLine: true, clipboard: { writeText } });
    await open(answers());
    fireEvent.click(screen.getByRole('button', { name: "Copy the worker's address 0x0555…5555" }));
    await pass(10);
    expect(writeText).toHaveBeenCalledWith(address);
    expect(screen.getByRole('button', { name: "the worker's address copied" })).toBeDefined();
    await pass(2_000);
    expect(screen.queryByRole('button', { name: /copied/ })).toBeNull();
  });

  it('stops asking and listening when it is closed', async () => {
    const { asked } = answerFrom(answers());
    const view = render(<App network={new Network('http://test/')} />);
    await pass(50);
    view.unmount();
    const before = asked.length;
    await pass(60_000);
    expect(asked.length).toBe(before);
    expect(FakeSocket.all).toHaveLength(1);
  });
});
