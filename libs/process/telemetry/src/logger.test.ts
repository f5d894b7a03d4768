import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeOrLose } from './logger.js';

test('a full disk loses the line and nothing else', () => {
  const full = openSync('/dev/full', 'w');
  expect(() => writeOrLose(full, 'line\n')).not.toThrow();
  closeSync(full);
});

test('a pipe that nobody reads loses the line and does not wait', () => {
  const path = join(tmpdir(), `binnacle-pipe-${process.pid}`);
  execFileSync('mkfifo', [path]);
  const pipe = openSync(path, 'r+');
  const nonBlocking = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  for (let line = 0; line < 200; line += 1) writeOrLose(nonBlocking, `${'x'.repeat(1023)}\n`);
  for (const fd of [nonBlocking, pipe]) closeSync(fd);
  unlinkSync(path);
});

test('a line is written whole', () => {
  const path = join(tmpdir(), `binnacle-line-${process.pid}`);
  const file = openSync(path, 'w');
  writeOrLose(file, 'zürich\n');
  closeSync(file);
  expect(readFileSync(path, 'utf8')).toBe('zürich\n');
  unlinkSync(path);
});
