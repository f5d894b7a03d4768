import type { Taint } from '@binnacle/apis-kubernetes/core/v1';
import { CREATED_AT, node, runningPod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { evictionTime } from './plan.js';
import { TaintSightings } from './tainted-since.js';

const START = Date.parse(CREATED_AT) + 60_000;
const KEY = 'default/web';
const taint: Taint = { key: 'k', effect: 'NoExecute' };
const tainted = node({ spec: { taints: [taint] } });
const web = runningPod('node-1', '10.244.0.1', {
  metadata: { uid: 'first' },
  spec: { tolerations: [{ key: 'k', operator: 'Exists', tolerationSeconds: 3 }] },
});

/** When the Pod leaves, told at each of these moments in turn. */
function told(moments: readonly number[], pod = web, at = tainted): Array<number | undefined> {
  const sightings = new TaintSightings();
  return moments.map((now) => {
    sightings.look(KEY, pod, at, now);
    return evictionTime(pod, at, (seen) => sightings.since(KEY, pod, seen));
  });
}

describe('since when a taint counts', () => {
  test('a taint without a time, as kubectl sets it, runs out from when it was first seen', () => {
    expect(told([START, START + 1000, START + 2999])).toEqual([START + 3000, START + 3000, START + 3000]);
  });

  test('a taint with a time counts from then, also after a restart of the controller', () => {
    const at = node({ spec: { taints: [{ ...taint, timeAdded: new Date(START).toISOString() }] } });
    expect(told([START + 2000], web, at)).toEqual([START + 3000]);
  });

  test('a Pod that came later than the taint has its whole time', () => {
    const came = new Date(START + 50_000).toISOString();
    const at = node({ spec: { taints: [{ ...taint, timeAdded: new Date(START).toISOString() }] } });
    const pod = {
      ...web,
      status: { conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: came }] },
    };
    expect(told([START + 51_000], pod, at)).toEqual([START + 53_000]);
  });

  test('a taint that went and came again begins anew, and so does another Pod of the name', () => {
    const sightings = new TaintSightings();
    const since = (pod = web) => sightings.since(KEY, pod, taint);
    sightings.look(KEY, web, tainted, START);
    sightings.look(KEY, web, node(), START + 1000);
    sightings.look(KEY, web, tainted, START + 2000);
    expect(since()).toBe(START + 2000);
    const other = { ...web, metadata: { ...web.metadata, uid: 'second' } };
    sightings.look(KEY, other, tainted, START + 5000);
    expect(since(other)).toBe(START + 5000);
  });

  test('a second taint does not begin the first one anew', () => {
    const sightings = new TaintSightings();
    sightings.look(KEY, web, tainted, START);
    const both = node({ spec: { taints: [taint, { key: 'other', effect: 'NoExecute' }] } });
    sightings.look(KEY, web, both, START + 2000);
    expect(sightings.since(KEY, web, taint)).toBe(START);
  });
});
