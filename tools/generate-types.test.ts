import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedTypes } from './generate-types.mjs';

const root = join(import.meta.dirname, '..');
/** Without what a formatter changes. */
const plain = (text: string): string => text.replaceAll(/\s+/g, '').replaceAll(',}', '}');

const types: { file: string; text: string }[] = generatedTypes(root);

test.each(types.map(({ file, text }) => [file, text] as const))(
  '%s says what the tables of schemas say',
  (file, text) => {
    expect(plain(readFileSync(join(root, file), 'utf8'))).toBe(plain(text));
  },
);

test('there are types of every group and version', () => {
  expect(types.length).toBeGreaterThan(20);
  expect(types.every(({ text }) => text.includes('export interface '))).toBe(true);
});
