// What numbers, times and addresses look like. A value that is not known is a dash, never a zero.

export const DASH = '—';

type Maybe<T> = T | null | undefined;

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const fixedDigit = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const brief = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 4 });

export function count(n: Maybe<number>): string {
  return n === null || n === undefined ? DASH : whole.format(n);
}

/** Large counts in few figures, for places that show the whole number elsewhere. */
export function compact(n: Maybe<number>): string {
  if (n === null || n === undefined) return DASH;
  return n < 1_000_000 ? whole.format(n) : brief.format(n);
}

/** A share. In a column all have one decimal, so that their points stand below each other; elsewhere none is shown that is zero. */
export function percent(n: Maybe<number>, decimals: 0 | 1 = 0): string {
  return n === null || n === undefined ? DASH : `${(decimals === 1 ? fixedDigit : oneDigit).format(n)} %`;
}

/** A length of time in its largest fitting unit. */
export function duration(seconds: Maybe<number>): string {
  if (seconds === null || seconds === undefined) return DASH;
  if (seconds === 0) return '< 1 s'; // whole seconds are all that the chain's clock tells
  if (seconds < 1) return `${whole.format(seconds * 1000)} ms`;
  if (seconds < 90) return `${seconds < 10 ? oneDigit.format(seconds) : whole.format(seconds)} s`;
  if (seconds < 5400) return `${whole.format(seconds / 60)} min`;
  if (seconds < 172_800) return `${oneDigit.format(seconds / 3600)} h`;
  return `${whole.format(seconds / 86_400)} d`;
}

/** How long ago `then` was, both in unix seconds. A clock that is ahead of ours does not make a future. */
export function ago(then: Maybe<number>, now: number): string {
  if (then === null || then === undefined) return DASH;
  const seconds = Math.max(0, Math.floor(now - then));
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

const moment = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'medium',
});
const zone = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** A moment in unix seconds as date, time and zone. */
export function absolute(then: Maybe<number>): string {
  if (then === null || then === undefined) return 'not known';
  const date = new Date(then * 1000);
  const name = zone.formatToParts(date).find((part) => part.type === 'timeZoneName')?.value ?? '';
  return `${moment.format(date)} ${name}`.trim();
}

/** The time of day of a moment in milliseconds. */
export function timeOfDay(milliseconds: number): string {
  return clock.format(milliseconds);
}

/** The two ends of an address, hash or long id; what is short stays whole. */
export function ends(text: string): string {
  return text.length > 14 ? `${text.slice(0, 6)}…${text.slice(-4)}` : text;
}

const SAGE = 10n ** 18n;

/** Wei, as a decimal string, in whole SAGE and at most `digits` decimals, cut and not rounded; no precision is lost on the way. */
export function sage(wei: Maybe<string>, digits = 1): string {
  if (wei === null || wei === undefined || !/^\d+$/.test(wei)) return DASH;
  const amount = BigInt(wei);
  if (amount > 0n && amount < SAGE / 10n ** BigInt(digits))
    return `< ${digits > 0 ? `0.${'0'.repeat(digits - 1)}1` : '1'} SAGE`;
  const rest = (amount % SAGE).toString().padStart(18, '0').slice(0, digits).replace(/0+$/, '');
  return `${(amount / SAGE).toLocaleString('en-US')}${rest === '' ? '' : `.${rest}`} SAGE`;
}

/** The same amount with every digit that it has. */
export function sageInFull(wei: Maybe<string>): string {
  return sage(wei, 18);
}

/** Takes a CamelCase name of the contracts apart: "PaymentReleased" is "Payment released". */
export function words(name: string): string {
  const spaced = name
    .replace(/_/g, ' ')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  return spaced
    .split(' ')
    .map((word, i) => (i === 0 || /^[A-Z]+$/.test(word) ? word : word.toLowerCase()))
    .join(' ')
    .replace(/^./, (first) => first.toUpperCase());
}

/** An amount in few figures, for a headline; the place that shows it gives it in full as well. */
export function sageRounded(wei: Maybe<string>): string {
  if (wei === null || wei === undefined || !/^\d+$/.test(wei)) return DASH;
  const amount = BigInt(wei) / SAGE;
  return amount < 1_000_000n ? sage(wei, amount < 10_000n ? 1 : 0) : `${brief.format(amount)} SAGE`;
}
