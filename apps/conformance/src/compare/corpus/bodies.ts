import type { Case } from '../case.js';
import { caseMaker, type ComparedKind, nameOf } from './kind.js';

const YAML = { 'content-type': 'application/yaml' };

/** Bodies that are wrong as a whole. */
export function bodyCases({ definition, collection, resource, draft }: ComparedKind): Case[] {
  const make = caseMaker('body', resource);
  const object = draft('body');
  const path = `${collection}/${nameOf(object)}`;
  const text = JSON.stringify(object);
  const bodies: [string, unknown, Record<string, string>?][] = [
    ['nothing', ''],
    ['null', 'null'],
    ['null in YAML', 'null', YAML],
    ['a list', []],
    ['a text', '"text"'],
    ['a number', '7'],
    ['half of it', text.slice(0, -7)],
    ['more behind it', `${text}x`],
    ['an object twice', text + text],
    ['no kind', { ...object, kind: undefined }],
    ['no version', { ...object, apiVersion: undefined }],
    ['neither', { ...object, kind: undefined, apiVersion: undefined }],
    ['another kind', { apiVersion: 'v1', kind: 'ConfigMap', metadata: object.metadata }],
    ['a kind nobody knows', { ...object, kind: 'Nothing' }],
    ['a version nobody knows', { ...object, apiVersion: 'v9' }],
    ['a list of the kind', { apiVersion: object.apiVersion, kind: `${definition.names.kind}List`, items: [] }],
    ['metadata that is text', { ...object, metadata: 'text' }],
    ['members twice', text.replace('{', '{"kind":"Nothing",')],
    ['members in other letters', text.replace('"metadata"', '"Metadata"')],
    ['JSON that is YAML', text, YAML],
    ['two documents', `${text}\n---\n${text}`, YAML],
    ['a document behind nothing', `---\n${text}`, YAML],
    ['tabs', 'a:\n\t- b', YAML],
    ['a media type nobody knows', text, { 'content-type': 'text/plain' }],
    ['a media type with a charset', text, { 'content-type': 'application/json; charset=utf-8' }],
    ['a media type that is none', text, { 'content-type': ';;' }],
    ['protobuf that is none', text, { 'content-type': 'application/vnd.kubernetes.protobuf' }],
    ['protobuf that is cut off', 'k8s\u0000\n', { 'content-type': 'application/vnd.kubernetes.protobuf' }],
  ];
  const tried = 'dryRun=All';
  return [
    make('made for it', { method: 'POST', path: collection, body: object }),
    ...bodies.flatMap(([name, body, headers]) => [
      make(`create with ${name}`, {
        method: 'POST',
        path: `${collection}?${tried}`,
        body,
        ...(headers && { headers }),
      }),
      ...(definition.verbs.includes('update')
        ? [make(`update with ${name}`, { method: 'PUT', path: `${path}?${tried}`, body, ...(headers && { headers }) })]
        : []),
    ]),
    make('delete with nonsense', { method: 'DELETE', path, body: '{' }),
    make('delete with another kind', { method: 'DELETE', path, body: { kind: 'Pod', apiVersion: 'v1' } }),
    make('delete with an unknown field', { method: 'DELETE', path: `${path}?${tried}`, body: { strange: 1 } }),
    make('delete with YAML', {
      method: 'DELETE',
      path: `${path}?${tried}`,
      body: 'gracePeriodSeconds: 0',
      headers: YAML,
    }),
  ];
}
