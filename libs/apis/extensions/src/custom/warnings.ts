import { STANDARD_FINALIZERS } from '@binnacle/apis-registry';
import { quote, type UnstructuredObject } from '@binnacle/machinery-meta';
import { isQualifiedName } from '@binnacle/machinery-validation';

function finalizerWarnings(finalizer: string): string[] {
  const said = `metadata.finalizers: ${quote(finalizer)}`;
  const malformed = isQualifiedName(finalizer).map((complaint) => `${said}: ${complaint}`);
  if (finalizer.includes('/') || STANDARD_FINALIZERS.includes(finalizer)) return malformed;
  const including = finalizer.includes('.') ? ' including a path (/)' : '';
  const advice = `prefer a domain-qualified finalizer name${including} to avoid accidental conflicts with other finalizer writers`;
  return [...malformed, `${said}: ${advice}`];
}

/** What is said of finalizers that a write adds. */
export function customWarnings(next: UnstructuredObject, old?: UnstructuredObject): string[] {
  const before = new Set(old?.metadata.finalizers);
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !before.has(finalizer));
  return [...new Set(added)].sort().flatMap(finalizerWarnings);
}
