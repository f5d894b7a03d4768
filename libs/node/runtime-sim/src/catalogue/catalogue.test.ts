import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AddressPool } from '../address-pool.js';
import { plainSteps, sleepSeconds } from '../programs/commands.js';
import { parseCommand } from '../programs/redis.js';
import { chance } from '../random.js';
import { Catalogue, parseImageName } from './catalogue.js';

describe('image names', () => {
  test.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1.27-alpine', 'docker.io/library/nginx:1.27-alpine'],
    ['team/app', 'docker.io/team/app:latest'],
    ['registry.k8s.io/pause:3.10', 'registry.k8s.io/pause:3.10'],
    ['localhost:5000/a/b:v1', 'localhost:5000/a/b:v1'],
    [`app@sha256:${'a'.repeat(64)}`, `docker.io/library/app@sha256:${'a'.repeat(64)}`],
  ])('%s is %s', (image, canonical) => {
    expect(parseImageName(image)?.canonical).toBe(canonical);
  });

  test.each(['', 'UPPER', 'a b', 'nginx:', '/nginx', 'nginx:-1', 'a//b'])('%j is none', (image) => {
    expect(parseImageName(image)).toBeUndefined();
  });

  test('no text makes the reader throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseImageName(text)));
  });
});

describe('the catalogue', () => {
  const catalogue = new Catalogue();

  test.each([
    ['nginx', 'welcome'],
    ['docker.io/library/redis:7', 'redis'],
    ['registry.k8s.io/e2e-test-images/agnhost:2.53', 'agnhost'],
    ['binnacle.dev/myapp:1.0', 'echo'],
    ['bitnami/nginx', 'welcome'],
    ['gcr.io/k8s-staging-gateway-api/echo-basic:v1.6.0', 'echo-basic'],
  ])('%s does %s', (image, program) => {
    expect(catalogue.behaviour(image).program).toBe(program);
  });

  test.each([
    ['nginx:1.27', true],
    ['nginx:1.161', false],
    ['redis:alpine', true],
    ['anything:whatever', true],
    ['does-not-exist', false],
    ['foo:non-existent', false],
    ['busybox:no-such-tag-xyz', false],
    ['foo:v1', true],
  ])('%s exists: %s', (image, exists) => {
    expect(catalogue.exists(image)).toBe(exists);
  });
});

describe('addresses', () => {
  test('are given once each, the one wished for where it is free', () => {
    const pool = new AddressPool('10.244.1.0/24');
    expect(pool.take()).toBe('10.244.1.2');
    expect(pool.take('10.244.1.9')).toBe('10.244.1.9');
    expect(pool.take('10.244.1.9')).toBe('10.244.1.3');
    expect(pool.take('10.244.2.9')).toBe('10.244.1.4');
    const rest = Array.from({ length: 249 }, () => pool.take());
    expect(new Set(rest).size).toBe(249);
    expect(() => pool.take()).toThrow('no addresses available in 10.244.1.0/24');
    pool.release('10.244.1.77');
    expect(pool.take()).toBe('10.244.1.77');
  });
});

test('chance follows from its words and spreads evenly', () => {
  expect(chance('a', 1)).toBe(chance('a', 1));
  const values = Array.from({ length: 2000 }, (_, index) => chance('seed', index));
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  expect(values.filter((value) => value < 0.5).length / 2000).toBeCloseTo(0.5, 1);
});

test.each([
  ['sleep 3600', true],
  ['echo hi && sleep 1; exit 2', true],
  ['echo $HOME', false],
  ['while true; do sleep 1; done', false],
  ['echo hi > /tmp/x', false],
  ['sleep 1 & wait', false],
  ['unknown', false],
])('%s needs no shell: %s', (script, plain) => {
  expect(plainSteps(script) !== undefined).toBe(plain);
});

test.each([
  ['5', 5],
  ['1.5m', 90],
  ['1d', 86_400],
  ['infinity', Number.POSITIVE_INFINITY],
  ['soon', undefined],
])('sleep %s is %s seconds', (text, seconds) => {
  expect(sleepSeconds(text)).toBe(seconds);
});

test('no bytes make the Redis reader loop or answer nonsense', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        const parsed = parseCommand(Buffer.from(bytes));
        if (parsed) expect(parsed.length).toBeGreaterThan(0);
      } catch (error) {
        expect((error as Error).message).toMatch(/^Protocol error/);
      }
    }),
  );
});
