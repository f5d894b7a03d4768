import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseYaml } from '@binnacle/machinery-yaml';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareAuditPolicy } from './audit-policy.js';

let folder: string;
let auditPolicy: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'binnacle-policy-'));
  auditPolicy = join(folder, 'audit-policy.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a new installation gets a policy that is one', () => {
  prepareAuditPolicy({ auditPolicy });
  const { value, repeated } = parseYaml(readFileSync(auditPolicy, 'utf8'));
  expect(value).toMatchObject({ kind: 'Policy', apiVersion: 'audit.k8s.io/v1' });
  expect(
    (value as { rules: { level: string }[] }).rules.every(({ level }) => ['None', 'Metadata'].includes(level)),
  ).toBe(true);
  expect(repeated).toEqual([]);
  expect(statSync(auditPolicy).mode & 0o777).toBe(0o600);
});

test('one that somebody has changed stays', () => {
  writeFileSync(auditPolicy, 'mine');
  prepareAuditPolicy({ auditPolicy });
  expect(readFileSync(auditPolicy, 'utf8')).toBe('mine');
});
