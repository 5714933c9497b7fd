import type { Stats } from '../answers';
import { count } from '../format';
import type { State } from '../resource';
import type { Link, Phase } from '../socket';
import { Ago, Bone, Known, Live } from './atoms';

const PHASES: Record<Phase, { word: string; tone: string; title: string }> = {
  connecting: { word: 'connecting', tone: 'wait', title: 'The live stream is being opened' },
  live: { word: 'live', tone: 'good', title: 'Events are shown as they happen' },
  stale: {
    word: 'stale',
    tone: 'warn',
    title: 'Nothing was heard for 45 s; a new connection is being opened',
  },
  reconnecting: {
    word: 'reconnecting',
    tone: 'bad',
    title: 'The live stream was lost and is being opened again',
  },
  offline: { word: 'offline', tone: 'bad', title: 'This machine has no network' },
};

export function Header({ stats, link }: { stats: State<Stats>; link: Link }) {
  const { data } = stats;
  const phase = PHASES[link.phase];
  return (
    <header>
      <div className="bar">
        <div className="brand">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <path d="M16 3 27.3 9.5v13L16 29 4.7 22.5v-13z" />
            <path d="m10.5 16.2 3.9 3.9 7.2-7.6" />
          </svg>
          <h1>
            BitSage <span>validators</span>
          </h1>
        </div>
        {data ? <Badge stats={data} /> : <Bone width="9rem" />}
        <div className="head-block">
          <span className="label">Block</span>
          <strong data-testid="block">
            <Known
              value={data?.block === null || data === null ? null : <Live>{count(data.block)}</Live>}
              why="no block has been read yet"
            />
          </strong>
          <span className="age">
            <Ago time={data?.blockTime ?? null} why="the time of the newest block is not known" />
          </span>
        </div>
        <div className={`link ${phase.tone}`} role="status" data-testid="link" title={phase.title}>
          <i aria-hidden="true" />
          {phase.word}
        </div>
      </div>
    </header>
  );
}

function Badge({ stats }: { stats: Stats }) {
  if (stats.simulated) {
    return (
      <span
        className="badge simulated"
        data-testid="network"
        title="A network that this server makes up: its workers, jobs and coins do not exist anywhere else"
      >
        <b>{stats.network ?? 'local'}</b> simulated network
      </span>
    );
  }
  return (
    <span className="badge" data-testid="network">
      <b>{stats.network ?? 'unknown network'}</b>
    </span>
  );
}
