import { expect, test } from 'vitest';
import { publishedCases, podOf, type PublishedCase } from './testing/case-pods.js';
import { CHECKS, LATEST, violationsOf } from './index.js';

const versionsOf = ({ first, last }: PublishedCase) => Array.from({ length: last - first + 1 }, (_, at) => first + at);
const checkOf = ({ name }: PublishedCase) => name.replace(/\d+$/, '');

test('the cases cover every check at every version, and both outcomes', () => {
  const covered = new Set(publishedCases.filter(({ passes }) => !passes).map(checkOf));
  expect([...covered].sort()).toEqual(CHECKS.map(({ id }) => id.toLowerCase()).sort());
  expect(publishedCases.reduce((sum, one) => sum + versionsOf(one).length, 0)).toBeGreaterThan(4000);
});

test.each(['pass', 'fail'])('what the published standards let %s, in every version', (outcome) => {
  const wrong: string[] = [];
  for (const one of publishedCases.filter(({ passes }) => passes === (outcome === 'pass')))
    for (const version of versionsOf(one)) {
      const { spec, metadata } = podOf(one, version);
      const found = violationsOf({ level: one.level, version }, spec, metadata);
      if ((found.length === 0) !== one.passes)
        wrong.push(`${one.level} v1.${version} ${one.name}: ${JSON.stringify(found)}`);
    }
  expect(wrong).toEqual([]);
});

test('what fails at the newest version fails at the latest and at those to come', () => {
  for (const one of publishedCases.filter(({ last }) => last === 36)) {
    const { spec, metadata } = podOf(one, 36);
    const now = violationsOf({ level: one.level, version: 36 }, spec, metadata);
    for (const version of [LATEST, 99])
      expect(violationsOf({ level: one.level, version }, spec, metadata)).toEqual(now);
  }
});

test('nothing is forbidden to the privileged', () => {
  for (const one of publishedCases) {
    const { spec, metadata } = podOf(one, one.last);
    expect(violationsOf({ level: 'privileged', version: LATEST }, spec, metadata)).toEqual([]);
  }
});
