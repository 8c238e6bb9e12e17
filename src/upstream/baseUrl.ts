export type CheckedBaseUrl =
  | {
      ok: true;
      url: string /** http to another machine: the password travels in the clear. */;
      insecure: boolean;
    }
  | { ok: false; problem: string };

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Checks the address upstream is asked at: http or https, no user or password in it (they would end up in error messages),
 * no query. Trailing slashes go.
 */
export const checkBaseUrl = (text: string): CheckedBaseUrl => {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { ok: false, problem: 'is no address; expected e.g. https://api.cxengage.net/v1' };
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { ok: false, problem: `begins with ${url.protocol}//; expected https://` };
  }
  if (url.username || url.password) {
    return { ok: false, problem: 'carries a user or password; set RTA_USERNAME and RTA_PASSWORD instead' };
  }
  if (url.search || url.hash)
    return { ok: false, problem: 'carries a query or fragment; give the base address only' };
  return {
    ok: true,
    url: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    insecure: url.protocol === 'http:' && !LOOPBACK.test(url.hostname),
  };
};
