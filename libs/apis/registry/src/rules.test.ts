import { type FieldError, fieldPath, invalid } from '@binnacle/machinery-validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateEndpointAddress, validateReachableAddress } from './addresses.js';
import { base64Bytes, utf8Bytes, validateFrozen } from './data-size.js';
import { countGeneration, fillStatus, keep, specAndStatus } from './lifecycle.js';
import { canonicalise, canonicalised } from './quantities.js';
import {
  validateAtMost100Percent,
  validateIntOrPercent,
  validateReplicaCounts,
  validateRequiredSelector,
} from './replicas.js';
import {
  each,
  eachEntry,
  oneOf,
  optional,
  present,
  validateFinalizerName,
  validateMeta,
  validateStatusMeta,
  validateSupported,
  wellFormed,
} from './rules.js';

const AT = fieldPath('at');
const told = (errors: readonly FieldError[]): string[] => errors.map(({ field, message }) => `${field}: ${message}`);

describe('rules of parts', () => {
  const odd = (value: number, path: ReturnType<typeof fieldPath>) => (value % 2 ? [invalid(path, value, 'odd')] : []);

  it('are told under the index or the key of each', () => {
    expect(told(each([1, 2, 3], AT, odd))).toEqual(['at[0]: Invalid value: 1: odd', 'at[2]: Invalid value: 3: odd']);
    expect(each(undefined, AT, odd)).toEqual([]);
    expect(told(eachEntry({ a: 2, b: 5 }, AT, (_key, value, path) => odd(value, path)))).toEqual([
      'at[b]: Invalid value: 5: odd',
    ]);
    expect(eachEntry(undefined, AT, () => [])).toEqual([]);
  });

  it('hold for what is there only', () => {
    expect(optional(undefined, AT, odd)).toEqual([]);
    expect(optional(null, AT, odd)).toEqual([]);
    expect(optional(0, AT, odd)).toEqual([]);
    expect(optional(1, AT, odd)).toHaveLength(1);
  });

  it('ask for what must be there, and for its form', () => {
    const short = (text: string): string[] => (text.length > 2 ? ['too long', 'far too long'] : []);
    expect(told(present('', AT, 'say it'))).toEqual(['at: Required value: say it']);
    expect(present('x', AT)).toEqual([]);
    expect(told(wellFormed('', AT, short))).toEqual(['at: Required value']);
    expect(told(wellFormed('abc', AT, short))).toEqual([
      'at: Invalid value: "abc": too long',
      'at: Invalid value: "abc": far too long',
    ]);
    expect(told(oneOf(undefined, AT, ['A', 'B']))).toEqual(['at: Required value']);
    expect(told(oneOf('C', AT, ['A', 'B']))).toEqual(['at: Unsupported value: "C": supported values: "A", "B"']);
    expect(oneOf('B', AT, ['A', 'B'])).toEqual([]);
    expect(told(validateSupported('', AT, ['A']))).toEqual(['at: Unsupported value: "": supported values: "A"']);
  });

  it.each([
    ['kubernetes', true],
    ['orphan', true],
    ['foregroundDeletion', true],
    ['example.com/x', true],
    ['mine', false],
    ['Orphan', false],
  ])('of finalizers take %s: %s', (name, isGood) => {
    expect(validateFinalizerName(name, AT)).toHaveLength(isGood ? 0 : 1);
  });

  it('of metadata are those of the name, the namespace and the finalizers', () => {
    const object = { metadata: { name: 'A', finalizers: ['mine'] } } as never;
    expect(validateMeta(object, true).map(({ field }) => field)).toEqual([
      'metadata.name',
      'metadata.namespace',
      'metadata.finalizers[0]',
    ]);
    const written = { name: 'A!', labels: { 'a b': 'c' }, finalizers: ['a.b/c', 'mine'] } as never;
    expect(validateStatusMeta(written).map(({ field }) => field)).toEqual([
      'metadata.labels',
      'metadata.finalizers[1]',
    ]);
  });
});

describe('addresses of endpoints', () => {
  it.each([
    ['10.0.0.1', []],
    ['2001:db8::1', []],
    ['nowhere', ['at: Invalid value: "nowhere": must be a valid IP address']],
    ['0.0.0.0', ['at: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)']],
    ['::', ['at: Invalid value: "::": may not be unspecified (::)']],
    [
      '169.254.1.1',
      ['at: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
    ],
    ['fe80::1', ['at: Invalid value: "fe80::1": may not be in the link-local range (169.254.0.0/16, fe80::/10)']],
    [
      '224.0.0.9',
      ['at: Invalid value: "224.0.0.9": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
    ],
    ['224.0.1.9', []],
  ])('%s', (ip, faults) => {
    expect(told(validateEndpointAddress(ip, AT))).toEqual(faults);
    expect(told(validateReachableAddress(ip, AT))).toEqual(faults);
  });

  it.each(['127.0.0.1', '127.9.9.9', '::1'])('%s is an endpoint here, and reached from nowhere else', (ip) => {
    expect(validateEndpointAddress(ip, AT)).toEqual([]);
    expect(told(validateReachableAddress(ip, AT))).toEqual([
      `at: Invalid value: "${ip}": may not be in the loopback range (127.0.0.0/8, ::1/128)`,
    ]);
  });
});

describe('the weight of data', () => {
  it('is counted in bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 40 }), (text, data) => {
        expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
        expect(base64Bytes(Buffer.from(data).toString('base64'))).toBe(data.length);
      }),
    );
  });

  it('that is immutable stays as it is', () => {
    const why = 'Forbidden: field is immutable when `immutable` is set';
    const old = { immutable: true, data: { a: '1' }, kind: 'x' };
    expect(validateFrozen(structuredClone(old), old, ['data'])).toEqual([]);
    expect(told(validateFrozen({ ...old, immutable: false, data: { a: '2' }, kind: 'y' }, old, ['data']))).toEqual([
      `immutable: ${why}`,
      `data: ${why}`,
    ]);
    expect(validateFrozen({ ...old, data: {} }, { ...old, immutable: false }, ['data'])).toEqual([]);
  });
});

describe('numbers of replicas', () => {
  it.each([
    [5, []],
    ['50%', []],
    ['150%', []],
    [-1, ['at: Invalid value: -1: must be greater than or equal to 0']],
    ['x%', ['at: Invalid value: "x%": a valid percent string must be a numeric string followed by an ending \'%\'']],
  ])('may be %s', (value, faults) => {
    expect(told(validateIntOrPercent(value, AT)).map((one) => one.replace(/ \(e\.g\..*/, ''))).toEqual(faults);
  });

  it('are no more than all of them', () => {
    expect([100, '100%', 500].map((value) => validateAtMost100Percent(value, AT))).toEqual([[], [], []]);
    expect(told(validateAtMost100Percent('101%', AT))).toEqual([
      'at: Invalid value: "101%": must not be greater than 100%',
    ]);
  });

  it('of a status fit into each other', () => {
    const fields = ['replicas', 'readyReplicas', 'availableReplicas'];
    const judged = (status: Parameters<typeof validateReplicaCounts>[0]) =>
      told(validateReplicaCounts(status, AT, fields, fields.slice(1)));
    expect(judged({})).toEqual([]);
    expect(judged({ replicas: 3, readyReplicas: 3, availableReplicas: 2 })).toEqual([]);
    expect(judged({ replicas: -1 })[0]).toBe('at.replicas: Invalid value: -1: must be greater than or equal to 0');
    expect(judged({ replicas: 1, readyReplicas: 2 })).toEqual([
      'at.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
    ]);
    expect(judged({ replicas: 3, readyReplicas: 1, availableReplicas: 2 })).toEqual([
      'at.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas',
    ]);
  });

  it('are of what a selector selects, which must be something', () => {
    expect(told(validateRequiredSelector(undefined, AT))).toEqual(['at: Required value']);
    expect(told(validateRequiredSelector({}, AT))).toEqual([
      'at: Invalid value: {}: empty selector is invalid for deployment',
    ]);
    expect(validateRequiredSelector({ matchLabels: { a: 'b' } }, AT)).toEqual([]);
    const bad = { matchExpressions: [{ key: 'a', operator: 'Maybe' }] } as never;
    expect(told(validateRequiredSelector(bad, AT)).at(-1)).toMatch(/invalid label selector$/);
  });
});

describe('quantities of an object', () => {
  it('are written as upstream stores them, and what is none is left for validation', () => {
    const limits = { cpu: '1000m', memory: 'much', pods: 2 };
    canonicalise(limits as never, undefined);
    expect(limits).toEqual({ cpu: '1', memory: 'much', pods: '2' });
    expect([canonicalised('1024Ki'), canonicalised('much')]).toEqual(['1Mi', 'much']);
  });
});

interface Thing {
  metadata: { generation?: number };
  spec?: object;
  status?: object;
}
const thing = (generation: number | undefined, spec: object, status?: object): Thing & never =>
  ({ metadata: { ...(generation !== undefined && { generation }) }, spec, ...(status && { status }) }) as never;

describe('the life of an object with spec and status', () => {
  it('begins with its first generation and an empty status', () => {
    const made: Thing = thing(7, {}, { ready: true });
    specAndStatus.create(() => ({ replicas: 0 }))(made as never);
    expect(made).toEqual({ metadata: { generation: 1 }, spec: {}, status: { replicas: 0 } });
  });

  it('has a status where none is written, with what upstream always writes', () => {
    const objects: Thing[] = [thing(1, {}), thing(1, {}, { ready: 2 })];
    for (const object of objects) fillStatus(object as never, { replicas: 0, ready: 0 });
    expect(objects.map(({ status }) => status)).toEqual([
      { replicas: 0, ready: 0 },
      { replicas: 0, ready: 2 },
    ]);
  });

  it('counts its generation where the spec changes, whatever the writer says', () => {
    const old = thing(3, { a: 1 }, { s: 1 });
    const next: Thing = thing(9, { a: 2 }, { s: 2 });
    specAndStatus.update(next as never, old);
    expect(next).toEqual({ metadata: { generation: 4 }, spec: { a: 2 }, status: { s: 1 } });
    const same: Thing = thing(9, { a: 1 });
    specAndStatus.update(same as never, old);
    expect(same).toEqual({ metadata: { generation: 3 }, spec: { a: 1 }, status: { s: 1 } });
  });

  it('keeps the spec while the status is written', () => {
    const next: Thing = thing(3, { a: 2 }, { s: 2 });
    specAndStatus.updateStatus(next as never, thing(3, { a: 1 }));
    expect(next).toEqual({ metadata: { generation: 3 }, spec: { a: 1 }, status: { s: 2 } });
  });

  it('takes absence over too, and counts nothing where nothing was counted', () => {
    const next: { a?: number; b?: number } = { a: 1, b: 2 };
    keep(next, { b: 3 }, 'a', 'b');
    expect(next).toEqual({ b: 3 });
    const fresh: Thing = thing(undefined, {});
    countGeneration(fresh as never, thing(undefined, {}), 'spec' as never);
    expect(fresh.metadata).toEqual({});
  });
});
