import { describe, expect, it } from 'vitest';
import { type Author, rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
  CertificateSigningRequestSpec,
  CertificateSigningRequestStatus,
} from '../index.js';
import { certificateSigningRequests } from './definition.js';
import { EXAMPLE_REQUEST } from './example.js';
import { printer } from './printer.js';

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

const request = (
  spec: Partial<CertificateSigningRequestSpec> = {},
  status?: CertificateSigningRequestStatus,
): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'jane' },
  spec: { request: EXAMPLE_REQUEST, signerName: 'example.com/signer', usages: ['client auth'], ...spec },
  ...(status && { status }),
});
const pem = (type: string, body: string): string => btoa(`-----BEGIN ${type}-----\n${body}\n-----END ${type}-----\n`);
/** Three parts of one byte each, as whatever is signed has. */
const SIGNED = btoa(String.fromCharCode(0x30, 9, 0x30, 1, 0, 0x30, 1, 0, 0x03, 1, 0));
const CERTIFICATE = pem('CERTIFICATE', SIGNED);

describe('a CertificateSigningRequest', () => {
  it.each<[reason: string, Partial<CertificateSigningRequestSpec>, expected: string[]]>([
    ['may be of any signer', { signerName: 'kubernetes.io/kube-apiserver-client', expirationSeconds: 600 }, []],
    [
      'carries a request',
      { request: pem('CERTIFICATE', SIGNED) },
      [expect.stringContaining('PEM block type must be CERTIFICATE REQUEST')],
    ],
    [
      'carries one that can be read',
      { request: pem('CERTIFICATE REQUEST', btoa('nonsense')) },
      [expect.stringContaining('x509: malformed certificate request')],
    ],
    ['is for something', { usages: [] }, ['spec.usages: Required value']],
    [
      'is for what there is, once',
      { usages: ['any', 'any', 'fun'] },
      [
        expect.stringContaining('spec.usages[2]: Unsupported value: "fun": supported values: "any", "cert sign"'),
        'spec.usages[1]: Duplicate value: "any"',
      ],
    ],
    ['is for a signer', { signerName: '' }, ['spec.signerName: Required value']],
    [
      'is for no signer of old',
      { signerName: 'kubernetes.io/legacy-unknown' },
      [
        'spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version',
      ],
    ],
    [
      'says domain and path of a signer',
      { signerName: 'signer' },
      [
        `spec.signerName: Invalid value: "signer": must be a fully qualified domain and path of the form 'example.com/signer-name'`,
      ],
    ],
    [
      'says a whole domain',
      { signerName: 'example/Signer' },
      [
        'spec.signerName: Invalid value: "example": should be a domain with at least two segments separated by dots',
        expect.stringContaining('spec.signerName: Invalid value: "Signer": validating label "Signer": a lowercase'),
      ],
    ],
    [
      'lasts ten minutes at least',
      { expirationSeconds: 599 },
      ['spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds (10 minutes)'],
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(texts(rehearseCreate(certificateSigningRequests, request(spec)).errors)).toEqual(expected);
  });

  it('is of whoever asked, and not approved by them', () => {
    const draft = request(
      { username: 'root', groups: ['system:masters'] },
      { conditions: [{ type: 'Approved', status: 'True' }] },
    );
    const author: Author = { name: 'jane', groups: ['devs'], extra: { scopes: ['a'] } };
    certificateSigningRequests.strategy.prepareForCreate?.(draft as never, author);
    expect(draft.spec).toEqual({ ...request().spec, username: 'jane', groups: ['devs'], extra: { scopes: ['a'] } });
    expect(draft.status).toEqual({});
  });

  it('changes by its subresources only', () => {
    const { object: old } = rehearseCreate(certificateSigningRequests, request());
    const next = request({ signerName: 'example.com/other' }, { certificate: CERTIFICATE });
    const { object, errors } = rehearseUpdate(certificateSigningRequests, next, old);
    expect([object, errors]).toEqual([old, []]);
  });
});

const NOW = Date.parse('2026-01-02T00:00:00Z');
const now = '2026-01-02T00:00:00Z';
const before = '2026-01-01T00:00:00Z';
const condition = (type: string, more: Partial<CertificateSigningRequestCondition> = {}) => ({
  type,
  status: 'True',
  lastUpdateTime: before,
  lastTransitionTime: before,
  ...more,
});
const dated = { lastUpdateTime: now, lastTransitionTime: now };

describe('its status', () => {
  const write = (status: CertificateSigningRequestStatus, old: CertificateSigningRequestStatus = {}) => {
    const { object, errors } = rehearseStatusUpdate(
      certificateSigningRequests,
      request({}, status),
      request({}, old),
      NOW,
    );
    return { status: object.status, errors: texts(errors) };
  };

  it('takes a certificate, once', () => {
    expect(write({ certificate: CERTIFICATE })).toEqual({ status: { certificate: CERTIFICATE }, errors: [] });
    expect(write({}, { certificate: CERTIFICATE }).errors).toEqual([
      'status.certificate: Forbidden: updates may not modify existing certificate content',
    ]);
  });

  it.each([
    ['x', 'must contain at least one CERTIFICATE PEM block'],
    [pem('KEY', SIGNED), 'only CERTIFICATE PEM blocks are allowed, found "KEY"'],
    [pem('CERTIFICATE', `a: b\n\n${SIGNED}`), 'no PEM block headers are permitted'],
    [pem('CERTIFICATE', btoa('x')), 'x509: malformed certificate'],
  ])('takes no other: %s', (certificate, why) => {
    const errors = [`status.certificate: Invalid value: "<certificate data>": ${why}`];
    expect(write({ certificate: certificate === 'x' ? btoa('x') : certificate }).errors).toEqual(errors);
  });

  it('takes conditions, dates them, and keeps those of who approves', () => {
    const approved = condition('Approved', { reason: 'Said' });
    const said = [
      { type: 'Approved', status: 'True', reason: 'Other' },
      { type: 'Failed', status: 'True' },
    ];
    expect(write({ conditions: said }, { conditions: [approved] })).toEqual({
      status: { conditions: [approved, { type: 'Failed', status: 'True', ...dated }] },
      errors: [],
    });
  });

  it('approves nothing and takes no decision back', () => {
    expect(write({ conditions: [{ type: 'Approved', status: 'True' }] }).errors).toEqual([
      'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
    ]);
    expect(write({}, { conditions: [condition('Denied')] }).errors).toEqual([
      'status.conditions: Forbidden: updates may not remove a condition of type "Denied"',
    ]);
  });
});

describe('its approval', () => {
  const { approval } = certificateSigningRequests.strategy.parts ?? {};
  const write = (status: CertificateSigningRequestStatus, old: CertificateSigningRequestStatus = {}) => {
    const [next, stored] = [request({ signerName: 'example.com/other' }, status), request({}, old)];
    approval?.prepareForUpdate(next as never, stored as never, NOW);
    return { object: next, errors: texts(approval?.validateUpdate(next as never, stored as never) ?? []) };
  };

  it('dates a decision and changes nothing else', () => {
    const { object, errors } = write({ conditions: [{ type: 'Approved', status: 'True' }], certificate: CERTIFICATE });
    expect(errors).toEqual([]);
    expect(object).toEqual(request({}, { conditions: [{ type: 'Approved', status: 'True', ...dated }] }));
  });

  it('keeps since when a condition is as it is', () => {
    const conditions = [{ type: 'Approved', status: 'True' }];
    expect(write({ conditions }, { conditions: [condition('Approved')] }).object.status?.conditions).toEqual([
      { type: 'Approved', status: 'True', lastUpdateTime: now, lastTransitionTime: before },
    ]);
  });

  it.each<[reason: string, CertificateSigningRequestCondition[], expected: string[]]>([
    [
      'is one or the other',
      [condition('Approved'), condition('Denied')],
      ['status.conditions: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive'],
    ],
    [
      'is never false',
      [condition('Approved', { status: 'False' })],
      ['status.conditions[0].status: Unsupported value: "False": supported values: "True"'],
    ],
    [
      'says type and status, each type once',
      [condition('', { status: '' }), condition('Other', { status: 'Unknown' }), condition('Other')],
      [
        'status.conditions[0].type: Required value',
        'status.conditions[0].status: Required value',
        'status.conditions[2].type: Duplicate value: "Other"',
      ],
    ],
  ])('%s', (_reason, conditions, expected) => expect(write({ conditions }).errors).toEqual(expected));

  it.each<[CertificateSigningRequestStatus, string]>([
    [{}, 'Pending'],
    [{ conditions: [condition('Approved')], certificate: CERTIFICATE }, 'Approved,Issued'],
    [{ conditions: [condition('Denied'), condition('Failed')] }, 'Denied,Failed'],
  ])('%j is shown as %s', (status, shown) => {
    const row = printer.row(request({ username: 'jane', expirationSeconds: 3600 }, status), NOW);
    expect(row.slice(2)).toEqual(['example.com/signer', 'jane', '60m', shown]);
  });
});
