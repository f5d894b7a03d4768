import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import type { IngressClass } from '../index.js';
import { ingressClasses } from './definition.js';
import { printer } from './printer.js';

const draft = (spec: object, annotations?: Record<string, string>): IngressClass => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name: 'nginx', ...(annotations && { annotations }) },
  spec: { controller: 'example.com/nginx', ...spec },
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);
const parameters = { apiGroup: 'example.com', kind: 'Config', name: 'x' };

describe('an IngressClass', () => {
  it('has parameters of the cluster, unless it says otherwise', () => {
    const { object, errors } = rehearseCreate(ingressClasses, draft({ parameters }));
    expect(errors).toEqual([]);
    expect(object).toMatchObject({ metadata: { generation: 1 }, spec: { parameters: { scope: 'Cluster' } } });
  });

  it.each<[reason: string, spec: object, expected: string[]]>([
    ['has a controller', { controller: '' }, ['spec.controller: Required value']],
    [
      'of a domain',
      { controller: 'nginx' },
      ['spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")'],
    ],
    [
      'said in few words',
      { controller: `example.com/${'x'.repeat(250)}` },
      ['spec.controller: Too long: may not be more than 250 bytes'],
    ],
    [
      'names its parameters',
      { parameters: { apiGroup: 'A', kind: 'a/b' } },
      [
        expect.stringContaining('spec.parameters.apiGroup: Invalid value: "A"'),
        'spec.parameters.kind: Invalid value: "a/b": may not contain \'/\'',
        'spec.parameters.name: Required value',
      ],
    ],
    [
      'has them somewhere known',
      { parameters: { ...parameters, scope: 'Node' } },
      ['spec.parameters.scope: Unsupported value: "Node": supported values: "Cluster", "Namespace"'],
    ],
    [
      'in no namespace, if they are of the cluster',
      { parameters: { ...parameters, namespace: 'ns' } },
      ["spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"],
    ],
    [
      'in one, if they are of one',
      { parameters: { ...parameters, scope: 'Namespace' } },
      ["spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"],
    ],
    [
      'that has a name',
      { parameters: { ...parameters, scope: 'Namespace', namespace: 'A' } },
      [expect.stringContaining('spec.parameters.namespace: Invalid value: "A"')],
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(texts(rehearseCreate(ingressClasses, draft(spec)).errors)).toEqual(expected);
  });

  it('keeps its controller, and counts other changes', () => {
    const { object: old } = rehearseCreate(ingressClasses, draft({}));
    expect(texts(rehearseUpdate(ingressClasses, draft({ controller: 'example.com/b' }), old).errors)).toEqual([
      'spec.controller: Invalid value: "example.com/b": field is immutable',
    ]);
    expect(texts(rehearseUpdate(ingressClasses, draft({ controller: '' }), old).errors)).toEqual([
      'spec.controller: Invalid value: "": field is immutable',
      'spec.controller: Required value',
    ]);
    const { object, errors } = rehearseUpdate(ingressClasses, draft({ parameters }), old);
    expect(errors).toEqual([]);
    expect(object.metadata.generation).toBe(2);
  });

  it('is printed with what it is told', () => {
    expect(printer.row(draft({}), 0).slice(0, 3)).toEqual(['nginx', 'example.com/nginx', '<none>']);
    const annotations = { 'ingressclass.kubernetes.io/is-default-class': 'true' };
    expect(printer.row(draft({ parameters }, annotations), 0).slice(0, 3)).toEqual([
      'nginx (default)',
      'example.com/nginx',
      'Config.example.com/x',
    ]);
  });
});
