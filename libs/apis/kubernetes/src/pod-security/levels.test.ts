import { expect, test } from 'vitest';
import {
  areEquivalent,
  formatLevelVersion,
  isFullyPrivileged,
  isStricter,
  LATEST,
  parseLevel,
  parseVersion,
  policyOf,
  PRIVILEGED_POLICY,
} from './index.js';

const label = (of: string) => `pod-security.kubernetes.io/${of}`;
const labels = (of: Record<string, string>) =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [label(key), value]));
const read = (of: Record<string, string>) => {
  const { policy, errors } = policyOf(labels(of), PRIVILEGED_POLICY);
  const told = (['enforce', 'audit', 'warn'] as const).map((mode) => formatLevelVersion(policy[mode])).join(' ');
  return { told, errors: errors.map(({ field, message }) => `${field}: ${message}`) };
};

test.each([
  ['latest', LATEST],
  ['v1.0', 0],
  ['v1.36', 36],
  ['v1.999', 999],
  ['v1.00', undefined],
  ['v1.', undefined],
  ['1.2', undefined],
  ['v2.0', undefined],
  ['v1.1 ', undefined],
  ['v1.99999999999999999999', undefined],
  ['', undefined],
])('the version %j', (text, version) => {
  expect(parseVersion(text)).toBe(version);
});

test('levels have their names, in rising strictness', () => {
  expect(['privileged', 'baseline', 'restricted', 'Baseline', ''].map(parseLevel)).toEqual([
    'privileged',
    'baseline',
    'restricted',
    undefined,
    undefined,
  ]);
  expect(isStricter('restricted', 'baseline')).toBe(true);
  expect(isStricter('baseline', 'baseline')).toBe(false);
  expect(isStricter('privileged', 'baseline')).toBe(false);
});

test.each([
  ['nothing', {}, 'privileged:latest privileged:latest privileged:latest'],
  [
    'all of it',
    {
      enforce: 'baseline',
      'enforce-version': 'v1.22',
      audit: 'restricted',
      warn: 'restricted',
      'warn-version': 'v1.30',
    },
    'baseline:v1.22 restricted:latest restricted:v1.30',
  ],
  [
    'enforcement alone, of which it is warned too',
    { enforce: 'baseline', 'enforce-version': 'v1.22' },
    'baseline:v1.22 privileged:latest baseline:v1.22',
  ],
  [
    'a version of warnings of its own',
    { enforce: 'baseline', 'warn-version': 'v1.30' },
    'baseline:latest privileged:latest baseline:v1.30',
  ],
  [
    'weaker warnings',
    { enforce: 'restricted', warn: 'privileged' },
    'restricted:latest privileged:latest privileged:latest',
  ],
])('labels that ask for %s', (_what, of, told) => {
  expect(read(of as Record<string, string>)).toEqual({ told, errors: [] });
});

test('what is enforced is closed where labels say nothing known, and what is only told is silent', () => {
  const { told, errors } = read({
    enforce: 'x',
    'enforce-version': 'y',
    audit: 'x',
    'audit-version': 'y',
    warn: 'x',
    'warn-version': 'y',
  });
  expect(told).toBe('restricted:latest privileged:latest privileged:latest');
  expect(errors).toHaveLength(6);
  expect(errors.slice(0, 2)).toEqual([
    'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "x": must be one of privileged, baseline, restricted',
    'metadata.labels[pod-security.kubernetes.io/enforce-version]: Invalid value: "y": must be "latest" or "v1.x"',
  ]);
});

test('an unknown level of enforcement makes no warnings of its own', () => {
  expect(read({ enforce: 'x' }).told).toBe('restricted:latest privileged:latest privileged:latest');
});

test('policies are the same where all they do is', () => {
  const old = { level: 'privileged', version: 3 } as const;
  expect(isFullyPrivileged(PRIVILEGED_POLICY)).toBe(true);
  expect(areEquivalent(PRIVILEGED_POLICY, { ...PRIVILEGED_POLICY, warn: old })).toBe(true);
  expect(areEquivalent(PRIVILEGED_POLICY, { ...PRIVILEGED_POLICY, warn: { level: 'baseline', version: 3 } })).toBe(
    false,
  );
});
