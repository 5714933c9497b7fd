// The network as the page knows it: the parts of its state, the stream that says when they changed, and the feed.

import { readContracts, readHealth, readJobs, readStats, readWorkers } from './answers';
import { api, ask, type Answer } from './ask';
import { Feed } from './feed';
import { duration } from './format';
import { Resource, type Pace } from './resource';
import { Socket, streamAddress, type Frame } from './socket';

/** How many jobs the page lists. */
export const JOBS = 20;

// The server lets an address ask for the workers once a second; a few pages may be open at one.
const MODEST: Pace = { every: 8_000, atLeast: 3_000 };
const SELDOM: Pace = { every: 15_000, atLeast: 2_000 };
const ONCE_IN_A_WHILE: Pace = { every: 600_000, atLeast: 5_000 };

/** The read models follow the log a moment after the stream does. */
const FOLD_TIME = 150;

/** A browser's clock that is off by less than this (seconds) is right: the server tells its own in whole seconds. */
const TOLERANCE = 2;

export class Network {
  private skew = 0;
  private brokenOff: number | null = null;

  private readonly learn = (answer: Answer<unknown>) => {
    if (answer.serverTime === null) return;
    const off = answer.serverTime - Date.now() / 1000;
    this.skew = Math.abs(off) <= TOLERANCE ? 0 : off;
  };

  readonly stats = new Resource(
    (signal) => ask((manner) => api.GET('/api/network/stats', manner), readStats, signal),
    MODEST,
    this.learn,
  );
  readonly workers = new Resource(
    (signal) => ask((manner) => api.GET('/api/network/workers', manner), readWorkers, signal),
    MODEST,
  );
  readonly jobs = new Resource(
    (signal) =>
      ask(
        (manner) => api.GET('/api/jobs/recent', { ...manner, params: { query: { limit: JOBS } } }),
        readJobs,
        signal,
      ),
    MODEST,
  );
  readonly contracts = new Resource(
    (signal) => ask((manner) => api.GET('/api/contracts', manner), readContracts, signal),
    ONCE_IN_A_WHILE,
  );
  readonly health = new Resource(
    (signal) => ask((manner) => api.GET('/health', manner), readHealth, signal, [503]),
    SELDOM,
  );
  readonly feed = new Feed();
  readonly socket: Socket;

  private readonly all = [this.stats, this.workers, this.jobs, this.contracts, this.health];

  constructor(page: string) {
    this.socket = new Socket({
      url: streamAddress(page),
      onFrame: (frame) => {
        this.take(frame);
      },
      onLive: () => {
        this.resume();
      },
    });
    this.socket.subscribe(() => {
      const { phase, since } = this.socket.snapshot();
      if (phase !== 'live' && phase !== 'connecting') this.brokenOff ??= since;
    });
  }

  start(): void {
    document.addEventListener('visibilitychange', this.look);
    this.look();
    this.socket.start();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.look);
    this.socket.stop();
    for (const part of this.all) part.stop();
  }

  /** The present in unix seconds, by the server's clock where this machine's is off. */
  now(): number {
    return Date.now() / 1000 + this.skew;
  }

  /** Asks for everything now, for somebody who pressed a button. */
  retry(): void {
    for (const part of this.all) part.retry();
  }

  /** A page that nobody sees does not ask. */
  private readonly look = () => {
    for (const part of this.all) {
      if (document.visibilityState === 'visible') part.start();
      else part.stop();
    }
  };

  private take(frame: Frame): void {
    this.feed.push(frame);
    switch (frame.type) {
      case 'Heartbeat':
        return;
      case 'WorkerUpdate':
        this.soon(this.workers);
        return;
      case 'NetworkStats':
        this.soon(this.stats);
        return;
      case 'JobUpdate':
        this.soon(this.jobs, this.stats, this.workers);
        return;
      case 'StakingEvent':
      case 'Reorged':
        this.soon(this.stats, this.workers, this.jobs);
        return;
      default:
        this.soon(this.stats);
    }
  }

  private soon(...parts: { refresh: () => void }[]): void {
    setTimeout(() => {
      for (const part of parts) part.refresh();
    }, FOLD_TIME);
  }

  /** The stream is back. It does not tell what it missed, so the state is asked for, and the feed says that there is a gap. */
  private resume(): void {
    if (this.brokenOff !== null) {
      const missed = Math.max(1, Math.round((Date.now() - this.brokenOff) / 1000));
      this.feed.remark(
        `Live again after ${duration(missed)}; what happened meanwhile is not listed`,
        this.now(),
      );
      this.brokenOff = null;
    }
    for (const part of this.all) {
      part.retry();
      part.refresh();
    }
  }
}
