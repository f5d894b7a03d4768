import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bindingName, type Grant, grantBinding, grantCommand, subjectOf } from './grant.js';

const grant: Grant = {
  cluster: 'lab',
  isFixed: false,
  namespace: 'shop',
  role: { kind: 'ClusterRole', name: 'edit' },
  subject: { kind: 'Group', name: 'team:crew' },
};

test('a grant in a namespace is a RoleBinding there, and elsewhere a ClusterRoleBinding', () => {
  const { target, body } = grantBinding(grant);
  expect(target).toMatchObject({ cluster: 'lab', resource: 'rolebindings', namespace: 'shop' });
  expect(body).toMatchObject({
    kind: 'RoleBinding',
    metadata: { namespace: 'shop', name: expect.stringMatching(/^edit-team-crew-\w{5}$/) },
    subjects: [{ kind: 'Group', name: 'team:crew', apiGroup: 'rbac.authorization.k8s.io' }],
    roleRef: { kind: 'ClusterRole', name: 'edit' },
  });
  const whole = grantBinding({ ...grant, namespace: '' });
  expect(whole.target).not.toHaveProperty('namespace');
  expect(whole.body).toMatchObject({ kind: 'ClusterRoleBinding' });
});

test('is the same with kubectl', () => {
  expect(grantCommand(grant)).toBe(
    'kubectl create rolebinding edit-team-crew-x --clusterrole=edit --group=team:crew -n shop',
  );
  const own = { ...grant, role: { kind: 'Role', name: 'r' }, subject: { kind: 'User', name: 'a@b' } } as Grant;
  expect(grantCommand(own)).toBe('kubectl create rolebinding r-a-b-x --role=r --user=a@b -n shop');
});

test('a person is named as a user, a team as its group', () => {
  const of = (kind: string) => ({ apiVersion: 'iam.binnacle.dev/v1', kind, metadata: { name: 'crew' } });
  expect(subjectOf(of('Team'))).toEqual({ kind: 'Group', name: 'team:crew' });
  expect(subjectOf(of('User'))).toEqual({ kind: 'User', name: 'crew' });
});

test('a binding has a name that can be one, whoever it is for', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 400 }), (name) => {
      const made = bindingName({ ...grant, subject: { kind: 'User', name } }, 'abcde');
      expect(made).toMatch(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
      expect(made.length).toBeLessThanOrEqual(253);
    }),
  );
});
