import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { ImagePullError } from '@binnacle/node-cri';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { AddressPool } from './address-pool.js';
import { Catalogue } from './catalogue/catalogue.js';
import { anyOtherImage } from './catalogue/images.js';
import { chance, within } from './random.js';
import { SimImages } from './sim-images.js';

describe('images of a node', () => {
  let clock: FakeClock;
  let images: SimImages;
  const catalogue = new Catalogue([
    { ...anyOtherImage, images: ['slow'], pullMilliseconds: [1_000, 1_000], sizeMegabytes: [2, 2] },
    { ...anyOtherImage, images: ['gone'], missing: true },
    { ...anyOtherImage, images: ['tagged'], tags: '^v[0-9]$' },
  ]);
  const ctx = () => ({ signal: new AbortController().signal, clock, logger: silentLogger });
  beforeEach(() => {
    clock = new FakeClock(0);
    images = new SimImages(catalogue, 'seed');
  });

  test('are present once they were pulled, under all the names they go by', async () => {
    const pulled = images.pull(ctx(), 'slow');
    expect([images.status('slow'), images.list()]).toEqual([undefined, []]);
    clock.step(1_000);
    expect(await pulled).toBe('docker.io/library/slow:latest');
    const status = {
      id: 'docker.io/library/slow:latest',
      repoTags: ['docker.io/library/slow:latest'],
      sizeBytes: 2 * 2 ** 20,
    };
    expect([images.status('slow'), images.status('docker.io/library/slow:latest'), images.list()]).toEqual([
      status,
      status,
      [status],
    ]);
    expect(images.status('slow:2')).toBeUndefined();
  });

  test('are pulled once for all who ask at the same time, and not again', async () => {
    const pulls = [images.pull(ctx(), 'slow'), images.pull(ctx(), 'docker.io/library/slow')];
    expect(clock.pending).toBe(1);
    clock.step(1_000);
    await Promise.all(pulls);
    await images.pull(ctx(), 'slow');
    expect(clock.pending).toBe(0);
  });

  test('can be pulled again where the one who pulled gave up', async () => {
    const abort = new AbortController();
    const pulled = images.pull({ ...ctx(), signal: abort.signal }, 'slow');
    abort.abort(new Error('stopped'));
    await expect(pulled).rejects.toThrow('stopped');
    const again = images.pull(ctx(), 'slow');
    clock.step(1_000);
    await again;
    expect(images.list()).toHaveLength(1);
  });

  test.each<[string, string, string]>([
    [
      'gone:1',
      'ErrImagePull',
      'failed to pull and unpack image "docker.io/library/gone:1": failed to resolve reference "docker.io/library/gone:1": docker.io/library/gone:1: not found',
    ],
    ['tagged:x', 'ErrImagePull', 'docker.io/library/tagged:x: not found'],
    ['A B', 'InvalidImageName', 'couldn\'t parse image name "A B": invalid reference format'],
  ])('that are not there or have no name cannot be had: %s', async (image, reason, message) => {
    const error: unknown = await images.pull(ctx(), image).catch((failed: unknown) => failed);
    expect(error).toBeInstanceOf(ImagePullError);
    expect(error).toMatchObject({ reason, message: expect.stringContaining(message) as string });
  });

  test('exist with a tag there is, or with a digest alone', () => {
    const digest = `@sha256:${'0'.repeat(64)}`;
    expect(['tagged:v1', 'tagged:v10', 'tagged', `tagged${digest}`].map((image) => catalogue.exists(image))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

describe('addresses of a node', () => {
  test('are each given to one at a time, within the network, however they are taken and given back', () => {
    const steps = fc.array(fc.record({ take: fc.boolean(), wish: fc.nat(20), which: fc.nat(20) }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (all) => {
        const pool = new AddressPool('10.1.2.16/28');
        const held: string[] = [];
        for (const { take, wish, which } of all) {
          if (!take) {
            const [released] = held.splice(which % Math.max(1, held.length), 1);
            if (released) pool.release(released);
          } else if (held.length < 13) {
            const wanted = `10.1.2.${16 + wish}`;
            const isFree = wish >= 2 && wish <= 14 && !held.includes(wanted);
            const given = pool.take(wanted);
            if (isFree) expect(given).toBe(wanted);
            expect(held).not.toContain(given);
            held.push(given);
          } else expect(() => pool.take()).toThrow('no addresses available in 10.1.2.16/28');
          for (const ip of held) {
            const last = Number(ip.split('.')[3]);
            expect(ip.startsWith('10.1.2.') && last >= 18 && last <= 30).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('that were given back are used again last', () => {
    const pool = new AddressPool('10.0.0.0/29');
    const [first = '', second] = [pool.take(), pool.take()];
    pool.release(first);
    expect([second, pool.take(), pool.take(), pool.take(), pool.take()]).toEqual([
      '10.0.0.3',
      '10.0.0.4',
      '10.0.0.5',
      '10.0.0.6',
      '10.0.0.2',
    ]);
  });

  test.each(['10.0.0.0/31', '10.0.0.0/32', '10.0.0.0/30x'])('%s has no room for Pods', (cidr) => {
    expect(() => new AddressPool(cidr)).toThrow('has no room for Pods');
  });
});

test('chance keeps within its bounds, and differs with each of its words', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 4 }),
      fc.integer(),
      fc.nat(1_000),
      (words, least, width) => {
        const value = within([least, least + width], ...words);
        expect(value).toBeGreaterThanOrEqual(least);
        expect(value).toBeLessThanOrEqual(least + width);
        expect(chance(...words)).toBe(chance(...words));
      },
    ),
  );
  expect(new Set([chance('ab', 'c'), chance('a', 'bc'), chance('abc')]).size).toBe(3);
});
