import type {
  ConfigMap,
  DownwardAPIVolumeFile,
  KeyToPath,
  Pod,
  Secret,
  ServiceAccountTokenProjection,
  Volume,
  VolumeProjection,
} from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import { own } from '@binnacle/machinery-meta';
import type { EnvironmentSources } from '../environment/container-environment.js';
import { fieldValue, type PodPlace, resourceValue } from '../environment/field-ref.js';
import { findContainer, podNamespace } from '../pod/identity.js';
import type { TokenSource } from './pod-tokens.js';

export interface VolumeFile {
  readonly content: Buffer;
  /** Permission bits. */
  readonly mode: number;
}

/** What a volume holds, by path. */
export type VolumeFiles = Readonly<Record<string, VolumeFile>>;
type Contents = Readonly<Record<string, Buffer>>;

const DEFAULT_MODE = 0o644;
const PRIVATE_MODE = 0o600;
/** What a volume's group may do with files nobody writes. */
const GROUP_READS = 0o440;

export interface VolumeScope {
  readonly ctx: Context;
  readonly pod: Pod;
  readonly place: PodPlace;
  readonly sources: EnvironmentSources;
  readonly tokens: TokenSource;
}

interface Reference {
  readonly kind: 'configmap' | 'secret';
  readonly name: string;
  readonly optional?: boolean;
  readonly items?: readonly KeyToPath[];
  readonly defaultMode?: number;
}

const bytes = (text: Readonly<Record<string, string>> | undefined, encoding: BufferEncoding): Contents =>
  Object.fromEntries(Object.entries(text ?? {}).map(([key, value]) => [key, Buffer.from(value, encoding)]));

const configMapFiles = ({ data, binaryData }: ConfigMap): Contents => ({
  ...bytes(data, 'utf8'),
  ...bytes(binaryData, 'base64'),
});
const secretFiles = ({ data }: Secret): Contents => bytes(data, 'base64');

const withMode = (files: Contents, mode: number): VolumeFiles =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [path, { content, mode }]));

function chosen(files: Contents, { items, kind, name, optional, defaultMode = DEFAULT_MODE }: Reference): VolumeFiles {
  if (!items) return withMode(files, defaultMode);
  const result = new Map<string, VolumeFile>();
  for (const { key, path, mode = defaultMode } of items) {
    const content = own(files, key);
    if (content) result.set(path, { content, mode });
    else if (!optional) throw new Error(`${kind} references non-existent config key: ${key} (of "${name}")`);
  }
  return Object.fromEntries(result);
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

function downward(
  { pod, place }: VolumeScope,
  files: readonly DownwardAPIVolumeFile[],
  defaultMode = DEFAULT_MODE,
): VolumeFiles {
  const value = ({ fieldRef, resourceFieldRef }: DownwardAPIVolumeFile): string => {
    if (fieldRef) return fieldValue(pod, fieldRef.fieldPath, place);
    const container = resourceFieldRef && findContainer(pod, resourceFieldRef.containerName ?? '');
    return resourceFieldRef && container ? resourceValue(pod, container, resourceFieldRef, place) : '';
  };
  return Object.fromEntries(
    files.map((file) => [file.path, { content: Buffer.from(value(file)), mode: file.mode ?? defaultMode }]),
  );
}

/** Whether its containers have one user that is said: then a token is for that alone. */
function hasUser({ spec }: Pod): boolean {
  const users = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(
    ({ securityContext }) => securityContext?.runAsUser ?? spec?.securityContext?.runAsUser,
  );
  return users[0] !== undefined && users.every((user) => user === users[0]);
}

async function token(
  { ctx, pod, tokens }: VolumeScope,
  projection: ServiceAccountTokenProjection,
  defaultMode = DEFAULT_MODE,
): Promise<VolumeFiles> {
  const isPrivate = hasUser(pod) || pod.spec?.securityContext?.fsGroup !== undefined;
  const content = Buffer.from(await tokens.token(ctx, pod, projection));
  return { [projection.path]: { content, mode: isPrivate ? PRIVATE_MODE : defaultMode } };
}

async function projected(
  scope: VolumeScope,
  sources: readonly VolumeProjection[],
  defaultMode: number | undefined,
): Promise<VolumeFiles> {
  const parts = sources.map(async ({ configMap, secret, downwardAPI, serviceAccountToken }) => {
    if (serviceAccountToken) return await token(scope, serviceAccountToken, defaultMode);
    if (configMap)
      return await referenced(scope, { kind: 'configmap', ...configMap, defaultMode, name: configMap.name ?? '' });
    if (secret) return await referenced(scope, { kind: 'secret', ...secret, defaultMode, name: secret.name ?? '' });
    return downward(scope, downwardAPI?.items ?? [], defaultMode);
  });
  return Object.fromEntries((await Promise.all(parts)).flatMap((files) => Object.entries(files)));
}

async function filesOf(scope: VolumeScope, volume: Volume): Promise<VolumeFiles | undefined> {
  const { configMap, secret, downwardAPI, projected: projection } = volume;
  if (configMap) return await referenced(scope, { kind: 'configmap', ...configMap, name: configMap.name ?? '' });
  if (secret) return await referenced(scope, { kind: 'secret', ...secret, name: secret.secretName ?? '' });
  if (downwardAPI) return downward(scope, downwardAPI.items ?? [], downwardAPI.defaultMode);
  return projection && (await projected(scope, projection.sources ?? [], projection.defaultMode));
}

/** What a volume is filled with when its Pod starts; undefined for one that starts empty. Rejects where a source is missing. */
export async function volumeFiles(scope: VolumeScope, volume: Volume): Promise<VolumeFiles | undefined> {
  const files = await filesOf(scope, volume);
  if (!files || scope.pod.spec?.securityContext?.fsGroup === undefined) return files;
  const shared = Object.entries(files).map(([path, { content, mode }]) => [
    path,
    { content, mode: mode | GROUP_READS },
  ]);
  return Object.fromEntries(shared);
}
