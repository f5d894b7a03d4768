import type {
  ConfigMap,
  Container,
  EnvFromSource,
  EnvVar,
  EnvVarSource,
  FileKeySelector,
  Pod,
  Secret,
  Service,
} from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import { own } from '@binnacle/machinery-meta';
import { podNamespace } from '../pod/identity.js';
import { envFileValue } from './env-file.js';
import { expand } from './expand.js';
import { fieldValue, type PodPlace, resourceValue } from './field-ref.js';
import { serviceEnvironment } from './service-env.js';

/** Where a container's variables may come from. */
export interface EnvironmentSources {
  configMap(ctx: Context, namespace: string, name: string): Promise<ConfigMap | undefined>;
  secret(ctx: Context, namespace: string, name: string): Promise<Secret | undefined>;
  services(): readonly Service[];
}

/** For Pods that must run before there is an API server. */
export const noSources: EnvironmentSources = {
  configMap: async () => undefined,
  secret: async () => undefined,
  services: () => [],
};

type Variables = Record<string, string>;

/** Later ones win. It inherits nothing, so that any name is only a name. */
const merged = (parts: readonly Variables[]): Variables => Object.assign(Object.create(null), ...parts) as Variables;

interface Scope {
  readonly ctx: Context;
  readonly pod: Pod;
  readonly container: Container;
  readonly place: PodPlace;
  readonly sources: EnvironmentSources;
  /** The text of a file in a volume of the Pod. */
  readonly file: (volume: string, path: string) => Promise<string>;
  /** What its devices tell it; nothing else may say otherwise. */
  readonly devices?: Readonly<Record<string, string>>;
}

const decode = (data: Record<string, string> | undefined): Variables =>
  Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));

interface KeyRef {
  readonly name?: string;
  readonly key: string;
  readonly optional?: boolean;
}

async function allOf(scope: Scope, kind: 'configmap' | 'secret', name: string): Promise<Variables | undefined> {
  const { ctx, pod, sources } = scope;
  if (kind === 'configmap') return (await sources.configMap(ctx, podNamespace(pod), name))?.data;
  const secret = await sources.secret(ctx, podNamespace(pod), name);
  return secret && decode(secret.data);
}

async function keyValue(scope: Scope, kind: 'configmap' | 'secret', ref: KeyRef): Promise<string | undefined> {
  const name = ref.name ?? '';
  const data = await allOf(scope, kind, name);
  const value = own(data, ref.key);
  if (value !== undefined) return value;
  if (ref.optional) return undefined;
  if (!data) throw new Error(`${kind} "${name}" not found`);
  const title = kind === 'configmap' ? 'ConfigMap' : 'Secret';
  throw new Error(`couldn't find key ${ref.key} in ${title} ${podNamespace(scope.pod)}/${name}`);
}

async function fileValue({ file }: Scope, { volumeName, path, key, optional }: FileKeySelector) {
  const value = envFileValue(await file(volumeName, path), key);
  if (value !== '') return value;
  if (optional) return undefined;
  throw new Error(`environment variable key "${key}" not found in file "${path}"`);
}

async function referenced(scope: Scope, source: EnvVarSource): Promise<string | undefined> {
  const { pod, container, place } = scope;
  if (source.fieldRef) return fieldValue(pod, source.fieldRef.fieldPath, place);
  if (source.resourceFieldRef) return resourceValue(pod, container, source.resourceFieldRef, place);
  if (source.configMapKeyRef) return await keyValue(scope, 'configmap', source.configMapKeyRef);
  if (source.secretKeyRef) return await keyValue(scope, 'secret', source.secretKeyRef);
  if (source.fileKeyRef) return await fileValue(scope, source.fileKeyRef);
  return undefined;
}

async function prefixed(scope: Scope, { prefix = '', configMapRef, secretRef }: EnvFromSource): Promise<Variables> {
  const kind = configMapRef ? 'configmap' : 'secret';
  const { name = '', optional } = configMapRef ?? secretRef ?? {};
  const data = await allOf(scope, kind, name);
  if (!data && !optional) throw new Error(`${kind} "${name}" not found`);
  return Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [`${prefix}${key}`, value]));
}

async function variablesFrom(scope: Scope): Promise<Variables> {
  const lists = (scope.container.envFrom ?? []).map((source) => prefixed(scope, source));
  return merged(await Promise.all(lists));
}

/**
 * The environment of a container: Services, then `envFrom`, then `env`, later ones winning and seeing earlier ones.
 * Rejects where a required reference leads nowhere. Behaves as kubernetes pkg/kubelet makeEnvironmentVariables.
 */
export async function containerEnvironment(scope: Scope): Promise<Variables> {
  const { pod, container, sources } = scope;
  const links = pod.spec?.enableServiceLinks ?? true;
  const services = serviceEnvironment(sources.services(), podNamespace(pod), links);
  const result = merged([services, await variablesFrom(scope)]);
  const valueOf = async ({ value, valueFrom }: EnvVar) =>
    valueFrom ? await referenced(scope, valueFrom) : expand(value ?? '', result);
  for (const variable of container.env ?? []) {
    const value = await valueOf(variable);
    if (value !== undefined) result[variable.name] = value;
  }
  return { ...result, ...scope.devices };
}
