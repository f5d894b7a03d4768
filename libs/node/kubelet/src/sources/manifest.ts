import { createHash } from 'node:crypto';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { load } from 'js-yaml';
import { CONFIG_HASH_ANNOTATION, CONFIG_SEEN_ANNOTATION, CONFIG_SOURCE_ANNOTATION } from '../pod/identity.js';

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

/**
 * Reads a static Pod's manifest, YAML or JSON. Its uid follows from what is in it, so that a changed file is another Pod.
 * Throws for what is no Pod. Behaves as kubernetes pkg/kubelet/config applyDefaults.
 */
export function readManifest(text: string, { path, nodeName, seen }: ManifestOrigin): Pod {
  const pod = load(text);
  if (!isPod(pod)) throw new Error(`${path} holds no v1 Pod`);
  const hash = createHash('md5').update(`host:${nodeName}\nfile:${path}\n`).update(JSON.stringify(pod)).digest('hex');
  const { metadata, spec } = pod;
  return {
    ...pod,
    metadata: {
      ...metadata,
      name: `${metadata?.name}-${nodeName}`,
      namespace: metadata?.namespace ?? 'default',
      uid: hash,
      annotations: {
        ...metadata?.annotations,
        [CONFIG_HASH_ANNOTATION]: hash,
        [CONFIG_SEEN_ANNOTATION]: seen,
        [CONFIG_SOURCE_ANNOTATION]: 'file',
      },
    },
    spec: {
      ...spec,
      containers: spec?.containers ?? [],
      nodeName,
      tolerations: [...(spec?.tolerations ?? []), { operator: 'Exists', effect: 'NoExecute' }],
    },
    status: { phase: 'Pending' },
  };
}
