import { expect, test } from 'vitest';
import { pascalCase } from './pascal-case.js';

test.each([
  ['dns-names', 'DnsNames'],
  ['cert-manager', 'CertManager'],
  ['EndpointSlice', 'EndpointSlice'],
  ['a.b_c/d', 'ABCD'],
  ['-leading-', 'Leading'],
  ['v1beta1', 'V1beta1'],
  ['', ''],
])('%s is called %s', (text, name) => {
  expect(pascalCase(text)).toBe(name);
});
