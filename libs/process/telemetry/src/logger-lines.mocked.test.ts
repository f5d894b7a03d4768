import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createLogger } from './logger.js';

/** What is written on standard error, and how much of a write is taken at a time. */
const { output, most } = vi.hoisted(() => ({ output: [] as string[], most: { bytes: Number.POSITIVE_INFINITY } }));
vi.mock('node:fs', async (original) => ({
  ...(await original<object>()),
  writeSync: (fd: number, bytes: Buffer, at = 0) => {
    if (fd !== 2) throw new Error(`nobody writes to ${fd}`);
    const taken = bytes.subarray(at, at + most.bytes);
    output.push(taken.toString('latin1'));
    return taken.length;
  },
}));

const lines = () =>
  Buffer.from(output.join(''), 'latin1')
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

beforeEach(() => {
  output.splice(0);
  most.bytes = Number.POSITIVE_INFINITY;
});

describe('a logger', () => {
  test('writes one object a line, with the time, the component and what was told', () => {
    createLogger('kube-test').info('begun', { port: 80 });
    expect(lines()).toMatchObject([{ level: 'info', component: 'kube-test', msg: 'begun', port: 80 }]);
    expect(String(lines()[0]?.time)).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(output.at(-1)?.endsWith('\n')).toBe(true);
  });

  test('writes a line to its end, however little is taken at a time', () => {
    most.bytes = 3;
    createLogger('t').info('zürich');
    expect(lines()).toMatchObject([{ msg: 'zürich' }]);
  });

  test.each(['token', 'password', 'authorization', 'cookie', 'secret'])('never writes a %s', (name) => {
    createLogger('t').warn('no', { [name]: 's3cret', user: { password: 's3cret', token: 's3cret' } });
    expect(output.join('')).not.toContain('s3cret');
    expect(lines()).toMatchObject([{ [name]: '[redacted]', user: { password: '[redacted]', token: '[redacted]' } }]);
  });

  test('writes what failed with where it failed', () => {
    createLogger('t').error('no', { error: new TypeError('bad') });
    expect(lines()).toMatchObject([{ error: expect.stringMatching(/^TypeError: bad\n +at /) as string }]);
    output.splice(0);
    createLogger('t').error('no', { error: 'a text' });
    expect(lines()).toMatchObject([{ error: 'a text' }]);
  });

  test('writes from its level on, its children as well, who say what they were made with', () => {
    const log = createLogger('t', 'warn');
    log.info('a');
    log.child({ cluster: 'lab' }).child({ pod: 'p' }).error('b');
    log.child({}).debug('c');
    createLogger('t', 'silent').error('d');
    expect(lines()).toMatchObject([{ msg: 'b', cluster: 'lab', pod: 'p', level: 'error' }]);
  });
});
