// The page in a real browser, against the real binary: numbers appear and change, nothing complains, nothing is fetched from
// anywhere else, and a server that is killed and comes back is found again by itself.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { chromium } from 'playwright-core';

const binary = path.resolve(
  process.env.SAGE_COORDINATOR_BIN ?? new URL('../../bin/sage-coordinator', import.meta.url).pathname,
);
const browserPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const axePath = new URL('../node_modules/axe-core/axe.min.js', import.meta.url).pathname;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function until(what, ok, within = 90_000) {
  const deadline = Date.now() + within;
  let last;
  while (Date.now() < deadline) {
    try {
      const got = await ok();
      if (got) return got;
    } catch (e) {
      last = e;
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`${what}: not within ${within / 1000} s${last ? ` (${last.message})` : ''}`);
}

async function startServer(dir, port) {
  const child = spawn(
    binary,
    [
      'dev',
      '--data-dir',
      dir,
      '--port',
      `${port}`,
      '--bind',
      '127.0.0.1',
      '--workers',
      '5',
      '--block-time',
      '300ms',
      '--seed',
      '7',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], cwd: dir },
  );
  let output = '';
  child.stdout.on('data', (d) => (output += d));
  child.stderr.on('data', (d) => (output += d));
  child.output = () => output;
  child.gone = new Promise((done) => child.once('exit', done));
  await until(
    'the server is ready',
    async () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${output}`);
      return (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok;
    },
    180_000,
  );
  return child;
}

const number = (text) => Number(String(text).replace(/[^0-9.]/g, ''));

test('the page shows the network as it moves', async (t) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'sage-page-'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  let server = await startServer(dir, port);
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  t.after(async () => {
    await browser.close();
    server.kill('SIGINT');
    await server.gone;
    await rm(dir, { recursive: true, force: true });
  });
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  let complaints = [];
  page.on('console', (m) => m.type() === 'error' && complaints.push(m.text()));
  page.on('pageerror', (e) => complaints.push(String(e)));
  page.on('requestfailed', (r) => complaints.push(`${r.url()}: ${r.failure()?.errorText}`));
  page.on(
    'request',
    (r) =>
      r.url().startsWith(origin) || r.url().startsWith('data:') || complaints.push(`elsewhere: ${r.url()}`),
  );

  await page.goto(origin);
  const shown = async (id) => number(await page.getByTestId(id).textContent());

  await t.test('numbers appear', async () => {
    await until(
      'five workers are listed',
      async () => (await page.locator('[data-testid=workers] tbody tr').count()) === 5,
    );
    await until('jobs are counted', async () => (await shown('number-jobs')) > 0);
    await until('a block is shown', async () => (await shown('block')) > 0);
    await until(
      'jobs are listed',
      async () => (await page.locator('[data-testid=jobs] tbody tr').count()) > 0,
    );
    assert.match(await page.getByTestId('network').textContent(), /simulated/);
  });

  await t.test('numbers change, and events come in live', async () => {
    const [block, jobs] = [await shown('block'), await shown('number-jobs')];
    await until('the block moves', async () => (await shown('block')) > block);
    await until('the jobs move', async () => (await shown('number-jobs')) > jobs);
    await until(
      'the feed has entries',
      async () => (await page.locator('[data-testid=feed] li').count()) > 3,
    );
    assert.equal(await page.getByTestId('link').textContent(), 'live');
  });

  await t.test('nothing complains', () => assert.deepEqual(complaints, []));

  await t.test('it is accessible, light and dark', async () => {
    // The page's own policy forbids inline scripts, so the checker is evaluated from outside.
    await page.evaluate(await readFile(axePath, 'utf8'));
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await page.evaluate(() =>
        window.axe.run(document, { resultTypes: ['violations'] }),
      );
      const grave = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
      assert.deepEqual(
        grave.map((v) => `${colorScheme} ${v.id}: ${v.nodes.map((n) => n.target).join(', ')}`),
        [],
      );
    }
  });

  await t.test('a narrow screen shows the same', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    assert.equal(wide, false, 'the page scrolls sideways');
    await page.setViewportSize({ width: 1400, height: 1000 });
  });

  await t.test('a killed server is found again, and has lost nothing', async () => {
    const before = await shown('block');
    server.kill('SIGKILL');
    await server.gone;
    await until(
      'the page says that it lost the server',
      async () => (await page.getByTestId('link').textContent()) !== 'live',
    );
    server = await startServer(dir, port);
    await until(
      'the page is live again',
      async () => (await page.getByTestId('link').textContent()) === 'live',
    );
    await until('the block moves on', async () => (await shown('block')) > before);
    complaints = [];
  });
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT, fullPage: true });
});
