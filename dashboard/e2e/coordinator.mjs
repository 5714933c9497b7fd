// The real binary as a child process, on a port and in a folder of its own.

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const binary = path.resolve(
  process.env.SAGE_COORDINATOR_BIN ?? fileURLToPath(new URL('../../bin/sage-coordinator', import.meta.url)),
);

/** How long a first start may take: it makes a database. */
const START_WITHIN = 180_000;
const STOP_WITHIN = 15_000;

/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/**
 * Waits until a question has an answer that is not false, and returns it. What the last question threw is in the error.
 *
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} ask
 * @param {number} within milliseconds
 * @returns {Promise<T>}
 */
export async function until(what, ask, within = 60_000) {
  const deadline = Date.now() + within;
  let last = '';
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = `the last answer was ${String(answer)}`;
    } catch (error) {
      if (error instanceof Ended) throw error;
      last = String(error);
    }
    await pause(100);
  }
  throw new Error(`not within ${within / 1000} s: ${what}; ${last}`);
}

class Ended extends Error {}

/** @returns {Promise<number>} a port that nobody listens on */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');
  return address.port;
}

/** A simulated network of five workers that makes a block every 300 ms. */
export class Coordinator {
  /** @type {import('node:child_process').ChildProcess | null} */
  #child = null;
  #output = '';
  /** @type {Promise<unknown>} */
  #gone = Promise.resolve();

  /**
   * @param {string} folder where it keeps its state
   * @param {number} port
   */
  constructor(folder, port) {
    this.folder = folder;
    this.port = port;
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** @param {string} folder */
  static async in(folder) {
    return new Coordinator(folder, await freePort());
  }

  /** Starts it, and returns when it says that it is ready. */
  async start() {
    const flags = {
      '--data-dir': path.join(this.folder, 'data'),
      '--port': `${this.port}`,
      '--bind': '127.0.0.1',
      '--workers': '5',
      '--block-time': '300ms',
      '--seed': '7',
    };
    const child = spawn(binary, ['dev', ...Object.entries(flags).flat()], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (/** @type {Buffer} */ text) => {
      this.#output = (this.#output + text.toString()).slice(-8_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    /** @type {Error | null} */
    let failure = null;
    child.on('error', (error) => (failure = error));
    this.#gone = new Promise((done) => child.once('close', done));
    this.#child = child;
    try {
      await until(
        `${binary} is ready`,
        async () => {
          if (failure) throw new Ended(`${binary}: ${failure.message}; build it with make build`);
          if (child.exitCode !== null) throw new Ended(`the server ended by itself:\n${this.#output}`);
          return (await fetch(`${this.origin}/health/ready`)).ok;
        },
        START_WITHIN,
      );
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Ends it as a power cut would. */
  async kill() {
    this.#child?.kill('SIGKILL');
    await this.#gone;
  }

  /** Ends it as Ctrl-C does. */
  async stop() {
    if (this.#child?.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGINT');
    const late = setTimeout(() => this.#child?.kill('SIGKILL'), STOP_WITHIN);
    await this.#gone;
    clearTimeout(late);
  }
}
