// The feed: what happened lately, newest first, bounded, and holdable so that it can be read.

import { narrate, type Topic } from './narrate';
import type { Frame } from './socket';

export interface Entry {
  key: number;
  topic: Topic;
  text: string;
  /** Unix seconds; null where the frame does not say. */
  time: number | null;
  block: number | null;
  transaction: string | null;
}

export interface Shown {
  /** Newest first. */
  entries: readonly Entry[];
  /** How many came while the feed was held; at most what the feed keeps. */
  waiting: number;
  held: boolean;
}

/** How many entries are kept. */
export const KEPT = 80;

/** Frames are shown together, at most so often (milliseconds): a busy network is no reason to draw a hundred times a second. */
const SHOW_EVERY = 250;

const number = (v: unknown) => (typeof v === 'number' && Number.isFinite(v) ? v : null);

/** An external store for React, fed by the stream. */
export class Feed {
  private shown: Shown = { entries: [], waiting: 0, held: false };
  private readonly listeners = new Set<() => void>();
  private readonly holds = new Set<string>();
  private pending: Entry[] = []; // newest first
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): Shown => this.shown;

  /** Takes a frame; tells whether it was news. */
  push(frame: Frame): boolean {
    const story = narrate(frame);
    if (!story) return false;
    const { timestamp, block_number, tx_hash } = frame.data;
    this.add({
      ...story,
      key: ++this.last,
      time: number(timestamp),
      block: number(block_number),
      transaction: typeof tx_hash === 'string' ? tx_hash : null,
    });
    return true;
  }

  /** Adds a remark of the page's own, such as that a part of the stream was missed. */
  remark(text: string, time: number): void {
    this.add({ key: ++this.last, topic: 'page', text, time, block: null, transaction: null });
  }

  /** Holds the feed still for a reason, until every reason is gone. */
  hold(reason: string): void {
    this.holds.add(reason);
    this.show();
  }

  release(reason: string): void {
    this.holds.delete(reason);
    this.show();
  }

  private add(entry: Entry): void {
    this.pending = [entry, ...this.pending].slice(0, KEPT);
    this.timer ??= setTimeout(() => {
      this.show();
    }, SHOW_EVERY);
  }

  private show(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const held = this.holds.size > 0;
    let { entries } = this.shown;
    if (!held && this.pending.length > 0) {
      entries = [...this.pending, ...entries].slice(0, KEPT);
      this.pending = [];
    }
    this.shown = { entries, waiting: this.pending.length, held };
    for (const listener of this.listeners) listener();
  }
}
