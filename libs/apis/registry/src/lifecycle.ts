import type { KubeObject } from '@binnacle/machinery-meta';
import { semanticEqual } from '@binnacle/machinery-validation';

/** Takes fields, or their absence, over from the stored object; what is taken stays frozen. */
export function keep<T extends object>(next: T, old: T, ...fields: (keyof T)[]): void {
  for (const field of fields) {
    if (old[field] === undefined) delete next[field];
    else next[field] = old[field];
  }
}

/** `empty` is what a status says that nobody wrote: upstream writes some of its fields always. */
export function fillStatus(object: WithStatus, empty: object): void {
  object.status = { ...empty, ...(object.status as object | undefined) };
}

export function startGeneration(object: KubeObject): void {
  object.metadata.generation = 1;
}

/** Counts the generation on where one of the fields changed. */
export function countGeneration<T extends KubeObject>(next: T, old: T, ...fields: (keyof T)[]): void {
  const changed = fields.some((field) => !semanticEqual(next[field], old[field]));
  const generation = (old.metadata.generation ?? 0) + (changed ? 1 : 0);
  if (generation > 0) next.metadata.generation = generation;
}

/** Who writes a status of such a kind cannot change the metadata: what the server itself keeps of it goes on. */
export function keepMetadata(next: KubeObject, old: KubeObject): void {
  const { managedFields, resourceVersion } = next.metadata;
  next.metadata = { ...old.metadata };
  if (managedFields) next.metadata.managedFields = managedFields;
  if (resourceVersion) next.metadata.resourceVersion = resourceVersion;
}

interface WithStatus extends KubeObject {
  spec?: unknown;
  status?: unknown;
}

/** The usual rules of a kind with spec and status: writers of the one cannot change the other. */
export const specAndStatus = {
  /** `emptyStatus` is what the status reads before any controller has written it. */
  create: (emptyStatus: () => object) => (object: WithStatus) => {
    object.status = emptyStatus();
    startGeneration(object);
  },
  update: (next: WithStatus, old: WithStatus) => {
    keep(next, old, 'status');
    countGeneration(next, old, 'spec');
  },
  updateStatus: (next: WithStatus, old: WithStatus) => keep(next, old, 'spec'),
} as const;

/** Names the fields that differ, each on a line of its own: upstream prints a diff there. */
export function changedFields<T extends object>(next: T, old: T, prefix: string): string {
  const fields = Object.keys({ ...old, ...next }) as (keyof T & string)[];
  return fields
    .filter((field) => !semanticEqual(next[field], old[field]))
    .sort()
    .map((field) => `  ${prefix}.${field}`)
    .join('\n');
}
