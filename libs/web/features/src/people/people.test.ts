import type { Team, User } from '@binnacle/apis-iam';
import { describe, expect, test } from 'vitest';
import { findPeople } from './member-search.js';
import { groupsOf, holdersOfPerson, holdersOfTeam } from './people.js';

const team = (name: string, ...members: string[]) => ({ metadata: { name }, spec: { members } }) as unknown as Team;
const person = (name: string, displayName = '', email = '') =>
  ({ metadata: { name }, spec: { displayName, email } }) as unknown as User;

describe('a person', () => {
  const teams = [team('crew', 'ann', 'bob'), team('viewers', 'ann'), team('other', 'bob')];

  test('belongs to the groups of the teams', () => {
    expect(groupsOf('ann', teams)).toEqual(['team:crew', 'team:viewers', 'binnacle:viewers']);
    expect(groupsOf('nobody', teams)).toEqual([]);
  });

  test('is named by bindings themselves and by those', () => {
    expect(holdersOfPerson('bob', teams)).toEqual([
      { kind: 'User', name: 'bob' },
      { kind: 'Group', name: 'team:crew' },
      { kind: 'Group', name: 'team:other' },
    ]);
    expect(holdersOfTeam('editors').map(({ name }) => name)).toEqual(['team:editors', 'binnacle:editors']);
  });
});

describe('people are found', () => {
  const people = [person('ann', 'Ann Lee', 'ann@a.example'), person('bob', 'Robert'), person('cy')];

  test.each([
    ['an', ['ann']],
    ['LEE', ['ann']],
    ['a.example', ['ann']],
    ['robert', ['bob']],
    ['zz', []],
  ])('%j finds %j', (typed, names) => {
    expect(findPeople(people, typed, []).map(({ metadata }) => metadata.name)).toEqual(names);
  });

  test('who is not there yet, and no more than can be looked through', () => {
    expect(findPeople(people, 'b', ['bob'])).toEqual([]);
    const many = Array.from({ length: 40 }, (_, index) => person(`p${index}`));
    expect(findPeople(many, 'p', []).length).toBeLessThan(10);
  });
});
