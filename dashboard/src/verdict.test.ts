import { expect, it } from 'vitest';
import { readHealth, readStats } from './answers';
import type { State } from './resource';
import type { Link } from './socket';
import { verdict } from './verdict';

const NOW = 1_764_000_000;
const live: Link = { phase: 'live', since: 0 };
const good = <T>(data: T): State<T> => ({ data, at: NOW * 1000, failure: null });
const none = { data: null, at: null, failure: null };
const failure = (unreachable: boolean) => ({
  message: 'the database does not answer; try again in a moment',
  unreachable,
  since: NOW * 1000,
});
const stats = (age = 1, more: object = {}) =>
  good(readStats({ network: 'local', current_block: 7, indexed_at: NOW - age, ...more }));
const health = (status = 'healthy', components: object[] = [{ name: 'database', status: 'healthy' }]) =>
  good(readHealth({ status, components }));
const behind = { name: 'indexer', status: 'degraded', message: '90 blocks behind' };

it.each([
  ['nothing is known yet', none, none, live, 'wait', /asked for the numbers/],
  ['all is well', stats(), health(), live, 'good', /^All 1 parts are healthy\.$/],
  ['a first connection is no news', stats(), health(), { phase: 'connecting', since: 0 }, 'good', /healthy/],
  [
    'the stream is lost',
    stats(),
    health(),
    { phase: 'reconnecting', since: 0 },
    'warn',
    /Live updates are interrupted/,
  ],
  [
    'the server was never there',
    { ...none, failure: failure(true) },
    none,
    live,
    'bad',
    /Is sage-coordinator running\?/,
  ],
  [
    'the server is gone',
    { ...stats(), failure: failure(true) },
    health(),
    live,
    'bad',
    /cannot be reached since .* Shown is what was known at/,
  ],
  [
    'the database is gone',
    { ...stats(), failure: failure(false) },
    health(),
    live,
    'bad',
    /^The database does not answer; try again in a moment\. The numbers are those of/,
  ],
  [
    'a needed part fails',
    stats(),
    health('unhealthy', [{ name: 'log', status: 'unhealthy' }]),
    live,
    'bad',
    /needed does not work\. Log\.$/,
  ],
  ['a part is behind', stats(), health('degraded', [behind]), live, 'warn', /^Indexer: 90 blocks behind\.$/],
  ['the newest block is late', stats(90), health(), live, 'warn', /90 s|2 min/],
  [
    'the chain stands still',
    stats(400),
    health(),
    live,
    'bad',
    /No new block for 7 min\. The chain, its node/,
  ],
  [
    'and the server knows why',
    stats(400),
    health('degraded', [behind]),
    live,
    'bad',
    /No new block for 7 min\. Indexer: 90/,
  ],
  [
    'no block was read',
    stats(0, { unknown: ['current_block'] }),
    health(),
    live,
    'wait',
    /No block has been read yet/,
  ],
  ['health is not known yet', stats(), none, live, 'wait', /asked for its health/],
] as const)('%s', (_, s, h, link, level, text) => {
  const said = verdict(s, h, link, NOW);
  expect(said.level).toBe(level);
  expect(said.text).toMatch(text);
  expect(said.text).toMatch(/[.?]$/);
});
