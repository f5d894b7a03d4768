import type {
  ConfigMap,
  DownwardAPIVolumeFile,
  KeyToPath,
  Pod,
  Secret,
  Volume,
  VolumeProjection,
} from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { EnvironmentSources } from '../environment/container-environment.js';
import { fieldValue, type PodPlace, resourceValue } from '../environment/field-ref.js';
import { findContainer, podNamespace } from '../pod/identity.js';

/** The content of a volume by path. */
export type VolumeFiles = Readonly<Record<string, Buffer>>;

export interface VolumeScope {
  readonly ctx: Context;
  readonly pod: Pod;
  readonly place: PodPlace;
  readonly sources: EnvironmentSources;
}

interface Reference {
  readonly kind: 'configmap' | 'secret';
  readonly name: string;
  readonly optional?: boolean;
  readonly items?: readonly KeyToPath[];
}

const bytes = (text: Readonly<Record<string, string>> | undefined, encoding: BufferEncoding): VolumeFiles =>
  Object.fromEntries(Object.entries(text ?? {}).map(([key, value]) => [key, Buffer.from(value, encoding)]));

const configMapFiles = ({ data, binaryData }: ConfigMap): VolumeFiles => ({
  ...bytes(data, 'utf8'),
  ...bytes(binaryData, 'base64'),
});
const secretFiles = ({ data }: Secret): VolumeFiles => bytes(data, 'base64');

function chosen(files: VolumeFiles, { items, kind, name, optional }: Reference): VolumeFiles {
  if (!items) return files;
  const result: Record<string, Buffer> = {};
  for (const { key, path } of items) {
    const content = files[key];
    if (content) result[path] = content;
    else if (!optional) throw new Error(`${kind} references non-existent config key: ${key} (of "${name}")`);
  }
  return result;
}

async function referenced({ ctx, pod, sources }: VolumeScope, reference: Reference): Promise<VolumeFiles> {
  const { kind, name, optional } = reference;
  const namespace = podNamespace(pod);
  const object =
    kind === 'configmap' ? await sources.configMap(ctx, namespace, name) : await sources.secret(ctx, namespace, name);
  if (!object && !optional) throw new Error(`${kind} "${name}" not found`);
  if (!object) return {};
  return chosen(kind === 'configmap' ? configMapFiles(object) : secretFiles(object as Secret), reference);
}

function downward({ pod, place }: VolumeScope, files: readonly DownwardAPIVolumeFile[]): VolumeFiles {
  const value = ({ fieldRef, resourceFieldRef }: DownwardAPIVolumeFile): string => {
    if (fieldRef) return fieldValue(pod, fieldRef.fieldPath, place);
    const container = resourceFieldRef && findContainer(pod, resourceFieldRef.containerName ?? '');
    return resourceFieldRef && container ? resourceValue(pod, container, resourceFieldRef, place) : '';
  };
  return Object.fromEntries(files.map((file) => [file.path, Buffer.from(value(file))]));
}

async function projected(scope: VolumeScope, sources: readonly VolumeProjection[]): Promise<VolumeFiles> {
  const parts = sources.map(async ({ configMap, secret, downwardAPI }) => {
    if (configMap) return await referenced(scope, { kind: 'configmap', ...configMap, name: configMap.name ?? '' });
    if (secret) return await referenced(scope, { kind: 'secret', ...secret, name: secret.name ?? '' });
    return downward(scope, downwardAPI?.items ?? []);
  });
  return Object.assign({}, ...(await Promise.all(parts)));
}

/** What a volume is filled with when its Pod starts; undefined for one that starts empty. Rejects where a source is missing. */
export async function volumeFiles(scope: VolumeScope, volume: Volume): Promise<VolumeFiles | undefined> {
  const { configMap, secret, downwardAPI, projected: projection } = volume;
  if (configMap) return await referenced(scope, { kind: 'configmap', ...configMap, name: configMap.name ?? '' });
  if (secret) return await referenced(scope, { kind: 'secret', ...secret, name: secret.secretName ?? '' });
  if (downwardAPI) return downward(scope, downwardAPI.items ?? []);
  return projection ? await projected(scope, projection.sources ?? []) : undefined;
}
