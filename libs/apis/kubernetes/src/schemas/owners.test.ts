import { readFileSync } from 'node:fs';
import { applyType, conformToKind } from '@binnacle/apis-schema';
import { trackUpdate } from '@binnacle/machinery-apply';
import { type ManagedFieldsEntry, parseApiVersion } from '@binnacle/machinery-meta';
import { expect, test } from 'vitest';
import { builtinKind, builtinSchemas } from './builtin-schemas.js';

type Owners = Readonly<Record<string, unknown>>;

interface Case {
  readonly apiVersion: string;
  readonly kind: string;
  readonly old: object;
  readonly next: object;
  readonly made: Owners;
  readonly changed: Owners;
}

/** Random objects, what they become, and who then owns what: by apimachinery's managedfields over the Go types of 1.36. */
const cases = readFileSync(new URL('fixtures/owners.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

function ownersIn(text: string): Owners {
  const entries = text === '' ? [] : (JSON.parse(text) as ManagedFieldsEntry[]);
  return Object.fromEntries(entries.map(({ manager = '', fieldsV1 }) => [manager, fieldsV1]));
}

test.each(cases.map((one, at) => [at, `${one.apiVersion} ${one.kind}`, one] as const))(
  '%d: a %s is owned as upstream',
  (_, _kind, { apiVersion, kind, old, next, made, changed }) => {
    const { group, version } = parseApiVersion(apiVersion);
    const expected = builtinKind(group, version, kind);
    const write = { type: applyType(builtinSchemas, expected.schema), apiVersion };
    const [before, after] = [conformToKind(old, expected).object, conformToKind(next, expected).object];
    const owners = trackUpdate(undefined, before, { ...write, manager: 'maker' });
    expect(ownersIn(owners)).toEqual(made);
    const then = trackUpdate({ object: before, owners }, after, { ...write, manager: 'changer' });
    expect(ownersIn(then)).toEqual(changed);
  },
);
