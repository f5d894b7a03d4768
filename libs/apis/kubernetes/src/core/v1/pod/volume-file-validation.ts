import { type FieldError, type FieldPath, forbidden, invalid, required } from '@binnacle/machinery-validation';
import { each, optional, present } from '@binnacle/apis-registry';
import type {
  DownwardAPIVolumeFile,
  KeyToPath,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  VolumeProjection,
} from '../index.js';
import { validateFieldRef, validateResourceFieldRef } from './env-validation.js';
import { validateProjectedPath } from './path-validation.js';

const MAX_MODE = 0o777;
const MIN_TOKEN_SECONDS = 600;
const MAX_TOKEN_SECONDS = 2 ** 32;

const FILE_FIELDS = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

export function validateMode(mode: number | undefined, path: FieldPath): FieldError[] {
  if (mode === undefined || mode === null || (mode >= 0 && mode <= MAX_MODE)) return [];
  return [invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}

export function validateKeyFiles(items: readonly KeyToPath[] | undefined, path: FieldPath): FieldError[] {
  return each(items, path, (item, at) => [
    ...present(item.key, at.child('key')),
    ...present(item.path, at.child('path')),
    ...validateProjectedPath(item.path ?? '', at.child('path')),
    ...validateMode(item.mode, at.child('mode')),
  ]);
}

function validateDownwardSource(file: DownwardAPIVolumeFile, path: FieldPath): FieldError[] {
  const { fieldRef, resourceFieldRef } = file;
  if (!fieldRef && !resourceFieldRef) return [required(path, 'one of fieldRef and resourceFieldRef is required')];
  if (!fieldRef)
    return optional(resourceFieldRef, path.child('resourceFieldRef'), (ref, at) =>
      validateResourceFieldRef(ref, at, true),
    );
  const errors = validateFieldRef(fieldRef, path.child('fieldRef'), FILE_FIELDS);
  if (!resourceFieldRef) return errors;
  return [...errors, invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously')];
}

/** Upstream names the volume, not the file, in these errors. */
export function validateDownwardFiles(
  files: readonly DownwardAPIVolumeFile[] | undefined,
  path: FieldPath,
): FieldError[] {
  return (files ?? []).flatMap((file) => [
    ...present(file.path, path.child('path')),
    ...validateProjectedPath(file.path ?? '', path.child('path')),
    ...validateDownwardSource(file, path),
    ...validateMode(file.mode, path.child('mode')),
  ]);
}

function validateToken(token: ServiceAccountTokenProjection, path: FieldPath, volume: FieldPath): FieldError[] {
  const { expirationSeconds: seconds = 0, path: file } = token;
  const at = path.child('expirationSeconds');
  const errors: FieldError[] = [];
  if (seconds < MIN_TOKEN_SECONDS) errors.push(invalid(at, seconds, 'may not specify a duration less than 10 minutes'));
  if (seconds > MAX_TOKEN_SECONDS)
    errors.push(invalid(at, seconds, 'may not specify a duration larger than 2^32 seconds'));
  const where = volume.child('path');
  return [...errors, ...(file ? validateProjectedPath(file, where) : [required(where)])];
}

function validateProjection(source: VolumeProjection, path: FieldPath, volume: FieldPath): FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken } = source;
  const errors = [
    ...optional(secret, path.child('secret'), (projection, at) => [
      ...present(projection.name, at.child('name')),
      ...validateKeyFiles(projection.items, at.child('items')),
    ]),
    ...optional(configMap, path.child('configMap'), (projection, at) => [
      ...present(projection.name, at.child('name')),
      ...validateKeyFiles(projection.items, at.child('items')),
    ]),
    ...optional(downwardAPI, path.child('downwardAPI'), ({ items }, at) => validateDownwardFiles(items, at)),
    ...optional(serviceAccountToken, path.child('serviceAccountToken'), (token, at) =>
      validateToken(token, at, volume),
    ),
  ];
  const kinds = Object.values(source).filter((projection) => projection !== undefined && projection !== null);
  if (kinds.length > 1) errors.push(forbidden(path, 'may not specify more than 1 volume type per source'));
  return errors;
}

interface ProjectedFile {
  readonly path: string;
  /** What the error about a second file of that path shows. */
  readonly shown: string;
}

function filesOf({ secret, configMap, downwardAPI }: VolumeProjection): ProjectedFile[] {
  return [
    ...(secret?.items ?? []).map(({ path }) => ({ path, shown: secret?.name ?? '' })),
    ...(configMap?.items ?? []).map(({ path }) => ({ path, shown: configMap?.name ?? '' })),
    ...(downwardAPI?.items ?? []).map(({ path }) => ({ path, shown: path })),
  ].filter(({ path }) => path);
}

function validateDistinctFiles(files: readonly ProjectedFile[], path: FieldPath): FieldError[] {
  const taken = new Set<string>();
  return files.flatMap((file) => {
    if (taken.has(file.path)) return [invalid(path, file.shown, 'conflicting duplicate paths')];
    taken.add(file.path);
    return [];
  });
}

export function validateProjections({ sources = [] }: ProjectedVolumeSource, path: FieldPath): FieldError[] {
  return [
    ...each(sources, path.child('sources'), (source, at) => validateProjection(source, at, path)),
    ...validateDistinctFiles(sources.flatMap(filesOf), path),
  ];
}
