import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { PlainConsole } from '../terminal/plain-console.js';
import { inputOf, readsInput } from './input.js';
import { interactiveStyle } from './interactive-style.js';

const sh = (script: string) => ['sh', '-c', script];

describe('a command', () => {
  test.each([
    [['cat']],
    [['cat', '-']],
    [['tar', '-xmf', '-', '-C', '/tmp']],
    [['tar', 'xf', '-']],
    [['grep', '-i', 'x']],
    [['head', '-n', '3']],
    [['tee', '/tmp/x']],
    [sh('cat > /tmp/x')],
    [sh('cd /tmp && tar xf -')],
    [sh('while read x; do echo $x; done')],
  ])('%j reads its input', (words) => {
    expect(readsInput(words)).toBe(true);
  });

  test.each([
    [['ls', '-l']],
    [['cat', '/etc/hostname']],
    [['tar', 'cf', '-', '/tmp']],
    [['tar', 'xf', '/tmp/a.tar']],
    [['grep', 'x', '/etc/hosts']],
    [['head', '-n', '3', '/etc/hosts']],
    [['env']],
    [sh('ls | grep x')],
    [sh('echo hi; cat /etc/hosts | wc -l')],
    [sh('cat < /etc/hosts')],
  ])('%j does not', (words) => {
    expect(readsInput(words)).toBe(false);
  });

  test('is given all of it, byte by byte, within bounds', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    const stdin = new PassThrough();
    const streams = { stdin, tty: false, onResize: () => undefined };
    const plain = new PlainConsole(stdin, async () => undefined);
    stdin.end(bytes);
    const input = await inputOf(streams, plain, new AbortController().signal);
    expect(Buffer.from(input, 'latin1').equals(bytes)).toBe(true);
    const much = new PassThrough();
    for (let index = 0; index < 25; index += 1) much.write(Buffer.alloc(1024 * 1024));
    much.end();
    const refused = inputOf({ ...streams, stdin: much }, plain, new AbortController().signal);
    await expect(refused).rejects.toThrow('larger than 24 MiB');
  });
});

test.each([
  [['sh'], 'sh'],
  [['/bin/bash', '-il'], 'bash'],
  [sh('command -v bash >/dev/null && exec bash || exec sh'), 'bash'],
  [sh('clear; (ash || sh)'), 'sh'],
  [sh('ls'), undefined],
  [['sh', '/script'], undefined],
  [['cat'], undefined],
])('%j is a shell somebody types into: %s', (words, name) => {
  expect(interactiveStyle(words, { stdin: true, tty: true })?.name).toBe(name);
  expect(interactiveStyle(words, { tty: true })).toBeUndefined();
});
