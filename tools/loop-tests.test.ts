import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow } from './files.mjs';

const root = join(import.meta.dirname, '..', 'libs', 'control');

const sources = filesBelow(root)
  .filter((path) => /\.ts$/.test(path) && !/\.test\.ts$/.test(path))
  .map((path) => relative(root, path));

/** The function of a file that makes a controller, and the file. */
const makers = sources.flatMap((path) => {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(/export function (\w+)\([\s\S]*?\): (\w+)/g)]
    .filter(([, , answer]) => answer === 'Controller')
    .map(([, name = '']) => ({ path, name }));
});

/** `replica-set.controller.ts` is tested by `replica-set.loop.test.ts` beside it. */
const testOf = (path: string) =>
  join(dirname(path), `${basename(path, '.ts').replace(/\.(controller|reconciler)$/, '')}.loop.test.ts`);

test('there are controllers to look at', () => {
  expect(makers.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['deploymentController', 'garbageCollectorController']),
  );
});

test('every controller is driven by hand in a loop test beside it, which makes it', () => {
  const missing = makers.filter(({ path, name }) => {
    const file = join(root, testOf(path));
    if (!existsSync(file)) return true;
    return !readFileSync(file, 'utf8').includes(`${name}(`);
  });
  expect(missing.map(({ path }) => path)).toEqual([]);
});

test('the scheduler has one too', () => {
  expect(readFileSync(join(root, 'scheduling/src/scheduler/scheduler.loop.test.ts'), 'utf8')).toContain(
    'runScheduler(',
  );
});
