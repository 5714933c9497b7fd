// The one sentence at the top of the page: is all well, and if not, what is wrong, since when, and what to do. Pure.

import type { Health, Stats } from './answers';
import { duration, timeOfDay } from './format';
import type { State } from './resource';
import type { Link } from './socket';

export interface Verdict {
  level: 'good' | 'wait' | 'warn' | 'bad';
  /** A word for the level, so that colour is not alone. */
  word: string;
  text: string;
}

/** Ages of the newest block, in seconds. */
const LATE = 60;
const STUCK = 300;

const wait = (text: string): Verdict => ({ level: 'wait', word: 'Waiting', text });
const warn = (text: string): Verdict => ({ level: 'warn', word: 'Attention', text });
const bad = (text: string): Verdict => ({ level: 'bad', word: 'Problem', text });

/** The worst thing that is known. `now` is in unix seconds. */
export function verdict(stats: State<Stats>, health: State<Health>, link: Link, now: number): Verdict {
  if (stats.failure?.unreachable) return unreachable(stats, stats.failure.since);
  if (stats.failure) {
    return bad(
      `${sentence(stats.failure.message)} ${
        stats.at === null ? '' : `The numbers are those of ${timeOfDay(stats.at)}. `
      }The page asks again by itself.`,
    );
  }
  if (!stats.data) return wait('The server has been asked for the numbers.');

  const troubled = (health.data?.components ?? []).filter((c) => c.status !== 'healthy');
  const what = troubled.map((c) => (c.message ? `${c.name}: ${c.message}` : c.name)).join('; ');
  if (health.data?.status === 'unhealthy') {
    return bad(`A part that is needed does not work. ${sentence(what || 'The server does not say which')}`);
  }
  const { block, blockTime } = stats.data;
  if (block === null) {
    return wait(
      `No block has been read yet; the numbers come with the first. ${what ? sentence(what) : ''}`.trim(),
    );
  }
  const age = blockTime === null ? 0 : now - blockTime;
  if (age > STUCK) {
    return bad(
      `No new block for ${duration(age)}. ${sentence(what || 'The chain, its node or the indexer stands still')}`,
    );
  }
  if (troubled.length > 0) return warn(sentence(what));
  if (age > LATE)
    return warn(`The newest block is ${duration(age)} old: the chain or the indexer is behind.`);
  if (link.phase !== 'live' && link.phase !== 'connecting') {
    return warn('Live updates are interrupted. The numbers are asked for every few seconds meanwhile.');
  }
  if (!health.data) return wait('The server has been asked for its health.');
  return {
    level: 'good',
    word: 'All is well',
    text: `All ${health.data.components.length} parts are healthy.`,
  };
}

function unreachable(stats: State<Stats>, since: number): Verdict {
  return bad(
    stats.at === null
      ? 'The server cannot be reached. Is sage-coordinator running? The page tries again by itself.'
      : `The server cannot be reached since ${timeOfDay(since)}. Shown is what was known at ${timeOfDay(stats.at)}; the page tries again by itself.`,
  );
}

/** Words as a sentence: with a capital and a full stop. */
function sentence(text: string): string {
  const trimmed = text.trim();
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}${/[.!?]$/.test(trimmed) ? '' : '.'}`;
}
