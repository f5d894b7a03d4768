import { describe, expect, test } from 'vitest';
import { builtinKind, builtinSchemas } from './builtin-schemas.js';
import {
  closeEnvelope,
  decodeDeleteOptions,
  decodeJsonBody,
  decodeProtobufBody,
  encodeMessage,
} from '@binnacle/apis-schema';

const pod = builtinKind('', 'v1', 'Pod');
const bytes = (text: string) => new TextEncoder().encode(text);
const json = (value: unknown) => bytes(JSON.stringify(value));

test('a body is read, completed and its problems told', () => {
  const body = bytes('{"metadata":{"name":"a","name":"b"},"spec":{"containers":[],"foo":1}}');
  expect(decodeJsonBody(body, pod)).toEqual({
    object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'b' }, spec: { containers: [] } },
    problems: ['duplicate field "metadata.name"', 'unknown field "spec.foo"'],
    unknownFields: ['spec.foo'],
  });
});

describe('bad bodies', () => {
  test.each([
    [
      json({ kind: 'Foo', apiVersion: 'v1' }),
      'Foo in version "v1" cannot be handled as a Pod: no kind "Foo" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      json({ kind: 'Deployment', apiVersion: 'apps/v1' }),
      'Deployment in version "v1" cannot be handled as a Pod: converting (v1.Deployment) to (core.Pod): unknown conversion',
    ],
    [
      json({ spec: { hostNetwork: 'yes' } }),
      'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool',
    ],
    [json({ apiVersion: 'a/b/c' }), 'unexpected GroupVersion string: a/b/c'],
    [
      json([1]),
      "the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct",
    ],
    [
      bytes('{"metadata":'),
      `the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: unexpected end of JSON input ({"metadata":)`,
    ],
    [
      bytes(''),
      `the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)`,
    ],
    [
      bytes('kind: Pod'),
      `the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: invalid character 'k' looking for beginning of value (6b696e643a20506f64)`,
    ],
  ])('%#', (body, message) => {
    expect(() => decodeJsonBody(body, pod)).toThrow(message);
    expect(() => decodeJsonBody(body, pod)).toThrow(expect.objectContaining({ code: 400 }));
  });

  test('an event of the other group has the wrong version', () => {
    const event = builtinKind('', 'v1', 'Event');
    expect(() => decodeJsonBody(json({ kind: 'Event', apiVersion: 'events.k8s.io/v1' }), event)).toThrow(
      'the API version in the data (events.k8s.io/v1) does not match the expected API version (v1)',
    );
  });
});

describe('protobuf', () => {
  const body = (kind: string, object: object) =>
    closeEnvelope({
      apiVersion: 'v1',
      kind,
      raw: encodeMessage(builtinSchemas, pod.schema, object as Record<string, unknown>),
    });

  test('is read', () => {
    const { object } = decodeProtobufBody(body('Pod', { metadata: { name: 'a' }, spec: { priority: 0 } }), pod);
    expect(object).toEqual({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { priority: 0 } });
  });

  test('is refused where it is malformed or of another kind', () => {
    expect(() => decodeProtobufBody(body('Foo', {}), pod)).toThrow(
      'Foo in version "v1" cannot be handled as a Pod: no kind',
    );
    expect(() => decodeProtobufBody(bytes('nope'), pod)).toThrow(
      'the object provided is unrecognized (must be of type Pod): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (6e6f7065)',
    );
    const cut = closeEnvelope({ apiVersion: 'v1', kind: 'Pod', raw: Uint8Array.of(0x0a, 0x7f) });
    expect(() => decodeProtobufBody(cut, pod)).toThrow(
      'Pod in version "v1" cannot be handled as a Pod: unexpected EOF',
    );
  });
});

test('delete options are read in the version of any group and in both encodings', () => {
  const options = {
    kind: 'DeleteOptions',
    apiVersion: 'apps/v1',
    propagationPolicy: 'Foreground',
    gracePeriodSeconds: 0,
  };
  const expected = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Foreground', gracePeriodSeconds: 0 };
  expect(decodeDeleteOptions(json(options), 'json', builtinSchemas).object).toMatchObject(expected);
  const raw = encodeMessage(builtinSchemas, 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions', options);
  const body = closeEnvelope({ apiVersion: 'v1', kind: 'DeleteOptions', raw });
  expect(decodeDeleteOptions(body, 'protobuf', builtinSchemas).object).toMatchObject(expected);
});
