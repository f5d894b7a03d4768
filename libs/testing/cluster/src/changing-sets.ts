import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { type ResourceDefinition, type ResourceSet, resourceSet } from '@binnacle/apis-registry';
import { builtinSchemas } from '@binnacle/apis-kubernetes/schemas';
import { type DefinitionSchema, schemaTable } from '@binnacle/apis-schema';
import type { ResourceSets, SetListener } from '@binnacle/server-registry';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const WIDGET = 'io.example.v1.Widget';
const plain = { required: false, omitsEmpty: false };

function widgetSchema(specField: string): DefinitionSchema[] {
  const text = { kind: 'scalar', scalar: 'string' } as const;
  const object = (name: string) => ({ kind: 'object', name }) as const;
  const fields = (types: Record<string, ReturnType<typeof object> | typeof text>) =>
    new Map(Object.entries(types).map(([name, type]) => [name, { ...plain, name, type }]));
  const spec = { name: `${WIDGET}Spec`, freeForm: false, fields: fields({ [specField]: text }) };
  const gvk = { group: 'example.io', version: 'v1', kind: 'Widget' };
  const own = fields({ apiVersion: text, kind: text, metadata: object(META), spec: object(spec.name) });
  return [{ name: WIDGET, freeForm: false, gvk, fields: own }, spec];
}

/** A kind as a CustomResourceDefinition would make one, with one text in its spec. */
export function widgets(specField = 'size'): ResourceDefinition {
  const names = {
    plural: 'widgets',
    singular: 'widget',
    kind: 'Widget',
    listKind: 'WidgetList',
    shortNames: ['wd'],
    categories: [],
  };
  return {
    group: 'example.io',
    version: 'v1',
    names,
    namespaced: true,
    verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    subresources: [],
    schema: WIDGET,
    schemas: schemaTable(`widget-${specField}`, widgetSchema(specField), builtinSchemas),
    custom: true,
    strategy: { allowUnconditionalUpdate: true },
    printer: { columns: [], row: () => [] },
    fields: {},
  };
}

/** Sets of kinds that a test changes by hand: Kubernetes' own unless it has said otherwise. */
export class ChangingSets implements ResourceSets {
  private readonly sets = new Map<string, ResourceSet>();
  private readonly listeners = new Set<SetListener>();
  /** Clusters whose kinds have to be read before anything is known of them. */
  readonly resting = new Set<string>();

  async of(_ctx: unknown, cluster: string): Promise<ResourceSet> {
    this.resting.delete(cluster);
    return this.now(cluster);
  }

  peek(cluster: string): ResourceSet | undefined {
    return this.resting.has(cluster) ? undefined : this.now(cluster);
  }

  onChange(listener: SetListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The cluster serves these besides Kubernetes' own kinds from now on. */
  serve(cluster: string, version: string, ...kinds: ResourceDefinition[]): void {
    const before = this.now(cluster);
    const set = kinds.length > 0 ? resourceSet(version, [...builtinResources.all, ...kinds]) : builtinResources;
    this.sets.set(cluster, set);
    for (const listener of this.listeners) listener(cluster, set, before);
  }

  private now(cluster: string): ResourceSet {
    return this.sets.get(cluster) ?? builtinResources;
  }
}
