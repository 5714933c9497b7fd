// What tests put in the place of the server.

import { vi } from 'vitest';

/** A WebSocket that a test opens, speaks through and closes. */
export class FakeSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 3;
  /** Every socket that was made, in order. */
  static all: FakeSocket[] = [];

  readyState = FakeSocket.CONNECTING;
  readonly sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }

  static last(): FakeSocket {
    const last = FakeSocket.all.at(-1);
    if (!last) throw new Error('nobody opened a socket');
    return last;
  }

  /** Puts it in the browser's place for one test. */
  static install(): void {
    FakeSocket.all = [];
    vi.stubGlobal('WebSocket', FakeSocket);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.readyState = FakeSocket.CLOSED;
  }

  /** The server accepts. */
  accept(): void {
    this.readyState = FakeSocket.OPEN;
    this.onopen?.();
  }

  /** The server says something. */
  say(value: unknown): void {
    this.onmessage?.({ data: typeof value === 'string' ? value : JSON.stringify(value) });
  }

  /** The connection breaks. */
  break(): void {
    this.readyState = FakeSocket.CLOSED;
    this.onclose?.();
  }
}

/** The answers of a server: by path, a value, or a status with an error. */
export type Answers = Record<string, unknown>;

/** Lets `fetch` answer from a table that the test may change; a path that is not in it cannot be reached. */
export function answerFrom(answers: Answers): { asked: string[] } {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (request: Request) => {
    const { pathname: path, search } = new URL(request.url);
    asked.push(path + search);
    if (!(path in answers)) return Promise.reject(new TypeError('Failed to fetch'));
    const answer = answers[path];
    return Promise.resolve(answer instanceof Response ? answer.clone() : Response.json(answer));
  });
  return { asked };
}
