import { describe, expect, it } from 'vitest';
import {
  absolute,
  ago,
  compact,
  count,
  DASH,
  duration,
  ends,
  percent,
  sage,
  sageInFull,
  sageRounded,
  words,
} from './format';

it('what is not known is a dash, and a zero is a zero', () => {
  for (const unknown of [null, undefined]) {
    expect([
      count(unknown),
      compact(unknown),
      percent(unknown),
      duration(unknown),
      sage(unknown),
      sageRounded(unknown),
    ]).toEqual(Array(6).fill(DASH));
    expect(ago(unknown, 5)).toBe(DASH);
    expect(absolute(unknown)).toBe('not known');
  }
  expect(sage('no number')).toBe(DASH);
  expect([count(0), percent(0), sage('0')]).toEqual(['0', '0 %', '0 SAGE']);
});

it.each([
  ['0', 1, '0 SAGE'],
  ['1500000000000000000', 1, '1.5 SAGE'],
  ['1990000000000000000', 1, '1.9 SAGE'], // cut, not rounded: nobody is shown what they do not have
  ['1000000000000000000', 1, '1 SAGE'],
  ['50000000000000000', 1, '< 0.1 SAGE'],
  ['1', 0, '< 1 SAGE'],
  ['1', 18, '0.000000000000000001 SAGE'],
  ['123456789012345678901234567890', 1, '123,456,789,012.3 SAGE'],
  // The largest amount that the contracts can hold.
  [
    (2n ** 256n - 1n).toString(),
    18,
    '115,792,089,237,316,195,423,570,985,008,687,907,853,269,984,665,640,564,039,457.584007913129639935 SAGE',
  ],
] as const)('%s wei with %i decimals are %s', (wei, digits, text) => {
  expect(sage(wei, digits)).toBe(text);
});

it('a headline amount is short, and exact beside it', () => {
  const staked = '1234567890123456789012345';
  expect(sageRounded(staked)).toBe('1.235M SAGE');
  expect(sageInFull(staked)).toBe('1,234,567.890123456789012345 SAGE');
  expect(sageRounded('27266400000000000000000')).toBe('27,266 SAGE');
  expect(sageRounded('4800000000000000000')).toBe('4.8 SAGE');
});

describe('times', () => {
  it.each([
    [0, 'now'],
    [0.9, 'now'],
    [59, '59 s ago'],
    [299, '4 min ago'],
    [7_999, '2 h ago'],
    [199_999, '2 d ago'],
    [-30, 'now'], // a clock ahead of ours
  ])('%d seconds ago is "%s"', (age, text) => {
    expect(ago(1_000_000 - age, 1_000_000)).toBe(text);
  });

  it.each([
    [0, '< 1 s'],
    [0.25, '250 ms'],
    [4.25, '4.3 s'],
    [42, '42 s'],
    [600, '10 min'],
    [9000, '2.5 h'],
    [400_000, '5 d'],
  ])('a duration of %d seconds is "%s"', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it('are absolute with their zone', () => {
    expect(absolute(1_764_000_000)).toMatch(/^24 Nov 2025, \d\d:00:00 \S+$/);
  });
});

it('numbers in a column have their points below each other', () => {
  expect([percent(47, 1), percent(45.46, 1), percent(100)]).toEqual(['47.0 %', '45.5 %', '100 %']);
});

it('large counts are short', () => {
  expect([compact(999_999), compact(3_210_987)]).toEqual(['999,999', '3.211M']);
});

it('an address is its two ends', () => {
  expect(ends(`0x${'ab'.repeat(32)}`)).toBe('0xabab…abab');
  expect(ends('worker-1')).toBe('worker-1');
});

it.each([
  ['PaymentReleased', 'Payment released'],
  ['CDCPoolNotificationFailed', 'CDC pool notification failed'],
  ['ValidProof', 'Valid proof'],
  ['unstake_requested', 'Unstake requested'],
])('%s is "%s" in words', (name, text) => {
  expect(words(name)).toBe(text);
});
