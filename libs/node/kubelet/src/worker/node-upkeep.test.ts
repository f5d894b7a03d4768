import type { Pod, Volume } from '@binnacle/apis-kubernetes/core/v1';
import { ANNOTATION_STOP_ORDER } from '@binnacle/apis-kubernetes/well-known';
import { beforeEach, describe, expect, test } from 'vitest';
import { fakeContext, podOf, runOf, runtimeOf, sandboxOf } from '../testing/fakes.js';
import { noVolumes } from '../volumes/no-volumes.js';
import { removeOrphans } from './orphans.js';
import type { NodeServices } from './services.js';
import { VolumeLimits } from './volume-limits.js';
import { VolumeRefresh } from './volume-refresh.js';

let ctx = fakeContext();
beforeEach(() => {
  ctx = fakeContext();
});

describe('volumes that hold too much', () => {
  let used: Record<string, number>;
  let asked: string[];
  const empty = (name: string, sizeLimit?: string): Volume => ({ name, emptyDir: { ...(sizeLimit && { sizeLimit }) } });
  const limits = () => {
    [used, asked] = [{}, []];
    const volumes = {
      ...noVolumes,
      used: async (_: Pod, name: string, most: number) => {
        asked.push(`${name} ${most}`);
        return used[name] ?? 0;
      },
    };
    return new VolumeLimits({ ctx, volumes } as unknown as NodeServices);
  };

  test('are looked for ten seconds after the Pod began, and every ten seconds', async () => {
    const one = limits();
    const pod = podOf({ volumes: [empty('a', '1Ki'), empty('b'), { name: 'c', configMap: { name: 'x' } }] });
    for (const [seconds, looks] of [
      [0, 0],
      [9, 0],
      [1, 1],
      [5, 1],
      [5, 2],
    ] as const) {
      ctx.clock.step(seconds * 1000);
      expect(await one.exceeded(pod, 'api')).toBeUndefined();
      expect(asked).toHaveLength(looks);
      expect(one.due).toBeGreaterThan(ctx.clock.now());
    }
    expect(asked).toEqual(['a 1024', 'a 1024']);
    used.a = 1_025;
    ctx.clock.step(10_000);
    expect(await one.exceeded(pod, 'api')).toEqual({
      reason: 'Evicted',
      message: 'Usage of EmptyDir volume "a" exceeds the limit "1Ki". ',
    });
  });

  test.each<[string, Pod, 'api' | 'file']>([
    ['has no limits', podOf({ volumes: [empty('a'), empty('b', '0')] }), 'api'],
    ['is static', podOf({ volumes: [empty('a', '1')] }), 'file'],
    ['the system needs', podOf({ priority: 2_000_000_000, volumes: [empty('a', '1')] }), 'api'],
  ])('are not looked for in a Pod that %s', async (_, pod, source) => {
    const one = limits();
    used.a = 99;
    for (let look = 0; look < 3; look += 1) {
      expect(await one.exceeded(pod, source)).toBeUndefined();
      ctx.clock.step(10_000);
    }
    expect([asked, one.due]).toEqual([[], undefined]);
  });
});

describe('volumes made from objects', () => {
  let refreshes: number;
  let following: boolean;
  let failure: Error | undefined;
  const pod = podOf({ volumes: [{ name: 'a', configMap: { name: 'x' } }] });
  const refresh = () => {
    [refreshes, following, failure] = [0, true, undefined];
    const volumes = {
      ...noVolumes,
      refresh: async () => {
        refreshes += 1;
        if (failure) throw failure;
      },
    };
    return new VolumeRefresh({ ctx, volumes, isFollowing: () => following } as unknown as NodeServices);
  };

  test('are brought up to date at each full minute, the same for all Pods', async () => {
    const [one, other] = [refresh(), refresh()];
    ctx.clock.step(13_000);
    expect(await one.follow(ctx, pod)).toBe(ctx.clock.now() + 47_000);
    ctx.clock.step(20_000);
    expect(await other.follow(ctx, pod)).toBe(ctx.clock.now() + 27_000);
    expect(refreshes).toBe(0);
    ctx.clock.step(27_000);
    expect(await one.follow(ctx, pod)).toBe(ctx.clock.now() + 60_000);
    expect(refreshes).toBe(1);
  });

  test('are brought up to date at once where the Pod changed, but not before they were made', async () => {
    const one = refresh();
    one.soon();
    await one.follow(ctx, pod);
    expect(refreshes).toBe(0);
    one.soon();
    await one.follow(ctx, pod);
    expect(refreshes).toBe(1);
  });

  test('stay as they are while the API server is not followed, or where they cannot be read', async () => {
    const one = refresh();
    await one.follow(ctx, pod);
    following = false;
    ctx.clock.step(60_000);
    await one.follow(ctx, pod);
    expect(refreshes).toBe(0);
    [following, failure] = [true, new Error('no API server')];
    ctx.clock.step(60_000);
    expect(await one.follow(ctx, pod)).toBe(ctx.clock.now() + 60_000);
    expect(refreshes).toBe(1);
  });

  test('are none of a Pod that has no such volume', async () => {
    expect(await refresh().follow(ctx, podOf({ volumes: [{ name: 'a', emptyDir: {} }] }))).toBeUndefined();
    expect(await refresh().follow(ctx, podOf())).toBeUndefined();
  });
});

describe('what nobody asks for any more', () => {
  const sandbox = (uid: string, order?: string) =>
    sandboxOf({
      id: uid,
      metadata: { name: uid, namespace: 'ns', uid, attempt: 0 },
      annotations: order ? { [ANNOTATION_STOP_ORDER]: order } : {},
    });

  test('is stopped with grace and removed, in stop order, and all else is left alone', async () => {
    const calls: string[] = [];
    const runtime = runtimeOf({
      listPodSandboxes: async () => [sandbox('last', '9'), sandbox('kept'), sandbox('first'), sandbox('then', '2')],
      listContainers: async (_, id) => [runOf('c', { id: `c-${id}` })],
      stopContainer: async (_, id, seconds) => void calls.push(`stop ${id} ${seconds}`),
      removePodSandbox: async (_, id) => void calls.push(`remove ${id}`),
    });
    await removeOrphans(ctx, runtime, (uid) => uid === 'kept');
    expect(calls).toEqual([
      'stop c-first 20',
      'remove first',
      'stop c-then 20',
      'remove then',
      'stop c-last 20',
      'remove last',
    ]);
  });
});
