import { describe, expect, it } from 'vitest';
import { ago, count, percent, sage, seconds, short, UNKNOWN } from './format';

describe('what is not known', () => {
  it('is a dash and never a zero', () => {
    for (const shown of [
      count(null),
      percent(undefined),
      seconds(null),
      ago(null, 5),
      short(''),
      sage(null),
      sage('x'),
    ]) {
      expect(shown).toBe(UNKNOWN);
    }
    expect(count(0)).toBe('0');
    expect(sage('0')).toBe('0 SAGE');
  });
});

describe('sage', () => {
  it('keeps every digit of a large amount', () => {
    expect(sage('123456789012345678901234567890')).toBe('123,456,789,012.3 SAGE');
    expect(sage('1500000000000000000')).toBe('1.5 SAGE');
    expect(sage('99999999999999999')).toBe('0 SAGE');
  });
});

describe('ago', () => {
  it('speaks of the largest fitting unit', () => {
    expect([ago(100, 100), ago(90, 100), ago(1, 300), ago(1, 8000), ago(1, 200000)]).toEqual([
      'now',
      '10 s ago',
      '4 min ago',
      '2 h ago',
      '2 d ago',
    ]);
  });
  it('never speaks of the future', () => expect(ago(200, 100)).toBe('now'));
});

describe('short', () => {
  it('shows both ends', () => expect(short('0x' + 'ab'.repeat(32))).toBe('0xabab…abab'));
});

describe('seconds', () => {
  it('chooses a unit', () =>
    expect([seconds(0.25), seconds(4.25), seconds(42), seconds(600), seconds(9000)]).toEqual([
      '250 ms',
      '4.3 s',
      '42 s',
      '10 min',
      '2.5 h',
    ]));
});
