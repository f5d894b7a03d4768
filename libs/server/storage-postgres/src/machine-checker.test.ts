import { expect, test } from 'vitest';
import { lostWrites, unclearWords, vanishedFiles } from '../../../../bench/faults/machine-checker.mjs';

test('an acknowledged write that is gone or changed is named', () => {
  const acknowledged = new Map([
    ['kept', '1'],
    ['gone', '2'],
    ['changed', '3'],
  ]);
  const stored = new Map([
    ['kept', '1'],
    ['changed', 'other'],
    ['unknown', 'told nobody'],
  ]);
  expect(lostWrites(acknowledged, stored)).toEqual([
    'acknowledged write gone is lost',
    'acknowledged write changed is changed',
  ]);
});

test('a file that somebody took away is named, less what was damaged and what comes and goes', () => {
  const before = [
    'settings.json',
    'pki/ca.key',
    'postgres/data/PG_VERSION',
    'postgres/data/pg_wal/000000010000000000000001',
    'run/kubelet.pid',
    'logs/kubelet.log',
  ];
  expect(vanishedFiles(before, ['pki/ca.key'], ['settings.json'])).toEqual(['postgres/data/PG_VERSION was deleted']);
});

test('words are a few lines without a stack', () => {
  expect(unclearWords('binnacle: Postgres does not start: the files are damaged: restore a backup')).toEqual([]);
  expect(unclearWords(' \n')).toEqual(['it ended without a word']);
  expect(unclearWords('Error: boom\n    at main (file.js:1:1)')).toEqual(['it printed a stack']);
});
