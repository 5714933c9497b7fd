import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Feed, KEPT } from './feed';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const job = (id: number) => ({
  type: 'JobUpdate',
  data: { job_id: `${id}`, status: 'pending', timestamp: 100 + id, block_number: id, tx_hash: '0x1' },
});
const texts = (feed: Feed) => feed.snapshot().entries.map((e) => e.text);

it('shows the newest first, and draws once for many', () => {
  const feed = new Feed();
  const drawn = vi.fn();
  feed.subscribe(drawn);
  for (let id = 1; id <= 3; id++) feed.push(job(id));
  expect(texts(feed)).toEqual([]);
  vi.advanceTimersByTime(300);
  expect(texts(feed)).toEqual(['Job 3 submitted', 'Job 2 submitted', 'Job 1 submitted']);
  expect(drawn).toHaveBeenCalledTimes(1);
  expect(feed.snapshot().entries[0]).toMatchObject({ time: 103, block: 3, transaction: '0x1', topic: 'job' });
});

it('keeps a bounded number, shown or waiting', () => {
  const feed = new Feed();
  for (let id = 1; id <= 2 * KEPT; id++) feed.push(job(id));
  vi.advanceTimersByTime(300);
  expect(texts(feed)).toHaveLength(KEPT);
  feed.hold('button');
  for (let id = 1; id <= 2 * KEPT; id++) feed.push(job(id));
  vi.advanceTimersByTime(300);
  expect(feed.snapshot().waiting).toBe(KEPT);
});

it('stands still while held for any reason, and then shows what waited', () => {
  const feed = new Feed();
  feed.push(job(1));
  vi.advanceTimersByTime(300);
  feed.hold('button');
  feed.hold('pointer');
  feed.push(job(2));
  vi.advanceTimersByTime(300);
  expect(feed.snapshot()).toMatchObject({ held: true, waiting: 1 });
  feed.release('pointer');
  expect(texts(feed)).toEqual(['Job 1 submitted']);
  feed.release('button');
  expect(texts(feed)).toEqual(['Job 2 submitted', 'Job 1 submitted']);
  expect(feed.snapshot()).toMatchObject({ held: false, waiting: 0 });
});

it('gives every entry a key of its own', () => {
  const feed = new Feed();
  expect(feed.push(job(1))).toBe(true);
  expect(feed.push(job(1))).toBe(true);
  expect(feed.push({ type: 'Heartbeat', data: {} })).toBe(false);
  feed.remark('a remark', 5);
  vi.advanceTimersByTime(300);
  const keys = feed.snapshot().entries.map((e) => e.key);
  expect(new Set(keys).size).toBe(3);
});
