// A part of the network's state that is asked for again and again: its last answer, how old that is, and what went wrong since.

import { Failure, type Answer } from './ask';

export interface State<T> {
  /** The last good answer; it stays while later ones fail. */
  data: T | null;
  /** When that answer came, in milliseconds of this machine's clock. */
  at: number | null;
  failure: { message: string; unreachable: boolean; since: number } | null;
}

export interface Pace {
  /** Pause between two questions, when nothing happens. */
  every: number;
  /** Least pause between two questions, however much happens. */
  atLeast: number;
}

/** Pauses after failures grow up to this. */
const LONGEST_PAUSE = 15_000;

/**
 * Asks while started, one question at a time. It is an external store for React: subscribe and snapshot.
 */
export class Resource<T> {
  private state: State<T> = { data: null, at: null, failure: null };
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private due = 0;
  private asked = -Infinity;
  private failures = 0;
  private asking: AbortController | null = null;
  private again = false;
  private running = false;

  constructor(
    private readonly question: (signal: AbortSignal) => Promise<Answer<T>>,
    private readonly pace: Pace,
    private readonly onAnswer: (answer: Answer<T>) => void = () => undefined,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): State<T> => this.state;

  start(): void {
    if (this.running) return;
    this.running = true;
    this.schedule(0);
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.asking?.abort();
    this.asking = null;
  }

  /** Asks soon: something happened. Calls in quick succession are one question. */
  refresh(): void {
    if (!this.running) return;
    if (this.asking) {
      this.again = true; // what happened may not be in the answer that is on its way
      return;
    }
    this.schedule(Math.max(0, this.asked + this.pace.atLeast - Date.now()));
  }

  /** Asks now, for somebody who pressed a button. */
  retry(): void {
    if (this.running && !this.asking) this.schedule(0);
  }

  private schedule(pause: number): void {
    const due = Date.now() + pause;
    if (this.timer !== undefined) {
      if (this.due <= due) return;
      clearTimeout(this.timer);
    }
    this.due = due;
    this.timer = setTimeout(() => void this.once(), pause);
  }

  private async once(): Promise<void> {
    this.timer = undefined;
    this.asked = Date.now();
    this.again = false;
    const asking = (this.asking = new AbortController());
    try {
      const answer = await this.question(asking.signal);
      if (asking.signal.aborted) return;
      this.failures = 0;
      this.set({ data: answer.data, at: Date.now(), failure: null });
      this.onAnswer(answer);
    } catch (error) {
      if (asking.signal.aborted) return;
      this.failures++;
      const { message, unreachable } =
        error instanceof Failure ? error : { message: String(error), unreachable: false };
      const since = this.state.failure?.since ?? Date.now();
      this.set({ ...this.state, failure: { message, unreachable, since } });
    }
    this.asking = null;
    this.schedule(this.pause());
  }

  private pause(): number {
    if (this.failures > 0)
      return Math.min(LONGEST_PAUSE, 1000 * 2 ** (this.failures - 1)) * (0.75 + Math.random() / 2);
    return this.again ? this.pace.atLeast : this.pace.every;
  }

  private set(state: State<T>): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
