import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import type { RuntimeClass } from '../index.js';
import { runtimeClasses } from './definition.js';

const draft = (fields: object = {}): RuntimeClass => ({
  apiVersion: 'node.k8s.io/v1',
  kind: 'RuntimeClass',
  metadata: { name: 'sandboxed' },
  handler: 'gvisor',
  ...fields,
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

describe('a RuntimeClass', () => {
  it.each<[reason: string, fields: object, expected: string[]]>([
    ['is held by anything', { metadata: { name: 'a', finalizers: ['mine'] } }, []],
    ['has a handler', { handler: '' }, ['handler: Required value']],
    ['with a name', { handler: 'a.b' }, ['handler: Invalid value: "a.b": must not contain dots']],
    [
      'takes something of containers',
      { overhead: { podFixed: { gold: '1', cpu: '-1' } } },
      [
        'overhead.limits[gold]: Invalid value: "gold": must be a standard resource type or fully qualified',
        'overhead.limits[gold]: Invalid value: "gold": must be a standard resource for containers',
        'overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
      ],
    ],
    [
      'runs on some nodes',
      { scheduling: { nodeSelector: { 'a b': 'c' }, tolerations: [{ key: 'a', operator: 'Like' }] } },
      [
        expect.stringContaining('scheduling.nodeSelector: Invalid value: "a b"'),
        expect.stringContaining('scheduling.tolerations[0].operator: Unsupported value: "Like"'),
      ],
    ],
    [
      'says once what it tolerates, for whatever time',
      {
        scheduling: {
          tolerations: [
            { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 },
            { key: 'a', operator: 'Exists', effect: 'NoExecute' },
          ],
        },
      },
      ['scheduling.tolerations[1]: Duplicate value: {"key":"a","operator":"Exists","effect":"NoExecute"}'],
    ],
  ])('%s', (_reason, fields, expected) => {
    expect(texts(rehearseCreate(runtimeClasses, draft(fields)).errors)).toEqual(expected);
  });

  it('keeps its handler, and writes amounts in one way', () => {
    const { object: old } = rehearseCreate(runtimeClasses, draft({ overhead: { podFixed: { memory: '1024Mi' } } }));
    expect(old.overhead).toEqual({ podFixed: { memory: '1Gi' } });
    expect(texts(rehearseUpdate(runtimeClasses, draft({ handler: 'kata' }), old).errors)).toEqual([
      'handler: Invalid value: "kata": field is immutable',
    ]);
  });

  it('warns of labels that are on their way out', () => {
    const next = draft({ scheduling: { nodeSelector: { 'beta.kubernetes.io/os': 'linux', disk: 'ssd' } } });
    expect(runtimeClasses.strategy.warnings?.(next as never)).toEqual([
      'scheduling.nodeSelector: deprecated since v1.14; use "kubernetes.io/os" instead',
    ]);
  });
});
