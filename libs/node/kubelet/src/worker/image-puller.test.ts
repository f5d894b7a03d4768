import type { Container } from '@binnacle/apis-kubernetes/core/v1';
import { ImagePullError, type ImageStatus } from '@binnacle/node-cri';
import { beforeEach, describe, expect, test } from 'vitest';
import { fakeContext, podOf, runtimeOf, toldEvents } from '../testing/fakes.js';
import { ImagePuller } from './image-puller.js';
import { StartFailure } from './start-failure.js';

let ctx = fakeContext();
let present: ImageStatus | undefined;
let pulls: string[];
let refusal: Error | undefined;
let told: string[];
let puller: ImagePuller;

beforeEach(() => {
  ctx = fakeContext();
  [present, pulls, refusal] = [undefined, [], undefined];
  const heard = toldEvents();
  told = heard.told;
  const runtime = runtimeOf({
    imageStatus: async () => present,
    pullImage: async (_, image) => {
      pulls.push(image);
      if (refusal) throw refusal;
      present = { id: 'sha256:1', repoTags: [image], sizeBytes: 42 };
      return image;
    },
  });
  puller = new ImagePuller(runtime, heard.events);
});

const container = (image: string, imagePullPolicy?: string): Container => ({
  name: 'main',
  image,
  ...(imagePullPolicy && { imagePullPolicy }),
});
const ensure = (image: string, policy?: string, pod = podOf()) => puller.ensure(ctx, pod, container(image, policy));
const failure = async (image = 'app:1', policy?: string): Promise<StartFailure> => {
  const error: unknown = await ensure(image, policy).catch((reason: unknown) => reason);
  if (error instanceof StartFailure) return error;
  throw new Error('it did not fail');
};
const HERE: ImageStatus = { id: 'x', repoTags: [], sizeBytes: 1 };

describe('an image', () => {
  test.each<[string, string | undefined, boolean]>([
    ['app', undefined, true],
    ['app:latest', undefined, true],
    ['app:1', undefined, false],
    ['registry:5000/app', undefined, true],
    ['registry:5000/app:1', undefined, false],
    ['app@sha256:0a', undefined, false],
    ['app:1', 'Always', true],
    ['app', 'IfNotPresent', false],
    ['app', 'Never', false],
  ])('%s that is here, with policy %s, is pulled: %s', async (image, policy, pulled) => {
    present = HERE;
    await ensure(image, policy);
    expect(pulls).toEqual(pulled ? [image] : []);
    const here = `Normal Pulled: Container image "${image}" already present on machine and can be accessed by the pod`;
    if (!pulled) expect(told).toEqual([here]);
  });

  test('that is not here is pulled, and it is told how long that took', async () => {
    await ensure('app:1');
    expect(told).toEqual([
      'Normal Pulling: Pulling image "app:1"',
      'Normal Pulled: Successfully pulled image "app:1" in 0ms (0ms including waiting). Image size: 42 bytes.',
    ]);
  });

  test('that must not be pulled and is not here cannot be had', async () => {
    expect(await failure('app:1', 'Never')).toMatchObject({
      reason: 'ErrImageNeverPull',
      message: 'Container image "app:1" is not present with pull policy of Never',
    });
    expect(pulls).toEqual([]);
  });

  test('whose name is none is told as that', async () => {
    puller = new ImagePuller(
      runtimeOf({
        imageStatus: () => Promise.reject(new ImagePullError('InvalidImageName', 'invalid reference format')),
      }),
      toldEvents().events,
    );
    expect(await failure('A B')).toMatchObject({ reason: 'InvalidImageName', message: 'invalid reference format' });
  });
});

describe('an image that cannot be had', () => {
  beforeEach(() => {
    refusal = new ImagePullError('ErrImagePull', 'not found');
  });

  test('is told with its reason, and shown so for a moment', async () => {
    expect(await failure()).toMatchObject({
      reason: 'ErrImagePull',
      message: 'not found',
      again: ctx.clock.now() + 3_000,
    });
    expect(told).toEqual([
      'Normal Pulling: Pulling image "app:1"',
      'Warning Failed: Failed to pull image "app:1": not found',
      'Warning Failed: Error: ErrImagePull',
    ]);
  });

  test('is then waited with, twice as long each time, up to five minutes', async () => {
    const waits: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      await failure();
      const waiting = await failure();
      expect(waiting).toMatchObject({ reason: 'ImagePullBackOff', message: 'Back-off pulling image "app:1"' });
      waits.push(((waiting.again ?? 0) - ctx.clock.now()) / 1000);
      ctx.clock.stepTo(waiting.again ?? 0);
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300]);
    expect(pulls).toHaveLength(7);
  });

  test('keeps only its own Pod waiting', async () => {
    await failure();
    refusal = undefined;
    await ensure('app:1', undefined, podOf({}, { uid: 'other' }));
    present = undefined;
    expect((await failure()).reason).toBe('ImagePullBackOff');
    puller.forget(podOf());
    await ensure('app:1');
  });

  test('is no failure of the image where the Pod is being stopped', async () => {
    const stopping = new AbortController();
    const stopped = new ImagePuller(
      runtimeOf({
        imageStatus: async () => undefined,
        pullImage: async () => {
          stopping.abort(new Error('the Pod is being stopped'));
          throw new Error('the Pod is being stopped');
        },
      }),
      toldEvents().events,
    );
    const error = stopped.ensure({ ...ctx, signal: stopping.signal }, podOf(), container('app:1'));
    await expect(error).rejects.not.toBeInstanceOf(StartFailure);
  });
});
