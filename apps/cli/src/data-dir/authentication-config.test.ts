import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseYaml } from '@binnacle/machinery-yaml';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareAuthentication } from './authentication-config.js';

let folder: string;
let authentication: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'binnacle-authentication-'));
  authentication = join(folder, 'authentication.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a new installation believes nobody besides', () => {
  prepareAuthentication({ authentication });
  const { value, repeated } = parseYaml(readFileSync(authentication, 'utf8'));
  expect([value, repeated]).toEqual([
    { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthenticationConfiguration', jwt: [] },
    [],
  ]);
  expect(statSync(authentication).mode & 0o777).toBe(0o600);
});

test('what somebody has written stays', () => {
  writeFileSync(authentication, 'mine');
  prepareAuthentication({ authentication });
  expect(readFileSync(authentication, 'utf8')).toBe('mine');
});
