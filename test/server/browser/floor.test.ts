import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFloor } from '../support/floorSchema.ts';
import { startServer } from '../support/startServer.ts';
import { chromiumPath, launchChromium, openPage } from './chromium.ts';

const secondsAgo = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

const entered = (agentId: string, state: string, sinceSecondsAgo: number, more: object = {}) => ({
  kind: 'ENTERED',
  agent: { agentId, name: `Agent ${agentId}` },
  after: {
    presence: 'READY',
    state,
    since: secondsAgo(sinceSecondsAgo),
    reason: null,
    direction: null,
    ...more,
  },
});

describe.skipIf(!chromiumPath)(
  `the floor page in a browser${chromiumPath ? '' : ' (skipped: no chromium found)'}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser.close());

    it('shows everyone by state, follows changes, drops who leaves, and says when the feed is stale', async () => {
      const floor = createFloor();
      const { url } = await startServer({ schema: floor.schema, settings: { drainMs: 300 } });
      const { page, foreign, errors, transferredBytes } = await openPage(browser, url);
      page.setDefaultTimeout(8_000);
      await page.goto(url);
      await expect.poll(() => floor.asked).toEqual([{ after: null, snapshot: true }]);
      const batch = { freshThrough: secondsAgo(20), health: 'OK' };
      floor.push({
        ...batch,
        phase: 'SNAPSHOT',
        cursor: 'c1',
        changes: [
          entered('1', 'BUSY', 65, { direction: 'INBOUND' }),
          entered('2', 'IDLE', 3700),
          entered('3', 'AWAY', 600, { presence: 'NOT_READY', reason: { name: 'Lunch' } }),
        ],
      });
      floor.push({ ...batch, phase: 'SNAPSHOT_END', cursor: 'c2', changes: [] });
      const column = (title: string) =>
        page.locator('section', { has: page.locator('h2', { hasText: title }) });
      await column('Busy').getByText('Agent 1').waitFor();
      await column('Idle')
        .getByText(/1:01:4\d/)
        .waitFor();
      await column('Away').getByText('Lunch').waitFor();
      expect(await page.locator('#banner').isHidden()).toBe(true);
      if (process.env['SCREENSHOTS'])
        await page.screenshot({ path: join(process.env['SCREENSHOTS'], 'floor.png') });

      floor.push({
        ...batch,
        phase: 'LIVE',
        cursor: 'c3',
        changes: [
          { ...entered('1', 'IDLE', 1), kind: 'CHANGED' },
          { kind: 'LEFT', agent: { agentId: '2', name: 'Agent 2' }, after: null },
        ],
      });
      await column('Idle').getByText('Agent 1').waitFor();
      await expect.poll(() => page.getByText('Agent 2').count()).toBe(0);

      floor.push({
        phase: 'HEARTBEAT',
        cursor: 'c4',
        freshThrough: secondsAgo(300),
        health: 'OK',
        changes: [],
      });
      await page.locator('#banner', { hasText: 'Stale' }).waitFor();
      floor.push({
        phase: 'HEARTBEAT',
        cursor: 'c5',
        freshThrough: secondsAgo(5),
        health: 'AUTH_FAILED',
        changes: [],
      });
      await page.locator('#banner', { hasText: 'AUTH_FAILED' }).waitFor();

      expect(foreign).toEqual([]);
      expect(errors).toEqual([]);
      expect(await transferredBytes()).toBeLessThan(20_000);
    });

    it('says that it is cut off, and resumes after the last cursor', async () => {
      const floor = createFloor();
      const server = await startServer({ schema: floor.schema, settings: { drainMs: 300 } });
      const { page } = await openPage(browser, server.url);
      await page.goto(server.url);
      await expect.poll(() => floor.asked.length).toBe(1);
      const batch = { freshThrough: secondsAgo(1), health: 'OK' };
      floor.push({ ...batch, phase: 'SNAPSHOT_END', cursor: 'c7', changes: [entered('1', 'BUSY', 5)] });
      await page.getByText('Agent 1').waitFor();
      await server.drain();
      await page.locator('#banner:not([hidden])').waitFor();
      expect(await page.getByText('Agent 1').count()).toBe(1);
      const { port } = new URL(server.url);
      await startServer({ schema: floor.schema, settings: { port: Number(port), drainMs: 300 } });
      await expect
        .poll(() => floor.asked.at(-1), { timeout: 8_000 })
        .toEqual({ after: 'c7', snapshot: false });
      await page.locator('#banner').waitFor({ state: 'hidden' });
    });
  },
);
