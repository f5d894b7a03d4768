import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import { formatApiVersion, newBadRequest, type UnstructuredObject } from '@binnacle/machinery-meta';
import { load } from 'js-yaml';
import { dropNulls } from './drop-nulls.js';
import { bodyFormat } from './media-types.js';

type Kind = { group: string; version: string; kind: string };

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch (error) {
    throw newBadRequest(`error decoding from json: ${(error as Error).message}`);
  }
}

function parseYaml(body: Buffer): unknown {
  try {
    return load(body.toString());
  } catch (error) {
    throw newBadRequest(`error converting YAML to JSON: yaml: ${(error as Error).message}`);
  }
}

/** Parses a request body by its Content-Type. Throws BadRequest or UnsupportedMediaType. */
export function parseBodyValue(body: Buffer, contentType: string | undefined): unknown {
  const format = bodyFormat(contentType);
  const value = format === 'yaml' ? parseYaml(body) : parseJson(body);
  dropNulls(value);
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkKind(value: Record<string, unknown>, expected: Kind): void {
  const apiVersion = formatApiVersion(expected);
  if (value.kind === undefined && value.apiVersion === undefined) return;
  if (value.kind === expected.kind && value.apiVersion === apiVersion) return;
  const provided = `${String(value.apiVersion ?? '')}, Kind=${String(value.kind ?? '')}`;
  throw newBadRequest(
    `${String(value.kind ?? '')} in version ${JSON.stringify(value.apiVersion ?? '')} cannot be handled as a ` +
      `${expected.kind}: the object provided is unrecognized (must be of type ${expected.kind}): ${provided}`,
  );
}

/** Checks that a parsed body is an object of a kind, and fills in what identifies the kind. */
export function asKind(value: unknown, expected: Kind): UnstructuredObject {
  if (!isObject(value)) throw newBadRequest('the body of the request must be one JSON or YAML object');
  checkKind(value, expected);
  const metadata = isObject(value.metadata) ? value.metadata : {};
  return { ...value, apiVersion: formatApiVersion(expected), kind: expected.kind, metadata };
}

export function kindOf({ group, version, names }: ResourceDefinition): Kind {
  return { group, version, kind: names.kind };
}
