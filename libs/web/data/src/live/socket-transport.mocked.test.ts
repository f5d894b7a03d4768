// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LiveHandlers } from './live-client.js';
import { SocketTransport } from './socket-transport.js';

type Listener = (...parts: never[]) => void;

/** What is used of a socket of the library's. */
class FakeSocket {
  connected = false;
  active = true;
  readonly emitted: unknown[][] = [];
  readonly did: string[] = [];
  readonly listeners = new Map<string, Listener>();
  readonly opened: Listener[] = [];
  readonly packets: Listener[] = [];
  acknowledge: (message: unknown, event: string) => Promise<unknown> = () => Promise.resolve({ ok: true });
  readonly io = {
    opts: {} as { transports?: string[] },
    on: (_: string, listener: Listener) => this.opened.push(listener),
    engine: {
      on: (_: string, listener: Listener) => this.packets.push(listener),
      close: () => this.did.push('close'),
    },
  };
  on(event: string, listener: Listener): void {
    this.listeners.set(event, listener);
  }
  emit(...parts: unknown[]): void {
    this.emitted.push(parts);
  }
  timeout() {
    return { emitWithAck: (event: string, message: unknown) => this.acknowledge(message, event) };
  }
  connect(): this {
    this.did.push('connect');
    return this;
  }
  disconnect(): this {
    this.did.push('disconnect');
    return this;
  }
  /** Something happens to it. */
  hear(event: string, ...parts: unknown[]): void {
    this.listeners.get(event)?.(...(parts as never[]));
  }
}

const made = vi.hoisted(() => ({ io: vi.fn() }));
vi.mock('socket.io-client', () => ({ io: made.io }));

let socket: FakeSocket;
let transport: SocketTransport;
let heard: string[];
beforeEach(() => {
  socket = new FakeSocket();
  made.io.mockReset().mockImplementation((options: { transports: string[] }) => {
    socket.io.opts = { transports: options.transports };
    return socket;
  });
  heard = [];
  const note = (name: string) => () => void heard.push(name);
  const handlers: LiveHandlers = {
    connected: note('connected'),
    disconnected: note('disconnected'),
    unauthorized: note('unauthorized'),
    heard: note('heard'),
    offline: note('offline'),
    message: (event, { id }) => void heard.push(`${event} ${id}`),
  };
  transport = new SocketTransport();
  transport.start(handlers);
});
afterEach(() => transport.stop());
const query = { id: '1', cluster: 'main', group: '', version: 'v1', resource: 'pods' };

describe('a line', () => {
  test('is made to where the page came from, with its cookie, by WebSocket first', () => {
    expect(made.io).toHaveBeenCalledWith(expect.objectContaining({ transports: ['websocket'], withCredentials: true }));
  });

  test('tells when it is there, when it is lost, and all that comes over it', () => {
    socket.hear('connect');
    for (const opened of socket.opened) opened();
    for (const packet of socket.packets) packet();
    for (const event of ['snapshot', 'changes', 'bookmark', 'relist']) socket.hear(event, { id: '7' });
    socket.hear('disconnect', 'transport close');
    expect(heard).toEqual(['connected', 'heard', 'snapshot 7', 'changes 7', 'bookmark 7', 'relist 7', 'disconnected']);
    expect(socket.did).toEqual([]);
  });

  test('that the server has hung up on is made again, which the library would not do', () => {
    socket.hear('disconnect', 'io server disconnect');
    expect(socket.did).toEqual(['connect']);
  });

  test('that cannot be made is tried for by polling and by WebSocket in turns', () => {
    const tried = [1, 2, 3].map(() => {
      socket.hear('connect_error', new Error('websocket error'));
      return socket.io.opts.transports;
    });
    expect(tried).toEqual([['polling', 'websocket'], ['websocket'], ['polling', 'websocket']]);
    expect(heard).toEqual(['disconnected', 'disconnected', 'disconnected']);
  });

  test('that is refused to nobody in particular means that the session has ended', () => {
    socket.hear('connect_error', Object.assign(new Error('Unauthorized'), { data: { code: 401 } }));
    expect(heard).toEqual(['unauthorized']);
    expect(socket.io.opts.transports).toEqual(['websocket']);
  });

  test('that the application refuses is tried for again after a while', () => {
    vi.useFakeTimers();
    socket.active = false;
    socket.hear('connect_error', Object.assign(new Error('too many'), { data: { code: 429 } }));
    vi.advanceTimersByTime(1_999);
    expect(socket.did).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(socket.did).toEqual(['connect']);
    vi.useRealTimers();
  });

  test('is doubted when the machine says that it has no network, as long as it is there', () => {
    window.dispatchEvent(new Event('offline'));
    expect(heard).toEqual(['offline']);
    transport.stop();
    window.dispatchEvent(new Event('offline'));
    expect(heard).toEqual(['offline']);
    expect(socket.did).toEqual(['disconnect']);
  });

  test.each([
    [true, ['close']],
    [false, ['disconnect', 'connect']],
  ])('is made anew when somebody asks (open: %s)', (connected, did) => {
    socket.connected = connected;
    transport.reopen();
    expect(socket.did).toEqual(did);
  });
});

describe('a subscription', () => {
  test('is answered as the server answers', async () => {
    const error = { code: 403, message: 'no' };
    socket.acknowledge = () => Promise.resolve({ error });
    expect(await transport.subscribe(query)).toEqual({ error });
  });

  test('that is not answered in time has failed, and may be tried again', async () => {
    socket.acknowledge = () => Promise.reject(new Error('operation has timed out'));
    expect(await transport.subscribe(query)).toMatchObject({ error: { code: 504, reason: 'Timeout' } });
  });

  test('and what follows rights are told apart by their event', async () => {
    const asked: unknown[] = [];
    socket.acknowledge = (...said) => Promise.resolve({ ok: asked.push(said.reverse()) > 0 });
    expect(await transport.followRights({ id: 'r', cluster: 'main' })).toEqual({ ok: true });
    await transport.subscribe(query);
    expect(asked).toEqual([
      ['followRights', { id: 'r', cluster: 'main' }],
      ['subscribe', query],
    ]);
  });

  test('over no line at all is a fault', async () => {
    transport.stop();
    await expect(transport.subscribe(query)).rejects.toThrow('the socket is closed');
  });

  test('is given up where there is somebody to tell', () => {
    transport.unsubscribe('1');
    expect(socket.emitted).toEqual([]);
    socket.connected = true;
    transport.unsubscribe('1');
    expect(socket.emitted).toEqual([['unsubscribe', { id: '1' }]]);
  });
});
