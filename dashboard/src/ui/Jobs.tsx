import type { Job, Jobs as List } from '../answers';
import { count, duration, ends, sageInFull } from '../format';
import type { State } from '../resource';
import { Address, Ago, Known, Status } from './atoms';
import { Blank, Panel } from './Panel';
import { Skeleton, Table } from './Table';
import { JOBS } from '../network';

const HEADS = [
  { label: 'Job' },
  { label: 'Type' },
  { label: 'Status' },
  { label: 'Reward', number: true },
  { label: 'Client' },
  { label: 'Worker' },
  { label: 'Submitted' },
  { label: 'Duration', number: true, title: 'From assignment to completion' },
];

const TONES: Record<string, 'good' | 'busy' | 'bad' | 'quiet'> = {
  pending: 'quiet',
  assigned: 'busy',
  running: 'busy',
  completed: 'good',
  failed: 'bad',
  cancelled: 'bad',
};

export function Jobs({ state, onRetry }: { state: State<List>; onRetry: () => void }) {
  return (
    <Panel
      title="Recent jobs"
      className="jobs"
      what="the jobs"
      state={state}
      onRetry={onRetry}
      aside={
        state.data?.total != null && (
          <span className="aside">
            newest {count(Math.min(JOBS, state.data.list.length))} of {count(state.data.total)}
          </span>
        )
      }
      skeleton={<Skeleton heads={HEADS} rows={JOBS} />}
    >
      {({ list }) =>
        list.length === 0 ? (
          <Blank title="No job has been submitted yet">
            <p>A job appears here as soon as a client has paid for one on this chain.</p>
          </Blank>
        ) : (
          <Table name="Recent jobs" heads={HEADS} testId="jobs">
            {list.map((j) => (
              <Row key={j.id} job={j} />
            ))}
          </Table>
        )
      }
    </Panel>
  );
}

function Row({ job: j }: { job: Job }) {
  return (
    <tr>
      <th scope="row" title={j.id}>
        {ends(j.id)}
      </th>
      <td>
        {j.type ?? (
          <span className="quiet" title="no event of the contract tells a job's type">
            unknown
          </span>
        )}
      </td>
      <td>
        <Status word={j.status} tone={TONES[j.status] ?? 'quiet'} />
      </td>
      <td
        className="n"
        title={j.payment === null ? undefined : `${sageInFull(j.payment)} paid by the client`}
      >
        <Known value={j.reward} why="no reward is known" />
      </td>
      <td>
        <Address text={j.client} what="the client's address" />
      </td>
      <td>
        {j.worker === null && j.status === 'pending' ? (
          <span className="quiet">none yet</span>
        ) : (
          <Address text={j.worker} what="the worker's address" />
        )}
      </td>
      <td>
        <Ago time={j.submittedAt} why="the submission was not seen" />
      </td>
      <td className="n">
        <Known value={duration(j.seconds)} why={j.status === 'completed' ? 'not known' : 'not completed'} />
      </td>
    </tr>
  );
}
