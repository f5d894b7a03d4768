import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import { deviceClasses } from './device-class/definition.js';
import type {
  DeviceClaim,
  DeviceClass,
  DeviceClassSpec,
  DeviceRequest,
  ExactDeviceRequest,
  ResourceClaim,
  ResourceClaimStatus,
  ResourceClaimTemplate,
} from './index.js';
import { resourceClaims } from './resource-claim/definition.js';
import { printer } from './resource-claim/printer.js';
import { resourceClaimTemplates } from './resource-claim-template/definition.js';

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

const apiVersion = 'resource.k8s.io/v1';
const gpu = (exactly: Partial<ExactDeviceRequest> = {}): DeviceRequest => ({
  name: 'gpu',
  exactly: { deviceClassName: 'gpu.example.com', ...exactly },
});
const claim = (devices: DeviceClaim = { requests: [gpu()] }): ResourceClaim => ({
  apiVersion,
  kind: 'ResourceClaim',
  metadata: { name: 'x', namespace: 'ns' },
  spec: { devices },
});
const selecting = (expression: string) => [gpu({ selectors: [{ cel: { expression } }] })];
const DEVICES = 'spec.devices';
const EXACTLY = 'spec.devices.requests[0].exactly';
const REFERENCE =
  "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

describe('a ResourceClaim', () => {
  it('asks for one device unless it says otherwise', () => {
    const requests = [
      gpu(),
      { name: 'any', firstAvailable: [{ name: 'a', deviceClassName: 'c', allocationMode: 'All' }] },
    ];
    const { object } = rehearseCreate(resourceClaims, { ...claim({ requests }), status: { reservedFor: [] } });
    expect(object.spec.devices?.requests).toEqual([
      gpu({ allocationMode: 'ExactCount', count: 1 }),
      { name: 'any', firstAvailable: [{ name: 'a', deviceClassName: 'c', allocationMode: 'All' }] },
    ]);
    expect(object.status).toEqual({});
  });

  it.each<[reason: string, DeviceClaim, expected: string[]]>([
    ['may ask for nothing', {}, []],
    ['may look at a device', { requests: selecting("device.attributes['gpu.example.com'].model == 'x'") }, []],
    [
      'may compare what a device holds',
      { requests: selecting("device.capacity['gpu.example.com'].memory.compareTo(quantity('10Gi')) >= 0") },
      [],
    ],
    ['may take whatever a driver says', { requests: selecting("device.attributes['gpu.example.com'].ok") }, []],
    [
      'looks at what a device has',
      { requests: selecting('device.color == 1') },
      [expect.stringContaining("undefined field 'color'")],
    ],
    [
      'decides by what it sees',
      { requests: selecting('device.driver') },
      [
        `${EXACTLY}.selectors[0].cel.expression: Invalid value: "device.driver": must evaluate to bool or the unknown type, not string`,
      ],
    ],
    ['looks by something', { requests: [gpu({ selectors: [{}] })] }, [`${EXACTLY}.selectors[0].cel: Required value`]],
    [
      'looks in ten kilobytes',
      { requests: selecting(`'${'x'.repeat(10_240)}' == ''`) },
      [`${EXACTLY}.selectors[0].cel.expression: Too long: may not be more than 10240 bytes`],
    ],
    ['names a class', { requests: [gpu({ deviceClassName: '' })] }, [`${EXACTLY}.deviceClassName: Required value`]],
    [
      'counts all or some',
      { requests: [gpu({ allocationMode: 'All', count: 2 })] },
      [`${EXACTLY}.count: Invalid value: 2: must not be specified when allocationMode is 'All'`],
    ],
    [
      'counts some, not fewer',
      { requests: [gpu({ allocationMode: 'ExactCount', count: -1 })] },
      [`${EXACTLY}.count: Invalid value: -1: must be greater than zero`],
    ],
    [
      'counts in a known way',
      { requests: [gpu({ allocationMode: 'Few' })] },
      [`${EXACTLY}.allocationMode: Unsupported value: "Few": supported values: "All", "ExactCount"`],
    ],
    [
      'tolerates well',
      {
        requests: [
          gpu({
            tolerations: [
              { operator: 'Exists', value: 'x' },
              { operator: '' },
              { operator: 'Like' },
              { operator: 'Equal', key: 'a b', effect: 'Hope' },
            ],
          }),
        ],
      },
      [
        `${EXACTLY}.tolerations[0].value: Invalid value: "x": must be empty for operator \`Exists\``,
        `${EXACTLY}.tolerations[1].operator: Required value`,
        `${EXACTLY}.tolerations[2].operator: Unsupported value: "Like": supported values: "Equal", "Exists"`,
        expect.stringContaining(`${EXACTLY}.tolerations[3].key: Invalid value: "a b": name part`),
        `${EXACTLY}.tolerations[3].effect: Unsupported value: "Hope": supported values: "NoExecute", "NoSchedule", "None"`,
      ],
    ],
    [
      'asks in one form',
      { requests: [{ name: 'a' }, { ...gpu(), name: 'b', firstAvailable: [{ name: 'x', deviceClassName: 'c' }] }] },
      [
        `${DEVICES}.requests[0]: Required value: exactly one of \`exactly\` or \`firstAvailable\` is required`,
        `${DEVICES}.requests[1]: Invalid value: null: exactly one of \`exactly\` or \`firstAvailable\` is required, but multiple fields are set`,
      ],
    ],
    [
      'calls each request something else',
      { requests: [gpu(), gpu()] },
      [`${DEVICES}.requests[1]: Duplicate value: "gpu"`],
    ],
    [
      'asks 32 times at most',
      { requests: Array.from({ length: 33 }, gpu) },
      [`${DEVICES}.requests: Too many: 33: must have at most 32 items`],
    ],
    [
      'compares requests there are, by one attribute',
      {
        requests: [gpu()],
        constraints: [
          { requests: ['gpu', 'cpu', 'a/b/c'], matchAttribute: 'gpu.example.com/numa' },
          { requests: ['gpu'], distinctAttribute: 'numa' },
          { requests: ['gpu'] },
        ],
      },
      [
        `${DEVICES}.constraints[0].requests[1]: Invalid value: "cpu": ${REFERENCE}`,
        `${DEVICES}.constraints[0].requests[2]: Invalid value: "a/b/c": ${REFERENCE}`,
        `${DEVICES}.constraints[1].distinctAttribute: Invalid value: "numa": a fully qualified name must be a domain and a name separated by a slash`,
        `${DEVICES}.constraints[2]: Required value: exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set`,
      ],
    ],
    [
      'tells drivers what they can read',
      {
        config: [
          {},
          { opaque: { driver: '', parameters: 'x' } },
          { opaque: { driver: 'd', parameters: { a: 'x'.repeat(10_240) } } },
        ],
      },
      [
        `${DEVICES}.config[0].opaque: Required value`,
        `${DEVICES}.config[1].opaque.driver: Required value`,
        `${DEVICES}.config[1].opaque.parameters: Invalid value: "<value omitted>": must be a valid JSON object`,
        `${DEVICES}.config[2].opaque.parameters: Too long: may not be more than 10240 bytes`,
      ],
    ],
  ])('%s', (_reason, devices, expected) => {
    expect(texts(rehearseCreate(resourceClaims, claim(devices)).errors)).toEqual(expected);
  });

  it('and a template of one never change', () => {
    const next = claim({ requests: [gpu({ count: 2 })] });
    const { object: old } = rehearseCreate(resourceClaims, claim());
    expect(texts(rehearseUpdate(resourceClaims, next, old).errors)).toEqual([
      expect.stringMatching(/^spec: Invalid value: .*: field is immutable$/),
    ]);
    const template = ({ spec }: ResourceClaim): ResourceClaimTemplate => ({
      apiVersion,
      kind: 'ResourceClaimTemplate',
      metadata: { name: 'x', namespace: 'ns' },
      spec: { spec, metadata: { labels: { 'a b': 'c' } } },
    });
    const { object, errors } = rehearseCreate(resourceClaimTemplates, template(claim()));
    expect(texts(errors)).toEqual([expect.stringContaining('spec.metadata.labels: Invalid value: "a b": name part')]);
    expect(texts(rehearseUpdate(resourceClaimTemplates, template(next), object).errors)).toEqual([
      expect.stringContaining('spec.metadata.labels'),
      expect.stringMatching(/^spec: Invalid value: .*: field is immutable$/),
    ]);
  });
});

const place = { driver: 'gpu.example.com', pool: 'node-1', device: 'gpu-0' };
const allocation = { devices: { results: [{ request: 'gpu', ...place }] } };
const consumer = { resource: 'pods', name: 'p', uid: 'u' };

describe('the status of a claim', () => {
  const write = (status: ResourceClaimStatus, old: ResourceClaimStatus = {}, meta: object = {}) => {
    const base = rehearseCreate(resourceClaims, claim()).object;
    const before = { ...base, metadata: { ...base.metadata, ...meta }, status: old };
    const { object, errors } = rehearseStatusUpdate(resourceClaims, { ...before, status }, before);
    return { status: object.status, errors: texts(errors) };
  };

  it.each<[reason: string, ResourceClaimStatus, expected: string[]]>([
    ['may be allocated and reserved', { allocation, reservedFor: [consumer] }, []],
    [
      'is reserved only once allocated',
      { reservedFor: [consumer] },
      ['status.reservedFor: Forbidden: may not be specified when `allocated` is not set'],
    ],
    [
      'is reserved for somebody, once',
      { allocation, reservedFor: [consumer, consumer, { resource: '', name: '', uid: '' }] },
      [
        'status.reservedFor[2].resource: Required value',
        'status.reservedFor[2].name: Required value',
        'status.reservedFor[2].uid: Required value',
        'status.reservedFor[1]: Duplicate value: "u"',
      ],
    ],
    [
      'is of a request and a device',
      {
        allocation: {
          devices: {
            results: [{ request: 'cpu', driver: '', pool: '', device: '-', shareID: 'x' }],
            config: [{ source: 'Nowhere', opaque: { driver: 'd', parameters: {} } }],
          },
          nodeSelector: { nodeSelectorTerms: [] },
        },
      },
      [
        `status.allocation.devices.results[0].request: Invalid value: "cpu": ${REFERENCE}`,
        'status.allocation.devices.results[0].driver: Required value',
        'status.allocation.devices.results[0].pool: Required value',
        expect.stringContaining(
          'status.allocation.devices.results[0].device: Invalid value: "-": a lowercase RFC 1123 label',
        ),
        'status.allocation.devices.results[0].shareID: Invalid value: "x": error validating uid: invalid UUID length: 1',
        'status.allocation.devices.config[0].source: Unsupported value: "Nowhere": supported values: "FromClaim", "FromClass"',
        'status.allocation.nodeSelector.nodeSelectorTerms: Required value: must have at least one node selector term',
      ],
    ],
    [
      'tells of devices that are allocated, once each',
      {
        allocation,
        devices: [
          { ...place, data: [1], networkData: { ips: ['10.0.0.1/24', '10.0.0.1', '2001:DB8::1/64'] } },
          place,
          { ...place, device: 'gpu-1' },
        ],
      },
      [
        'status.devices[0].data: Invalid value: "<value omitted>": must be a valid JSON object',
        'status.devices[0].networkData.ips[1]: Invalid value: "10.0.0.1": must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)',
        'status.devices[0].networkData.ips[2]: Invalid value: "2001:DB8::1/64": must be in canonical form ("2001:db8::1/64")',
        'status.devices[2]: Invalid value: "gpu.example.com/node-1/gpu-1": must be an allocated device in the claim',
        'status.devices[1]: Duplicate value: "gpu.example.com/node-1/gpu-0"',
      ],
    ],
  ])('%s', (_reason, status, expected) => expect(write(status).errors).toEqual(expected));

  it('is allocated once, and not reserved anew on its way out', () => {
    const other = { devices: { results: [{ request: 'gpu', ...place, device: 'gpu-1' }] } };
    expect(write({ allocation: other }, { allocation }).errors).toEqual([
      expect.stringMatching(/^status\.allocation: Invalid value: .*: field is immutable$/),
    ]);
    const going = { deletionTimestamp: '2026-01-01T00:00:00Z' };
    expect(write({ allocation, reservedFor: [consumer] }, { allocation }, going).errors).toEqual([
      'status.reservedFor: Forbidden: new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set',
    ]);
  });

  it('forgets what was said of devices that are given back', () => {
    expect(write({ devices: [place] }, { allocation, devices: [place] })).toEqual({ status: {}, errors: [] });
  });

  it.each<[ResourceClaimStatus, object, string]>([
    [{}, {}, 'pending'],
    [{ allocation, reservedFor: [consumer] }, {}, 'allocated,reserved'],
    [{ allocation }, { deletionTimestamp: '2026-01-01T00:00:00Z' }, 'deleted,allocated'],
    [{}, { deletionTimestamp: '2026-01-01T00:00:00Z' }, 'deleted'],
  ])('%j of %j is shown as %s', (status, meta, shown) => {
    const object = { ...claim(), metadata: { ...claim().metadata, ...meta }, status };
    expect(printer.row(object, 0)[1]).toBe(shown);
  });
});

it.each<[reason: string, DeviceClassSpec, expected: string[]]>([
  ['may be asked for as a resource of nodes', { extendedResourceName: 'example.com/gpu' }, []],
  [
    'is asked for by a name that may be',
    { extendedResourceName: 'cpu' },
    ['spec.extendedResourceName: Invalid value: "cpu": must be a valid extended resource name'],
  ],
  [
    'chooses and configures well',
    { selectors: [{}], config: [{}] },
    ['spec.selectors[0].cel: Required value', 'spec.config[0].opaque: Required value'],
  ],
])('a DeviceClass %s', (_reason, spec, expected) => {
  const object: DeviceClass = { apiVersion, kind: 'DeviceClass', metadata: { name: 'gpu' }, spec };
  expect(texts(rehearseCreate(deviceClasses, object).errors)).toEqual(expected);
});
