import type { CelType } from '@binnacle/machinery-cel';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { StatusError } from '@binnacle/machinery-meta';
import { type Schema, SchemaTypes } from './schema-type.js';
import type { ResourceName } from './types-to-check.js';

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}
type Described = Schema & { readonly 'x-kubernetes-group-version-kind'?: readonly Kind[] };

interface Resources {
  readonly resources?: readonly { readonly name: string; readonly kind: string }[];
}
interface OpenApi {
  readonly components?: { readonly schemas?: Readonly<Record<string, Described>> };
}

const pathOf = (group: string, version: string) => (group ? `apis/${group}/${version}` : `api/${version}`);

/** The types of what the server serves, asked for once in the life of one. */
export class ServedTypes {
  private readonly documents = new Map<string, Promise<unknown>>();

  constructor(private readonly client: Pick<KubeClient, 'raw'>) {}

  /** Undefined for a resource that is not served. */
  async kindOf(ctx: Context, { group, version, resource }: ResourceName): Promise<string | undefined> {
    const list = (await this.document(ctx, `/${pathOf(group, version)}`)) as Resources | undefined;
    return list?.resources?.find(({ name }) => name === resource)?.kind;
  }

  /** Undefined for a kind that is not described. */
  async typeOf(ctx: Context, { group, version, kind }: Kind): Promise<CelType | undefined> {
    const document = (await this.document(ctx, `/openapi/v3/${pathOf(group, version)}`)) as OpenApi | undefined;
    const schemas = document?.components?.schemas ?? {};
    const isMeant = (each: Kind) => each.group === group && each.version === version && each.kind === kind;
    const schema = Object.values(schemas).find((each) => each['x-kubernetes-group-version-kind']?.some(isMeant));
    return schema && new SchemaTypes(schemas).resource(schema);
  }

  private document(ctx: Context, path: string): Promise<unknown> {
    const known = this.documents.get(path) ?? this.read(ctx, path);
    this.documents.set(path, known);
    return known;
  }

  private async read(ctx: Context, path: string): Promise<unknown> {
    const { status, body } = await this.client.raw(ctx, 'GET', path);
    if (status === 404) return undefined;
    if (status !== 200) throw new StatusError(status, 'ServiceUnavailable', `${path} answered ${status}`);
    return JSON.parse(body);
  }
}
