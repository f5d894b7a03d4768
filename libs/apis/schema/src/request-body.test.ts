import { describe, expect, it } from 'vitest';
import {
  decodeJsonBody,
  decodeProtobufBody,
  decodeYamlBody,
  type DecodedBody,
  type ExpectedKind,
} from './request-body.js';
import { encodeMessage } from './protobuf/encode.js';
import { closeEnvelope } from './protobuf/envelope.js';
import { GVK, WIDGET, widgets } from './testing/widgets.js';
import { holdsTooMuch, MAX_BODY_VALUES } from './body-values.js';

const expected: ExpectedKind = { ...GVK, schema: WIDGET, schemas: widgets };
const body = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const json = (value: unknown): DecodedBody => decodeJsonBody(body(value), expected);
const apiVersion = 'things.example.io/v1';

describe('a body', () => {
  it('gets the kind it was sent for where it says none', () => {
    expect(json({ title: 'x' }).object).toEqual({ apiVersion, kind: 'Widget', metadata: {}, title: 'x' });
    expect(json({ apiVersion: '', kind: '', title: 'x' }).object).toMatchObject({ apiVersion, kind: 'Widget' });
  });

  it('tells what is unknown and what is said twice', () => {
    const { problems, unknownFields } = json('{"title":"a","title":"b","colour":1,"part":{"id":"x","i":2}}');
    expect(problems).toEqual(['duplicate field "title"', 'unknown field "colour"', 'unknown field "part.i"']);
    expect(unknownFields).toEqual(['colour', 'part.i']);
  });

  it('means the same as JSON, as YAML and as protobuf', () => {
    const object = { title: 'x', parts: [{ id: 'a' }], labels: { k: 'v' } };
    const yaml = 'title: x\nparts:\n- id: a\nlabels: {k: v}\n';
    const raw = encodeMessage(widgets, WIDGET, object);
    const fromJson = json(object).object;
    expect(decodeYamlBody(body(yaml), expected).object).toEqual(fromJson);
    expect(decodeProtobufBody(closeEnvelope({ apiVersion, kind: 'Widget', raw }), expected).object).toEqual(fromJson);
    expect(decodeProtobufBody(closeEnvelope({ apiVersion: '', kind: '', raw }), expected).object).toEqual(fromJson);
  });

  it.each<[unknown, string]>([
    [
      '',
      "the object provided is unrecognized (must be of type Widget): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
    ],
    [
      '{"title": ',
      'the object provided is unrecognized (must be of type Widget): couldn\'t get version/kind; json parse error: unexpected end of JSON input ({"title": )',
    ],
    [
      'title: a widget that is not JSON at all',
      "the object provided is unrecognized (must be of type Widget): couldn't get version/kind; json parse error: invalid character 'i' in literal true (expecting 'r') (7469746c653a2061207769646765742074686174206973206e6f74204a53 ...)",
    ],
    [
      { apiVersion: 'v1', kind: 'Pod' },
      'Pod in version "v1" cannot be handled as a Widget: no kind "Pod" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      { apiVersion: 'things.example.io/v2', kind: 'Widget' },
      'Widget in version "v2" cannot be handled as a Widget: no kind "Widget" is registered for version "things.example.io/v2" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      { apiVersion, kind: 'WidgetList' },
      'WidgetList in version "v1" cannot be handled as a Widget: converting (v1.WidgetList) to (things.Widget): unknown conversion',
    ],
    [
      { count: 'many' },
      'Widget in version "v1" cannot be handled as a Widget: json: cannot unmarshal string into Go struct field Widget.count of type int32',
    ],
  ])('%j is a bad request: %s', (value, message) => {
    expect(() => json(value)).toThrow(expect.objectContaining({ message, reason: 'BadRequest', code: 400 }));
  });

  it.each([
    ['[]', 'array'],
    ['"text"', 'string'],
    ['7', 'number'],
  ])('%s cannot even say its kind', (text, word) => {
    expect(() => json(text)).toThrow(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${word} into Go value of type struct {`,
    );
  });

  it('of null says as little as an empty object', () => {
    expect(json(null)).toEqual(json({}));
  });

  it('tells of its problems as they stand in it', () => {
    const { problems } = json('{"zzz":1,"title":"a","title":"b","aaa":{}}');
    expect(problems).toEqual(['unknown field "zzz"', 'duplicate field "title"', 'unknown field "aaa"']);
  });

  it('of protobuf that is none says what it is', () => {
    expect(() => decodeProtobufBody(body('{}'), expected)).toThrow(
      'the object provided is unrecognized (must be of type Widget): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] ({})',
    );
    const broken = closeEnvelope({ apiVersion, kind: 'Widget', raw: Uint8Array.of(0x0a, 0x7f) });
    expect(() => decodeProtobufBody(broken, expected)).toThrow(
      'Widget in version "v1" cannot be handled as a Widget: ',
    );
  });
});

describe('how much a value holds', () => {
  it('counts members and elements, wherever they stand', () => {
    expect(holdsTooMuch({ a: [1, 2], b: { c: 1 } }, 5)).toBe(false);
    expect(holdsTooMuch({ a: [1, 2], b: { c: 1 } }, 4)).toBe(true);
    expect(holdsTooMuch('text', 0)).toBe(false);
    expect(holdsTooMuch(null, 0)).toBe(false);
  });

  it('is bounded for a body', () => {
    const list = Array.from({ length: MAX_BODY_VALUES - 1 }, () => 0);
    expect(holdsTooMuch({ list })).toBe(false);
    expect(holdsTooMuch({ list: [...list, 0] })).toBe(true);
  });
});
