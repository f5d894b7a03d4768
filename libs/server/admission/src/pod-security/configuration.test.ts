import { formatLevelVersion } from '@binnacle/apis-kubernetes/pod-security';
import { expect, test } from 'vitest';
import { readPodSecurityConfiguration } from './configuration.js';

const HEAD = { apiVersion: 'pod-security.admission.config.k8s.io/v1', kind: 'PodSecurityConfiguration' };
const faults = (more: object) =>
  readPodSecurityConfiguration({ ...HEAD, ...more }).errors?.map(({ field, message }) => `${field}: ${message}`);

test('what is not said is privileged, of the latest version, and nobody is exempt', () => {
  const read = readPodSecurityConfiguration({ ...HEAD, defaults: { enforce: 'baseline', 'warn-version': 'v1.30' } });
  if (read.errors) throw new Error('refused');
  const { defaults, exemptions } = read.configuration;
  expect([defaults.enforce, defaults.audit, defaults.warn].map(formatLevelVersion)).toEqual([
    'baseline:latest',
    'privileged:latest',
    'privileged:v1.30',
  ]);
  expect(exemptions).toEqual({ usernames: [], namespaces: [], runtimeClasses: [] });
});

test.each<[string, object, string[]]>([
  [
    'levels',
    { defaults: { enforce: 'x' } },
    ['defaults.enforce: Invalid value: "x": must be one of privileged, baseline, restricted'],
  ],
  [
    'versions',
    { defaults: { 'audit-version': '1.2' } },
    ['defaults.audit-version: Invalid value: "1.2": must be "latest" or "v1.x"'],
  ],
  ['fields', { default: {} }, ['default: Invalid value: {}: is no field of this kind']],
  ['names given twice', { exemptions: { namespaces: ['a', 'a'] } }, ['exemptions.namespaces[1]: Duplicate value: "a"']],
  [
    'people without a name',
    { exemptions: { usernames: [''] } },
    ['exemptions.usernames[0]: Invalid value: "": username must not be empty'],
  ],
  [
    'lists that are none',
    { exemptions: { usernames: 'ada' } },
    ['exemptions.usernames: Invalid value: "ada": must be a list'],
  ],
  ['parts that are none', { defaults: [] }, ['defaults: Invalid value: []: must be an object']],
])('%s are refused that mean nothing', (_what, more, expected) => {
  expect(faults(more)).toEqual(expected);
});

test.each([undefined, null, 'text', [], {}, { ...HEAD, apiVersion: 'v1' }, { ...HEAD, kind: 'Pod' }])(
  '%j is no configuration',
  (value) => {
    expect(readPodSecurityConfiguration(value).errors).not.toEqual([]);
    expect(readPodSecurityConfiguration(value).errors).toBeDefined();
  },
);
