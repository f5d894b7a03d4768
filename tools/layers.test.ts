import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint, type Linter } from 'eslint';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
// The planted files stand nowhere, so the rules that need a compiled project are left out here.
const withoutTypes = {
  files: ['**/*.ts'],
  languageOptions: { parserOptions: { projectService: false } },
  rules: { '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/no-misused-promises': 'off' },
} satisfies Linter.Config;
const eslint = new ESLint({ cwd: root, overrideConfig: [withoutTypes] });

/** Lints a text as if it stood at `path`, and answers the rules it breaks. */
async function violations(path: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: join(root, path) });
  return (result?.messages ?? []).map((message) => `${message.ruleId}: ${message.message}`);
}

describe('the law of layers', () => {
  test.each([
    [
      'a controller that imports the server',
      'libs/control/workloads/src/planted.ts',
      '@binnacle/server-registry',
      'may import only',
    ],
    [
      'the server that imports a client',
      'libs/server/registry/src/planted.ts',
      '@binnacle/client-rest',
      'may import only',
    ],
    [
      'a node library that imports the network',
      'libs/node/kubelet/src/planted.ts',
      '@binnacle/network-proxy',
      'may import only',
    ],
    [
      'the machinery that imports anything',
      'libs/machinery/meta/src/planted.ts',
      '@binnacle/apis-kubernetes',
      'may import only',
    ],
    [
      'the dashboard that imports informers',
      'libs/web/data/src/planted.ts',
      '@binnacle/client-informers',
      'may import only',
    ],
    [
      'a program that reaches into another plane',
      'apps/scheduler/src/planted.ts',
      '@binnacle/node-kubelet',
      'may import only',
    ],
    [
      'test code in a product file',
      'libs/control/workloads/src/planted.ts',
      '@binnacle/testing-cluster',
      'may import only',
    ],
    ['SQL outside the store', 'libs/server/registry/src/planted.ts', 'pg', 'only libs/server/storage-postgres'],
    ['Nest outside the edge', 'libs/server/registry/src/planted.ts', '@nestjs/common', 'may import this'],
    ['React outside the web', 'libs/client/rest/src/planted.ts', 'react', 'may import this'],
    ['a deep import', 'libs/control/workloads/src/planted.ts', '@binnacle/client-rest/src/types.js', 'front door'],
  ])('finds %s', async (_, path, imported, message) => {
    const found = await violations(path, `import * as planted from '${imported}';\nexport const used = planted;\n`);
    expect(found.join('\n')).toContain(message);
  });

  test('lets a program import what it may besides', async () => {
    const use = (name: string) => `import * as used from '${name}';\nexport const kept = used;\n`;
    const inCloud = (name: string) => violations('apps/cloud-controller-manager/src/planted.ts', use(name));
    expect(await inCloud('@binnacle/node-simulated')).toEqual([]);
    expect((await inCloud('@binnacle/node-kubelet')).join()).toContain('may import only');
  });

  test('lets a controller import the client and a test import testing', async () => {
    const use = (name: string) => `import * as good from '${name}';\nexport const used = good;\n`;
    expect(await violations('libs/control/workloads/src/planted.ts', use('@binnacle/client-rest'))).toEqual([]);
    expect(await violations('libs/control/workloads/src/planted.test.ts', use('@binnacle/testing-cluster'))).toEqual(
      [],
    );
  });

  test('is the folder, the name and the tag alike', () => {
    for (const layer of readdirSync(join(root, 'libs'))) {
      for (const lib of readdirSync(join(root, 'libs', layer))) {
        const manifest = JSON.parse(readFileSync(join(root, 'libs', layer, lib, 'package.json'), 'utf8'));
        expect(manifest.name).toBe(`@binnacle/${layer}-${lib}`);
        expect(manifest.nx.tags).toContain(`layer:${layer}`);
      }
    }
  });
});
