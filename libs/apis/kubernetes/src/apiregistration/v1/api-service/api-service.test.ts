import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate } from '@binnacle/apis-registry';
import type { APIService, APIServiceCondition, APIServiceSpec } from '../index.js';
import { apiServices } from './definition.js';
import { printer } from './printer.js';

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

const service = (spec: Partial<APIServiceSpec> = {}, name = 'v1.example.com'): APIService => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { group: 'example.com', version: 'v1', groupPriorityMinimum: 1000, versionPriority: 15, ...spec },
});

describe('an APIService', () => {
  it('of the server itself is available at once, one of a Service is not', () => {
    expect(rehearseCreate(apiServices, service()).object.status?.conditions).toEqual([
      {
        type: 'Available',
        status: 'True',
        lastTransitionTime: '2026-01-01T00:00:00Z',
        reason: 'Local',
        message: 'Local APIServices are always available',
      },
    ]);
    const { object } = rehearseCreate(apiServices, service({ service: { name: 's', namespace: 'ns' } }));
    expect([object.status, object.spec?.service?.port]).toEqual([{}, 443]);
  });

  it.each<[reason: string, APIService, expected: string[]]>([
    ['may be of the core', service({ group: '' }, 'v1.'), []],
    [
      'is called after what it serves',
      service({}, 'v2.example.com'),
      ['metadata.name: Invalid value: "v2.example.com": must be `spec.version+"."+spec.group`: "v1.example.com"'],
    ],
    [
      'has a group unless it is the core',
      service({ group: '', version: 'v2' }, 'v2.'),
      ['spec.group: Required value: only v1 may have an empty group and it better be legacy kube'],
    ],
    [
      'has a group and a version that may be',
      service({ group: '-', version: '1' }, '1.-'),
      [
        expect.stringContaining('spec.group: Invalid value: "-": a lowercase RFC 1123 subdomain'),
        expect.stringContaining('spec.version: Invalid value: "1": a DNS-1035 label'),
      ],
    ],
    [
      'has priorities within bounds',
      service({ groupPriorityMinimum: 20_001, versionPriority: 0 }),
      [
        'spec.groupPriorityMinimum: Invalid value: 20001: must be positive and less than 20000',
        'spec.versionPriority: Invalid value: 0: must be positive and less than 1000',
      ],
    ],
    [
      'of the server itself trusts nobody else',
      service({ caBundle: btoa('abc'), insecureSkipTLSVerify: true }),
      [
        'spec.caBundle: Invalid value: "3 bytes": local APIServices may not have a caBundle',
        'spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify',
      ],
    ],
    [
      'of a Service says which',
      service({ service: { port: 70_000 }, caBundle: btoa('abc'), insecureSkipTLSVerify: true }),
      [
        'spec.service.namespace: Required value',
        'spec.service.name: Required value',
        'spec.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive',
        'spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present',
      ],
    ],
  ])('%s', (_reason, object, expected) => {
    expect(texts(rehearseCreate(apiServices, object).errors)).toEqual(expected);
  });

  it('keeps all but the status of a writer of the status', () => {
    const { object: old } = rehearseCreate(apiServices, service());
    const { object } = rehearseStatusUpdate(apiServices, { ...service({ versionPriority: 9 }), status: {} }, old);
    expect(object).toEqual({ ...old, status: {} });
  });

  it.each<[Partial<APIServiceCondition> | undefined, APIServiceSpec['service'], string[]]>([
    [undefined, undefined, ['Local', 'Unknown']],
    [{ status: 'True', reason: 'Passed' }, { name: 's', namespace: 'ns' }, ['ns/s', 'True']],
    [{ status: 'False', reason: 'MissingEndpoints' }, undefined, ['Local', 'False (MissingEndpoints)']],
    [{ status: 'False' }, undefined, ['Local', 'False']],
  ])('with %j of %j is shown as %j', (condition, of, expected) => {
    const conditions = condition ? [{ type: 'Available', status: '', ...condition }] : [];
    const object = { ...service(of ? { service: of } : {}), status: { conditions } };
    expect(printer.row(object, 0).slice(1, 3)).toEqual(expected);
  });
});
