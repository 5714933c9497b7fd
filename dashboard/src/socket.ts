// The live connection: one WebSocket that comes back by itself, and says truthfully how it is.

export interface Frame {
  type: string;
  data: Record<string, unknown>;
}

/**
 * connecting: not open yet, for the first time. live: open, and heard of lately. stale: open, but silent for too long.
 * reconnecting: lost, and tried again. offline: the machine has no network.
 */
export type Phase = 'connecting' | 'live' | 'stale' | 'reconnecting' | 'offline';

export interface Link {
  phase: Phase;
  /** Since when, in milliseconds of this machine's clock. */
  since: number;
}

/** The server sends a heartbeat every 15 seconds; after three are missing the connection is not to be trusted. */
export const STALE_AFTER = 45_000;
const PING_EVERY = 20_000;
const LOOK_EVERY = 1_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;

export interface Options {
  url: string;
  onFrame: (frame: Frame) => void;
  /** Called when the connection is live after it was not; what happened in between has to be asked for. */
  onLive: () => void;
}

export class Socket {
  private link: Link = { phase: 'connecting', since: Date.now() };
  private readonly listeners = new Set<() => void>();
  private socket: WebSocket | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private look: ReturnType<typeof setInterval> | undefined;
  private attempts = 0;
  private heard = 0;
  private pinged = 0;

  constructor(private readonly options: Options) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): Link => this.link;

  start(): void {
    if (this.look !== undefined) return;
    this.look = setInterval(() => {
      this.watch();
    }, LOOK_EVERY);
    window.addEventListener('online', this.hurry);
    window.addEventListener('offline', this.lostNetwork);
    document.addEventListener('visibilitychange', this.hurry);
    this.connect();
  }

  stop(): void {
    clearInterval(this.look);
    this.look = undefined;
    clearTimeout(this.retry);
    window.removeEventListener('online', this.hurry);
    window.removeEventListener('offline', this.lostNetwork);
    document.removeEventListener('visibilitychange', this.hurry);
    this.drop();
  }

  private connect(): void {
    clearTimeout(this.retry);
    this.drop();
    const socket = (this.socket = new WebSocket(this.options.url));
    this.heard = this.pinged = Date.now();
    socket.onmessage = (message: MessageEvent<unknown>) => {
      this.heard = Date.now();
      if (this.link.phase !== 'live') {
        // Only what was heard counts as live: a server that accepts and closes again is not.
        this.attempts = 0;
        this.enter('live');
        this.options.onLive();
      }
      const frame = parse(message.data);
      if (frame) this.options.onFrame(frame);
    };
    // An open socket says nothing until its first frame; asking makes sure that one comes.
    socket.onopen = () => {
      this.ping();
    };
    socket.onclose = () => {
      this.lost();
    };
  }

  /** Lets go of a socket without waiting for its farewell: a dead connection never sends one. */
  private drop(): void {
    if (!this.socket) return;
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = null;
  }

  private lost(): void {
    this.drop();
    if (this.look === undefined) return;
    if (!navigator.onLine) this.enter('offline');
    else if (this.link.phase !== 'connecting' || this.attempts > 0) this.enter('reconnecting');
    // Chance keeps all open pages from coming back in the same moment.
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.attempts) * (0.5 + Math.random() / 2);
    this.attempts++;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => {
      this.connect();
    }, pause);
  }

  private watch(): void {
    if (this.socket?.readyState !== WebSocket.OPEN) {
      if (this.socket && Date.now() - this.heard > PING_EVERY) this.lost(); // it neither opens nor fails
      return;
    }
    const silence = Date.now() - this.heard;
    if (silence > STALE_AFTER) {
      this.enter('stale');
      this.connect();
    } else if (Date.now() - this.pinged > PING_EVERY) {
      this.ping();
    }
  }

  private ping(): void {
    this.pinged = Date.now();
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send('{"type":"ping"}');
  }

  /** After sleep, or when the network is back, nobody wants to wait out a pause. */
  private readonly hurry = () => {
    if (document.visibilityState !== 'visible' || this.look === undefined) return;
    if (this.socket) this.ping();
    else {
      this.attempts = 0;
      this.connect();
    }
  };

  private readonly lostNetwork = () => {
    this.enter('offline');
  };

  private enter(phase: Phase): void {
    if (phase === this.link.phase) return;
    this.link = { phase, since: Date.now() };
    for (const listener of this.listeners) listener();
  }
}

/** Returns the frame that a message holds; null for what is none, such as a pong, which is only a sign of life. */
function parse(text: unknown): Frame | null {
  if (typeof text !== 'string') return null;
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value !== 'object' || value === null) return null;
    const { type, data } = value as { type?: unknown; data?: unknown };
    if (typeof type !== 'string' || typeof data !== 'object' || data === null || Array.isArray(data))
      return null;
    return { type, data: data as Record<string, unknown> };
  } catch {
    return null; // not JSON: nothing that we know how to show
  }
}

/** The address of the server's stream, seen from a page at `page`. */
export function streamAddress(page: string): string {
  const address = new URL('/ws', page);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}
