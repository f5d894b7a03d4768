import type { KubeClient } from '@binnacle/client-rest';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { newNotFound, type OwnerReference } from '@binnacle/machinery-meta';
import { pod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { AbsentOwners } from './absent-owners.js';
import { nodeOf } from './graph.js';

const pods = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };
const secrets = { ...pods, plural: 'secrets', kind: 'Secret' };
const ctx = { signal: new AbortController().signal, clock: new FakeClock(0), logger: silentLogger };
const child = nodeOf(pods, pod({ metadata: { name: 'child', uid: 'child' } }));
const reference = (more: Partial<OwnerReference> = {}): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'Pod',
  name: 'parent',
  uid: 'parent-uid',
  ...more,
});

/** A server that has one Pod `parent`, and counts what it is asked. */
function asked() {
  const questions: string[] = [];
  const get =
    (plural: string) =>
    async (_: unknown, { name, namespace }: { name: string; namespace?: string }) => {
      questions.push(`${namespace}/${plural}/${name}`);
      if (plural === 'pods' && name === 'parent') return pod({ metadata: { name, uid: 'parent-uid' } });
      throw newNotFound({ group: '', resource: plural }, name);
    };
  const client = { resource: ({ plural }: { plural: string }) => ({ get: get(plural) }) } as unknown as KubeClient;
  const resourceOf = (_: string, kind: string) => [pods, secrets].find((resource) => resource.kind === kind);
  return { questions, owners: new AbsentOwners(client, resourceOf) };
}

describe('AbsentOwners', () => {
  test('a lie about an owner does not make it absent for those who tell the truth', async () => {
    const { owners } = asked();
    for (const lie of [{ kind: 'Secret' }, { name: 'other' }, { uid: 'another' }]) {
      expect(await owners.ask(ctx, child, reference(lie))).toBe('absent');
    }
    expect(await owners.ask(ctx, child, reference())).toMatchObject({ metadata: { uid: 'parent-uid' } });
  });

  test('remembers who is absent', async () => {
    const { owners, questions } = asked();
    await owners.ask(ctx, child, reference({ name: 'gone' }));
    await owners.ask(ctx, child, reference({ name: 'gone' }));
    expect(questions).toEqual(['default/pods/gone']);
  });

  test('a cluster-scoped dependent of a namespaced owner is left alone', async () => {
    const { owners, questions } = asked();
    expect(await owners.ask(ctx, { ...child, namespace: undefined }, reference())).toBe('unreachable');
    expect(questions).toEqual([]);
  });

  test('nobody can tell of a kind that is not served', async () => {
    await expect(asked().owners.ask(ctx, child, reference({ kind: 'Unknown' }))).rejects.toThrow('Unknown');
  });
});
