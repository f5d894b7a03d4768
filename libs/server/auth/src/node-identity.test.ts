import { describe, expect, test } from 'vitest';
import { agentProviderId, carriesClaim, identityText, nodeIdentity } from './node-identity.js';

describe('who is a kubelet', () => {
  test.each([
    ['system:node:a', ['system:nodes'], { kind: 'node', name: 'a' }],
    ['system:node-agent:sim', ['system:nodes', 'system:authenticated'], { kind: 'agent', name: 'sim' }],
    ['system:node:', ['system:nodes'], { kind: 'node', name: '' }],
    ['system:node:a', ['system:authenticated'], undefined],
    ['alice', ['system:nodes'], undefined],
    ['system:nodes:a', ['system:nodes'], undefined],
  ])('%s of %j is %j', (name, groups, identity) => {
    expect(nodeIdentity({ name, groups })).toEqual(identity);
  });

  test('is named as messages name it', () => {
    expect([identityText({ kind: 'node', name: 'a' }), identityText({ kind: 'agent', name: 'sim' })]).toEqual([
      'node "a"',
      'node agent "sim"',
    ]);
  });
});

describe('whose a Node is', () => {
  const claim = (name: string, providerId = '', runtimeVersion = '') => ({ name, providerId, runtimeVersion });
  const node = { kind: 'node', name: 'a' } as const;
  const agent = { kind: 'agent', name: 'sim' } as const;

  test('a kubelet’s is the one of its name', () => {
    expect([carriesClaim(node, claim('a')), carriesClaim(node, claim('b'))]).toEqual([true, false]);
  });

  test('an agent’s are those that say so, and the older simulated ones that say nothing', () => {
    expect(carriesClaim(agent, claim('a', agentProviderId('sim', 'a')))).toBe(true);
    expect(carriesClaim(agent, claim('a', agentProviderId('other', 'a')))).toBe(false);
    expect(carriesClaim(agent, claim('b', agentProviderId('sim', 'a')))).toBe(false);
    expect(carriesClaim(agent, claim('a', '', 'simulated://0.1'))).toBe(true);
    expect(carriesClaim(agent, claim('a', '', 'containerd://2'))).toBe(false);
  });

  test('nobody’s are none', () => {
    for (const kind of ['node', 'agent'] as const) expect(carriesClaim({ kind, name: '' }, claim(''))).toBe(false);
  });
});
