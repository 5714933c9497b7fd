import type { Health, Stats } from '../answers';
import { useNow } from '../clock';
import type { State } from '../resource';
import type { Link } from '../socket';
import { verdict } from '../verdict';

const ICONS = {
  good: <path d="M4 8.4 7 11.4 12.3 5.2" />,
  wait: <path d="M8 4.4V8l2.4 1.6" />,
  warn: <path d="M8 4.2v4.6 M8 11.4v.2" />,
  bad: <path d="m5.2 5.2 5.6 5.6 M10.8 5.2l-5.6 5.6" />,
};

/** The sentence that answers "is all well?" before anything else is read. */
export function StateLine(props: { stats: State<Stats>; health: State<Health>; link: Link }) {
  const now = useNow();
  const { level, word, text } = verdict(props.stats, props.health, props.link, now);
  return (
    <p className={`state ${level}`} data-testid="state">
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="7" />
        {ICONS[level]}
      </svg>
      <span>
        <b>{word}.</b> {text}
      </span>
    </p>
  );
}
