import { createHash } from 'node:crypto';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { apiReference } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import {
  ANNOTATION_CONFIG_HASH,
  ANNOTATION_CONFIG_MIRROR,
  ANNOTATION_CONFIG_SOURCE,
} from '@binnacle/apis-kubernetes/well-known';
import { parseYaml } from '@binnacle/machinery-yaml';
import { CONFIG_SEEN_ANNOTATION } from '../pod/identity.js';

function isPod(value: unknown): value is Pod {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, apiVersion, metadata, spec } = value as Partial<Pod>;
  return kind === 'Pod' && apiVersion === 'v1' && typeof metadata?.name === 'string' && Array.isArray(spec?.containers);
}

export interface ManifestOrigin {
  readonly path: string;
  readonly nodeName: string;
  /** RFC 3339 */
  readonly seen: string;
}

/** Only what an administrator may say of a static Pod is taken over; where it came from is not his to say. */
function metadataOf(
  { metadata }: Pod,
  hash: string,
  { nodeName, seen }: Omit<ManifestOrigin, 'path'>,
): Pod['metadata'] {
  const { [ANNOTATION_CONFIG_MIRROR]: _mirror, ...annotations } = metadata.annotations ?? {};
  return {
    name: `${metadata.name}-${nodeName}`,
    namespace: metadata.namespace ?? 'default',
    uid: hash,
    ...(metadata.labels && { labels: metadata.labels }),
    annotations: {
      ...annotations,
      [ANNOTATION_CONFIG_HASH]: hash,
      [CONFIG_SEEN_ANNOTATION]: seen,
      [ANNOTATION_CONFIG_SOURCE]: 'file',
    },
  };
}

/**
 * Reads a static Pod's manifest, YAML or JSON. Its uid follows from what is in it, so that a changed file is another Pod.
 * Throws for what is no Pod. Behaves as kubernetes pkg/kubelet/config applyDefaults.
 */
export function readManifest(text: string, { path, nodeName, seen }: ManifestOrigin): Pod {
  const pod = parseYaml(text).value;
  if (!isPod(pod)) throw new Error(`${path} holds no v1 Pod`);
  const reference = apiReference(pod);
  if (reference !== undefined) throw new Error(`${path}: static pods may not reference ${reference}`);
  const hash = createHash('md5').update(`host:${nodeName}\nfile:${path}\n`).update(JSON.stringify(pod)).digest('hex');
  const { spec } = pod;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadataOf(pod, hash, { nodeName, seen }),
    spec: {
      ...spec,
      containers: spec?.containers ?? [],
      nodeName,
      tolerations: [...(spec?.tolerations ?? []), { operator: 'Exists', effect: 'NoExecute' }],
    },
    status: { phase: 'Pending' },
  };
}
