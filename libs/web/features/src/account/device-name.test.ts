import { expect, test } from 'vitest';
import { deviceName } from './device-name.js';

const MOZILLA = 'Mozilla/5.0';
test.each([
  [undefined, undefined],
  ['', undefined],
  [
    `${MOZILLA} (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36`,
    'Chrome · Linux',
  ],
  [`${MOZILLA} (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0`, 'Edge · Windows'],
  [`${MOZILLA} (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/18 Safari/605`, 'Safari · macOS'],
  [`${MOZILLA} (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Safari/605`, 'Safari · iOS'],
  [`${MOZILLA} (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0`, 'Firefox · Android'],
  ['curl/8.1', 'curl'],
  ['kubectl1.36', 'kubectl1.36'],
])('%s is called %s', (userAgent, name) => {
  expect(deviceName(userAgent)).toBe(name);
});
