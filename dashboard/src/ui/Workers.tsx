import type { Liveness, Worker, Workers as List } from '../answers';
import { count, ends, percent, sage, sageInFull } from '../format';
import type { State } from '../resource';
import { Address, Ago, Known, Status, Unknown } from './atoms';
import { Blank, Panel } from './Panel';
import { Skeleton, Table } from './Table';

const HEADS = [
  { label: 'Worker' },
  { label: 'Address' },
  { label: 'Status' },
  { label: 'Heartbeat' },
  { label: 'GPU' },
  { label: 'Load', number: true },
  { label: 'Reputation', number: true, title: '0 to 1,000' },
  { label: 'Jobs done', number: true },
  { label: 'Tier' },
  { label: 'Stake', number: true },
];

const TONES: Record<Liveness, 'good' | 'warn' | 'bad' | 'quiet'> = {
  online: 'good',
  idle: 'warn',
  offline: 'bad',
  unknown: 'quiet',
};

const MEANINGS: Record<Liveness, string> = {
  online: 'A heartbeat came in the last two minutes',
  idle: 'The last heartbeat came two to ten minutes ago',
  offline: 'No heartbeat for ten minutes or longer',
  unknown: 'No heartbeat was ever heard',
};

export function Workers({ state, onRetry }: { state: State<List>; onRetry: () => void }) {
  return (
    <Panel
      title="Workers"
      className="workers"
      what="the workers"
      state={state}
      onRetry={onRetry}
      aside={state.data && <Tally list={state.data} />}
      skeleton={<Skeleton heads={HEADS} rows={8} />}
    >
      {({ list }) =>
        list.length === 0 ? (
          <Blank title="No worker has registered yet">
            <p>A worker appears here once it has put down a stake and registered on this chain.</p>
          </Blank>
        ) : (
          <Table name="Workers" heads={HEADS} testId="workers">
            {list.map((w, i) => (
              <Row key={w.address ?? w.id ?? i} worker={w} />
            ))}
          </Table>
        )
      }
    </Panel>
  );
}

function Tally({ list: { list, total } }: { list: List }) {
  const online = list.filter((w) => w.status === 'online').length;
  return (
    <span className="aside">
      {total > list.length
        ? `${count(list.length)} of ${count(total)} shown, `
        : `${count(total)} registered, `}
      {count(online)} online
    </span>
  );
}

function Row({ worker: w }: { worker: Worker }) {
  return (
    <tr>
      <th scope="row" title={w.id ?? undefined}>
        {w.id === null ? <Unknown why="the worker has not told its id" /> : ends(w.id)}
      </th>
      <td>
        <Address text={w.address} what="the worker's address" />
      </td>
      <td title={MEANINGS[w.status]}>
        <Status word={w.status} tone={TONES[w.status]} />
      </td>
      <td>
        <Ago time={w.lastHeartbeat} why="no heartbeat was ever heard" />
      </td>
      <td>
        <Gpu worker={w} />
      </td>
      <td className="n">
        <Known value={percent(w.gpuLoad, 1)} why="the worker does not report its load" />
      </td>
      <td className="n">
        <Known value={count(w.reputation)} why="the chain has no reputation for this worker" />
      </td>
      <td className="n">
        <Known value={count(w.jobsCompleted)} why="not known" />
      </td>
      <td>
        <Known value={w.tier} why="the tier is not known" />
      </td>
      <td className="n" title={w.staked === null ? undefined : sageInFull(w.staked)}>
        <Known value={sage(w.staked, 0)} why="the stake is not known" />
      </td>
    </tr>
  );
}

/** How many cards, and of what kind; the two are known or not apart from each other. */
function Gpu({ worker: { gpuCount, gpuType } }: { worker: Worker }) {
  if (gpuCount === null && gpuType === null) return <Unknown why="the worker has not told its GPUs" />;
  if (gpuType === null) {
    return <span title="no event and no heartbeat tells the model">{`${count(gpuCount)} × unknown`}</span>;
  }
  return <>{gpuCount === null ? gpuType : `${count(gpuCount)} × ${gpuType}`}</>;
}
