// The smallest parts of the page.

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useNow } from '../clock';
import { absolute, ago, DASH, ends } from '../format';

/** A dash for what is not known, with the reason for those who point at it or have it read to them. */
export function Unknown({ why }: { why: string }) {
  return (
    <span className="unknown" title={why}>
      <span aria-hidden="true">{DASH}</span>
      <span className="unseen">{why}</span>
    </span>
  );
}

/** A value, or the dash and why. */
export function Known({ value, why }: { value: ReactNode; why: string }) {
  return value === null || value === undefined || value === DASH ? <Unknown why={why} /> : <>{value}</>;
}

/** How long ago a moment was, with the moment itself in the title. */
export function Ago({ time, why = 'not known' }: { time: number | null; why?: string }) {
  const now = useNow();
  if (time === null) return <Unknown why={why} />;
  return (
    <time dateTime={new Date(time * 1000).toISOString()} title={absolute(time)}>
      {ago(time, now)}
    </time>
  );
}

/** A state as a word, beside a mark whose shape and colour say the same. */
export function Status({ word, tone }: { word: string; tone: 'good' | 'busy' | 'warn' | 'bad' | 'quiet' }) {
  return (
    <span className={`status ${tone}`}>
      <svg className="mark" viewBox="0 0 10 10" aria-hidden="true">
        {MARKS[tone]}
      </svg>
      {word}
    </span>
  );
}

const MARKS = {
  good: <circle cx="5" cy="5" r="4" />,
  busy: <path d="M5 1a4 4 0 0 1 0 8z M5 1a4 4 0 1 0 0 8" className="half" />,
  warn: <path d="M5 .8 9.6 9H.4z" />,
  bad: <path d="M1 1h8v8H1z" />,
  quiet: <circle cx="5" cy="5" r="3.2" className="ring" />,
};

/**
 * An address by its ends, with a button that copies it whole. A page that came over plain HTTP may not use the clipboard: it then shows
 * the whole address, selected, for the reader to copy.
 */
export function Address({ text, what }: { text: string | null; what: string }) {
  const [whole, setWhole] = useState(false);
  const code = useRef<HTMLElement>(null);
  useEffect(() => {
    if (whole && code.current) getSelection()?.selectAllChildren(code.current);
  }, [whole]);
  if (text === null) return <Unknown why={`${what} is not known`} />;
  return (
    <span className={whole ? 'address whole' : 'address'}>
      <code title={text} ref={code}>
        {whole ? text : ends(text)}
      </code>
      {/^0x[0-9a-f]+$/i.test(text) && (
        <Copy
          text={text}
          what={what}
          onForbidden={() => {
            setWhole(true);
          }}
        />
      )}
    </span>
  );
}

function Copy({ text, what, onForbidden }: { text: string; what: string; onForbidden: () => void }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  useEffect(() => {
    if (copied === 'no') return undefined;
    const timer = setTimeout(() => {
      setCopied('no');
    }, 1600);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  const label =
    copied === 'yes'
      ? `${what} copied`
      : copied === 'failed'
        ? 'Selected: press Ctrl-C or ⌘C to copy'
        : `Copy ${what} ${ends(text)}`;
  return (
    <button
      type="button"
      className={`copy ${copied}`}
      aria-label={label}
      title={label}
      onClick={() => {
        void copy(text).then((done) => {
          setCopied(done ? 'yes' : 'failed');
          if (!done) onForbidden();
        });
      }}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {copied === 'yes' ? (
          <path d="M3 8.5 6.5 12 13 4.5" />
        ) : (
          <path d="M5.5 5.5v-3h8v8h-3 M2.5 5.5h8v8h-8z" />
        )}
      </svg>
    </button>
  );
}

/** Copies a text. Tells whether it could: without a secure context there is no clipboard. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** A number that lights up for a moment when it changes. */
export function Live({ children }: { children: string }) {
  return (
    <span key={children} className="live-number">
      {children}
    </span>
  );
}

/** The place of a text that is not there yet. */
export function Bone({ width }: { width: string }) {
  return <span className="bone" style={{ inlineSize: width }} aria-hidden="true" />;
}
