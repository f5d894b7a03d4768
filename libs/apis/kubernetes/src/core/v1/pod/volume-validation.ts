import { compareQuantities, isQuantity } from '@binnacle/machinery-quantity';
import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  isDns1123Label,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import { present, wellFormed } from '@binnacle/apis-registry';
import type { Volume } from '../index.js';
import { validateNoBacksteps } from './path-validation.js';
import {
  validateDownwardFiles,
  validateKeyFiles,
  validateMode,
  validateProjections,
} from './volume-file-validation.js';

type SourceKind = Exclude<keyof Volume, 'name'>;
type SourceRules = { readonly [K in SourceKind]?: (source: NonNullable<Volume[K]>, path: FieldPath) => FieldError[] };

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

export function validateHostPath({ path, type = '' }: NonNullable<Volume['hostPath']>, at: FieldPath): FieldError[] {
  if (!path) return [required(at.child('path'))];
  const known = HOST_PATH_TYPES.includes(type);
  return [
    ...validateNoBacksteps(path, at.child('path')),
    ...(known ? [] : [notSupported(at.child('type'), type, HOST_PATH_TYPES)]),
  ];
}

function validateEmptyDir({ sizeLimit }: NonNullable<Volume['emptyDir']>, at: FieldPath): FieldError[] {
  if (sizeLimit === undefined || (isQuantity(sizeLimit) && compareQuantities(sizeLimit, 0) >= 0)) return [];
  return [forbidden(at.child('sizeLimit'), 'SizeLimit field must be a valid resource quantity')];
}

export function validateNfs({ server, path }: NonNullable<Volume['nfs']>, at: FieldPath): FieldError[] {
  const relative = path?.startsWith('/') ? [] : [invalid(at.child('path'), path ?? '', 'must be an absolute path')];
  return [...present(server, at.child('server')), ...present(path, at.child('path')), ...relative];
}

/** What a source needs; of the kinds that are gone upstream only the name is known here. */
const SOURCE_RULES: SourceRules = {
  emptyDir: validateEmptyDir,
  hostPath: validateHostPath,
  nfs: validateNfs,
  secret: (source, at) => [
    ...present(source.secretName, at.child('secretName')),
    ...validateMode(source.defaultMode, at.child('defaultMode')),
    ...validateKeyFiles(source.items, at.child('items')),
  ],
  configMap: (source, at) => [
    ...present(source.name, at.child('name')),
    ...validateMode(source.defaultMode, at.child('defaultMode')),
    ...validateKeyFiles(source.items, at.child('items')),
  ],
  downwardAPI: (source, at) => [
    ...validateMode(source.defaultMode, at.child('defaultMode')),
    ...validateDownwardFiles(source.items, at),
  ],
  projected: (source, at) => [
    ...validateMode(source.defaultMode, at.child('defaultMode')),
    ...validateProjections(source, at),
  ],
  persistentVolumeClaim: (source, at) => present(source.claimName, at.child('claimName')),
  csi: (source, at) => present(source.driver, at.child('driver')),
  ephemeral: (source, at) => (source.volumeClaimTemplate ? [] : [required(at.child('volumeClaimTemplate'))]),
};

/** Upstream's order, which decides which of two sources is the one too many. */
const ORDER: readonly SourceKind[] = [
  'emptyDir',
  'hostPath',
  'secret',
  'nfs',
  'persistentVolumeClaim',
  'downwardAPI',
  'configMap',
  'projected',
  'csi',
  'ephemeral',
  'image',
];

const position = (kind: SourceKind): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);

function sourceKinds(volume: Volume): SourceKind[] {
  const fields = Object.keys(volume) as (keyof Volume)[];
  return fields
    .filter((field): field is SourceKind => field !== 'name' && volume[field] !== undefined && volume[field] !== null)
    .sort((a, b) => position(a) - position(b));
}

function validateSource(volume: Volume, path: FieldPath): FieldError[] {
  const [first, ...others] = sourceKinds(volume);
  if (!first) return [required(path, 'must specify a volume type')];
  const rule = SOURCE_RULES[first] as ((source: unknown, at: FieldPath) => FieldError[]) | undefined;
  return [
    ...(rule?.(volume[first], path.child(first)) ?? []),
    ...others.map((kind) => forbidden(path.child(kind), 'may not specify more than 1 volume type')),
  ];
}

/** A template may leave the image to whoever makes Pods of it. */
function validateImage({ image }: Volume, path: FieldPath, isPod: boolean): FieldError[] {
  return image && isPod ? present(image.reference, path.child('image', 'reference')) : [];
}

export interface ValidatedVolumes {
  /** The volumes that may be mounted. */
  readonly byName: ReadonlyMap<string, Volume>;
  readonly errors: FieldError[];
}

/** Behaves as kubernetes ValidateVolumes: a volume that is wrong cannot be mounted either. */
export function validateVolumes(
  volumes: readonly Volume[] | undefined,
  path: FieldPath,
  isPod: boolean,
): ValidatedVolumes {
  const byName = new Map<string, Volume>();
  const errors: FieldError[] = [];
  for (const [index, volume] of (volumes ?? []).entries()) {
    const at = path.index(index);
    const found = [
      ...validateSource(volume, at),
      ...validateImage(volume, at, isPod),
      ...wellFormed(volume.name, at.child('name'), isDns1123Label),
    ];
    if (byName.has(volume.name)) found.push(duplicate(at.child('name'), volume.name));
    if (found.length === 0) byName.set(volume.name, volume);
    errors.push(...found);
  }
  return { byName, errors };
}
