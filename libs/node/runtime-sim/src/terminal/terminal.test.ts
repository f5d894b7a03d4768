import { PassThrough } from 'node:stream';
import { beforeEach, describe, expect, test } from 'vitest';
import { PlainConsole } from './plain-console.js';
import { Terminal } from './terminal.js';

let input: PassThrough;
let shown: string;
let terminal: Terminal;

beforeEach(() => {
  [input, shown] = [new PassThrough(), ''];
  terminal = new Terminal(
    input,
    async (bytes) => void (shown += bytes.toString()),
    (listener) => listener({ width: 20, height: 5 }),
  );
});

describe('a terminal', () => {
  test('echoes what is typed after its prompt, and gives the line', async () => {
    const line = terminal.readLine('/ # ');
    input.write('echo hi');
    input.write('\r');
    expect(await line).toBe('echo hi');
    expect(shown).toBe('/ # echo hi\r\n');
  });

  test('keeps what is typed while something runs for the next line, also two lines at once', async () => {
    input.write('one\rtwo\r');
    await expect.poll(() => input.readableLength).toBe(0);
    expect([await terminal.readLine('$ '), await terminal.readLine('$ ')]).toEqual(['one', 'two']);
    expect(shown).toBe('$ one\r\n$ two\r\n');
  });

  test('remembers lines, but none twice in a row', async () => {
    for (const typed of ['a\r', 'a\r', 'b\r']) {
      const line = terminal.readLine('');
      input.write(typed);
      await line;
    }
    const line = terminal.readLine('');
    input.write('\x1b[A\x1b[A\r');
    expect(await line).toBe('a');
  });

  test('tells an interrupt: at the prompt the line is given up, elsewhere what runs', async () => {
    let interrupts = 0;
    terminal.onInterrupt(() => (interrupts += 1));
    const line = terminal.readLine('$ ');
    input.write('abc\x03');
    expect(await line).toBe('');
    input.write('\x03');
    await expect.poll(() => interrupts).toBe(2);
    expect(shown).toBe('$ abc^C\r\n^C\r\n');
  });

  test('ends with Ctrl-D on an empty line, or with its input', async () => {
    const line = terminal.readLine('');
    input.write('\x04');
    expect(await line).toBeUndefined();
    const next = terminal.readLine('');
    input.end();
    expect(await next).toBeUndefined();
    expect(await terminal.readLine('')).toBeUndefined();
  });

  test('begins each line of output at the left', async () => {
    await terminal.write('stdout', Buffer.from('a\nb\r\nc'));
    expect(shown).toBe('a\r\nb\r\nc');
  });
});

describe('streams without a terminal', () => {
  test('are read line by line, the last one without its end, and echo nothing', async () => {
    const plain = new PlainConsole(input, async (_, bytes) => void (shown += bytes.toString()));
    const line = plain.readLine();
    input.write('on');
    input.write('e\ntwo\nthr');
    expect([await line, await plain.readLine()]).toEqual(['one', 'two']);
    input.end('ee');
    expect([await plain.readLine(), await plain.readLine()]).toEqual(['three', undefined]);
    expect(shown).toBe('');
  });
});
