import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Key, KeyReader } from './keys.js';

const read = (...chunks: (string | Buffer)[]): Key[] => {
  const reader = new KeyReader();
  return chunks.flatMap((chunk) => [...reader.read(Buffer.from(chunk as string))]);
};
const brief = (keys: readonly Key[]): string[] => keys.map((key) => (key.name === 'text' ? key.text : `<${key.name}>`));

describe('keys', () => {
  test.each([
    ['ls\r', 'ls <enter>'],
    ['a\r\nb\n', 'a <enter> b <enter>'],
    ['\x1b[A\x1bOB\x1b[C\x1b[D', '<up> <down> <right> <left>'],
    ['\x1b[3~\x1b[1~\x1b[4~\x7f', '<delete> <home> <end> <backspace>'],
    ['\x01\x05\x0b\x15\x17\x0c', '<home> <end> <killToEnd> <killToStart> <killWord> <clear>'],
    ['\x03\x04', '<interrupt> <endOfInput>'],
    ['\x1b[1;5D\x1bf', '<wordLeft> <wordRight>'],
    ['\t\x1b[200~x', '<unknown> <unknown> x'],
    ['héllo 世界', 'héllo 世界'],
  ])('%j are %s', (bytes, keys) => {
    expect(brief(read(bytes)).join(' ')).toBe(keys);
  });

  test('are the same however their bytes are cut', () => {
    const typed = fc.array(fc.constantFrom('a', 'é', '世', '\r', '\x1b[A', '\x1b[1;5C', '\x03', '\x1bOH'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(typed, fc.nat(), (parts, cut) => {
        const bytes = Buffer.from(parts.join(''));
        const at = cut % (bytes.length + 1);
        const joined = (keys: readonly Key[]) => brief(keys).join('');
        expect(joined(read(bytes.subarray(0, at), bytes.subarray(at)))).toBe(joined(read(bytes)));
      }),
    );
  });

  test('no bytes make the reader hang', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read(Buffer.from(bytes))));
  });
});
