import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { ruleOf } from '@binnacle/apis-kubernetes/rbac/v1/bootstrap';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { OrderedAuthorizers } from '../ordered-authorizers.js';
import { KnownRules } from './known-rules.js';
import type { ResolvedRules, RuleResolver } from './rule-resolver.js';
import { ruleText } from './rule-text.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const alice = { name: 'alice', groups: [] };
const rulesOf = (lines: string[], errors: string[] = []): ResolvedRules => ({ rules: lines.map(ruleOf), errors });
function known(...resolvers: RuleResolver[]): KnownRules {
  const ordered = new OrderedAuthorizers();
  ordered.use(resolvers.map((resolver) => ({ ...resolver, authorize: () => ({ allowed: false, reason: '' }) })));
  return new KnownRules(ordered, () => builtinResources);
}
const at = (answer: ResolvedRules | Promise<ResolvedRules>): RuleResolver => ({ rulesFor: () => answer });

test('what several know is told together, each rule once, at once if all know at once', async () => {
  const now = known(at(rulesOf(['read core pods'])), at(rulesOf(['read core pods', 'get /a'], ['gone'])));
  const place = { cluster: 'main', namespace: 'a' };
  expect(now.rulesFor(ctx, alice, place)).toEqual(rulesOf(['read core pods', 'get /a'], ['gone']));
  const later = known(at(rulesOf(['get /a'])), at(Promise.resolve(rulesOf(['get /b']))));
  expect(await later.rulesFor(ctx, alice, place)).toEqual(rulesOf(['get /a', 'get /b']));
});

test('of the past what is left is told', () => {
  const past = known(at(rulesOf(['* apps,batch *', 'create core pods', 'get core pods/log,pods/status', '* /a'])));
  const { rules } = past.rulesFor(ctx, alice, { cluster: 'main@42', namespace: 'a' }) as ResolvedRules;
  expect(rules.map(ruleText)).toEqual([
    '{APIGroups:["apps" "batch"], Resources:["*"], Verbs:["get" "list" "watch"]}',
    '{APIGroups:[""], Resources:["pods/status"], Verbs:["get"]}',
    '{NonResourceURLs:["/a"], Verbs:["get" "head" "options"]}',
  ]);
});

test('nodes have nothing in the past', () => {
  const node = { name: 'system:node:a', groups: ['system:nodes'] };
  const past = known(at(rulesOf(['* * *', 'get /a'])));
  expect(past.rulesFor(ctx, node, { cluster: 'main@42', namespace: 'a' })).toEqual(rulesOf([]));
});

test('a rule is written as upstream writes it', () => {
  expect(ruleText(ruleOf('get,list core,apps pods a,b'))).toBe(
    '{APIGroups:["" "apps"], Resources:["pods"], ResourceNames:["a" "b"], Verbs:["get" "list"]}',
  );
  expect(ruleText(ruleOf('get /metrics'))).toBe('{NonResourceURLs:["/metrics"], Verbs:["get"]}');
});
