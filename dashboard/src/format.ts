// What numbers, times and addresses look like on the page. A value that is not known is a dash, never a zero.

export const UNKNOWN = '—';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function count(n: number | null | undefined): string {
  return n === null || n === undefined ? UNKNOWN : whole.format(n);
}

export function percent(n: number | null | undefined): string {
  return n === null || n === undefined ? UNKNOWN : `${n.toFixed(n >= 99.95 || n === 0 ? 0 : 1)} %`;
}

export function seconds(n: number | null | undefined): string {
  if (n === null || n === undefined) return UNKNOWN;
  if (n < 1) return `${Math.round(n * 1000)} ms`;
  if (n < 90) return `${n < 10 ? n.toFixed(1) : Math.round(n)} s`;
  if (n < 5400) return `${Math.round(n / 60)} min`;
  return `${(n / 3600).toFixed(1)} h`;
}

/** How long before now (both unix seconds), in words. */
export function ago(then: number | null | undefined, now: number): string {
  if (!then) return UNKNOWN;
  const s = Math.max(0, Math.round(now - then));
  if (s < 2) return 'now';
  if (s < 60) return `${s} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ago`;
  return `${Math.floor(s / 86400)} d ago`;
}

export function absolute(then: number | null | undefined): string {
  return then ? new Date(then * 1000).toISOString().replace('.000', '') : 'not known';
}

/** An address or hash in the middle of a table: its two ends. */
export function short(hex: string | null | undefined): string {
  if (!hex) return UNKNOWN;
  return hex.length > 14 ? `${hex.slice(0, 6)}…${hex.slice(-4)}` : hex;
}

/** Wei, as a decimal string, in SAGE with thousands separated; no precision is lost on the way. */
export function sage(wei: string | null | undefined): string {
  if (wei === null || wei === undefined || !/^\d+$/.test(wei)) return UNKNOWN;
  const n = BigInt(wei);
  const one = 10n ** 18n;
  const tenth = ((n % one) * 10n) / one;
  return `${(n / one).toLocaleString('en-US')}${tenth > 0n ? `.${tenth}` : ''} SAGE`;
}
