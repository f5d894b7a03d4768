import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ADMINISTRATORS,
  groupsOfTeam,
  iamKinds,
  type Invitation,
  type Team,
  teamOfGroup,
  type User,
  validateInviteeName,
  validatePersonName,
} from './index.js';

const kind = (plural: string) => {
  const found = iamKinds.find(({ names }) => names.plural === plural);
  if (!found) throw new Error(plural);
  return found;
};
type Bare<T> = Omit<T, 'apiVersion' | 'kind'>;
const MADE = '2026-11-30T10:00:00Z';

/** What is wrong with a new object. */
function faults(plural: string, object: Bare<User | Team | Invitation>): string[] {
  const { strategy } = kind(plural);
  object.metadata.creationTimestamp = MADE;
  object.metadata.uid = 'u';
  strategy.prepareForCreate?.(object as never);
  const found = [
    ...(strategy.validate?.(object as never) ?? []),
    ...((strategy.validateCreate?.(object as never) ?? []) as []),
  ];
  return (found as { field: string }[]).map(({ field }) => field);
}

test('members of a team belong to its group, and to what there was before teams', () => {
  expect(groupsOfTeam('dev')).toEqual(['team:dev']);
  expect(groupsOfTeam(ADMINISTRATORS)).toEqual(['team:administrators', 'system:masters']);
  expect(groupsOfTeam('constructor')).toEqual(['team:constructor']);
  expect([teamOfGroup('binnacle:viewers'), teamOfGroup('system:masters'), teamOfGroup('crew')]).toEqual([
    'viewers',
    ADMINISTRATORS,
    undefined,
  ]);
});

describe('the name of a person', () => {
  test.each(['ann', 'Ann.Lee', 'ann@example.com', 'a', '7_b'])('may be %s', (name) =>
    expect(validatePersonName(name, false)).toEqual([]),
  );
  test.each(['', 'system:admin', 'a:b', '-a', 'a.', 'a b', 'ä', 'a/b', 'a%2fb', 'a\n', 'x'.repeat(101)])(
    'is not %j',
    (name) => expect(validatePersonName(name, false)).not.toEqual([]),
  );
  test('is never that of a component', () => {
    fc.assert(
      fc.property(fc.string(), (rest) => {
        expect(validatePersonName(`system:${rest}`, false)).not.toEqual([]);
        expect(validatePersonName(`a:${rest}`, false)).not.toEqual([]);
      }),
    );
  });
  test.each(['Ann', 'kube-proxy', 'kubernetes-admin', 'root', 'system', 'binnacle-x', 'a:b'])(
    'is not chosen as %s',
    (name) => expect(validateInviteeName(name)).not.toEqual([]),
  );
  test('is chosen as people are called', () => {
    expect(['ann', 'rooter', 'kubert', 'ann@example.com'].flatMap(validateInviteeName)).toEqual([]);
  });
});

describe('what is written', () => {
  test.each<[string, User['spec'], string[]]>([
    ['nothing', undefined, []],
    ['who somebody is', { displayName: 'Ann Lee', email: 'ann@example.com' }, []],
    ['no address', { email: 'ann' }, ['spec.email']],
    ['a name that turns the line', { displayName: 'a\u202eb' }, ['spec.displayName']],
    ['a name of two lines', { displayName: 'a\nb' }, ['spec.displayName']],
    ['a long name', { displayName: 'x'.repeat(201) }, ['spec.displayName']],
  ])('of a User: %s', (_what, spec, fields) => {
    expect(faults('users', { metadata: { name: 'ann' }, ...(spec && { spec }) } as Bare<User>)).toEqual(fields);
  });

  test.each<[string[], string[]]>([
    [['ann', 'bob'], []],
    [['ann', 'ann'], ['spec.members[1]']],
    [Array.from({ length: 1_001 }, (_, index) => `u${index}`), ['spec.members']],
  ])('of a Team: members', (members, fields) => {
    expect(faults('teams', { metadata: { name: 'dev' }, spec: { members } } as Bare<Team>)).toEqual(fields);
  });
  test('a Team is called as a label', () => {
    expect(faults('teams', { metadata: { name: 'a.b' } })).toEqual(['metadata.name']);
  });

  test('an invitation ends in a week unless it says otherwise', () => {
    const invitation: Bare<Invitation> = { metadata: { name: 'i' }, status: { phase: 'Accepted', acceptedBy: 'me' } };
    expect(faults('invitations', invitation)).toEqual([]);
    expect(invitation).toMatchObject({ spec: { expiresAt: '2026-12-07T10:00:00Z' }, status: { phase: 'Pending' } });
    expect(invitation.status).not.toHaveProperty('acceptedBy');
  });
  test.each([
    ['2026-12-30T10:00:00Z', []],
    ['2026-12-30T10:00:01Z', ['spec.expiresAt']],
    [MADE, ['spec.expiresAt']],
  ])('an invitation until %s has the faults %j', (expiresAt, fields) => {
    expect(faults('invitations', { metadata: { name: 'i' }, spec: { expiresAt } } as Bare<Invitation>)).toEqual(fields);
  });
  test('an invitation that has expired waits again where it is given more time', () => {
    const old: Bare<Invitation> = {
      metadata: { name: 'i', creationTimestamp: MADE },
      spec: { expiresAt: '2026-12-07T10:00:00Z' },
      status: { phase: 'Expired' },
    };
    const { prepareForUpdate } = kind('invitations').strategy;
    for (const [spec, phase] of [
      [{ expiresAt: '2026-12-09T10:00:00Z' }, 'Pending'],
      [{ ...old.spec, displayName: 'Ann' }, 'Expired'],
    ] as const) {
      const next = { ...old, spec, status: { phase: 'Accepted' } };
      prepareForUpdate?.(next as never, old as never, 0);
      expect(next.status.phase).toBe(phase);
    }
  });
  test('an invitation that was accepted stays as it was', () => {
    const old: Bare<Invitation> = {
      metadata: { name: 'i', creationTimestamp: MADE },
      spec: { teams: ['a'], expiresAt: '2026-12-07T10:00:00Z' },
      status: { phase: 'Accepted' },
    };
    const next = { ...old, spec: { ...old.spec, teams: ['administrators'] } };
    const { strategy } = kind('invitations');
    expect(strategy.validateUpdate?.(next as never, old as never)).toMatchObject([{ field: 'spec' }]);
    expect(strategy.validateUpdate?.({ ...old } as never, old as never)).toEqual([]);
  });
});

describe('a row', () => {
  const row = (plural: string, object: object) =>
    kind(plural).printer.row(
      { metadata: { name: 'x', creationTimestamp: MADE }, ...object } as never,
      Date.parse('2026-12-08T10:00:00Z'),
    );
  test('of a User says when they were here last', () => {
    expect(row('users', { spec: { displayName: 'X' }, status: { lastSignIn: '2026-12-08T09:00:00Z' } })).toEqual([
      'x',
      'X',
      false,
      '60m',
      '8d',
      '',
    ]);
    expect(row('users', {})[3]).toBe('<never>');
  });
  test('of an invitation says what its status does', () => {
    const spec = { expiresAt: '2026-12-07T10:00:00Z' };
    for (const phase of ['Pending', 'Expired']) expect(row('invitations', { spec, status: { phase } })[3]).toBe(phase);
    expect(row('invitations', { spec: { teams: ['a'] }, status: { phase: 'Accepted' } }).slice(1, 4)).toEqual([
      '<none>',
      'a',
      'Accepted',
    ]);
  });
  test('of a team counts', () => expect(row('teams', { spec: { members: ['a', 'b'] } }).slice(1, 3)).toEqual(['', 2]));
});
