import { expect, it } from 'vitest';
import { narrate, remember, type Entry } from './feed';

it('narrates what happened, and passes over what is not news', () => {
  const worker = '0x' + '0b'.repeat(32);
  expect(narrate({ type: 'JobUpdate', data: { job_id: '7', status: 'completed', worker_id: worker } })).toBe(
    'Job 7 is completed · 0x0b0b…0b0b',
  );
  expect(
    narrate({
      type: 'StakingEvent',
      data: { worker_address: worker, event_type: 'rewards_claimed', amount: '5000000000000000000' },
    }),
  ).toBe('0x0b0b…0b0b: rewards claimed 5 SAGE');
  expect(
    narrate({ type: 'VoteCast', data: { voter_address: worker, support: 0, proposal_id: '3' } }),
  ).toContain('against');
  expect(narrate({ type: 'Heartbeat', data: { timestamp: 1 } })).toBeNull();
  expect(narrate({ type: 'WorkerUpdate', data: {} })).toBeNull();
});

it('keeps the newest entries first, and a bounded number', () => {
  let entries: Entry[] = [];
  for (let key = 0; key < 100; key++) entries = remember(entries, { key, kind: 'x', text: '', time: 0 });
  expect(entries).toHaveLength(60);
  expect(entries[0]?.key).toBe(99);
});
