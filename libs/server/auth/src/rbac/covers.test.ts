import { ruleOf, rulesOf } from '@binnacle/apis-kubernetes/rbac/v1/bootstrap';
import { describe, expect, test } from 'vitest';
import { compacted, uncovered } from './covers.js';

const missing = (owned: string[], wanted: string[]) => uncovered(rulesOf(owned), rulesOf(wanted));

describe('rules', () => {
  test.each<[reason: string, owned: string[], wanted: string]>([
    ['cover themselves', ['read core pods'], 'read core pods'],
    ['cover together', ['get core pods', 'list core,apps pods'], 'get,list core pods'],
    ['of everything cover everything', ['* * *', '* *'], 'get core pods a'],
    ['of every part cover a part', ['get * */scale'], 'get apps deployments/scale'],
    ['of all names cover one', ['get core pods'], 'get core pods a,b'],
    ['of several names cover each', ['get core pods a', 'get core pods b'], 'get core pods a,b'],
    ['of paths cover what begins alike', ['get /api/*'], 'get /api/v1,/api/*'],
  ])('%s', (_reason, owned, wanted) => {
    expect(missing(owned, [wanted])).toEqual([]);
  });

  test.each<[reason: string, owned: string[], wanted: string]>([
    ['of one name do not cover all', ['get core pods a'], 'get core pods'],
    ['of a kind do not cover its parts', ['get core pods'], 'get core pods/log'],
    ['that are many do not cover a star', ['get,list,watch,create core pods'], '* core pods'],
    ['of one resource do not cover all', ['get core pods'], 'get core *'],
    ['of one group do not cover all', ['get core pods'], 'get * pods'],
    ['of parts do not cover kinds', ['get core */scale'], 'get core scale'],
    ['of resources do not cover paths', ['* * *'], 'get /metrics'],
    ['of one path do not cover more', ['get /api'], 'get /api/v1'],
  ])('%s', (_reason, owned, wanted) => {
    expect(missing(owned, [wanted])).toEqual([ruleOf(wanted)]);
  });

  test('that are missing are told one by one, and together by what they are about', () => {
    const parts = missing(['get core pods'], ['get,list,delete core pods', 'get,post /x', 'get core secrets a']);
    expect(parts).toHaveLength(5);
    expect(compacted(parts)).toEqual([
      { verbs: ['delete', 'list'], apiGroups: [''], resources: ['pods'] },
      { verbs: ['get'], nonResourceURLs: ['/x'] },
      { verbs: ['post'], nonResourceURLs: ['/x'] },
      { verbs: ['get'], apiGroups: [''], resources: ['secrets'], resourceNames: ['a'] },
    ]);
  });

  test('of lists that give more parts than memory holds are missing as they are, and covered by everything', () => {
    const many = Array.from({ length: 1_000 }, (_, at) => `n${at}`);
    const wanted = { verbs: many, apiGroups: many, resources: many, resourceNames: many };
    expect(uncovered([], [wanted])).toEqual([wanted]);
    expect(uncovered(rulesOf(['get core pods']), [wanted])).toEqual([wanted]);
    expect(uncovered(rulesOf(['* * *']), [wanted])).toEqual([]);
  });

  test('that are very many are compared no longer than for the effort', () => {
    const names = Array.from({ length: 20_000 }, (_, at) => `n${at}`);
    const owned = names.map((name) => ({
      verbs: ['get'],
      apiGroups: [''],
      resources: ['pods'],
      resourceNames: [name],
    }));
    const wanted = [...owned].reverse();
    const missed = uncovered(owned, wanted);
    expect(missed.length).toBeGreaterThan(0);
    expect(missed[0]).toBe(wanted[wanted.length - missed.length]);
  });
});
