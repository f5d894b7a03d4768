import { expect, test } from 'vitest';
import { isComponent } from './allowed-streams.js';

test.each([
  ['nobody', undefined, false],
  ['a person', { authorized: true, commonName: 'victor', organizations: ['binnacle:viewers'], uids: [] }, false],
  ['a node', { authorized: true, commonName: 'system:node:a', organizations: ['system:nodes'], uids: [] }, true],
  ['the administrator', { authorized: true, commonName: 'admin', organizations: ['system:masters'], uids: [] }, true],
  ['who made their own certificate', { authorized: false, commonName: 'system:x', organizations: [], uids: [] }, false],
])('of %s', (_, certificate, is) => {
  expect(isComponent(certificate)).toBe(is);
});
