import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DataDir, layout } from '../data-dir/layout.js';
import { prepareDataDir } from '../data-dir/prepare.js';
import { ensureCredentials } from '../pki/credentials.js';
import { endingCertificates } from './certificates.js';

const DAY = 24 * 60 * 60_000;
const START = Date.UTC(2026, 0, 1);
const made = (now: number) => ({
  ...{ server: 'https://127.0.0.1:6443', hosts: ['127.0.0.1'], nodeName: 'control-plane' },
  now,
});
let dir: DataDir;

beforeEach(() => {
  dir = layout(mkdtempSync(join(tmpdir(), 'bn-')));
  prepareDataDir(dir);
});
afterEach(() => rmSync(dir.root, { recursive: true }));

test('a directory without certificates is well', () => {
  expect(endingCertificates(dir, START)).toBeUndefined();
});

test('any that would be renewed by a start is told of, and a start renews it', async () => {
  await ensureCredentials(dir, made(START));
  expect(endingCertificates(dir, START + 334 * DAY)).toBeUndefined();
  const late = START + 335 * DAY;
  expect(endingCertificates(dir, late)).toMatch(/apiserver, .*kubelet-sim.* end 2027-01-01T.*; restart to renew/);
  await ensureCredentials(dir, made(late));
  expect(endingCertificates(dir, late)).toBeUndefined();
});

test('the first that ends is told of where the API server has a younger one', async () => {
  await ensureCredentials(dir, made(START));
  const late = START + 335 * DAY;
  rmSync(join(dir.pki, 'apiserver.crt'));
  await ensureCredentials(dir, { ...made(late - 2 * DAY), hosts: ['127.0.0.1'] });
  const finding = endingCertificates(dir, late);
  expect(finding).toMatch(/^the certificates? of .* ends? 2027-01-01/);
  expect(finding).not.toContain('apiserver,');
});

test('the authority is told of apart: a start does not renew it', async () => {
  await ensureCredentials(dir, made(START));
  const late = START + 3_640 * DAY;
  await ensureCredentials(dir, made(late));
  expect(endingCertificates(dir, late)).toMatch(/^the authority .*ca\.crt ends .*remove it and ca\.key/);
});

test('one that cannot be read is named', async () => {
  await ensureCredentials(dir, made(START));
  writeFileSync(join(dir.pki, 'scheduler.crt'), 'garbage');
  expect(endingCertificates(dir, START)).toMatch(/scheduler\.crt cannot be read; restart to make it anew/);
});
