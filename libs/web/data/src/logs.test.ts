import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter, parseLogLine } from './index.js';

test('lines survive any cut of the stream', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string().map((s) => s.replaceAll('\n', ''))),
      fc.infiniteStream(fc.nat(5)),
      (lines, cuts) => {
        const whole = lines.map((line) => `${line}\n`).join('');
        const splitter = new LineSplitter();
        const seen: string[] = [];
        let at = 0;
        while (at < whole.length) {
          const size = 1 + (cuts.next().value ?? 0);
          seen.push(...splitter.push(whole.slice(at, at + size)));
          at += size;
        }
        expect([...seen, ...splitter.end()]).toEqual(lines);
      },
    ),
  );
});

test('the stamp is told from the text', () => {
  expect(parseLogLine('2026-01-02T03:04:05.678901Z hello  there')).toEqual({
    time: '2026-01-02T03:04:05.678901Z',
    text: 'hello  there',
  });
  expect(parseLogLine('no stamp')).toEqual({ time: '', text: 'no stamp' });
});
