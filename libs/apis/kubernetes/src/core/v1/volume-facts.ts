import type { KubeObject } from '@binnacle/machinery-meta';
import { type FieldError, type FieldPath, forbidden, notSupported } from '@binnacle/machinery-validation';
import { ANNOTATION_BETA_STORAGE_CLASS } from '../../well-known/index.js';

/** The class of a volume or of a claim, wherever it is said. */
export function storageClassOf({
  metadata,
  spec,
}: KubeObject & { readonly spec?: { storageClassName?: string } }): string {
  return metadata.annotations?.[ANNOTATION_BETA_STORAGE_CLASS] ?? spec?.storageClassName ?? '';
}

/** The short forms, in the order they are shown in. */
const SHORT = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
] as const;
const ACCESS_MODES = SHORT.map(([mode]) => mode as string).sort();

/** How a volume may be mounted: `RWO,ROX`. */
export function formatAccessModes(modes: readonly string[] = []): string {
  return SHORT.filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

/** Modes there are; a volume for one Pod is for nothing else. */
export function validateAccessModes(modes: readonly string[] = [], path: FieldPath): FieldError[] {
  const unknown = modes.filter((mode) => !ACCESS_MODES.includes(mode));
  const known = new Set(modes.filter((mode) => ACCESS_MODES.includes(mode)));
  const mixed = known.has('ReadWriteOncePod') && known.size > 1;
  return [
    ...unknown.map((mode) => notSupported(path, mode, ACCESS_MODES)),
    ...(mixed ? [forbidden(path, 'may not use ReadWriteOncePod with other access modes')] : []),
  ];
}
