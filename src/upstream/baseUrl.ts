import { BlockList, isIP } from 'node:net';
import { isLoopback } from '../config/loopback.ts';

export type CheckedBaseUrl =
  | {
      ok: true;
      /** Without trailing slashes. */
      url: string;
      /** http to another machine: the password travels in the clear. */
      insecure: boolean;
    }
  | {
      ok: false;
      /** Reads on after the name of the setting. Quotes nothing of the address: there may be a password in it. */
      problem: string;
    };

const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');

/**
 * Checks the address that upstream is asked at: http or https, no user or password in it (they would end up in error
 * messages), no query, and no link-local host, where clouds hand out a machine's own credentials.
 */
export const checkBaseUrl = (text: string): CheckedBaseUrl => {
  const refuse = (problem: string): CheckedBaseUrl => ({ ok: false, problem });
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refuse('is no address; expected e.g. https://api.cxengage.net/v1');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse('begins with neither https:// nor http://');
  }
  if (url.username || url.password) {
    return refuse('carries a user or password; set RTA_USERNAME and RTA_PASSWORD instead');
  }
  if (url.search || url.hash) {
    return refuse('carries a query or fragment; give the base address only');
  }
  // The URL parser has brought every notation of an address to one: 0x7f.1 is 127.0.0.1 here.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isLinkLocal(host)) return refuse('is a link-local address, which no upstream has');
  return {
    ok: true,
    url: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    insecure: url.protocol === 'http:' && !isLoopback(host),
  };
};

const isLinkLocal = (host: string): boolean => {
  const version = isIP(host);
  return version !== 0 && linkLocal.check(host, version === 6 ? 'ipv6' : 'ipv4');
};
