import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createScriptedFloor,
  type ScriptedChange,
  type ScriptedFloor,
} from '../../client/support/scriptedFloor.ts';
import { ask } from '../../e2e/support/graphqlClient.ts';
import { startGateway, temporaryFolder } from '../../e2e/support/program.ts';
import { startUpstream } from '../../e2e/support/upstream.ts';
import { startServer, type TestOptions } from '../support/startServer.ts';
import { chromiumPath, launchChromium, openPage } from './chromium.ts';

const secondsAgo = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

const entered = (agentId: string, state: string, more: Partial<ScriptedChange> = {}): ScriptedChange => ({
  kind: 'ENTERED',
  agentId,
  presence: 'READY',
  state,
  since: secondsAgo(65),
  ...more,
});

const crowd = (state: string, size: number): ScriptedChange[] =>
  Array.from({ length: size }, (_, n) => entered(`${state} ${n}`, state));

const column = (page: Page, title: string) =>
  page.locator('section', { has: page.locator('h2', { hasText: title }) });

/** The columns' headings, with how many are in each. */
const counts = (page: Page): Promise<string[]> => page.locator('h2').allTextContents();
const NOBODY = ['Busy0', 'Idle0', 'Away0', 'Unknown0', 'Offline0'];

const well = () => ({ freshThrough: secondsAgo(5), health: 'OK' });

/** A busy machine may take its time. */
const soon = { timeout: 10_000 };

const asked = (script: ScriptedFloor, count: number) =>
  expect.poll(() => script.asked.length, soon).toBe(count);

describe.skipIf(!chromiumPath)(
  `the floor page in a browser${chromiumPath ? '' : ' (skipped: no chromium found)'}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser.close());

    const open = async (
      before: (page: Page) => Promise<unknown> = async () => {},
      server: TestOptions = {},
    ) => {
      const script = createScriptedFloor();
      const parts = await startServer({ schema: script.schema, settings: { drainMs: 300 }, ...server });
      const watched = await openPage(browser, parts.url);
      watched.page.setDefaultTimeout(10_000);
      await before(watched.page);
      await watched.page.goto(parts.url);
      return { script, ...parts, ...watched, banner: watched.page.locator('#banner') };
    };

    /** With Ann busy and Bob idle on the board. */
    const openBoard = async (before?: (page: Page) => Promise<unknown>) => {
      const parts = await open(before);
      await asked(parts.script, 1);
      const standing = well();
      const changes = [entered('Ann', 'BUSY'), entered('Bob', 'IDLE')];
      parts.script.push({ ...standing, phase: 'SNAPSHOT_END', cursor: 'c1', changes });
      await column(parts.page, 'Busy').getByText('Ann').waitFor();
      return { ...parts, standing };
    };

    it('shows everyone by state, follows changes, drops who leaves', async () => {
      const { script, page, banner, foreign, errors, transferredBytes } = await open();
      await page.getByText('Connecting…').waitFor();
      await asked(script, 1);
      expect(script.asked).toEqual([{ after: null, snapshot: true, filter: null }]);
      script.push({
        ...well(),
        phase: 'SNAPSHOT_END',
        cursor: 'c1',
        changes: [
          entered('Ann', 'BUSY', { direction: 'INBOUND' }),
          entered('Bob', 'IDLE', { since: secondsAgo(3700) }),
          entered('Cid', 'AWAY', { presence: 'NOT_READY', reason: { name: 'Lunch' } }),
          entered('Dan', 'NAPPING'),
          entered('Eve', 'BUSY', { presence: 'OFFLINE' }),
        ],
      });
      await column(page, 'Busy').getByText('Ann').waitFor();
      await column(page, 'Busy').getByText('inbound').waitFor();
      await column(page, 'Idle')
        .getByText(/1:0[1-9]:\d\d/)
        .waitFor();
      await column(page, 'Away').getByText('Lunch').waitFor();
      await column(page, 'Unknown').getByText('Dan').waitFor();
      await column(page, 'Offline').getByText('Eve').waitFor();
      await page.getByText('Fresh through').waitFor();
      expect(await banner.isHidden()).toBe(true);
      if (process.env['SCREENSHOTS'])
        await page.screenshot({ path: join(process.env['SCREENSHOTS'], 'floor.png') });

      script.push({
        ...well(),
        phase: 'LIVE',
        cursor: 'c2',
        changes: [
          { ...entered('Ann', 'IDLE'), kind: 'CHANGED' },
          { kind: 'LEFT', agentId: 'Bob' },
        ],
      });
      await column(page, 'Idle').getByText('Ann').waitFor();
      expect(await page.getByText('Bob').count()).toBe(0);

      expect(foreign).toEqual([]);
      expect(errors).toEqual([]);
      expect(await transferredBytes()).toBeLessThan(20_000);
    });

    it('shows everybody of a snapshot in several pieces', async () => {
      const { script, page } = await open();
      await asked(script, 1);
      script.push(
        { ...well(), phase: 'SNAPSHOT', cursor: 's1', changes: crowd('IDLE', 100) },
        { ...well(), phase: 'SNAPSHOT', cursor: 's1', changes: crowd('AWAY', 100) },
        { ...well(), phase: 'SNAPSHOT', cursor: 's1', changes: crowd('BUSY', 250) },
        { ...well(), phase: 'SNAPSHOT_END', cursor: 'c1' },
      );
      await expect
        .poll(() => counts(page), soon)
        .toEqual(['Busy250', 'Idle100', 'Away100', 'Unknown0', 'Offline0']);
      await column(page, 'Busy').getByText('and 50 more').waitFor();
      expect(await column(page, 'Idle').locator('li').count()).toBe(100);
    });

    it('shows everybody of a real gateway, whose snapshot has several pieces', async () => {
      const { environment } = await startUpstream({ agents: 1_500 });
      const { url } = await startGateway({
        ...environment,
        RTA_DATABASE: join(temporaryFolder(), 'mirror.sqlite'),
      });
      type Answer = { agentStatuses: { totalCount: { value: number } } };
      const present = async (): Promise<number> =>
        (await ask<Answer>(url, '{ agentStatuses(first: 1) { totalCount { value } } }')).agentStatuses
          .totalCount.value;
      await expect.poll(present, { timeout: 30_000 }).toBeGreaterThan(250);
      const { page, errors } = await openPage(browser, url);
      await page.goto(url);
      const shown = async () => {
        const numbers = (await counts(page)).map((heading) => Number(/\d+$/.exec(heading)?.[0]));
        return numbers.reduce((sum, number) => sum + number, 0);
      };
      await expect.poll(async () => (await shown()) - (await present()), { timeout: 30_000 }).toBe(0);
      expect(errors).toEqual([]);
    });

    it.each(['STREAM_CURSOR_EXPIRED', 'CURSOR_MISMATCH'])(
      'shows nobody after %s and a new snapshot that is empty; until then, who was there',
      async (code) => {
        const { script, page } = await openBoard();
        script.end(code);
        await asked(script, 2);
        expect(script.asked.at(-1)).toMatchObject({ after: null, snapshot: true });
        expect(await page.getByText('Ann').count()).toBe(1);
        script.push({ ...well(), phase: 'SNAPSHOT_END', cursor: 'c9' });
        await expect.poll(() => counts(page), soon).toEqual(NOBODY);
        expect(await page.locator('li').count()).toBe(0);
      },
    );

    it('says that it is cut off, and resumes after the last cursor', async () => {
      const { script, page, banner, url, drain } = await openBoard();
      await drain();
      await banner.getByText(/Connection lost .*read up to .*, 0:0\d:\d\d ago/).waitFor();
      expect(await page.getByText('Ann').count()).toBe(1);
      const port = Number(new URL(url).port);
      await startServer({ schema: script.schema, settings: { port, drainMs: 300 } });
      await expect.poll(() => script.asked.length, { timeout: 20_000 }).toBeGreaterThan(1);
      expect(script.asked.at(-1)).toMatchObject({ after: 'c1', snapshot: false });
      await banner.waitFor({ state: 'hidden' });
    });

    it('says why it has no connection yet', async () => {
      const { script, banner } = await open();
      await asked(script, 1);
      script.end('NOT_READY');
      await banner.getByText('No connection yet (NOT_READY)').waitFor();
      await asked(script, 2);
      script.push({ ...well(), phase: 'SNAPSHOT_END', cursor: 'c1' });
      await banner.waitFor({ state: 'hidden' });
    });

    it('leaves a connection on which nothing is said any more', async () => {
      const { script, page } = await openBoard((page) => page.clock.install());
      await page.clock.fastForward(41_000);
      // The wait before the next attempt stands on the same clock, which goes on by itself.
      await asked(script, 2);
      expect(script.asked.at(-1)).toMatchObject({ after: 'c1', snapshot: false });
    });

    it('says that the feed is not well, and when it stands still, how stale it is', async () => {
      const { script, page, banner, standing } = await openBoard((page) => page.clock.install());
      script.push({ ...standing, phase: 'HEARTBEAT', cursor: 'c2', health: 'AUTH_FAILED' });
      await banner.getByText('AUTH_FAILED').waitFor();
      await page.clock.fastForward(35_000);
      script.push({ ...standing, phase: 'HEARTBEAT', cursor: 'c3' });
      await banner.waitFor({ state: 'hidden' });
      await page.clock.fastForward(30_000);
      await banner.getByText(/^Stale: read up to .*, 0:0[1-9]:\d\d ago/).waitFor();
      script.push({ ...well(), phase: 'HEARTBEAT', cursor: 'c4' });
      await banner.waitFor({ state: 'hidden' });
    });

    it('goes by upstream’s clock where this machine’s is an hour slow', async () => {
      const { script, page, banner } = await open((page) =>
        page.addInitScript('const now = Date.now; Date.now = () => now() - 3_600_000;'),
      );
      Object.assign(script.mirror, { freshThrough: secondsAgo(20), lagSeconds: 20 });
      await asked(script, 1);
      script.push({ ...well(), phase: 'SNAPSHOT_END', cursor: 'c1', changes: [entered('Ann', 'BUSY')] });
      await column(page, 'Busy')
        .getByText(/0:0[1-9]:\d\d/)
        .waitFor();
      expect(await banner.isHidden()).toBe(true);
    });

    it('keeps a column where it was scrolled to', async () => {
      const { script, page } = await open();
      await asked(script, 1);
      script.push({ ...well(), phase: 'SNAPSHOT_END', cursor: 'c1', changes: crowd('IDLE', 100) });
      const list = column(page, 'Idle').locator('ol');
      await list.getByText('IDLE 99').scrollIntoViewIfNeeded();
      const scrolled = await list.evaluate((node) => node.scrollTop);
      expect(scrolled).toBeGreaterThan(0);
      script.push({ ...well(), phase: 'LIVE', cursor: 'c2', changes: [entered('Ann', 'BUSY')] });
      await column(page, 'Busy').getByText('Ann').waitFor();
      expect(await list.evaluate((node) => node.scrollTop)).toBe(scrolled);
    });

    it('asks for a key where one is needed, and again when it is refused', async () => {
      const sha256hex = createHash('sha256').update('right-key').digest('hex');
      const auth = { apiKeys: [{ name: 'desk', sha256hex, tenantId: null }], jwt: null };
      const { script, page, banner } = await open(undefined, { settings: { auth, drainMs: 300 } });
      const enter = async (key: string) => {
        await page.getByLabel('API key or token').fill(key);
        await page.getByRole('button', { name: 'Show the floor' }).click();
      };
      await enter('wrong-key');
      await banner.getByText('Refused').waitFor();
      await enter('right-key');
      await asked(script, 1);
      await banner.waitFor({ state: 'hidden' });
      script.push({ ...well(), phase: 'SNAPSHOT_END', cursor: 'c1', changes: [entered('Ann', 'BUSY')] });
      await column(page, 'Busy').getByText('Ann').waitFor();
      expect(await page.getByLabel('API key or token').isHidden()).toBe(true);
    });
  },
);
