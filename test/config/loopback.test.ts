import { describe, expect, it } from 'vitest';
import { isLoopback } from '../../src/config/loopback.ts';

describe('loopback', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost', 'LocalHost'])(
    '%s is reached from this machine only',
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  it.each([
    '0.0.0.0',
    '::',
    '10.0.0.7',
    '128.0.0.1',
    '::ffff:10.0.0.7',
    '127.evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil.localhost.example',
    '127.0.0.256',
    '',
  ])('"%s" may be reached from elsewhere', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
