import { randomUUID } from 'node:crypto';
import { GROUP, REVIEW_VERSIONS } from '@binnacle/apis-extensions';
import { quote, type UnstructuredObject } from '@binnacle/machinery-meta';
import { getMember, isJsonObject, type JsonObject } from '@binnacle/machinery-patch';

/** An answer that is none; the text is upstream's. */
export class BadReview extends Error {}

export interface Review {
  readonly uid: string;
  readonly version: string;
  readonly body: string;
}

/** The first version that both sides understand is spoken. */
export function makeReview(
  versions: readonly string[],
  objects: readonly UnstructuredObject[],
  desiredAPIVersion: string,
): Review {
  const version = versions.find((one) => REVIEW_VERSIONS.includes(one));
  if (version === undefined) throw new BadReview('no supported conversion review versions');
  const uid = randomUUID();
  const request = { uid, desiredAPIVersion, objects };
  const body = JSON.stringify({ kind: 'ConversionReview', apiVersion: `${GROUP}/${version}`, request });
  return { uid, version, body };
}

const memberOf = (value: unknown, name: string): unknown => (isJsonObject(value) ? getMember(value, name) : undefined);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function checkEnvelope(answer: unknown, { uid, version }: Review): void {
  // The older version never said either.
  if (version !== 'v1') return;
  const expected = `${GROUP}/v1, Kind=ConversionReview`;
  const [apiVersion, kind] = ['apiVersion', 'kind'].map((name) => textOf(memberOf(answer, name)));
  const given = `${apiVersion}, Kind=${kind}`;
  if (given !== expected) throw new BadReview(`expected webhook response of ${expected}, got ${given}`);
  const answered = textOf(memberOf(memberOf(answer, 'response'), 'uid'));
  if (answered !== uid) throw new BadReview(`expected response.uid=${quote(uid)}, got ${quote(answered)}`);
}

/** The objects a webhook answered. @throws BadReview */
export function readReview(answer: unknown, review: Review): readonly unknown[] {
  const response = memberOf(answer, 'response');
  if (!isJsonObject(response)) throw new BadReview('no response provided');
  checkEnvelope(answer, review);
  const result = memberOf(response, 'result');
  const status = textOf(memberOf(result, 'status'));
  if (status !== 'Success') {
    const message = textOf(memberOf(result, 'message')).slice(0, 1000);
    throw new BadReview(message || `response.result.status was '${status}', not 'Success'`);
  }
  const objects = response.convertedObjects;
  return Array.isArray(objects) ? objects : [];
}

function sameOrRefuse(what: string, before: unknown, after: unknown): void {
  const [e, a] = [before, after].map((value) => textOf(value));
  if (e !== a) throw new BadReview(`must have the same ${what}: ${e} != ${a}`);
}

function labelsOf(metadata: JsonObject, name: 'labels' | 'annotations'): JsonObject | undefined {
  const value = metadata[name];
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw new BadReview(`invalid metadata.${name} in converted object`);
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw new BadReview(`metadata.${name}[${key}] must be a string in converted object`);
  }
  return value;
}

/** Of the metadata only labels and annotations may come from the webhook. */
function restoredMetadata(original: UnstructuredObject, metadata: JsonObject): UnstructuredObject['metadata'] {
  const { labels: _labels, annotations: _annotations, ...kept } = original.metadata;
  const restored: JsonObject = { ...kept };
  for (const name of ['labels', 'annotations'] as const) {
    const value = labelsOf(metadata, name);
    if (value) restored[name] = value;
  }
  return restored;
}

/** The object a webhook answered for another, as far as it may say. @throws BadReview */
export function acceptObject(original: UnstructuredObject, converted: unknown, apiVersion: string): UnstructuredObject {
  if (!isJsonObject(converted)) throw new BadReview('invalid type, expected an object');
  const given = textOf(converted.apiVersion);
  if (given !== apiVersion) {
    throw new BadReview(`invalid groupVersion (expected ${apiVersion}, received ${given})`);
  }
  const { metadata } = converted;
  if (!isJsonObject(metadata)) throw new BadReview('missing metadata in converted object');
  sameOrRefuse('kind', original.kind, converted.kind);
  sameOrRefuse('name', original.metadata.name, metadata.name);
  sameOrRefuse('namespace', original.metadata.namespace, metadata.namespace);
  sameOrRefuse('UID', original.metadata.uid, metadata.uid);
  return { ...converted, apiVersion, kind: original.kind, metadata: restoredMetadata(original, metadata) };
}
