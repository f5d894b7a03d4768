import type { ConfigMap, Container, Secret } from '@binnacle/apis-kubernetes/core/v1';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fakeContext, noTokens, podOf } from '../testing/fakes.js';
import { volumeFiles } from '../volumes/volume-files.js';
import { containerConfig } from '../worker/container-config.js';
import { containerEnvironment, noSources } from './container-environment.js';
import { expand } from './expand.js';
import { fieldValue } from './field-ref.js';

/** What every object of JavaScript has, and what a key, a label or a variable may well be called. */
const INHERITED = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'];
const ctx = fakeContext();
const place = { podIp: '10.0.0.1', hostIp: '127.0.0.1', nodeName: 'n', allocatable: {} };
const record = (name: string, value: string) =>
  JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`) as Record<string, string>;
const map = (data: Record<string, string>): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'm' },
  data,
});

function environment(container: Partial<Container>, data: Record<string, string> = {}) {
  const main = { name: 'main', image: 'app', ...container };
  const sources = { ...noSources, configMap: async () => map(data) };
  return containerEnvironment({
    ctx,
    pod: podOf({ containers: [main] }),
    container: main,
    place,
    sources,
    file: async () => '',
  });
}

describe.each(INHERITED)('a name such as %s', (name) => {
  test('is a variable like any other', async () => {
    const env = [
      { name: 'BEFORE', value: `$(${name})` },
      { name, value: 'mine' },
      { name: 'AFTER', value: `$(${name})` },
    ];
    expect(Object.entries(await environment({ env }))).toEqual([
      ['BEFORE', `$(${name})`],
      [name, 'mine'],
      ['AFTER', 'mine'],
    ]);
  });

  test('is not replaced in a command where no variable is called so', () => {
    const container = { name: 'main', image: 'app', command: [`$(${name})`], args: [`a$(${name})b`] };
    const config = containerConfig(podOf(), container, { attempt: 0, env: {}, mounts: [] });
    expect([config.command, config.args]).toEqual([[`$(${name})`], [`a$(${name})b`]]);
    expect(expand(`$(${name})`, record(name, 'x'))).toBe('x');
  });

  test('is a key that a ConfigMap has, or has not', async () => {
    const from = (optional: boolean) => [
      { name: 'X', valueFrom: { configMapKeyRef: { name: 'm', key: name, optional } } },
    ];
    expect(await environment({ env: from(false) }, record(name, 'v'))).toEqual({ X: 'v' });
    expect(await environment({ env: from(true) })).toEqual({});
    await expect(environment({ env: from(false) })).rejects.toThrow(`couldn't find key ${name} in ConfigMap ns/m`);
    expect(
      Object.entries(await environment({ envFrom: [{ configMapRef: { name: 'm' } }] }, record(name, 'v'))),
    ).toEqual([[name, 'v']]);
  });

  test('is a label that a Pod has, or has not', () => {
    const pod = podOf({}, { labels: record(name, 'v'), annotations: {} });
    expect(fieldValue(pod, `metadata.labels['${name}']`, place)).toBe('v');
    expect(fieldValue(pod, `metadata.annotations['${name}']`, place)).toBe('');
    expect(() => fieldValue(pod, name, place)).toThrow(`unsupported fieldPath: ${name}`);
  });

  test('is a file of a volume, or none', async () => {
    const scope = {
      ctx,
      pod: podOf(),
      place,
      sources: { ...noSources, configMap: async () => map(record(name, 'v')) },
      tokens: noTokens,
    };
    const whole = await volumeFiles(scope, { name: 'v', configMap: { name: 'm' } });
    const item = { key: name, path: name };
    const chosen = await volumeFiles(scope, { name: 'v', configMap: { name: 'm', items: [item] } });
    const projected = await volumeFiles(scope, { name: 'v', projected: { sources: [{ configMap: { name: 'm' } }] } });
    for (const files of [whole, chosen, projected]) {
      expect(Object.entries(files ?? {}).map(([path, { content }]) => [path, String(content)])).toEqual([[name, 'v']]);
    }
    const empty = { ...scope, sources: { ...noSources, configMap: async () => map({}) } };
    await expect(volumeFiles(empty, { name: 'v', configMap: { name: 'm', items: [item] } })).rejects.toThrow(
      `configmap references non-existent config key: ${name} (of "m")`,
    );
  });
});

describe('references', () => {
  test('are replaced as a reader from left to right replaces them', () => {
    const pieces = fc.array(fc.constantFrom('$', '$$', '(', ')', '$(A)', '$(B)', '$(A', 'x', ' '), { maxLength: 8 });
    /** The forked Go package, said slowly. */
    const oracle = (text: string, variables: Record<string, string>): string => {
      let out = '';
      for (let at = 0; at < text.length; at += 1) {
        const close = text.indexOf(')', at);
        if (text[at] !== '$' || at + 1 >= text.length) out += text[at] ?? '';
        else if (text[at + 1] === '$') [out, at] = [`${out}$`, at + 1];
        else if (text[at + 1] === '(' && close > 0) {
          const name = text.slice(at + 2, close);
          out += variables[name] ?? `$(${name})`;
          at = close;
        } else out += '$';
      }
      return out;
    };
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        fc.pre(!/\$\([^)]*[($]/.test(text));
        expect(expand(text, { A: 'a', B: '$(A)' })).toBe(oracle(text, { A: 'a', B: '$(A)' }));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a volume', () => {
  const secret: Secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's' },
    data: { token: 'czNjcjN0', user: 'YW5u' },
  };
  const sources = {
    ...noSources,
    secret: async (_: unknown, __: string, name: string) => (name === 's' ? secret : undefined),
  };
  const filled = async (volume: object, spec: object = {}) => {
    const files = await volumeFiles(
      { ctx, pod: podOf(spec, { labels: { app: 'web' } }), place, sources, tokens: noTokens },
      { name: 'v', ...volume },
    );
    return (
      files &&
      Object.fromEntries(
        Object.entries(files).map(([path, { content, mode }]) => [path, `${content} ${mode.toString(8)}`]),
      )
    );
  };

  test.each<[string, object, object, object | undefined]>([
    ['that starts empty', { emptyDir: {} }, {}, undefined],
    ['of a Secret', { secret: { secretName: 's' } }, {}, { token: 's3cr3t 644', user: 'ann 644' }],
    ['with a mode', { secret: { secretName: 's', defaultMode: 0o400 } }, {}, { token: 's3cr3t 400', user: 'ann 400' }],
    [
      'of chosen keys',
      {
        secret: {
          secretName: 's',
          items: [
            { key: 'user', path: 'a/b', mode: 0o600 },
            { key: 'token', path: 't' },
          ],
          defaultMode: 0o440,
        },
      },
      {},
      { 'a/b': 'ann 600', t: 's3cr3t 440' },
    ],
    [
      'for a group',
      { secret: { secretName: 's', defaultMode: 0o600 } },
      { securityContext: { fsGroup: 5 } },
      { token: 's3cr3t 640', user: 'ann 640' },
    ],
    ['that need not be there', { secret: { secretName: 'gone', optional: true } }, {}, {}],
    [
      'of which a key need not be there',
      { secret: { secretName: 's', optional: true, items: [{ key: 'gone', path: 'g' }] } },
      {},
      {},
    ],
    [
      'of the Pod itself',
      { downwardAPI: { items: [{ path: 'app', fieldRef: { fieldPath: "metadata.labels['app']" } }] } },
      {},
      { app: 'web 644' },
    ],
    [
      'of several sources',
      {
        projected: {
          defaultMode: 0o440,
          sources: [
            { secret: { name: 's', items: [{ key: 'user', path: 'u' }] } },
            { downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
          ],
        },
      },
      {},
      { u: 'ann 440', name: 'p 440' },
    ],
  ])('%s', async (_, volume, spec, files) => expect(await filled(volume, spec)).toEqual(files));

  test.each<[object, string]>([
    [{ secret: { secretName: 'gone' } }, 'secret "gone" not found'],
    [
      { secret: { secretName: 's', items: [{ key: 'gone', path: 'g' }] } },
      'secret references non-existent config key: gone (of "s")',
    ],
    [{ projected: { sources: [{ configMap: { name: 'c' } }] } }, 'configmap "c" not found'],
  ])('%j cannot be filled: %s', async (volume, message) => {
    await expect(filled(volume)).rejects.toThrow(message);
  });
});
