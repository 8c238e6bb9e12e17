import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A browser binary of this machine; null: browser tests skip. */
export const chromiumPath = candidates.find((path) => existsSync(path)) ?? null;

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    ...(chromiumPath ? { executablePath: chromiumPath } : {}),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });

export type Watched = {
  page: Page;
  /** Requests to anywhere but the server under test. */
  foreign: string[];
  /** Errors on the console, policy violations among them, and uncaught ones. */
  errors: string[];
  transferredBytes(): Promise<number>;
};

/** A page whose every request and every complaint is written down. */
export const openPage = async (browser: Browser, url: string): Promise<Watched> => {
  const page = await browser.newPage({ viewport: { width: 1400, height: 850 } });
  const foreign: string[] = [];
  const errors: string[] = [];
  const sizes: Promise<number>[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) foreign.push(request.url());
  });
  page.on('requestfinished', (request) => {
    const size = request.sizes().then(({ responseBodySize }) => responseBodySize);
    // Nobody asks any more once the browser is closed; who asks in time still sees the failure.
    size.catch(() => {});
    sizes.push(size);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  const transferredBytes = async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  return { page, foreign, errors, transferredBytes };
};
