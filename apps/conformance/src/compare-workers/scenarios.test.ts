import { expect, it } from 'vitest';
import { address, resourceOf } from './resources.js';
import { scenarios } from './scenarios/index.js';

const titles = scenarios.map(({ field, name }) => `${field}: ${name}`);

it('there are many, each of a name of its own', () => {
  expect(new Set(titles).size).toBe(titles.length);
  expect(titles.length).toBeGreaterThan(60);
});

it.each(scenarios.map((scenario, at) => [titles[at], scenario] as const))(
  '%s: is of kinds that are known',
  (_, scenario) => {
    for (const step of [...scenario.steps, ...(scenario.undo ?? [])]) {
      if ('make' in step) for (const { kind } of step.make) expect(resourceOf(String(kind))).toBeTruthy();
      const targets = Object.entries(step).flatMap(([key, value]) =>
        ['patch', 'remove', 'until', 'untilGone'].includes(key) ? [String(value)] : [],
      );
      for (const target of targets) expect(address(target, 'a')).toMatch(/^\/apis?\/.+\/.+/);
    }
  },
);

it('what stands on Nodes is undone', () => {
  const taints = scenarios.filter(({ steps }) => JSON.stringify(steps).includes('NoExecute'));
  for (const { undo, alone } of taints) expect([alone, undo?.length]).toEqual([true, 1]);
});
