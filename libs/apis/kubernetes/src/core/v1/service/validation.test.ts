import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type { Service, ServiceSpec } from '../index.js';
import { services } from './definition.js';

const draft = (spec: ServiceSpec, name = 'web'): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'ns' },
  spec: { ports: [{ port: 80 }], ...spec },
});

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

function expectTexts(found: string[], expected: string[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [index, text] of expected.entries()) expect(found[index]).toContain(text);
}

describe('a new Service', () => {
  it.each<[reason: string, spec: ServiceSpec, expected: string[]]>([
    ['has ports', { ports: [] }, ['spec.ports: Required value']],
    ['needs none where it is headless', { ports: [], clusterIP: 'None' }, []],
    [
      'has ports from 1 to 65535',
      { ports: [{ port: 0 }] },
      [
        'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
        'spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive',
      ],
    ],
    [
      'names its ports where there are several',
      { ports: [{ port: 80 }, { port: 443, name: 'tls' }] },
      ['spec.ports[0].name: Required value'],
    ],
    [
      'has no port twice',
      {
        ports: [
          { port: 80, name: 'a' },
          { port: 80, name: 'b' },
        ],
      },
      ['spec.ports[1]: Duplicate value: {"protocol":"TCP","port":80}'],
    ],
    [
      'may have one port for two protocols',
      {
        ports: [
          { port: 53, name: 'a' },
          { port: 53, name: 'b', protocol: 'UDP' },
        ],
      },
      [],
    ],
    [
      'has no node port twice',
      {
        type: 'NodePort',
        ports: [
          { port: 80, name: 'a', nodePort: 30_080 },
          { port: 81, name: 'b', nodePort: 30_080 },
        ],
      },
      ['spec.ports[1].nodePort: Duplicate value: 30080'],
    ],
    [
      'has none where nobody may come from outside',
      { ports: [{ port: 80, nodePort: 30_080 }] },
      ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ],
    [
      'is of a known type',
      { type: 'Public' },
      [
        'spec.type: Unsupported value: "Public": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      ],
    ],
    [
      'has an address that is one',
      { clusterIP: '10.96.0.300' },
      ['spec.clusterIPs[0]: Invalid value: "10.96.0.300": must be a valid IP address'],
    ],
    [
      'says the same in both fields',
      { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.2'] },
      ['spec.clusterIPs: Invalid value: ["10.96.0.2"]: first value must match `clusterIP`'],
    ],
    [
      'is not headless and open to the outside',
      { type: 'NodePort', clusterIP: 'None' },
      ['spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services'],
    ],
    ['is an alias of a name', { type: 'ExternalName' }, ['spec.externalName: Required value']],
    [
      'sticks to a client for up to a day',
      { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 90_000 } } },
      [
        'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 90000: must be greater than 0 and less than 86400',
      ],
    ],
    [
      'has a policy for the outside only where it is open to it',
      { externalTrafficPolicy: 'Local' },
      ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services'],
    ],
    [
      'has known policies',
      { type: 'NodePort', externalTrafficPolicy: 'Near', internalTrafficPolicy: 'Far', trafficDistribution: 'Even' },
      [
        'spec.externalTrafficPolicy: Unsupported value: "Near": supported values: "Cluster", "Local"',
        'spec.internalTrafficPolicy: Unsupported value: "Far": supported values: "Cluster", "Local"',
        'spec.trafficDistribution: Unsupported value: "Even"',
      ],
    ],
    [
      'has source ranges only with a load balancer',
      { loadBalancerSourceRanges: ['10.0.0.0/8'] },
      ["spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'"],
    ],
    ['keeps to its zone or its node', { trafficDistribution: 'PreferSameZone' }, []],
    ['selects labels', { selector: { 'a b': 'c' } }, ['spec.selector: Invalid value: "a b"']],
    [
      'is not reached at addresses that mean another thing everywhere',
      { externalIPs: ['169.254.1.1', '0.0.0.0', '127.0.0.1', '::1', '192.0.2.7'] },
      [
        'spec.externalIPs[0]: Invalid value: "169.254.1.1": may not be in the link-local range',
        'spec.externalIPs[1]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
        'spec.externalIPs[2]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
        'spec.externalIPs[3]: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      ],
    ],
  ])('%s', (_reason, spec, expected) => {
    expectTexts(texts(rehearseCreate(services, draft(spec)).errors), expected);
  });

  it('has a name that DNS takes as a host', () => {
    expectTexts(texts(rehearseCreate(services, draft({}, '1web')).errors), []);
    const { errors } = rehearseCreate(services, draft({}, 'web.shop'));
    expectTexts(texts(errors), ['metadata.name: Invalid value: "web.shop": must not contain dots']);
  });
});

describe('defaults of a Service', () => {
  const defaulted = (spec: ServiceSpec) => rehearseCreate(services, draft(spec)).object.spec;

  it('say what the client left out', () => {
    expect(defaulted({})).toEqual({
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      sessionAffinity: 'None',
      type: 'ClusterIP',
    });
  });

  it.each<[reason: string, ServiceSpec, object]>([
    ['outside traffic goes anywhere', { type: 'NodePort' }, { externalTrafficPolicy: 'Cluster' }],
    ['a load balancer uses node ports', { type: 'LoadBalancer' }, { allocateLoadBalancerNodePorts: true }],
    [
      'clients stick for three hours',
      { sessionAffinity: 'ClientIP' },
      { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } },
    ],
    ['the address is in the list', { clusterIP: '10.96.0.5' }, { clusterIPs: ['10.96.0.5'] }],
    [
      'headless and with a selector it is of one family',
      { clusterIP: 'None', selector: { a: 'b' } },
      { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
    ],
    [
      'without one it is of both',
      { clusterIP: 'None' },
      { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' },
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(defaulted(spec)).toMatchObject(expected);
  });
});

const stored = (spec: ServiceSpec): Service => rehearseCreate(services, draft(spec)).object;
const allocated = stored({ clusterIP: '10.96.0.5' });
const exposed = stored({ type: 'NodePort', clusterIP: '10.96.0.5', ports: [{ port: 80, nodePort: 30_080 }] });

describe('an update of a Service', () => {
  it('keeps what was allocated where the client leaves it out', () => {
    const { object, errors } = rehearseUpdate(services, draft({ type: 'NodePort', ports: [{ port: 81 }] }), exposed);
    expect(errors).toEqual([]);
    expect(object.spec).toMatchObject({ clusterIP: '10.96.0.5', clusterIPs: ['10.96.0.5'] });
    expect(object.spec?.ports?.[0]?.nodePort).toBe(30_080);
  });

  it('drops what the new type has no use for', () => {
    const next: Service = { ...exposed, spec: { ...exposed.spec, type: 'ClusterIP' } };
    const { object, errors } = rehearseUpdate(services, next, exposed);
    expect(errors).toEqual([]);
    expect(object.spec).not.toHaveProperty('externalTrafficPolicy');
    expect(object.spec?.ports?.[0]).not.toHaveProperty('nodePort');
  });

  it('gives the address back when the Service becomes an alias', () => {
    const next: Service = {
      ...allocated,
      spec: { ...allocated.spec, type: 'ExternalName', externalName: 'example.com' },
    };
    const { object, errors } = rehearseUpdate(services, next, allocated);
    expect(errors).toEqual([]);
    for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'])
      expect(object.spec).not.toHaveProperty(field);
  });

  it.each<[reason: string, next: ServiceSpec, expected: string[]]>([
    [
      'does not move the Service',
      { clusterIP: '10.96.0.6' },
      ['spec.clusterIPs[0]: Invalid value: ["10.96.0.6"]: may not change once set'],
    ],
    ['may follow with the old field alone', { clusterIP: '10.96.0.5' }, []],
    [
      'does not change its family',
      { clusterIP: '10.96.0.5', ipFamilies: ['IPv6'] },
      [
        'spec.clusterIPs[0]: Invalid value: "10.96.0.5": expected an IPv6 value as indicated by `ipFamilies[0]`',
        'spec.ipFamilies[0]: Invalid value: ["IPv6"]: may not change once set',
      ],
    ],
  ])('%s', (_reason, spec, expected) => {
    expectTexts(texts(rehearseUpdate(services, draft(spec), allocated).errors), expected);
  });

  it('leaves the status alone', () => {
    const next: Service = { ...allocated, status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } } };
    expect(rehearseUpdate(services, next, allocated).object.status).toEqual(allocated.status);
  });
});

describe('the status of a Service', () => {
  const balanced = stored({ type: 'LoadBalancer' });
  const withIngress = (service: Service, ingress: object): Service =>
    ({ ...service, status: { loadBalancer: { ingress: [ingress] } } }) as Service;
  const complaints = (old: Service, ingress: object) =>
    texts(rehearseStatusUpdate(services, withIngress(old, ingress), old).errors);

  it('has addresses of a load balancer only where there is one', () => {
    expect(complaints(balanced, { ip: '10.0.0.1' })).toEqual([]);
    expect(complaints(allocated, { ip: '10.0.0.1' })).toEqual([
      "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'",
    ]);
  });

  it('has a host name that is no address', () => {
    expect(complaints(balanced, { hostname: '10.0.0.1' })).toEqual([
      'status.loadBalancer.ingress[0].hostname: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
    ]);
  });
});
