import { ConfigError } from '@binnacle/process-config';
import { silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Manner, type Program, runProgram } from './run-program.js';

class Exited extends Error {
  constructor(readonly code: unknown) {
    super(`exit ${code}`);
  }
}

let said: string;
let logged: string[];
const listeners = new Map<string, ((signal: string) => void)[]>();
const logger = { ...silentLogger, error: (message: string) => void logged.push(message) };

beforeEach(() => {
  // Nothing may end the tests half a minute later.
  vi.useFakeTimers();
  said = '';
  logged = [];
  listeners.clear();
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Exited(code);
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  vi.spyOn(process, 'on').mockImplementation((event, listener) => {
    listeners.set(String(event), [...(listeners.get(String(event)) ?? []), listener as never]);
    return process;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const signal = (name: string) => {
  for (const listener of listeners.get(name) ?? []) listener(name);
};
async function exitOf(program: Program, manner?: Partial<Manner>): Promise<unknown> {
  try {
    await runProgram(logger, program, manner);
  } catch (error) {
    if (error instanceof Exited) return error.code;
    throw error;
  }
  throw new Error('it goes on');
}
/** Ends as most do: by rejecting with why. */
const untilAborted: Program = (ctx) =>
  new Promise((_, reject) => {
    ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error));
    signal('SIGTERM');
  });

test('a mistake of whoever starts it is one sentence', async () => {
  expect(await exitOf(() => Promise.reject(new ConfigError('--port is wrong')))).toBe(2);
  expect([said, logged]).toEqual(['--port is wrong\n', []]);
});

test('a fault is logged, or told as the program tells it', async () => {
  expect(await exitOf(() => Promise.reject(new Error('no')))).toBe(1);
  expect([said, logged]).toEqual(['', ['failed']]);
  const failureOf = (error: unknown) => ({ words: `it: ${(error as Error).message}`, exitCode: 7 });
  expect(await exitOf(() => Promise.reject(new Error('no')), { failureOf })).toBe(7);
  expect([said, logged]).toEqual(['it: no\n', ['failed']]);
});

test('being stopped is no failure', async () => {
  expect(await exitOf(untilAborted)).toBe(0);
  expect([said, logged]).toEqual(['', []]);
});

test('who is asked to stop twice stops at once, unless it is patient', async () => {
  const stuck: Program = () => new Promise(() => undefined);
  void runProgram(logger, stuck);
  signal('SIGINT');
  expect(() => signal('SIGINT')).toThrow('exit 130');
  listeners.clear();
  void runProgram(logger, stuck, { isPatient: true });
  signal('SIGINT');
  expect(() => signal('SIGINT')).not.toThrow();
});
