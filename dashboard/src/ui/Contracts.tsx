import type { Contracts as Answer } from '../answers';
import type { State } from '../resource';
import { Address, Bone } from './atoms';
import { Blank, Panel } from './Panel';

/** The contracts that the server follows. */
export function Contracts({ state, onRetry }: { state: State<Answer>; onRetry: () => void }) {
  return (
    <Panel
      title="Contracts"
      className="contracts"
      what="the contracts"
      state={state}
      onRetry={onRetry}
      aside={state.data?.simulated && <span className="aside">on the simulated chain only</span>}
      skeleton={<Bone width="12rem" />}
    >
      {({ list, explorer }) =>
        list.length === 0 ? (
          <Blank title="No contract is followed">
            <p>The server was given no addresses; see its settings that end in _ADDRESS.</p>
          </Blank>
        ) : (
          <ul>
            {list.map(({ name, address }) => (
              <li key={name + address}>
                {explorer === null ? (
                  <span>{name}</span>
                ) : (
                  <a href={`${explorer}/contract/${address}`} target="_blank" rel="noreferrer">
                    {name}
                  </a>
                )}
                <Address text={address} what={`the address of ${name}`} />
              </li>
            ))}
          </ul>
        )
      }
    </Panel>
  );
}
