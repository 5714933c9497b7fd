// Asking the API, through the client that is made from its document. What goes wrong becomes a sentence that says what is known; see Failure.

import createClient from 'openapi-fetch';

import type { paths } from './generated/api_gen';

/** The API as its document describes it. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: (request) => fetch(request) });

/** How a question is asked. */
export type Manner = Pick<RequestInit, 'headers' | 'cache' | 'signal'>;

/** How long an answer may take, in milliseconds. */
const PATIENCE = 10_000;

/** Why there is no answer, in words for people. */
export class Failure extends Error {
  /** Tells a server that cannot be reached from one that answers with an error. */
  readonly unreachable: boolean;

  constructor(message: string, unreachable: boolean) {
    super(message);
    this.name = 'Failure';
    this.unreachable = unreachable;
  }
}

export interface Answer<T> {
  data: T;
  /** The server's clock in unix seconds, where it told it. */
  serverTime: number | null;
}

/**
 * Asks a question and reads what is answered. Statuses in `alsoGood` are answers as well: /health says with 503 what is wrong, in the
 * same shape. Rejects with a Failure, or with the signal's reason once that is aborted.
 */
export async function ask<T>(
  question: (manner: Manner) => Promise<{ data?: unknown; error?: unknown; response: Response }>,
  read: (value: unknown) => T,
  signal: AbortSignal,
  alsoGood: readonly number[] = [],
): Promise<Answer<T>> {
  const late = AbortSignal.timeout(PATIENCE);
  try {
    const { data, error, response } = await question({
      headers: { Accept: 'application/json' },
      cache: 'no-store',
      signal: AbortSignal.any([signal, late]),
    });
    if (!response.ok && !alsoGood.includes(response.status)) throw refused(response.status, error);
    const body = response.ok ? data : error;
    if (body === undefined) throw notJSON();
    const date = Date.parse(response.headers.get('Date') ?? '');
    return { data: read(body), serverTime: Number.isNaN(date) ? null : date / 1000 };
  } catch (error) {
    if (error instanceof Failure || signal.aborted) throw error;
    if (late.aborted) throw new Failure(`no answer within ${PATIENCE / 1000} s`, true);
    if (error instanceof SyntaxError) throw notJSON();
    throw new Failure('the server cannot be reached', true);
  }
}

const notJSON = () =>
  new Failure('the answer is not JSON; is this the address of a sage-coordinator?', false);

function refused(status: number, body: unknown): Failure {
  const said =
    typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string'
      ? body.error
      : null;
  return new Failure(said ?? `the server answered with status ${status}`, false);
}
