// The page in a real browser, against the real binary: numbers appear and change, nothing complains and nothing is fetched from
// anywhere else, everybody can read it, and a server that was killed and came back is found again by itself.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { Coordinator, until } from './coordinator.mjs';

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const WIDE = { width: 1440, height: 1000 };
const PHONE = { width: 360, height: 780 };
const NARROWEST = { width: 320, height: 640 };

/** Adds up, in the page, how far its parts moved without being asked to. What a list of news does inside itself is no such move. */
function watchLayout() {
  const w = /** @type {Window & { moved?: number, moves?: string[] }} */ (window);
  w.moved = 0;
  /** @type {string[]} */
  w.moves = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const shift = /** @type {PerformanceEntry & { value: number, sources: { node: Node | null }[] }} */ (
        entry
      );
      const nodes = shift.sources.map(({ node }) =>
        node instanceof Element ? node : (node?.parentElement ?? null),
      );
      const moved = nodes.filter((node) => node && !node.closest('[data-testid=feed], tbody'));
      if (moved.length === 0) continue;
      w.moved = (w.moved ?? 0) + shift.value;
      w.moves?.push(
        ...moved.map((node) => `${node?.tagName ?? ''}.${node?.className.toString() ?? ''} ${shift.value}`),
      );
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

void test('the page shows the network as it moves', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sage-page-'));
  const server = await Coordinator.in(folder);
  await server.start();
  const browser = await chromium
    .launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: ARGUMENTS })
    .catch(async (/** @type {unknown} */ error) => {
      await server.stop();
      throw error;
    });
  t.after(async () => {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What the browser or the page found wrong. @type {string[]} */
  let complaints = [];
  const page = await browser.newPage({ viewport: WIDE });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (r) => complaints.push(`${r.url()}: ${r.failure()?.errorText ?? 'failed'}`));
  page.on('response', (r) => {
    if (r.status() >= 400) complaints.push(`${r.url()}: status ${r.status()}`);
  });
  const { host } = new URL(server.origin);
  /** @param {string} url */
  const mustBeOurs = (url) => {
    if (!url.startsWith('data:') && new URL(url).host !== host) complaints.push(`elsewhere: ${url}`);
  };
  page.on('request', (r) => {
    mustBeOurs(r.url());
  });
  page.on('websocket', (s) => {
    mustBeOurs(s.url());
  });
  await page.addInitScript(watchLayout);
  await page.goto(server.origin);

  /** @param {string} id */
  const text = async (id) => (await page.getByTestId(id).textContent()) ?? '';

  /** The number that a part of the page shows; NaN while it shows none. @param {string} id */
  const number = async (id) => Number.parseFloat((await text(id)).replaceAll(/[^\d.]/g, ''));

  /** @param {string} id */
  const rows = (id) => page.locator(`[data-testid=${id}] tbody tr`);

  const feed = () => page.locator('[data-testid=feed] li');

  /** @param {string} name */
  async function screenshot(name) {
    const target = process.env.SCREENSHOTS ?? path.join(folder, 'screenshots');
    await mkdir(target, { recursive: true });
    await page.screenshot({ path: path.join(target, `${name}.png`), fullPage: true });
  }

  let failed = false;
  /**
   * A step of the story. After one has failed the others have nothing to stand on, and fail at once.
   *
   * @param {string} name
   * @param {() => Promise<void> | void} tell
   */
  const step = (name, tell) =>
    t.test(name, async () => {
      assert.ok(!failed, 'a step before this one failed');
      try {
        await tell();
      } catch (error) {
        failed = true;
        await screenshot('failed').catch(() => undefined);
        throw error;
      }
    });

  await step('numbers appear', async () => {
    await until('five workers are listed', async () => (await rows('workers').count()) === 5);
    await until('jobs are listed', async () => (await rows('jobs').count()) > 0);
    await until('a block is shown', async () => (await number('block')) >= 0);
    await until('workers are active', async () => (await number('number-active')) > 0);
    await until('jobs are counted', async () => (await number('number-jobs')) > 0);
    await page.getByText('of 5 registered', { exact: true }).waitFor();
  });

  await step('the simulated network is called so', async () => {
    assert.match(await text('network'), /simulated network/);
    assert.match(await text('network'), /local/);
  });

  await step('numbers change, and events come in as they happen', async () => {
    await until('the stream is live', async () => (await text('link')) === 'live');
    const [block, jobs] = [await number('block'), await number('number-jobs')];
    await until('the block moves', async () => (await number('block')) > block + 2);
    await until('the jobs move', async () => (await number('number-jobs')) > jobs);
    await until('the feed has entries', async () => (await feed().count()) > 5);
    const first = await feed().first().textContent();
    await until('the feed moves', async () => (await feed().first().textContent()) !== first);
    await until('all is well', async () => (await text('state')).startsWith('All is well'));
  });

  await step('a paused feed stands still, and goes on', async () => {
    const { length } = await feed().all();
    assert.ok(length > 0);
    await page.getByRole('button', { name: 'Pause' }).click();
    // The first line without its age, which goes on while the feed stands.
    const shown = () =>
      feed()
        .first()
        .evaluate((line) => {
          const copy = /** @type {Element} */ (line.cloneNode(true));
          copy.querySelector('time')?.remove();
          return copy.textContent;
        });
    const first = await shown();
    await until('news wait', async () => /held, .*\d+ new/.test(await text('feed-state')));
    assert.equal(await shown(), first);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.mouse.move(5, 5);
    await until('news are shown', async () => (await shown()) !== first);
  });

  await step('an address is copied whole', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.origin });
    const whole = await rows('workers').first().locator('.address code').getAttribute('title');
    // The list may be put in order anew at any moment, so the row is found by its address.
    await rows('workers')
      .filter({ has: page.locator(`code[title="${whole}"]`) })
      .locator('.address')
      .getByRole('button')
      .click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^0x[0-9a-f]{64}$/);
    assert.equal(copied, whole);
  });

  await step('everybody can read it: light, dark, wide and narrow', async () => {
    // The page's policy forbids scripts from elsewhere, so the checker is evaluated from outside.
    const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
    await page.evaluate(axe);
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      for (const [name, viewport] of Object.entries({ wide: WIDE, phone: PHONE, narrowest: NARROWEST })) {
        // A colour on its way from one to another is nobody's colour.
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize(viewport);
        const found = await page.evaluate(async () => {
          const w = /** @type {Window & { axe?: typeof import('axe-core') }} */ (
            /** @type {unknown} */ (window)
          );
          const { violations } = (await w.axe?.run(document)) ?? { violations: null };
          return violations?.map(
            (v) => `${v.impact ?? ''} ${v.id}: ${v.nodes.map((n) => n.html).join(', ')}`,
          );
        });
        assert.deepEqual(found, [], `${colorScheme}, ${name}`);
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(sideways <= 0, `${name}: the page scrolls ${sideways} px sideways`);
        await screenshot(`${name}-${colorScheme}`);
      }
    }
    await page.emulateMedia({ colorScheme: null, reducedMotion: null });
    await page.setViewportSize(WIDE);
  });

  await step('the two themes differ', async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await ground();
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.notEqual(await ground(), light);
    await page.emulateMedia({ colorScheme: null });
  });

  await step('nothing complained, and nothing came from elsewhere', () => {
    assert.deepEqual(complaints, []);
  });

  await step('nothing moves while it loads', async () => {
    for (const [name, viewport] of Object.entries({ wide: WIDE, phone: PHONE })) {
      await page.setViewportSize(viewport);
      await page.reload();
      await until('workers are listed', async () => (await rows('workers').count()) === 5);
      await until('the stream is live', async () => (await text('link')) === 'live');
      const moves = await page.evaluate(() => {
        const w = /** @type {Window & { moved?: number, moves?: string[] }} */ (window);
        return { moved: w.moved ?? 0, moves: w.moves };
      });
      assert.ok(moves.moved <= 0.02, `${name}: ${moves.moved.toFixed(3)}\n${moves.moves?.join('\n') ?? ''}`);
    }
    await page.setViewportSize(WIDE);
  });

  await step('a part that fails says so, keeps what it knew, and comes back', async () => {
    await page.route('**/api/network/workers', (route) =>
      route.fulfill({ status: 503, json: { error: 'the database does not answer' } }),
    );
    const outdated = page.locator('.workers .outdated');
    await until('it says what is wrong', async () =>
      /as of .*: the database does not answer/.test((await outdated.textContent({ timeout: 1000 })) ?? ''),
    );
    assert.equal(await rows('workers').count(), 5);
    await page.unroute('**/api/network/workers');
    await until('it is well again', async () => (await outdated.count()) === 0);
  });

  await step('a killed server is found again, and has lost nothing', async () => {
    complaints = [];
    const block = await number('block');
    await server.kill();
    await until('the page says that it lost the server', async () => (await text('link')) === 'reconnecting');
    await until('and what that means', async () => (await text('state')).includes('cannot be reached'));
    assert.ok((await number('block')) >= block, 'what was known stays');
    await screenshot('server-gone');

    await server.start();
    const lowest = await number('block');
    await until('the stream is live again', async () => (await text('link')) === 'live');
    await until('the block moves on', async () => {
      const now = await number('block');
      assert.ok(now >= lowest, `the block went back from ${lowest} to ${now}`);
      return now > lowest;
    });
    await until('the gap is told', async () => (await text('feed')).includes('Live again after'));
    await until('all is well again', async () => (await text('state')).startsWith('All is well'));
    assert.equal(await rows('workers').count(), 5);
    await screenshot('server-back');
    const others = complaints.filter(
      (c) => !/ERR_(CONNECTION|EMPTY_RESPONSE|INCOMPLETE|SOCKET)|WebSocket connection/.test(c),
    );
    assert.deepEqual(others, [], 'nothing but the lost server was complained about');
  });
});
