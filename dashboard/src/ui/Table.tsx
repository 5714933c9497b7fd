import type { ReactNode } from 'react';
import { Bone } from './atoms';

export interface Head {
  label: string;
  number?: boolean;
  title?: string;
}

/** A table that scrolls sideways within its panel; its first column stays in view. */
export function Table(props: { name: string; heads: Head[]; testId?: string; children: ReactNode }) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={`Table: ${props.name}`}>
      <table data-testid={props.testId}>
        <thead>
          <tr>
            {props.heads.map((head) => (
              <th key={head.label} scope="col" className={head.number ? 'n' : undefined} title={head.title}>
                {head.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}

/** The table's place while its rows are on their way. */
export function Skeleton({ heads, rows }: { heads: Head[]; rows: number }) {
  return (
    <div className="scroll" aria-hidden="true">
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head.label} className={head.number ? 'n' : undefined}>
                {head.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: rows }, (_, row) => (
            <tr key={row}>
              {heads.map((head, column) => (
                <td key={head.label} className={head.number ? 'n' : undefined}>
                  <Bone width={`${3 + ((row + column * 3) % 3)}rem`} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
