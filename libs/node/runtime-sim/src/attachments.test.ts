import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { ContainerStreams } from '@binnacle/node-cri';
import { describe, expect, test } from 'vitest';
import { Attachments } from './attachments.js';

interface Attached extends ContainerStreams {
  readonly stdin: PassThrough;
  readonly stdout: PassThrough;
  readonly stderr: PassThrough;
}

const streams = (tty = false): Attached => ({
  stdin: new PassThrough(),
  stdout: new PassThrough(),
  stderr: new PassThrough(),
  tty,
  onResize: (listener) => listener({ width: 100, height: 30 }),
});
const read = (stream: PassThrough): string => String((stream.read() as Buffer | null) ?? '');

function container(more: object = {}) {
  const said: string[] = [];
  const attachments = new Attachments({ stdin: true, tty: false, ...more }, (stream, bytes) => {
    said.push(bytes.toString());
    attachments.tell(stream, bytes);
  });
  return { attachments, said };
}

describe('who is attached to a container', () => {
  test('sees what it says from then on, as does everybody else', async () => {
    const { attachments, said } = container();
    const [first, second, left] = [streams(), streams(), new AbortController()];
    await attachments.console.write('stdout', Buffer.from('before\n'));
    const gone = attachments.attach(first, left.signal);
    void attachments.attach(second, new AbortController().signal);
    await attachments.console.write('stdout', Buffer.from('out\n'));
    await attachments.console.write('stderr', Buffer.from('err\n'));
    expect([read(first.stdout), read(first.stderr), read(second.stdout)]).toEqual(['out\n', 'err\n', 'out\n']);
    left.abort();
    await gone;
    await attachments.console.write('stdout', Buffer.from('after\n'));
    expect([read(first.stdout), read(second.stdout)]).toEqual(['', 'after\n']);
    expect(said).toEqual(['before\n', 'out\n', 'err\n', 'after\n']);
  });

  test('types at its terminal, and sees the echo', async () => {
    const { attachments } = container({ tty: true });
    const one = streams(true);
    void attachments.attach(one, new AbortController().signal);
    const line = attachments.console.readLine('/ # ');
    one.stdin.write('ls\r');
    expect(await line).toBe('ls');
    expect(read(one.stdout)).toBe('/ # ls\r\n');
  });

  test.each([
    [true, undefined],
    [false, 'still here'],
  ])('takes the input along when it was to be given once: %s', async (stdinOnce, expected) => {
    const { attachments } = container({ stdinOnce });
    const [first, second] = [streams(), streams()];
    const left = new AbortController();
    const gone = attachments.attach(first, left.signal);
    const line = attachments.console.readLine('');
    left.abort();
    await gone;
    void attachments.attach(second, new AbortController().signal);
    second.stdin.write('still here\n');
    expect(await line).toBe(expected);
  });

  test('is let go when the container ends', async () => {
    const { attachments } = container();
    const attached = attachments.attach(streams(), new AbortController().signal);
    attachments.close();
    await attached;
    await attachments.attach(streams(), new AbortController().signal);
  });

  test('and does not read what it is told is told no more', async () => {
    const { attachments } = container();
    const slow = streams();
    void attachments.attach(slow, new AbortController().signal);
    for (let index = 0; index < 20; index += 1) await attachments.console.write('stdout', Buffer.alloc(128 * 1024));
    await once(slow.stdout, 'close');
  });
});
