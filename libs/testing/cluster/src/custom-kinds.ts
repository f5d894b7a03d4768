import type { JsonAnswer, RawApi } from './raw-api.js';

type Json = JsonAnswer['json'];

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const PATCHES = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** Asks until the answer is as it should be. */
export async function until<T>(ask: () => Promise<T>, isGood: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isGood(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The conditions of an object: their status by their type. */
export function conditionsOf({ status }: Json): Record<string, string> {
  const conditions: Json[] = status?.conditions ?? [];
  return Object.fromEntries(conditions.map((condition) => [condition.type, condition.status]));
}

export const conditionOf = ({ status }: Json, type: string): Json =>
  (status?.conditions ?? []).find((condition: Json) => condition.type === type);

/** Plain requests about the kinds that a logical cluster defines. */
export class CustomKinds {
  constructor(
    private readonly raw: RawApi,
    /** Before every path: `/clusters/lab`, for example. */
    private readonly prefix = '',
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<JsonAnswer> {
    return this.raw.call(this.prefix + path, { headers });
  }

  send(method: string, path: string, body?: object): Promise<JsonAnswer> {
    return this.raw.call(this.prefix + path, { method, ...(body && { body }) });
  }

  patch(path: string, body: object, how: keyof typeof PATCHES = 'merge'): Promise<JsonAnswer> {
    const headers = { 'content-type': PATCHES[how] };
    return this.raw.call(this.prefix + path, { method: 'PATCH', headers, body: JSON.stringify(body) });
  }

  watch(path: string): ReturnType<RawApi['watch']> {
    return this.raw.watch(this.prefix + path);
  }

  definition(name: string): Promise<JsonAnswer> {
    return this.get(`${DEFINITIONS}/${name}`);
  }

  /** Makes a definition. Its answer, whatever it is. */
  define(definition: object): Promise<JsonAnswer> {
    return this.send('POST', DEFINITIONS, definition);
  }

  changeDefinition(name: string, patch: object, how: 'merge' | 'json' = 'merge'): Promise<JsonAnswer> {
    return this.patch(`${DEFINITIONS}/${name}`, patch, how);
  }

  async remove(name: string): Promise<void> {
    await this.send('DELETE', `${DEFINITIONS}/${name}`);
    await until(
      () => this.definition(name),
      ({ status }) => status === 404,
    );
  }

  /** The definition as soon as one of its conditions is so. */
  async when(name: string, type: string, status = 'True'): Promise<Json> {
    const answer = await until(
      () => this.definition(name),
      ({ json }) => conditionsOf(json)[type] === status,
    );
    return answer.json;
  }

  /** Makes a definition and waits until it is served. */
  async establish(definition: { readonly metadata: { readonly name: string } }): Promise<Json> {
    const { status, json } = await this.define(definition);
    if (status !== 201) throw new Error(json.message);
    return this.when(definition.metadata.name, 'Established');
  }
}

/** A definition of `example.com`; `version` says more of its one version `v1`, `spec` more of it all. */
export function exampleDefinition(
  names: { readonly plural: string; readonly kind: string; readonly [name: string]: unknown },
  schema: object,
  { version = {}, spec = {} }: { readonly version?: object; readonly spec?: object } = {},
) {
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version }];
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.example.com` },
    spec: { group: 'example.com', scope: 'Namespaced', names, versions, ...spec },
  };
}
