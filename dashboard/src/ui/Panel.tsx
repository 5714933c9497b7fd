import { useId, type ReactNode } from 'react';
import { timeOfDay } from '../format';
import type { State } from '../resource';

interface PanelProps<T> {
  title: string;
  /** What stands beside the title: a count, a button. */
  aside?: ReactNode;
  className?: string;
  state: State<T>;
  /** What is missing while there is no data: "the workers". */
  what: string;
  onRetry: () => void;
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}

/**
 * A titled part of the page in one of its four states: asked for; there; not to be had, with the reason; there, but from before
 * something went wrong.
 */
export function Panel<T>(props: PanelProps<T>) {
  const id = useId();
  const { data, at, failure } = props.state;
  return (
    <section
      className={`panel ${props.className ?? ''}`}
      aria-labelledby={id}
      aria-busy={data === null && !failure}
    >
      <div className="panel-head">
        <h2 id={id}>{props.title}</h2>
        {data !== null && failure && at !== null ? (
          <span className="outdated" title={`${failure.message}; asked again by itself`}>
            as of {timeOfDay(at)}: {failure.message}
          </span>
        ) : (
          props.aside
        )}
      </div>
      {data !== null && props.children(data)}
      {data === null && !failure && (
        <>
          <p className="unseen">Loading {props.what}</p>
          {props.skeleton}
        </>
      )}
      {data === null && failure && (
        <Blank title={`There is no news of ${props.what}`}>
          <p>{capital(failure.message)}. The page asks again by itself.</p>
          <button type="button" onClick={props.onRetry}>
            Ask now
          </button>
        </Blank>
      )}
    </section>
  );
}

/** What a part shows in place of its content: what is known, and what will change it. */
export function Blank({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="blank">
      <p className="blank-title">{title}</p>
      {children}
    </div>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
