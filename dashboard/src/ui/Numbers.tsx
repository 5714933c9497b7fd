import type { ReactNode } from 'react';
import type { Stats } from '../answers';
import { compact, count, DASH, duration, percent, sageInFull, sageRounded } from '../format';
import type { State } from '../resource';
import { Bone, Known, Live, Unknown } from './atoms';

interface Tile {
  id: string;
  label: string;
  /** What the number counts, in full. */
  meaning: string;
  value: (s: Stats) => string;
  unit?: string;
  title?: (s: Stats) => string;
  note: (s: Stats) => ReactNode;
}

const known = (n: number | null, text: (n: number) => string): string | null => (n === null ? null : text(n));

const TILES: Tile[] = [
  {
    id: 'active',
    label: 'Active workers',
    meaning: 'Registered workers that sent a heartbeat in the last two minutes',
    value: (s) => count(s.activeWorkers),
    note: (s) => known(s.workers, (n) => `of ${count(n)} registered`),
  },
  {
    id: 'utilisation',
    label: 'Utilisation',
    meaning: 'Active workers as a share of the registered ones',
    value: (s) => percent(s.utilisation),
    note: (s) => <Meter percent={s.utilisation} />,
  },
  {
    id: 'jobs',
    label: 'Jobs',
    meaning: 'All jobs ever submitted, whatever became of them',
    value: (s) => compact(s.jobs),
    title: (s) => count(s.jobs),
    note: (s) => known(s.jobsCompleted, (n) => `${count(n)} completed`),
  },
  {
    id: 'jobs-day',
    label: 'Jobs in 24 h',
    meaning: 'Jobs submitted in the 24 hours before the newest block',
    value: (s) => compact(s.jobsLastDay),
    title: (s) => count(s.jobsLastDay),
    note: (s) => known(s.completedLastDay, (n) => `${count(n)} completed`),
  },
  {
    id: 'progress',
    label: 'In progress',
    meaning: 'Jobs that a worker has taken and not finished yet',
    value: (s) => compact(s.jobsInProgress),
    title: (s) => count(s.jobsInProgress),
    note: () => 'taken by workers',
  },
  {
    id: 'time',
    label: 'Average job time',
    meaning: 'From assignment to completion, over all completed jobs',
    value: (s) => duration(s.averageSeconds),
    note: (s) => known(s.computeHours, (n) => `${duration(n * 3600)} in all`),
  },
  {
    id: 'proofs',
    label: 'Proofs verified',
    meaning: 'Proofs that the verifier contract accepted',
    value: (s) => compact(s.proofs),
    title: (s) => count(s.proofs),
    note: () => 'on chain',
  },
  {
    id: 'staked',
    label: 'Total staked',
    meaning: 'Stake of the registered workers',
    value: (s) => sageRounded(s.staked),
    title: (s) => sageInFull(s.staked),
    note: () => 'by workers',
  },
];

/** The network in numbers. */
export function Numbers({ state }: { state: State<Stats> }) {
  const { data, failure } = state;
  return (
    <section aria-label="The network in numbers" aria-busy={data === null && !failure}>
      <dl className="numbers">
        {TILES.map((tile) => (
          <div key={tile.id} className="tile" title={tile.meaning}>
            <dt>{tile.label}</dt>
            <dd
              className="value"
              data-testid={`number-${tile.id}`}
              title={data ? tile.title?.(data) : undefined}
            >
              {data ? (
                <Figure text={tile.value(data)} />
              ) : failure ? (
                <Known value={null} why={failure.message} />
              ) : (
                <Bone width="4.5rem" />
              )}
            </dd>
            <dd className="note">{data ? tile.note(data) : null}</dd>
          </div>
        ))}
        <Tiers state={state} />
      </dl>
    </section>
  );
}

/** A number and, smaller, its unit. */
function Figure({ text }: { text: string }) {
  const at = text.lastIndexOf(' ');
  if (at < 0) return text === DASH ? <Unknown why="not known yet" /> : <Live>{text}</Live>;
  return (
    <>
      <Live>{text.slice(0, at)}</Live> <small>{text.slice(at + 1)}</small>
    </>
  );
}

function Meter({ percent: value }: { percent: number | null }) {
  return (
    <svg className="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="4" />
      {value !== null && <rect className="filled" width={Math.min(100, Math.max(0, value))} height="4" />}
    </svg>
  );
}

/** How the registered workers divide into tiers: a bar, and the same in words. */
function Tiers({ state }: { state: State<Stats> }) {
  const tiers = state.data?.tiers ?? null;
  const all = tiers?.reduce((sum, t) => sum + t.workers, 0) ?? 0;
  return (
    <div className="tile tiers">
      <dt>Workers by tier</dt>
      <dd className="value">
        <span className="stack" aria-hidden="true">
          {tiers?.map(
            ({ tier, workers }, i) =>
              workers > 0 && <span key={tier} className={`tier-${i}`} style={{ flexGrow: workers }} />,
          )}
        </span>
      </dd>
      <dd className="note">
        {tiers === null ? (
          state.data && <Known value={null} why="the server does not tell the tiers" />
        ) : all === 0 ? (
          'no worker has a stake yet'
        ) : (
          <ul>
            {tiers.map(({ tier, workers }, i) => (
              <li key={tier} className={workers === 0 ? 'none' : undefined}>
                <i className={`tier-${i}`} aria-hidden="true" />
                {tier} <b>{count(workers)}</b>
              </li>
            ))}
          </ul>
        )}
      </dd>
    </div>
  );
}
