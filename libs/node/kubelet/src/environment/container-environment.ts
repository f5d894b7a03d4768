import type {
  ConfigMap,
  Container,
  EnvFromSource,
  EnvVar,
  EnvVarSource,
  Pod,
  Secret,
  Service,
} from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import { podNamespace } from '../pod/identity.js';
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

interface Scope {
  readonly ctx: Context;
  readonly pod: Pod;
  readonly container: Container;
  readonly place: PodPlace;
  readonly sources: EnvironmentSources;
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
  if (data?.[ref.key] !== undefined) return data[ref.key];
  if (ref.optional) return undefined;
  if (!data) throw new Error(`${kind} "${name}" not found`);
  const title = kind === 'configmap' ? 'ConfigMap' : 'Secret';
  throw new Error(`couldn't find key ${ref.key} in ${title} ${podNamespace(scope.pod)}/${name}`);
}

async function referenced(scope: Scope, source: EnvVarSource): Promise<string | undefined> {
  const { pod, container, place } = scope;
  if (source.fieldRef) return fieldValue(pod, source.fieldRef.fieldPath, place);
  if (source.resourceFieldRef) return resourceValue(pod, container, source.resourceFieldRef, place);
  if (source.configMapKeyRef) return await keyValue(scope, 'configmap', source.configMapKeyRef);
  if (source.secretKeyRef) return await keyValue(scope, 'secret', source.secretKeyRef);
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
  return Object.assign({}, ...(await Promise.all(lists)));
}

/**
 * The environment of a container: Services, then `envFrom`, then `env`, later ones winning and seeing earlier ones.
 * Rejects where a required reference leads nowhere. Behaves as kubernetes pkg/kubelet makeEnvironmentVariables.
 */
export async function containerEnvironment(scope: Scope): Promise<Variables> {
  const { pod, container, sources } = scope;
  const links = pod.spec?.enableServiceLinks ?? true;
  const services = serviceEnvironment(sources.services(), podNamespace(pod), links);
  const result = await variablesFrom(scope);
  const lookup = (name: string) => result[name] ?? services[name];
  const valueOf = async ({ value, valueFrom }: EnvVar) =>
    valueFrom ? await referenced(scope, valueFrom) : expand(value ?? '', lookup);
  for (const variable of container.env ?? []) {
    const value = await valueOf(variable);
    if (value !== undefined) result[variable.name] = value;
  }
  return { ...services, ...result };
}
