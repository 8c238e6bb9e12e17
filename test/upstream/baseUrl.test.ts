import { describe, expect, it } from 'vitest';
import { checkBaseUrl } from '../../src/upstream/index.ts';

describe('the base URL', () => {
  it.each([
    ['https://api.cxengage.net/v1', 'https://api.cxengage.net/v1', false],
    ['https://api.cxengage.net/v1///', 'https://api.cxengage.net/v1', false],
    ['HTTPS://API.cxengage.net:443', 'https://api.cxengage.net', false],
    ['http://127.0.0.1:4100/v1', 'http://127.0.0.1:4100/v1', false],
    ['http://localhost:4100/v1/', 'http://localhost:4100/v1', false],
    ['http://[::1]:4100/v1', 'http://[::1]:4100/v1', false],
    ['http://0x7f.1/v1', 'http://127.0.0.1/v1', false],
    ['http://10.0.0.7/v1', 'http://10.0.0.7/v1', true],
    ['http://api.cxengage.net/v1', 'http://api.cxengage.net/v1', true],
    ['http://127.0.0.1.example.com/v1', 'http://127.0.0.1.example.com/v1', true],
    ['http://127.evil.example/v1', 'http://127.evil.example/v1', true],
  ])('%s is %s, insecure: %s', (text, url, insecure) => {
    expect(checkBaseUrl(text)).toEqual({ ok: true, url, insecure });
  });

  it.each([
    '',
    'api.cxengage.net/v1',
    'ftp://api.cxengage.net/v1',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://reader:s3cret@api.cxengage.net/v1',
    'https://s3cret@api.cxengage.net/v1',
    'https://:s3cret@api.cxengage.net/v1',
    'https://api.cxengage.net/v1?key=s3cret',
    'https://api.cxengage.net/v1#s3cret',
    's3cret://api.cxengage.net',
    'http://169.254.169.254/latest/s3cret',
    'http://2852039166/s3cret',
    'http://[::ffff:169.254.169.254]/s3cret',
    'http://[fe80::1]/s3cret',
  ])('%s is refused, and nothing of it told', (text) => {
    const checked = checkBaseUrl(text);
    expect(checked).toEqual({ ok: false, problem: expect.any(String) });
    expect(JSON.stringify(checked)).not.toContain('s3cret');
  });
});
