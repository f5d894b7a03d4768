import { newNotAcceptable, newUnsupportedMediaType, StatusError } from '@binnacle/machinery-meta';

export const JSON_TYPE = 'application/json';
export const YAML_TYPE = 'application/yaml';
export const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf';

export interface MediaRange {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly quality: number;
}

function parseRange(text: string): MediaRange {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = Object.fromEntries(
    rest.map((part) => {
      const [name = '', value = ''] = part.split('=');
      return [name.trim().toLowerCase(), value.trim()];
    }),
  );
  const quality = parameters.q === undefined ? 1 : Number(parameters.q) || 0;
  return { type: type.toLowerCase(), parameters, quality };
}

/** The ranges of an Accept header, most wanted first; no header accepts everything. As upstream, 0 is the least wish of all. */
export function parseAccept(header: string | undefined): MediaRange[] {
  if (!header?.trim()) return [{ type: '*/*', parameters: {}, quality: 1 }];
  return header
    .split(',')
    .map(parseRange)
    .sort((a, b) => b.quality - a.quality);
}

/** The shape an object is asked for in. */
export type Transform = 'none' | 'table' | 'partialMetadata';

export interface Encoding {
  readonly transform: Transform;
  readonly format: 'json' | 'yaml';
  /** The `meta.k8s.io` version of the Table or PartialObjectMetadata. */
  readonly metaVersion: 'v1' | 'v1beta1';
}

const TRANSFORMS = new Map<string, Transform>([
  ['Table', 'table'],
  ['PartialObjectMetadata', 'partialMetadata'],
  ['PartialObjectMetadataList', 'partialMetadata'],
]);
const FORMATS = new Map<string, Encoding['format']>([
  [JSON_TYPE, 'json'],
  ['application/*', 'json'],
  ['*/*', 'json'],
  [YAML_TYPE, 'yaml'],
]);

const PLAIN: Readonly<Record<Encoding['format'], Encoding>> = {
  json: { transform: 'none', format: 'json', metaVersion: 'v1' },
  yaml: { transform: 'none', format: 'yaml', metaVersion: 'v1' },
};

export interface EncodingLimits {
  readonly tables: boolean;
  readonly yaml: boolean;
  /** The only form of PartialObjectMetadata that fits; either does without it. */
  readonly partial?: 'PartialObjectMetadata' | 'PartialObjectMetadataList';
}

/** One is not a list. Upstream says so once it has what was asked for, and then goes through no other wish. */
function checkPartial(asked: string, { partial }: EncodingLimits): void {
  if (!partial || asked === partial) return;
  const is = asked.endsWith('List') ? 'is not a list' : 'is a list';
  throw new StatusError(406, 'NotAcceptable', `you requested ${asked}, but the requested object ${is}`);
}

function encodingFor(range: MediaRange, limits: EncodingLimits): Encoding | undefined {
  const format = FORMATS.get(range.type);
  if (!format || (format === 'yaml' && !limits.yaml)) return undefined;
  const { as, g, v } = range.parameters;
  if (!as) return PLAIN[format];
  const transform = TRANSFORMS.get(as);
  if (!transform || g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) return undefined;
  if (transform === 'partialMetadata') checkPartial(as, limits);
  else if (!limits.tables) return undefined;
  return { transform, format, metaVersion: v };
}

/** Clients send few different headers, again and again. */
const REMEMBERED = 500;
const ranges = new Map<string | undefined, readonly MediaRange[]>();

function rangesOf(accept: string | undefined): readonly MediaRange[] {
  const known = ranges.get(accept);
  if (known) return known;
  const parsed = parseAccept(accept);
  if (ranges.size >= REMEMBERED) ranges.clear();
  ranges.set(accept, parsed);
  return parsed;
}

/** Chooses how to answer. Throws NotAcceptable where nothing the client takes can be made. */
export function negotiateEncoding(accept: string | undefined, limits: EncodingLimits): Encoding {
  for (const range of rangesOf(accept)) {
    const encoding = encodingFor(range, limits);
    if (encoding) return encoding;
  }
  throw newNotAcceptable(limits.yaml ? [JSON_TYPE, YAML_TYPE] : [JSON_TYPE]);
}

/** How a Status is written: as the client likes objects best, or in JSON where it likes nothing that can be made. */
export function statusFormat(accept: string | undefined): Encoding['format'] {
  for (const range of rangesOf(accept)) {
    const encoding = encodingFor(range, { tables: false, yaml: true });
    if (encoding?.transform === 'none') return encoding.format;
  }
  return 'json';
}

export type BodyFormat = 'json' | 'yaml' | 'protobuf';

const BODY_FORMATS = new Map<string, BodyFormat>([
  ['', 'json'],
  ['*/*', 'json'],
  [JSON_TYPE, 'json'],
  [YAML_TYPE, 'yaml'],
  [PROTOBUF_TYPE, 'protobuf'],
]);

/** The media type of a Content-Type header, without its parameters. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** How a request body is written; a body without a type is JSON, as clients that send bytes rely on. */
export function bodyFormat(contentType: string | undefined): BodyFormat {
  const format = BODY_FORMATS.get(contentType ?? '') ?? BODY_FORMATS.get(mediaType(contentType));
  if (!format) throw newUnsupportedMediaType([JSON_TYPE, YAML_TYPE, PROTOBUF_TYPE]);
  return format;
}
