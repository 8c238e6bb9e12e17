import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
      await page.getByRole('tab', { name: 'Hello' }).waitFor();
      // Its button does nothing before the editor is there.
      await page.locator('.graphiql-query-editor .view-line', { hasText: 'hello' }).first().waitFor();
      await page.locator('.result-window .view-line').first().waitFor({ state: 'attached' });
      await page.locator('.graphiql-execute-button').click();
      await page.locator('.result-window', { hasText: '"world"' }).waitFor();

      await page.getByRole('tab', { name: 'Ticks' }).click();
      await page.locator('.graphiql-query-editor .view-line', { hasText: 'ticks' }).first().waitFor();
      await page.locator('.graphiql-execute-button').click();
      await page.locator('.result-window', { hasText: '"c3"' }).waitFor();

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
      await page.getByRole('tab', { name: 'Ticks' }).click();
      await page.locator('.graphiql-query-editor .view-line', { hasText: 'ticks' }).first().waitFor();
      await page.locator('.result-window .view-line').first().waitFor({ state: 'attached' });
      await page.locator('.graphiql-execute-button').click();
      await page.locator('.result-window', { hasText: '"c3"' }).waitFor();
      await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
      await page.locator('.graphiql-doc-explorer', { hasText: 'Query' }).waitFor();
      expect(errors).toEqual([]);
    });
  },
);
