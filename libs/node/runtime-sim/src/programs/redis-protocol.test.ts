import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { TestProcess } from '../testing/processes.js';
import { parseCommand, redis } from './redis.js';

const encode = (words: readonly string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
const read = (text: string) => parseCommand(Buffer.from(text));

describe('a command', () => {
  test('is read back from the array it was written as, and only when it is whole', () => {
    const words = fc.array(fc.string({ unit: 'grapheme', maxLength: 8 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(words, fc.string({ maxLength: 5 }), fc.nat(), (given, more, cut) => {
        const bytes = Buffer.from(encode(given));
        expect(parseCommand(Buffer.concat([bytes, Buffer.from(more)]))).toEqual({ words: given, length: bytes.length });
        expect(parseCommand(bytes.subarray(0, cut % bytes.length))).toBeUndefined();
      }),
    );
  });

  test.each<[string, object | undefined]>([
    ['', undefined],
    ['PING', undefined],
    ['PING\r\n', { words: ['PING'], length: 6 }],
    ['  SET  a   b \nrest', { words: ['SET', 'a', 'b'], length: 14 }],
    ['\r\n', { words: [], length: 2 }],
    ['*0\r\n', { words: [], length: 4 }],
    ['*-1\r\n', { words: [], length: 5 }],
    ['*1\r\n$0\r\n\r\n', { words: [''], length: 10 }],
  ])('%j is %j', (text, parsed) => expect(read(text)).toEqual(parsed));

  test.each<[string, string]>([
    ['*1025\r\n', 'Protocol error: invalid multibulk length'],
    ['*x\r\n', 'Protocol error: invalid multibulk length'],
    ['*1.5\r\n', 'Protocol error: invalid multibulk length'],
    ['*1\r\n:1\r\n', "Protocol error: expected '$'"],
    ['*1\r\n$-1\r\n', "Protocol error: expected '$'"],
    ['*1\r\n$x\r\n', "Protocol error: expected '$'"],
  ])('%j is refused: %s', (text, message) => expect(() => read(text)).toThrow(message));
});

describe('the server', () => {
  let container: TestProcess;
  afterEach(() => container.end());
  const told = async (...commands: string[]) => {
    container = new TestProcess();
    await container.run(redis([6379]));
    return await container.exchange(6379, [...commands, 'QUIT'].map((one) => `${one}\r\n`).join(''));
  };

  test.each<[string[], string]>([
    [['PING'], '+PONG\r\n'],
    [['ping hello'], '$5\r\nhello\r\n'],
    [['ECHO é'], '$2\r\né\r\n'],
    [['GET a'], '$-1\r\n'],
    [['SET a 1', 'GET a', 'DEL a b', 'GET a'], '+OK\r\n$1\r\n1\r\n:1\r\n$-1\r\n'],
    [['INCR n', 'INCR n', 'GET n'], ':1\r\n:2\r\n$1\r\n2\r\n'],
    [['SET n x', 'INCR n'], '+OK\r\n-ERR value is not an integer or out of range\r\n'],
    [['SET n 9007199254740991', 'INCR n'], '+OK\r\n-ERR value is not an integer or out of range\r\n'],
    [['SET a 1', 'SET b 2', 'EXISTS a b c a', 'DBSIZE'], '+OK\r\n+OK\r\n:3\r\n:2\r\n'],
    [['constructor', 'toString'], "-ERR unknown command 'constructor'\r\n-ERR unknown command 'toString'\r\n"],
    [['', '   '], ''],
  ])('answers %j', async (commands, answer) => expect(await told(...commands)).toBe(`${answer}+OK\r\n`));

  test('keeps keys for all its clients, and forgets them with itself', async () => {
    expect(await told('SET a 1')).toContain('+OK');
    expect(await container.exchange(6379, 'GET a\r\nQUIT\r\n')).toBe('$1\r\n1\r\n+OK\r\n');
    expect(await told('GET a')).toBe('$-1\r\n+OK\r\n');
  });

  test('says what is wrong with what is no command, and hangs up', async () => {
    container = new TestProcess();
    await container.run(redis([6379]));
    expect(await container.exchange(6379, '*1\r\n:5\r\nPING\r\n')).toBe("-ERR Protocol error: expected '$'\r\n");
  });

  test('cuts off who sends a command without an end', async () => {
    container = new TestProcess();
    await container.run(redis([6379]));
    const socket = container.dial(6379).on('error', () => undefined);
    socket.write('x'.repeat(1024 * 1024 + 1));
    await expect.poll(() => socket.destroyed || socket.readableEnded, { timeout: 10_000 }).toBe(true);
  });

  test('takes a command in as many pieces as it comes', async () => {
    container = new TestProcess();
    await container.run(redis([6379]));
    const socket = container.dial(6379).setEncoding('utf8');
    for (const piece of encode(['ECHO', 'héllo']).match(/[^]{1,3}/gu) ?? []) {
      socket.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.write('QUIT\r\n');
    let text = '';
    for await (const chunk of socket) text += chunk as string;
    expect(text).toBe('$6\r\nhéllo\r\n+OK\r\n');
  });
});
