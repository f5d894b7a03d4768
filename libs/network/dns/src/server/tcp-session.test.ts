import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { FakeClock } from '@binnacle/machinery-context';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { IDLE_MILLISECONDS, TcpSession } from './tcp-session.js';

class FakeSocket extends EventEmitter {
  remoteAddress = '127.0.0.2';
  writableLength = 0;
  destroyed = false;
  readonly written: Buffer[] = [];
  pause = (): void => undefined;
  resume = (): void => undefined;
  write = (bytes: Buffer): number => this.written.push(bytes);

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

const QUESTION = Buffer.from([0, 2, 7, 7]);
let clock: FakeClock;
let socket: FakeSocket;
let answer: (bytes: Buffer) => void;

beforeEach(() => {
  clock = new FakeClock();
  socket = new FakeSocket();
  new TcpSession(socket as unknown as Socket, () => new Promise((resolve) => (answer = resolve)), clock);
});

describe('a connection', () => {
  it('ends when no whole question has come for so long, whatever comes of one', () => {
    for (let byte = 0; byte < 3; byte += 1) {
      socket.emit('data', QUESTION.subarray(byte, byte + 1));
      clock.step(IDLE_MILLISECONDS / 4);
    }
    expect(socket.destroyed).toBe(false);
    clock.step(IDLE_MILLISECONDS / 4);
    expect(socket.destroyed).toBe(true);
  });

  it('stays while an answer is waited for, and so long after it', async () => {
    socket.emit('data', QUESTION);
    clock.step(3 * IDLE_MILLISECONDS);
    expect(socket.destroyed).toBe(false);
    answer(Buffer.from([1]));
    await vi.waitUntil(() => socket.written.length === 1);
    clock.step(IDLE_MILLISECONDS - 1);
    expect(socket.destroyed).toBe(false);
    clock.step(1);
    expect(socket.destroyed).toBe(true);
  });
});
