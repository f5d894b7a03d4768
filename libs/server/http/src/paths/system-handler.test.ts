import { expect, test } from 'vitest';
import { platformOf } from './system-handler.js';

test.each([
  ['linux', 'x64', 'linux/amd64'],
  ['linux', 'arm64', 'linux/arm64'],
  ['win32', 'x64', 'windows/amd64'],
])('%s on %s is called as Go calls it', (system, architecture, name) => {
  expect(platformOf(system, architecture)).toBe(name);
});
