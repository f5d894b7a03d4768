import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Proxies, proxyAddresses, whyNoProxy } from './proxies.js';

let clock: FakeClock;
let ctx: Context;
beforeEach(() => {
  clock = new FakeClock();
  ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
});
const at = (port: number) => ({ host: '127.0.0.1', port });

const answers = (body: string, statusCode = 200) =>
  Object.assign(Readable.from([Buffer.from(body)]), { statusCode }) as unknown as IncomingMessage;

/** Proxies that answer by their ports. */
function proxies(said: Readonly<Record<number, () => Promise<IncomingMessage>>>) {
  const get = vi.fn(
    ({ port }: { port: number }, _path: string, _signal: AbortSignal) => said[port]?.() as Promise<IncomingMessage>,
  );
  return {
    get,
    all: new Proxies(
      Object.keys(said).map((port) => at(Number(port))),
      { get },
    ),
  };
}

describe('what is asked', () => {
  test('is told by all that answer, and asked once a second', async () => {
    const { get, all } = proxies({ 1: async () => answers('{"a":1}'), 2: async () => answers('{"a":2}') });
    expect(await Promise.all([all.ask(ctx, '/x'), all.ask(ctx, '/x')])).toEqual([
      [{ a: 1 }, { a: 2 }],
      [{ a: 1 }, { a: 2 }],
    ]);
    expect(get).toHaveBeenCalledTimes(2);
    await all.ask(ctx, '/y');
    expect(get).toHaveBeenCalledTimes(4);
    clock.step(1_000);
    await all.ask(ctx, '/x');
    expect(get).toHaveBeenCalledTimes(6);
  });

  test('is nothing where there are no proxies', async () => {
    expect(await proxies({}).all.ask(ctx, '/x')).toEqual([]);
  });

  test('is told by the others where one does not answer', async () => {
    const { all } = proxies({ 1: () => Promise.reject(new Error('gone')), 2: async () => answers('{}') });
    expect(await all.ask(ctx, '/x')).toEqual([{}]);
  });

  test.each([
    ['is away', () => Promise.reject(new Error('gone')), 'gone'],
    ['refuses', async () => answers('no', 403), 'answers 403'],
    ['says nonsense', async () => answers('<html>'), 'JSON'],
    ['says too much', async () => answers(' '.repeat(9 * 1024 * 1024)), 'more than'],
  ])('cannot be told where the only one %s, and the next who asks is heard', async (_, said, why) => {
    const { get, all } = proxies({ 1: said });
    await expect(all.ask(ctx, '/x')).rejects.toMatchObject({ code: 503, message: expect.stringContaining(why) });
    await expect(all.ask(ctx, '/x')).rejects.toMatchObject({ code: 503 });
    expect(get).toHaveBeenCalledTimes(2);
  });

  test('is waited for so long', async () => {
    const { get, all } = proxies({
      1: () =>
        new Promise((_, reject) => {
          const signal = get.mock.calls[0]?.[2];
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
    });
    const asked = all.ask(ctx, '/x');
    await vi.waitFor(() => expect(get).toHaveBeenCalled());
    clock.step(5_000);
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining('in time') });
  });

  test('is not kept for ever', async () => {
    const { get, all } = proxies({ 1: async () => answers('{}') });
    for (let path = 0; path < 200; path += 1) await all.ask(ctx, `/${path}`);
    await all.ask(ctx, '/199');
    expect(get).toHaveBeenCalledTimes(200);
    await all.ask(ctx, '/0');
    expect(get).toHaveBeenCalledTimes(201);
  });
});

test('who answers must be a proxy', () => {
  const subject = (CN: string) => ({ subject: { CN } }) as unknown as Parameters<typeof whyNoProxy>[0];
  expect(whyNoProxy(subject('system:kube-proxy'))).toBeUndefined();
  for (const name of ['kube-apiserver', 'system:node:a', '']) expect(whyNoProxy(subject(name))).toBeInstanceOf(Error);
});

test('addresses are read, and what is none is told', () => {
  expect(proxyAddresses('127.0.0.1:10249, [::1]:1,')).toEqual([at(10_249), { host: '::1', port: 1 }]);
  expect(proxyAddresses('')).toEqual([]);
  for (const wrong of ['localhost:1', '127.0.0.1', '127.0.0.1:99999', 'x'])
    expect(() => proxyAddresses(wrong)).toThrow('no address');
});
