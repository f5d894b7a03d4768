import type { ConfigMap, Secret, Service } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { KubeClient, ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound, type KubeObject } from '@binnacle/machinery-meta';
import type { EnvironmentSources } from '../environment/container-environment.js';

/** Many Pods of one Deployment ask for the same objects at the same moment. */
const FRESH_MILLISECONDS = 1000;

class ShortMemory<T extends KubeObject> {
  private readonly known = new Map<string, { readonly at: number; readonly object: Promise<T | undefined> }>();

  constructor(private readonly client: ResourceClient<T>) {}

  get(ctx: Context, namespace: string, name: string): Promise<T | undefined> {
    const key = `${namespace}/${name}`;
    const now = ctx.clock.now();
    for (const [old, { at }] of this.known) if (now - at >= FRESH_MILLISECONDS) this.known.delete(old);
    const known = this.known.get(key)?.object ?? ignoreNotFound(this.client.get(ctx, { namespace, name }));
    this.known.set(key, { at: this.known.get(key)?.at ?? now, object: known });
    known.catch(() => this.known.delete(key));
    return known;
  }
}

/** Reads what containers refer to from the API server, when they start. */
export function apiSources(client: KubeClient, services: () => readonly Service[]): EnvironmentSources {
  const configMaps = new ShortMemory(client.resource<ConfigMap>(refs.configmaps));
  const secrets = new ShortMemory(client.resource<Secret>(refs.secrets));
  return {
    configMap: (ctx, namespace, name) => configMaps.get(ctx, namespace, name),
    secret: (ctx, namespace, name) => secrets.get(ctx, namespace, name),
    services,
  };
}
