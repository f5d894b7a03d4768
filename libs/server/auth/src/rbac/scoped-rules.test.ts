import { builtinResources, reviewKinds } from '@binnacle/apis-kubernetes/kinds';
import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import { ruleOf } from '@binnacle/apis-kubernetes/rbac/v1/bootstrap';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { describe, expect, test } from 'vitest';
import type { AuthorizationAttributes, Authorizer } from '../authorizer.js';
import { PastAuthorizer } from '../past-authorizer.js';
import { ScopedAuthorizer } from '../scoped-authorizer.js';
import type { CredentialScope } from '../user-info.js';
import { bootstrapPolicy } from './bootstrap/policy.js';
import { KnownRules } from './known-rules.js';
import { policyRuleAllows } from './rule-matching.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };

type Act = Pick<AuthorizationAttributes, 'verb' | 'resource' | 'path'>;

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'delete', 'impersonate'];
const PATHS = ['/version', '/clusters', '/metrics', '/auth/password', '/auth/tokens', '/socket.io/'];

/** Everything that can be asked about what a cluster serves. */
const ACTS: readonly Act[] = [
  ...[...builtinResources.all, ...reviewKinds].flatMap(({ group, names, subresources }) =>
    ['', ...subresources.map(({ name }) => name)].flatMap((subresource) => {
      const resource = { group, version: 'v1', resource: names.plural, subresource, namespace: 'a', name: 'x' };
      // Questions are asked, and nothing is to be read of them.
      const verbs = reviewKinds.some((kind) => kind.group === group && kind.names === names)
        ? ['create', 'update']
        : VERBS;
      return verbs.map((verb) => ({ verb, resource }));
    }),
  ),
  ...PATHS.flatMap((path) => ['get', 'head', 'watch', 'post', 'delete'].map((verb) => ({ verb, path }))),
];

const nameOf = ({ verb, resource, path }: Act): string =>
  resource ? `${verb} ${resource.group}/${resource.resource}/${resource.subresource}` : `${verb} ${path}`;

const allowedBy = (rules: readonly PolicyRule[], act: Act): boolean =>
  rules.some((rule) => policyRuleAllows(rule, { user: { name: '', groups: [] }, cluster: '', ...act }));

/** Acts of which a review of the rules says another thing than what comes of them. */
async function untold(rules: readonly PolicyRule[], scope: CredentialScope | undefined, cluster: string) {
  const user = { name: 'ann', groups: [], ...(scope && { scope }) };
  const roles: Authorizer = { authorize: (_, act) => ({ allowed: allowedBy(rules, act), reason: '' }) };
  const enforced = new ScopedAuthorizer(new PastAuthorizer(roles, async () => true));
  const known = new KnownRules({ rulesFor: () => ({ rules, errors: [] }) }, () => builtinResources);
  const told = await known.rulesFor(ctx, user, { cluster, namespace: 'a' });
  const wrong: string[] = [];
  for (const act of ACTS) {
    const { allowed } = await enforced.authorize(ctx, { user, cluster, ...act });
    if (allowed !== allowedBy(told.rules, act)) wrong.push(nameOf(act));
  }
  return { wrong, errors: told.errors };
}

const READS: CredentialScope = { clusters: [], readOnly: true };
const LAB: CredentialScope = { clusters: ['lab'], readOnly: false };
const LAB_READS: CredentialScope = { clusters: ['lab'], readOnly: true };
const PASSWORD: CredentialScope = { ...READS, passwordOnly: true };
const SCOPES = { nothing: undefined, READS, LAB, LAB_READS, PASSWORD };

const SIGN_IN = ruleOf('get,post,delete /auth/*');
const RULES: Record<string, PolicyRule[]> = {
  'named ones': ['* core pods,pods/exec,pods/log,services/proxy', 'get core pods x', 'get * */status'].map(ruleOf),
  'some groups whole': ['* core,apps *', 'create authorization.k8s.io *', 'get,create * *', '* * */exec'].map(ruleOf),
  'questions and paths': ['create * pods,tokenreviews', '* /version,/clusters', 'get /metrics'].map(ruleOf),
  ...Object.fromEntries(bootstrapPolicy().clusterRoles.map(({ metadata, rules }) => [metadata.name, rules ?? []])),
};
// Of everything the rules cannot leave a path out, and say so.
const { 'cluster-admin': everything = [], ...others } = RULES;

describe.each(Object.entries(SCOPES))('a credential bound to %s', (_, scope) => {
  test.each(['main', 'lab', 'lab@42'])('is told what it may in %s, no more and no less', async (cluster) => {
    for (const [name, rules] of Object.entries(others)) {
      const { wrong, errors } = await untold([...rules, SIGN_IN], scope, cluster);
      expect({ wrong, errors }, name).toEqual({ wrong: [], errors: [] });
    }
  });
});

test('of who may do everything the same is told, but for a path that no rule can leave out', async () => {
  for (const scope of [READS, PASSWORD])
    expect(await untold([...everything, SIGN_IN], scope, 'lab')).toEqual({ wrong: [], errors: [] });
  const { wrong, errors } = await untold([...everything, SIGN_IN], LAB, 'lab');
  expect(errors).toEqual(['the token is not for /clusters']);
  expect(wrong.filter((act) => !act.endsWith(' /clusters'))).toEqual([]);
});

test('everything stays short where all of a group can be read', async () => {
  const known = new KnownRules({ rulesFor: () => ({ rules: everything, errors: [] }) }, () => builtinResources);
  const place = { cluster: 'main', namespace: 'a' };
  const { rules } = await known.rulesFor(ctx, { name: 'ann', groups: [], scope: READS }, place);
  const whole = rules.find(({ resources }) => resources?.includes('*'));
  expect(whole).toMatchObject({
    verbs: ['get', 'list', 'watch'],
    apiGroups: expect.arrayContaining(['apps', 'batch']),
  });
  expect(rules.find(({ apiGroups }) => apiGroups?.includes(''))?.resources).toEqual(
    expect.arrayContaining(['pods', 'pods/log', 'pods/status', 'services']),
  );
  expect(rules.flatMap(({ resources = [] }) => resources).filter((one) => /exec|proxy|attach/.test(one))).toEqual([]);
});
