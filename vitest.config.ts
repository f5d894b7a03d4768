import { defineConfig } from 'vitest/config';

// Workspace packages resolve to their TypeScript sources through this export condition; at run time they resolve to dist.
// The list also reaches Node's own `require`, which must not be given `import`.
const conditions = ['@binnacle/source', 'node'];
// graphql must be one module: as Node resolves it, not by the entry meant for bundlers.
const alias = [{ find: /^graphql$/, replacement: 'graphql/index.js' }];
const shared = { resolve: { conditions, alias }, ssr: { resolve: { conditions } } };
const ring = (name: string, include: string[], test: object = {}) => ({
  ...shared,
  test: {
    name,
    include,
    environment: 'node' as const,
    setupFiles: ['./tools/test-seed.mjs'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/.next/**'],
    ...test,
  },
});

export default defineConfig({
  test: {
    projects: [
      // Files of a ring share their modules, which take far longer to load than a test to run.
      ring('unit', ['{apps,libs,tools}/**/*.test.{ts,tsx}'], {
        isolate: false,
        // On a machine that others keep busy, what takes a second alone takes many.
        testTimeout: 30_000,
        hookTimeout: 60_000,
        exclude: ['**/node_modules/**', '**/dist/**', '**/*.{loop,cluster,e2e,mocked}.test.{ts,tsx}'],
      }),
      // What they put in the place of a module would stay there for other files.
      ring('mocked', ['{apps,libs}/**/*.mocked.test.{ts,tsx}']),
      ring('loop', ['{apps,libs}/**/*.loop.test.ts'], {
        isolate: false,
        setupFiles: ['./tools/test-seed.mjs', './tools/test-setup.mjs'],
      }),
      ring('cluster', ['{apps,libs}/**/*.cluster.test.ts'], {
        isolate: false,
        testTimeout: 60_000,
        hookTimeout: 120_000,
        setupFiles: ['./tools/test-seed.mjs', './tools/test-setup.mjs'],
      }),
      // Most of a file is waiting: for a cluster that starts, for a page, for what comes back after a kill. Each has a slot of its own.
      ring('e2e', ['apps/**/*.e2e.test.ts'], { testTimeout: 300_000, hookTimeout: 300_000, maxWorkers: 2 }),
    ],
  },
});
