import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedTables } from './generate-schema.mjs';

const folder = join(import.meta.dirname, '../libs/apis/kubernetes/src/schemas/generated');

test('the tables of schemas are those that are made of what upstream says', () => {
  const tables: Map<string, string> = generatedTables();
  expect([...tables.keys()].sort()).toEqual(readdirSync(folder).sort());
  for (const [file, text] of tables) expect([file, readFileSync(join(folder, file), 'utf8')]).toEqual([file, text]);
});
