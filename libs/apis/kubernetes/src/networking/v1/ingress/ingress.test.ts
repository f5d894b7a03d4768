import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type { Ingress, IngressLoadBalancerIngress, IngressSpec } from '../index.js';
import { ingresses } from './definition.js';
import { printer } from './printer.js';

const backend = { service: { name: 'web', port: { number: 80 } } };
const rule = (overrides: object = {}) => ({
  host: 'example.com',
  http: { paths: [{ path: '/', pathType: 'Prefix', backend, ...overrides }] },
});
const draft = (spec: object, annotations?: Record<string, string>): Ingress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web', namespace: 'ns', ...(annotations && { annotations }) },
  spec: spec as IngressSpec,
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);
const faults = (spec: object, annotations?: Record<string, string>): string[] =>
  texts(rehearseCreate(ingresses, draft(spec, annotations)).errors);

describe('a new Ingress', () => {
  it('begins without an address', () => {
    const { object, errors } = rehearseCreate(ingresses, draft({ rules: [rule()] }));
    expect(errors).toEqual([]);
    expect(object).toMatchObject({ metadata: { generation: 1 }, status: { loadBalancer: {} } });
  });

  it.each<[reason: string, spec: object, expected: string[]]>([
    ['may have one place for all', { defaultBackend: backend }, []],
    ['leads somewhere', {}, ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified']],
    [
      'has hosts with names',
      { rules: [{ ...rule(), host: '10.0.0.1' }] },
      ['spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address'],
    ],
    [
      'or one for all of a domain',
      {
        rules: [
          { ...rule(), host: '*.example.com' },
          { ...rule(), host: 'a.*.com' },
        ],
      },
      [expect.stringContaining('spec.rules[1].host: Invalid value: "a.*.com": a wildcard DNS-1123 subdomain')],
    ],
    [
      'has some paths',
      { rules: [{ host: 'Foo', http: { paths: [] } }] },
      [
        expect.stringContaining('spec.rules[0].host: Invalid value: "Foo": a lowercase RFC 1123 subdomain'),
        'spec.rules[0].http.paths: Required value',
      ],
    ],
    [
      'has a class with a name',
      { rules: [rule()], ingressClassName: 'A' },
      [expect.stringContaining('spec.ingressClassName: Invalid value: "A"')],
    ],
    [
      'has certificates for hosts, in Secrets',
      { rules: [rule()], tls: [{ hosts: ['*.a.com', 'b*'], secretName: 'S' }, {}] },
      [
        expect.stringContaining('spec.tls[0].hosts[1]: Invalid value: "b*": a wildcard'),
        expect.stringContaining('spec.tls[0].secretName: Invalid value: "S"'),
      ],
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(faults(spec)).toEqual(expected);
  });

  it('says its class once, or twice the same', () => {
    const annotation = (value: string) => ({ 'kubernetes.io/ingress.class': value });
    expect(faults({ rules: [rule()], ingressClassName: 'a' }, annotation('a'))).toEqual([]);
    expect(faults({ rules: [rule()], ingressClassName: 'a' }, annotation('b'))).toEqual([
      'annotations.kubernetes.io/ingress.class: Invalid value: "b": must match `ingressClassName` when both are specified',
    ]);
    const old = draft({ rules: [rule()] }, annotation('b'));
    const warnings = (next: Ingress, before?: Ingress) => ingresses.strategy.warnings?.(next as never, before as never);
    expect(warnings(old)).toEqual([
      `annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`,
    ]);
    expect(warnings(old, old)).toEqual([]);
  });
});

describe('a path', () => {
  const PATH = 'spec.rules[0].http.paths[0]';

  it.each<[reason: string, path: object, expected: string[]]>([
    ['says how it is meant', { pathType: undefined }, [`${PATH}.pathType: Required value: pathType must be specified`]],
    [
      'in a known way',
      { pathType: 'Regex' },
      [`${PATH}.pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"`],
    ],
    ['is absolute', { path: 'a' }, [`${PATH}.path: Invalid value: "a": must be an absolute path`]],
    ['is there', { path: '' }, [`${PATH}.path: Invalid value: "": must be an absolute path`]],
    [
      'leads straight',
      { path: '/a//b/../c%2f/..', pathType: 'Exact' },
      [
        `${PATH}.path: Invalid value: "/a//b/../c%2f/..": must not contain '//'`,
        `${PATH}.path: Invalid value: "/a//b/../c%2f/..": must not contain '/../'`,
        `${PATH}.path: Invalid value: "/a//b/../c%2f/..": must not contain '%2f'`,
        `${PATH}.path: Invalid value: "/a//b/../c%2f/..": cannot end with '/..'`,
      ],
    ],
    ['of an implementation may be none', { path: '', pathType: 'ImplementationSpecific' }, []],
    ['or anything from the root', { path: '/a//b', pathType: 'ImplementationSpecific' }, []],
    [
      'but from there',
      { path: 'a', pathType: 'ImplementationSpecific' },
      [`${PATH}.path: Invalid value: "a": must be an absolute path`],
    ],
  ])('%s', (_reason, path, expected) => {
    expect(faults({ rules: [rule(path)] })).toEqual(expected);
  });
});

describe('where it leads', () => {
  const PATH = 'spec.defaultBackend';
  const resource = { apiGroup: 'example.com', kind: 'Bucket', name: 'x' };

  it.each<[reason: string, backend: object, expected: string[]]>([
    ['may be an object', { resource }, []],
    ['is somewhere', {}, [`${PATH}: Invalid value: "": resource or service backend is required`]],
    [
      'is one thing',
      { ...backend, resource },
      [`${PATH}: Invalid value: "": cannot set both resource and service backends`],
    ],
    [
      'has a name, if it is an object',
      { resource: { apiGroup: 'A', name: 'a/b' } },
      [
        expect.stringContaining(`${PATH}.resource.apiGroup: Invalid value: "A"`),
        `${PATH}.resource.kind: Required value`,
        `${PATH}.resource.name: Invalid value: "a/b": may not contain '/'`,
      ],
    ],
    ['may be a Service whose name begins with a digit', { service: { name: '1a', port: { number: 1 } } }, []],
    [
      'has a port',
      { service: { name: '' } },
      [`${PATH}.service.name: Required value`, `${PATH}: Required value: port name or number is required`],
    ],
    [
      'with a name or a number',
      { service: { name: 'a', port: { name: 'http', number: 80 } } },
      [`${PATH}: Invalid value: "": cannot set both port name & port number`],
    ],
    [
      'that is one',
      { service: { name: 'a', port: { number: 70_000 } } },
      [`${PATH}.service.port.number: Invalid value: 70000: must be between 1 and 65535, inclusive`],
    ],
    [
      'or the other',
      { service: { name: 'a', port: { name: '80' } } },
      [`${PATH}.service.port.name: Invalid value: "80": must contain at least one letter (a-z)`],
    ],
  ])('%s', (_reason, where, expected) => {
    expect(faults({ defaultBackend: where })).toEqual(expected);
  });
});

describe('the address of an Ingress', () => {
  const { object: stored } = rehearseCreate(ingresses, draft({ rules: [rule()] }));
  const update = (ingress: IngressLoadBalancerIngress[]) =>
    rehearseStatusUpdate(ingresses, { ...draft({}), status: { loadBalancer: { ingress } } }, stored);

  it('is an IP or a name', () => {
    expect(update([{ ip: '10.0.0.1' }, { hostname: 'a.example.com' }]).errors).toEqual([]);
    expect(texts(update([{ ip: '010.0.0.1' }, { hostname: '10.0.0.1' }]).errors)).toEqual([
      'status.loadBalancer.ingress[0].ip: Invalid value: "010.0.0.1": must not have leading 0s',
      'status.loadBalancer.ingress[1].hostname: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
    ]);
  });

  it('is all that a writer of the status writes, and only he', () => {
    const { object } = update([{ ip: '10.0.0.1' }]);
    expect(object.spec).toEqual(stored.spec);
    expect(rehearseStatusUpdate(ingresses, draft({}), object).object.status).toEqual({ loadBalancer: {} });
    const next: Ingress = { ...object, spec: { defaultBackend: backend } };
    expect(rehearseUpdate(ingresses, next, stored).object).toMatchObject({
      metadata: { generation: 2 },
      status: { loadBalancer: {} },
    });
  });
});

describe('a printed Ingress', () => {
  const hosts = (...names: string[]) => ({ rules: names.map((host) => ({ host })) });
  const cells = (spec: object, ingress: IngressLoadBalancerIngress[] = []) =>
    printer.row({ ...draft(spec), status: { loadBalancer: { ingress } } }, 0).slice(1, 5);

  it.each<[reason: string, spec: object, ingress: IngressLoadBalancerIngress[], expected: string[]]>([
    ['for all hosts', { defaultBackend: backend }, [], ['<none>', '*', '', '80']],
    [
      'with a class and a certificate',
      { ...hosts('a'), ingressClassName: 'nginx', tls: [{}] },
      [{ hostname: 'b' }, { ip: '10.0.0.1' }, { ip: '10.0.0.1' }],
      ['nginx', 'a', '10.0.0.1,b', '80, 443'],
    ],
    ['for many hosts', hosts('a', 'b', 'c', 'd', 'e'), [], ['<none>', 'a,b,c + 2 more...', '', '80']],
  ])('%s', (_reason, spec, ingress, expected) => {
    expect(cells(spec, ingress)).toEqual(expected);
  });
});
