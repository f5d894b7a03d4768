import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesFrame, inputFrame, readFrame, readOutcome, sizeFrame } from './frames.js';

const message = (...bytes: number[]) => Uint8Array.from(bytes).buffer;

describe('what is sent', () => {
  test('begins with its channel', () => {
    expect([...inputFrame('ls\r')]).toEqual([0, 108, 115, 13]);
    expect([...inputFrame('é')]).toEqual([0, 0xc3, 0xa9]);
    expect([...bytesFrame('é')]).toEqual([0, 0xe9]);
    const [channel, ...rest] = sizeFrame({ columns: 80, rows: 24 });
    expect([channel, new TextDecoder().decode(Uint8Array.from(rest))]).toEqual([4, '{"Width":80,"Height":24}']);
  });
});

describe('what comes', () => {
  test('is output of both kinds, where there is any', () => {
    expect(readFrame(message(1, 104, 105))).toEqual({ kind: 'output', data: Uint8Array.of(104, 105) });
    expect(readFrame(message(2, 33))).toEqual({ kind: 'output', data: Uint8Array.of(33) });
    expect(readFrame(message(1))).toEqual({ kind: 'nothing' });
    expect(readFrame(message())).toEqual({ kind: 'nothing' });
    expect(readFrame(message(9, 1))).toEqual({ kind: 'nothing' });
  });

  test('or how it ended', () => {
    const ended = {
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '7' }] },
    };
    expect(readOutcome(JSON.stringify(ended))).toEqual({ exitCode: 7, message: '' });
    expect(readOutcome('{"status":"Success"}')).toEqual({ exitCode: 0, message: '' });
    expect(readOutcome('{"status":"Failure","message":"no such file"}')).toEqual({
      exitCode: undefined,
      message: 'no such file',
    });
    expect(readOutcome('gone')).toEqual({ exitCode: undefined, message: 'gone' });
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void readFrame(Uint8Array.from(bytes).buffer)));
  });
});
