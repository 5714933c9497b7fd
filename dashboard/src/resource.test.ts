import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Failure, type Answer } from './ask';
import { Resource } from './resource';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const PACE = { every: 8_000, atLeast: 1_000 };

/** A resource whose question is answered by the test. */
function asked() {
  let wish: () => Promise<Answer<number>> = () => Promise.resolve({ data: 1, serverTime: null });
  const question = vi.fn((signal: AbortSignal) => {
    signal.throwIfAborted();
    return wish();
  });
  const resource = new Resource(question, PACE);
  return {
    resource,
    question,
    answer: (data: number) => {
      wish = () => Promise.resolve({ data, serverTime: null });
    },
    fail: (message: string) => {
      wish = () => Promise.reject(new Failure(message, true));
    },
    later: () => {
      let done: (data: number) => void = () => undefined;
      wish = () =>
        new Promise((resolve) => {
          done = (data) => {
            resolve({ data, serverTime: null });
          };
        });
      return (data: number) => {
        done(data);
      };
    },
  };
}

it('asks at once, and then at its pace', async () => {
  const { resource, question } = asked();
  resource.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(resource.snapshot()).toMatchObject({ data: 1, at: 1_000_000, failure: null });
  await vi.advanceTimersByTimeAsync(7_900);
  expect(question).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(question).toHaveBeenCalledTimes(2);
});

it('asks soon when something happened, but not for each thing', async () => {
  const { resource, question } = asked();
  resource.start();
  await vi.advanceTimersByTimeAsync(0);
  for (let i = 0; i < 50; i++) {
    resource.refresh();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(question.mock.calls.length).toBeGreaterThanOrEqual(5);
  expect(question.mock.calls.length).toBeLessThanOrEqual(7);
});

it('asks again after an answer that was on its way when something happened', async () => {
  const { resource, question, later } = asked();
  const answer = later();
  resource.start();
  await vi.advanceTimersByTimeAsync(0);
  resource.refresh();
  answer(5);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(question).toHaveBeenCalledTimes(2);
});

it('keeps the last answer while asking fails, and says since when', async () => {
  const { resource, fail, answer } = asked();
  resource.start();
  await vi.advanceTimersByTimeAsync(0);
  fail('the server cannot be reached');
  await vi.advanceTimersByTimeAsync(8_000);
  const since = Date.now();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(resource.snapshot()).toEqual({
    data: 1,
    at: 1_000_000,
    failure: { message: 'the server cannot be reached', unreachable: true, since },
  });
  answer(2);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(resource.snapshot()).toMatchObject({ data: 2, failure: null });
});

it('asks less and less often while asking fails', async () => {
  const { resource, question, fail } = asked();
  fail('no');
  resource.start();
  await vi.advanceTimersByTimeAsync(10_000);
  const early = question.mock.calls.length;
  await vi.advanceTimersByTimeAsync(120_000);
  expect(early).toBeGreaterThanOrEqual(3);
  expect(question.mock.calls.length - early).toBeLessThanOrEqual(12);
});

it('forgets an answer that comes after it was stopped, and can start again', async () => {
  const { resource, question, later, answer } = asked();
  const late = later();
  resource.start();
  await vi.advanceTimersByTimeAsync(0);
  resource.stop();
  late(9);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(resource.snapshot().data).toBeNull();
  expect(question).toHaveBeenCalledTimes(1);
  answer(3);
  resource.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(resource.snapshot().data).toBe(3);
});
