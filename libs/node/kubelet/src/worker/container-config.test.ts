import type { Pod, PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import { expect, test } from 'vitest';
import { podHostname } from './container-config.js';

const named = (name: string, spec: Partial<PodSpec> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [], ...spec },
});

test.each<[reason: string, Pod, hostname: string]>([
  ['its own', named('web-1'), 'web-1'],
  ['what it asks for', named('web-1', { hostname: 'web' }), 'web'],
  [
    'hostnameOverride before all',
    named('web-1', { hostname: 'web', hostnameOverride: 'a.example.com' }),
    'a.example.com',
  ],
  ['cut to what Linux takes', named(`${'a'.repeat(61)}-.b`), 'a'.repeat(61)],
])('the hostname of a Pod is %s', (_reason, pod, hostname) => {
  expect(podHostname(pod)).toBe(hostname);
});
