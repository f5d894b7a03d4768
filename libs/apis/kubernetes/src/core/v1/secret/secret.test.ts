import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import { configMaps } from '../config-map/definition.js';
import type { ConfigMap, Secret } from '../index.js';
import { encodeText } from './defaults.js';
import { secrets } from './definition.js';

const MIB = 1024 * 1024;
const metadata = { name: 'x', namespace: 'ns' };
const secret = (fields: Partial<Secret>): Secret => ({ apiVersion: 'v1', kind: 'Secret', metadata, ...fields });
const configMap = (fields: Partial<ConfigMap>): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata,
  ...fields,
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

describe('a Secret', () => {
  it('takes plain text, and keeps it as data', () => {
    const { object } = rehearseCreate(secrets, secret({ data: { a: 'eA==', b: 'eQ==' }, stringData: { a: 'ü' } }));
    expect(object).toMatchObject({ type: 'Opaque', data: { a: 'w7w=', b: 'eQ==' } });
    expect(object).not.toHaveProperty('stringData');
  });

  it('encodes every text so that it can be read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(Buffer.from(encodeText(text), 'base64').toString()).toBe(text);
      }),
    );
  });

  it.each<[reason: string, Partial<Secret>, expected: string[]]>([
    [
      'keys are file names',
      { data: { 'a/b': '' } },
      ['data[a/b]: Invalid value: "a/b": a valid config key must consist of'],
    ],
    ['a mebibyte is enough', { stringData: { a: 'x'.repeat(MIB) } }, []],
    ['and no more', { stringData: { a: 'x'.repeat(MIB + 1) } }, ['data: Too long: may not be more than 1048576 bytes']],
    [
      'TLS needs both halves',
      { type: 'kubernetes.io/tls', stringData: { 'tls.crt': 'x' } },
      ['data[tls.key]: Required value'],
    ],
    [
      'basic authentication needs either half',
      { type: 'kubernetes.io/basic-auth' },
      ['data[username]: Required value', 'data[password]: Required value'],
    ],
    ['and one will do', { type: 'kubernetes.io/basic-auth', stringData: { username: '' } }, []],
    [
      'a token belongs to an account',
      { type: 'kubernetes.io/service-account-token' },
      ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
    ],
    [
      'credentials of a registry are JSON, and are not repeated in the message',
      { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': 'secret' } },
      ['data[.dockerconfigjson]: Invalid value: "<secret contents redacted>"'],
    ],
    ['a key of SSH is there', { type: 'kubernetes.io/ssh-auth' }, ['data[ssh-privatekey]: Required value']],
  ])('%s', (_reason, fields, expected) => {
    const found = texts(rehearseCreate(secrets, secret(fields)).errors);
    expect(found).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(found[index]).toContain(text);
  });

  it('does not change its type', () => {
    const { object: old } = rehearseCreate(secrets, secret({}));
    expect(texts(rehearseUpdate(secrets, secret({ type: 'example.com/x' }), old).errors)).toEqual([
      'type: Invalid value: "example.com/x": field is immutable',
    ]);
  });

  it('stays as it is once it is immutable', () => {
    const { object: old } = rehearseCreate(secrets, secret({ immutable: true, stringData: { a: 'x' } }));
    expect(texts(rehearseUpdate(secrets, secret({ stringData: { a: 'y' } }), old).errors)).toEqual([
      'immutable: Forbidden: field is immutable when `immutable` is set',
      'data: Forbidden: field is immutable when `immutable` is set',
    ]);
    const relabelled: Secret = { ...old, metadata: { ...metadata, labels: { a: 'b' } } };
    expect(rehearseUpdate(secrets, relabelled, old).errors).toEqual([]);
  });
});

describe('a ConfigMap', () => {
  it.each<[reason: string, Partial<ConfigMap>, expected: string[]]>([
    ['may be empty', {}, []],
    [
      'has every key once',
      { data: { a: '' }, binaryData: { a: '' } },
      ['data[a]: Invalid value: "a": duplicate of key present in binaryData'],
    ],
    ['keys stay in their folder', { data: { '..': '' } }, ['data[..]: Invalid value: "..": must not be \'..\'']],
    [
      'weighs no more than a mebibyte, all in all',
      { data: { a: 'x'.repeat(MIB) }, binaryData: { b: 'eA==' } },
      [': Too long: may not be more than 1048576 bytes'],
    ],
    ['counts bytes', { data: { a: 'ü'.repeat(MIB / 2 + 1) } }, [': Too long: may not be more than 1048576 bytes']],
  ])('%s', (_reason, fields, expected) => {
    expect(texts(rehearseCreate(configMaps, configMap(fields)).errors)).toEqual(expected);
  });

  it('stays as it is once it is immutable', () => {
    const old = configMap({ immutable: true, data: { a: 'x' } });
    expect(texts(rehearseUpdate(configMaps, configMap({ immutable: true, data: { a: 'y' } }), old).errors)).toEqual([
      'data: Forbidden: field is immutable when `immutable` is set',
    ]);
  });
});
