import type { UnstructuredObject } from '@binnacle/web-data';

interface Spec {
  clusterIP?: string;
  clusterIPs?: string[];
  manualSelector?: boolean;
  selector?: object;
  template?: { metadata?: { labels?: Record<string, string> } };
}

/** A Job chooses its Pods by its uid, which the server writes into them: another Job has another. */
function withoutOwnSelector(spec: Spec, uid: string | undefined): void {
  delete spec.selector;
  const labels = spec.template?.metadata?.labels ?? {};
  for (const [label, value] of Object.entries(labels)) if (value === uid) delete labels[label];
}

/** Takes away what would be in the way of the same object with another uid. */
function release({ kind, metadata }: UnstructuredObject, spec: Spec): void {
  // A Service asks for its old address again; the address of nobody else can be in its way but for a moment.
  if (kind === 'Service' && spec.clusterIP !== 'None') delete spec.clusterIPs;
  if (kind === 'Job' && !spec.manualSelector) withoutOwnSelector(spec, metadata.uid);
}

/** The object as somebody might have written it: without what the server gave it. */
export function asWritten(object: UnstructuredObject): UnstructuredObject {
  const { name, namespace, labels, annotations } = object.metadata;
  const { status: _, metadata: __, ...rest } = structuredClone(object);
  const written: UnstructuredObject = {
    ...rest,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      ...(name && { name }),
      ...(namespace && { namespace }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
    },
  };
  release(object, (written.spec ?? {}) as Spec);
  return written;
}
