import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listOfKinds } from './generate-kinds.mjs';

const root = join(import.meta.dirname, '..');

test('the list of kinds is that of their folders', () => {
  const list = readFileSync(join(root, 'libs/apis/kubernetes/src/kinds/definitions.generated.ts'), 'utf8');
  expect(list).toBe(listOfKinds(root));
});

const refs = readFileSync(join(root, 'libs/apis/kubernetes/src/refs/refs.ts'), 'utf8');
/** What kinds are called: `configmaps`, `ConfigMap`. */
const names = [...refs.matchAll(/\('(\w+)', '([A-Z]\w+)'/g)].flatMap(([, plural = '', kind = '']) => [plural, kind]);

/** Names of kinds in a text, as texts of their own. */
const kindsNamed = (text: string): string[] => names.filter((name) => text.includes(`'${name}'`));

test('names of kinds are found, plural and singular', () => {
  expect(kindsNamed("['configmaps', 'ConfigMap', 'configmap', 'Pods']")).toEqual(['configmaps', 'ConfigMap']);
  expect(names.length).toBeGreaterThan(40);
});

// What was a list of kinds beside their definitions stays derived from them.
test.each([
  'libs/apis/kubernetes/src/kinds/resources.ts',
  'libs/server/auth/src/member-rules.ts',
  'libs/server/http/src/discovery/group-order.ts',
  'libs/server/http/src/verbs/resource-handler.ts',
  'libs/server/registry/src/delete-object.ts',
  'libs/server/registry/src/managed-fields.ts',
  'libs/server/registry/src/indexed-fields.ts',
])('%s names no kind', (file) => {
  expect(kindsNamed(readFileSync(join(root, file), 'utf8'))).toEqual([]);
});
