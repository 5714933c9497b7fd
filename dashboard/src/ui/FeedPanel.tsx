import { useId, useState } from 'react';
import { KEPT, type Entry, type Feed } from '../feed';
import { count } from '../format';
import type { Topic } from '../narrate';
import type { Link } from '../socket';
import { useStore } from '../store';
import { Ago } from './atoms';
import { Blank } from './Panel';

/** The events as they happen. Whoever points at it, or has the focus in it, reads in peace: it holds still until they leave. */
export function FeedPanel({ feed, link, explorer }: { feed: Feed; link: Link; explorer: string | null }) {
  const id = useId();
  const { entries, waiting, held } = useStore(feed);
  const [paused, setPaused] = useState(false);
  return (
    <section
      className="panel feed"
      aria-labelledby={id}
      onPointerEnter={(e) => {
        if (e.pointerType === 'mouse') feed.hold('pointer');
      }}
      onPointerLeave={() => {
        feed.release('pointer');
      }}
    >
      <div className="panel-head">
        <h2 id={id}>Live events</h2>
        <span className="aside" data-testid="feed-state">
          {held
            ? `held${waiting > 0 ? `, ${waiting === KEPT ? `over ${KEPT}` : count(waiting)} new` : ''}`
            : ''}
        </span>
        <button
          type="button"
          aria-pressed={paused}
          onClick={() => {
            if (paused) feed.release('button');
            else feed.hold('button');
            setPaused(!paused);
          }}
        >
          {paused ? 'Resume' : 'Pause'}
        </button>
      </div>
      <ol data-testid="feed" tabIndex={0} aria-label="Live events, newest first">
        {entries.map((entry) => (
          <Line key={entry.key} entry={entry} explorer={explorer} />
        ))}
      </ol>
      {entries.length === 0 && (
        <Blank title={link.phase === 'live' ? 'Nothing has happened yet' : 'Not connected yet'}>
          <p>
            {link.phase === 'live'
              ? 'The next event on the chain appears here as it happens.'
              : 'Events appear here once the live connection stands; it is being opened.'}
          </p>
        </Blank>
      )}
    </section>
  );
}

const WORDS: Record<Topic, string> = {
  job: 'job',
  proof: 'proof',
  stake: 'stake',
  trade: 'trade',
  vote: 'vote',
  dispute: 'dispute',
  token: 'token',
  reputation: 'reputation',
  chain: 'chain',
  reorganisation: 'reorganisation',
  page: 'this page',
};

/** Keeps each shortened address on one line. */
function whole(text: string) {
  return text.split(/(0x[0-9a-f]+…[0-9a-f]+)/).map((part, i) =>
    i % 2 === 1 ? (
      <span key={i} className="unbroken">
        {part}
      </span>
    ) : (
      part
    ),
  );
}

function Line({ entry, explorer }: { entry: Entry; explorer: string | null }) {
  const block = entry.block === null ? null : `block ${count(entry.block)}`;
  return (
    <li className={`topic-${entry.topic}`}>
      <p>{whole(entry.text)}</p>
      <p className="meta">
        <span className="topic">{WORDS[entry.topic]}</span>
        {block !== null &&
          (explorer !== null && entry.transaction !== null ? (
            <a
              href={`${explorer}/tx/${entry.transaction}`}
              target="_blank"
              rel="noreferrer"
              title="the transaction, in an explorer"
            >
              {block}
            </a>
          ) : (
            <span title={entry.transaction ? `transaction ${entry.transaction}` : undefined}>{block}</span>
          ))}
        <Ago time={entry.time} why="the event does not tell its time" />
      </p>
    </li>
  );
}
