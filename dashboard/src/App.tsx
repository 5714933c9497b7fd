import { useCallback, useRef, useState } from 'react';
import { networkStats, recentJobs, workers, type Job, type NetworkStats, type Worker } from './api';
import { narrate, remember, type Entry, type Frame } from './feed';
import { absolute, ago, count, percent, sage, seconds, short, UNKNOWN } from './format';
import { useLive, useNow, usePolled, type Link } from './live';

const POLL = 4_000;
const REFRESH = 600; // at most one refresh per so many milliseconds, however much happens

export function App() {
  const [poke, setPoke] = useState(0);
  const [feed, setFeed] = useState<Entry[]>([]);
  const [paused, setPaused] = useState(false);
  const pending = useRef(false);
  const key = useRef(0);

  const refresh = useCallback(() => {
    if (pending.current) return;
    pending.current = true;
    setTimeout(() => {
      pending.current = false;
      setPoke((n) => n + 1);
    }, REFRESH);
  }, []);

  const onFrame = useCallback(
    (frame: Frame) => {
      if (frame.type === 'Heartbeat') return;
      refresh();
      const text = narrate(frame);
      if (text === null || paused) return;
      const time = Number(frame.data.timestamp ?? 0);
      const block = frame.data.block_number === undefined ? undefined : Number(frame.data.block_number);
      setFeed((f) => remember(f, { key: ++key.current, kind: frame.type, text, time, block }));
    },
    [paused, refresh],
  );

  const link = useLive(onFrame, refresh);
  const stats = usePolled(networkStats, POLL, poke);
  const list = usePolled(workers, POLL, poke);
  const jobs = usePolled(recentJobs, POLL, poke);
  const now = useNow();

  return (
    <>
      <Header stats={stats.data} link={link} now={now} />
      <main>
        <Numbers stats={stats.data} error={stats.error} />
        <div className="columns">
          <div>
            <Workers list={list.data?.workers} total={list.data?.total} error={list.error} now={now} />
            <Jobs list={jobs.data?.jobs} error={jobs.error} now={now} />
          </div>
          <Feed entries={feed} paused={paused} onPause={() => setPaused((p) => !p)} now={now} />
        </div>
      </main>
    </>
  );
}

const LINKS: Record<Link, string> = {
  connecting: 'connecting',
  live: 'live',
  stale: 'stale',
  lost: 'reconnecting',
};

function Header({ stats, link, now }: { stats?: NetworkStats; link: Link; now: number }) {
  return (
    <header>
      <h1>BitSage validators</h1>
      {stats && (
        <span className={stats.simulated ? 'badge simulated' : 'badge'} data-testid="network">
          {stats.simulated ? 'simulated network' : stats.network}
        </span>
      )}
      <span className="spacer" />
      <span className="block">
        block <strong data-testid="block">{stats?.indexed_at ? count(stats.current_block) : UNKNOWN}</strong>{' '}
        <span className="quiet" title={absolute(stats?.indexed_at)}>
          {ago(stats?.indexed_at, now)}
        </span>
      </span>
      <span className={`link ${link}`} data-testid="link" role="status">
        {LINKS[link]}
      </span>
    </header>
  );
}

function Numbers({ stats, error }: { stats?: NetworkStats; error?: string }) {
  const known = (name: string) => stats !== undefined && !stats.unknown?.includes(name);
  const numbers: [string, string, string][] = [
    ['Active workers', `${count(stats?.active_workers)} / ${count(stats?.total_workers)}`, 'active'],
    ['Jobs', count(stats?.total_jobs_processed), 'jobs'],
    ['Jobs in 24 h', count(stats?.jobs_last_24h), 'jobs-day'],
    ['In progress', count(stats?.jobs_in_progress), 'progress'],
    ['Proofs verified', count(stats?.total_proofs_verified), 'proofs'],
    ['Utilisation', percent(stats?.network_utilization), 'utilisation'],
    [
      'Job time',
      known('avg_job_completion_time_secs') ? seconds(stats?.avg_job_completion_time_secs) : UNKNOWN,
      'time',
    ],
    ['Total staked', sage(stats?.total_staked), 'staked'],
  ];
  return (
    <section aria-label="The network in numbers">
      {error && <Problem what="the network's numbers" error={error} />}
      <dl className="numbers">
        {numbers.map(([name, value, id]) => (
          <div key={id}>
            <dt>{name}</dt>
            <dd data-testid={`number-${id}`}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Problem({ what, error }: { what: string; error: string }) {
  return (
    <p className="problem" role="alert">
      No news of {what}: {error}. What is shown is from before; it is asked for again by itself.
    </p>
  );
}

function Workers({
  list,
  total,
  error,
  now,
}: {
  list?: Worker[];
  total?: number;
  error?: string;
  now: number;
}) {
  return (
    <section aria-labelledby="workers">
      <h2 id="workers">
        Workers <span className="quiet">{count(total ?? list?.length)}</span>
      </h2>
      {error && <Problem what="the workers" error={error} />}
      <div className="scroll" tabIndex={0} role="region" aria-label="Table of workers">
        <table data-testid="workers">
          <thead>
            <tr>
              <th>Worker</th>
              <th>Status</th>
              <th>Tier</th>
              <th className="n">Stake</th>
              <th className="n">GPUs</th>
              <th className="n">GPU load</th>
              <th className="n">Reputation</th>
              <th className="n">Jobs done</th>
              <th>Heartbeat</th>
            </tr>
          </thead>
          <tbody>
            {list?.map((w) => (
              <tr key={w.worker_address ?? w.worker_id}>
                <td>
                  <Copyable text={w.worker_address ?? w.address} />
                </td>
                <td>
                  <span className={`status ${w.status}`}>{w.status}</span>
                </td>
                <td>{w.stake_tier}</td>
                <td className="n">{sage(w.staked_amount)}</td>
                <td className="n">{w.unknown?.includes('gpu_count') ? UNKNOWN : count(w.gpu_count)}</td>
                <td className="n">{percent(w.gpu_utilization)}</td>
                <td className="n">{w.unknown?.includes('reputation') ? UNKNOWN : count(w.reputation)}</td>
                <td className="n">{count(w.jobs_completed)}</td>
                <td title={absolute(w.last_heartbeat)}>{ago(w.last_heartbeat, now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {list === undefined && !error && <p className="quiet">Loading…</p>}
        {list?.length === 0 && <p className="quiet">No worker has registered on this chain yet.</p>}
      </div>
    </section>
  );
}

function Jobs({ list, error, now }: { list?: Job[]; error?: string; now: number }) {
  return (
    <section aria-labelledby="jobs">
      <h2 id="jobs">Recent jobs</h2>
      {error && <Problem what="the jobs" error={error} />}
      <div className="scroll" tabIndex={0} role="region" aria-label="Table of recent jobs">
        <table data-testid="jobs">
          <thead>
            <tr>
              <th className="n">Job</th>
              <th>Status</th>
              <th className="n">Reward</th>
              <th>Client</th>
              <th>Worker</th>
              <th>Submitted</th>
              <th className="n">Took</th>
            </tr>
          </thead>
          <tbody>
            {list?.map((j) => (
              <tr key={j.job_id}>
                <td className="n">{short(j.job_id)}</td>
                <td>
                  <span className={`status ${j.status}`}>{j.status}</span>
                </td>
                <td className="n">{j.reward ?? UNKNOWN}</td>
                <td>
                  <Copyable text={j.client_address} />
                </td>
                <td>
                  <Copyable text={j.worker_address} />
                </td>
                <td title={absolute(j.submitted_at)}>{ago(j.submitted_at, now)}</td>
                <td className="n">{seconds(j.duration_secs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {list === undefined && !error && <p className="quiet">Loading…</p>}
        {list?.length === 0 && <p className="quiet">No job has been submitted on this chain yet.</p>}
      </div>
    </section>
  );
}

function Copyable({ text }: { text: string | null | undefined }) {
  if (!text) return <>{UNKNOWN}</>;
  return (
    <button
      type="button"
      className="copy"
      title={`${text} — copy`}
      onClick={() => void navigator.clipboard?.writeText(text)}
    >
      {short(text)}
    </button>
  );
}

function Feed(props: { entries: Entry[]; paused: boolean; onPause: () => void; now: number }) {
  return (
    <section className="feed" aria-labelledby="feed">
      <h2 id="feed">
        Live events
        <button type="button" onClick={props.onPause} aria-pressed={props.paused}>
          {props.paused ? 'Resume' : 'Pause'}
        </button>
      </h2>
      <ol data-testid="feed" tabIndex={0} aria-label="Live events, newest first">
        {props.entries.map((e) => (
          <li key={e.key} className={e.kind}>
            <span>{e.text}</span>
            <span className="quiet" title={absolute(e.time)}>
              {e.block !== undefined && `#${e.block} · `}
              {ago(e.time, props.now)}
            </span>
          </li>
        ))}
      </ol>
      {props.entries.length === 0 && <p className="quiet">Waiting for the next event…</p>}
    </section>
  );
}
