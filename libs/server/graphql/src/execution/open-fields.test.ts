import { getOperationAST, parse } from 'graphql';
import { expect, test } from 'vitest';
import { isNobody, refuseNobody } from './open-fields.js';

const operation = (text: string) => {
  const definition = getOperationAST(parse(text));
  if (!definition) throw new Error('there is no operation');
  return definition;
};
const nobody = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

test('nobody is who has not said who they are', () => {
  expect(isNobody({ user: nobody })).toBe(true);
  expect(isNobody({ user: { name: 'ada', groups: ['system:authenticated'] } })).toBe(false);
});

test.each([
  'mutation { acceptInvitation(secret: "s") { user } }',
  '{ invitationOffer(secret: "s") { teams } }',
  '{ a: invitationOffer(secret: "s") { ...F } } fragment F on InvitationOffer { teams }',
])('may ask %s', (text) => {
  expect(() => refuseNobody(operation(text))).not.toThrow();
});

test.each([
  '{ users { totalCount } }',
  '{ invitationOffer: users { totalCount } }',
  '{ __schema { queryType { name } } }',
  '{ __typename }',
  '{ invitationOffer(secret: "s") { teams } whoami }',
  '{ ... { whoami } }',
  '{ ...F } fragment F on Query { whoami }',
])('may not ask %s', (text) => {
  expect(() => refuseNobody(operation(text))).toThrow(expect.objectContaining({ reason: 'Unauthorized' }));
});
