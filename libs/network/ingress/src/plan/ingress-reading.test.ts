import type { Ingress } from '@binnacle/apis-kubernetes/networking/v1';
import { describe, expect, it } from 'vitest';
import { MOST_PATHS, readIngress } from './ingress-reading.js';

const backend = { service: { name: 'web', port: { number: 80 } } };

function ingressOf(paths: readonly string[], annotations: Record<string, string> = {}): Ingress {
  const prefixed = Object.entries(annotations).map(([name, value]) => [`nginx.ingress.kubernetes.io/${name}`, value]);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { namespace: 'shop', name: 'web', annotations: Object.fromEntries(prefixed) },
    spec: {
      rules: [
        {
          host: 'shop.example.com',
          http: { paths: paths.map((path) => ({ path, pathType: 'ImplementationSpecific', backend })) },
        },
      ],
    },
  };
}

const many = (count: number, path: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => path(index));

describe('an Ingress of more paths than are served', () => {
  it('serves as many as it may without a word', () => {
    const { paths, problems } = readIngress(ingressOf(many(MOST_PATHS, (index) => `/${index}`)));
    expect([paths.length, problems]).toEqual([MOST_PATHS, []]);
  });

  it('says once that the rest is not served', () => {
    const { paths, problems } = readIngress(ingressOf(many(MOST_PATHS + 50, (index) => `/${index}`)));
    expect([paths.length, problems]).toEqual([MOST_PATHS, [`only the first ${MOST_PATHS} paths are served`]]);
  });

  it('says it once however many names each path has', () => {
    const aliases = many(100, (index) => `a${index}`).join(',');
    const { problems } = readIngress(
      ingressOf(
        many(50, (index) => `/${index}`),
        { 'server-alias': aliases },
      ),
    );
    expect(problems).toEqual([`only the first ${MOST_PATHS} paths are served`]);
  });

  it('counts those that cannot be used as well', () => {
    const { paths, problems } = readIngress(
      ingressOf(
        many(MOST_PATHS + 50, () => '/('),
        { 'use-regex': 'true' },
      ),
    );
    expect([paths.length, problems.length]).toEqual([0, MOST_PATHS + 1]);
  });
});
