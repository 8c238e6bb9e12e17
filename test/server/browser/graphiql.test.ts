import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startServer } from '../support/startServer.ts';
import { chromiumPath, launchChromium, openPage } from './chromium.ts';

const examples = {
  '1-hello.graphql': '# Says hello\nquery Hello {\n  hello\n}\n',
  '2-ticks.graphql':
    'subscription Ticks($count: Int!) {\n  ticks(count: $count) {\n    n\n    cursor\n  }\n}\n',
  '2-ticks.variables.json': '{ "count": 3 }',
};

const writeExamples = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'operations-'));
  for (const [file, text] of Object.entries(examples)) writeFileSync(join(folder, file), text);
  return folder;
};

/** Opens a tab and runs it. Until GraphiQL's editors have loaded it loses clicks, so they are made until they work. */
const runTab = async (page: Page, tab: string, inEditor: string, inResult: string): Promise<void> => {
  const editor = page.locator('.graphiql-query-editor .view-line', { hasText: inEditor }).first();
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await vi.waitFor(
    async () => {
      await page.getByRole('tab', { name: tab }).click();
      await editor.waitFor({ timeout: 1_500 });
      await page.locator('.graphiql-execute-button').click();
      await page.locator('.result-window', { hasText: inResult }).waitFor({ timeout: 1_500 });
    },
    { timeout: 14_000 },
  );
};

describe.skipIf(!chromiumPath)(
  `GraphiQL in a browser${chromiumPath ? '' : ' (skipped: no chromium found)'}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser.close());

    it('loads offline under the strict policy, knows the schema, and runs its example tabs', async () => {
      const { url } = await startServer({ settings: { operationsFolder: writeExamples() } });
      const { page, foreign, errors, transferredBytes } = await openPage(browser, url);
      page.setDefaultTimeout(8_000);
      await page.goto(`${url}/graphql`);
      await runTab(page, 'Hello', 'hello', '"world"');
      await runTab(page, 'Ticks', 'ticks', '"c3"');
      await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
      await page.locator('.graphiql-doc-explorer', { hasText: 'Query' }).waitFor();
      if (process.env['SCREENSHOTS'])
        await page.screenshot({ path: join(process.env['SCREENSHOTS'], 'graphiql.png') });

      expect(foreign).toEqual([]);
      expect(errors).toEqual([]);
      expect(await transferredBytes()).toBeLessThan(1.5 * 1024 * 1024);
    });

    it('asks for a key where one is needed, and says nothing of the schema before', async () => {
      const sha256hex = createHash('sha256').update('right-key').digest('hex');
      const auth = { apiKeys: [{ name: 'desk', sha256hex, tenantId: null }], jwt: null };
      const { url } = await startServer({ settings: { operationsFolder: writeExamples(), auth } });
      const { page, errors } = await openPage(browser, url);
      page.setDefaultTimeout(8_000);
      await page.goto(`${url}/graphql`);
      await page.getByLabel('API key or token').fill('right-key');
      await page.getByRole('button', { name: 'Open GraphiQL' }).click();
      await runTab(page, 'Ticks', 'ticks', '"c3"');
      await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
      await page.locator('.graphiql-doc-explorer', { hasText: 'Query' }).waitFor();
      expect(errors).toEqual([]);
    });
  },
);
