import type { UnstructuredObject } from '@binnacle/web-data';

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
  const spec = written.spec as { clusterIP?: string; clusterIPs?: string[] } | undefined;
  // A Service asks for its old address again; the address of nobody else can be in its way but for a moment.
  if (object.kind === 'Service' && spec?.clusterIP !== 'None') delete spec?.clusterIPs;
  return written;
}
