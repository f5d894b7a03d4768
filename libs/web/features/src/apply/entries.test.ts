import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appended } from './apply-draft.js';
import { documentsOf, readEntries } from './entries.js';

const config = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const namesOf = (text: string) => readEntries(text).entries.map(({ object }) => object.metadata.name);

describe('a text in its documents', () => {
  test('each with the lines before it, without those that say nothing', () => {
    const text = `# a file\n---\n${config('a')}---\n# nothing\n\n---\n${config('b')}...\n---\n`;
    expect(documentsOf(text).map(({ before }) => before)).toEqual([1, 9]);
    expect(namesOf(text)).toEqual(['a', 'b']);
  });

  test('what stands indented separates nothing, nor does a longer word', () => {
    const text = `${config('a')}data:\n  k: |\n    ---\n    x\n`;
    expect(documentsOf(text)).toHaveLength(1);
    expect(readEntries(text).misread).toEqual([]);
  });

  test('a List is its items, each with its place', () => {
    const text =
      'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- {kind: Pod}\n';
    expect(readEntries(text).entries.map(({ path }) => path)).toEqual(['items[0]']);
    expect(readEntries(text).misread).toEqual([{ message: 'items[1]: apiVersion, metadata not set', line: 1 }]);
  });

  test('what cannot be read is told at its line in the whole text', () => {
    expect(readEntries(`${config('a')}---\nkind: {\n`).misread).toMatchObject([{ line: expect.any(Number) }]);
    expect(readEntries(`${config('a')}---\n- 1\n`).misread).toEqual([
      { message: 'the document must be one object', line: 5 },
    ]);
    expect(readEntries(`${config('a')}---\nkind: Pod\n`).misread).toEqual([
      { message: 'apiVersion, metadata not set', line: 5 },
    ]);
  });

  test('of any text at all is told without a fault', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => void readEntries(text)));
  });
});

test('a file stands behind what is there', () => {
  expect(appended('', config('a'))).toBe(config('a'));
  expect(namesOf(appended(config('a'), `---\n${config('b')}`))).toEqual(['a', 'b']);
  expect(namesOf(appended(config('a').trimEnd(), config('b')))).toEqual(['a', 'b']);
});
