import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Socket, STALE_AFTER, streamAddress, type Frame } from './socket';
import { FakeSocket } from './testing/fakes';

let frames: Frame[];
let lives: number;
let socket: Socket;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.install();
  frames = [];
  lives = 0;
  socket = new Socket({
    url: 'ws://test/ws',
    onFrame: (frame) => frames.push(frame),
    onLive: () => lives++,
  });
  socket.start();
});
afterEach(() => {
  socket.stop();
  vi.useRealTimers();
});

const phase = () => socket.snapshot().phase;
const heartbeat = { type: 'Heartbeat', data: { timestamp: 1 } };

function open() {
  FakeSocket.last().accept();
  FakeSocket.last().say(heartbeat);
}

it('is live once it has heard something, not before', () => {
  expect(phase()).toBe('connecting');
  FakeSocket.last().accept();
  expect(phase()).toBe('connecting');
  expect(FakeSocket.last().sent).toEqual(['{"type":"ping"}']);
  FakeSocket.last().say({ type: 'pong' });
  expect(phase()).toBe('live');
  expect(lives).toBe(1);
  expect(frames).toEqual([]);
});

it('hands over frames, and passes over what is none', () => {
  open();
  for (const noise of [
    'not json',
    '7',
    'null',
    '{"type":7,"data":{}}',
    '{"type":"X","data":[]}',
    '{"data":{}}',
  ]) {
    FakeSocket.last().say(noise);
  }
  FakeSocket.last().say({ type: 'JobUpdate', data: { job_id: '1' } });
  expect(frames.map((f) => f.type)).toEqual(['Heartbeat', 'JobUpdate']);
});

it('pings in a quiet time', () => {
  open();
  vi.advanceTimersByTime(21_500);
  expect(FakeSocket.last().sent.length).toBe(2);
});

it('comes back after a loss, with pauses that grow', () => {
  open();
  FakeSocket.last().break();
  expect(phase()).toBe('reconnecting');
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    const before = FakeSocket.all.length;
    let waited = 0;
    for (; FakeSocket.all.length === before && waited < 60_000; waited += 50) vi.advanceTimersByTime(50);
    pauses.push(waited);
    FakeSocket.last().break();
  }
  expect(pauses[0]).toBeLessThanOrEqual(550);
  expect(pauses[4]).toBeGreaterThan(3_000);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(15_100);
  vi.advanceTimersByTime(16_000);
  open();
  expect(phase()).toBe('live');
  expect(lives).toBe(2);
});

it('does not hurry for a server that accepts and says nothing', () => {
  for (let i = 0; i < 6; i++) {
    FakeSocket.last().accept();
    FakeSocket.last().break();
    vi.advanceTimersByTime(15_000);
  }
  const before = FakeSocket.all.length;
  FakeSocket.last().accept();
  FakeSocket.last().break();
  vi.advanceTimersByTime(5_000);
  expect(FakeSocket.all.length).toBe(before);
});

it('says that it is stale after silence, and opens a new connection', () => {
  open();
  vi.advanceTimersByTime(STALE_AFTER - 1_000);
  expect(phase()).toBe('live');
  vi.advanceTimersByTime(2_500);
  expect(phase()).toBe('stale');
  expect(FakeSocket.all).toHaveLength(2);
  expect(FakeSocket.all[0]?.readyState).toBe(FakeSocket.CLOSED);
  open();
  expect(phase()).toBe('live');
  expect(lives).toBe(2);
});

it('does not wait out a pause when the network is back', () => {
  open();
  for (let i = 0; i < 6; i++) {
    FakeSocket.last().break();
    vi.advanceTimersByTime(15_000);
  }
  FakeSocket.last().break();
  const before = FakeSocket.all.length;
  window.dispatchEvent(new Event('online'));
  expect(FakeSocket.all.length).toBe(before + 1);
});

it('says that the machine is offline', () => {
  open();
  window.dispatchEvent(new Event('offline'));
  expect(phase()).toBe('offline');
  FakeSocket.last().say(heartbeat);
  expect(phase()).toBe('live');
});

it('ends when it is stopped', () => {
  open();
  socket.stop();
  vi.advanceTimersByTime(120_000);
  expect(FakeSocket.all).toHaveLength(1);
});

it('is on the page’s own server', () => {
  expect(streamAddress('http://host:8080/some/view?x=1')).toBe('ws://host:8080/ws');
  expect(streamAddress('https://host/')).toBe('wss://host/ws');
});
