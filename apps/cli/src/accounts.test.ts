import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureFirstAccount, generatePassword } from './accounts.js';
import { layout } from './data-dir/layout.js';
import { prepareDataDir } from './data-dir/prepare.js';

test('the first account is made once, and only its hash is kept', () => {
  const dir = layout(mkdtempSync(join(tmpdir(), 'bn-')));
  prepareDataDir(dir);
  const password = ensureFirstAccount(dir, 'admin');
  expect(password).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
  expect(readFileSync(dir.accounts, 'utf8')).not.toContain(password);
  expect(statSync(dir.accounts).mode & 0o077).toBe(0);
  expect(ensureFirstAccount(dir, 'admin')).toBeUndefined();
  rmSync(dir.root, { recursive: true });
});

test('a file of accounts that cannot be read is named, and left alone', () => {
  const dir = layout(mkdtempSync(join(tmpdir(), 'bn-')));
  prepareDataDir(dir);
  writeFileSync(dir.accounts, '');
  expect(() => ensureFirstAccount(dir, 'admin')).toThrow(dir.accounts);
  expect(readFileSync(dir.accounts, 'utf8')).toBe('');
  rmSync(dir.root, { recursive: true });
});

test('passwords differ', () => {
  expect(generatePassword()).not.toBe(generatePassword());
});
