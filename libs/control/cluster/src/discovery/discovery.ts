import type { KubeClient, ResourceRef } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { StatusError } from '@binnacle/machinery-meta';

/** A resource as the server describes it. */
export interface DiscoveredResource extends ResourceRef {
  readonly verbs: readonly string[];
}

interface ApiResourceList {
  readonly resources?: ReadonlyArray<{ name: string; kind: string; namespaced: boolean; verbs: string[] }>;
}

interface ApiGroupList {
  readonly groups?: ReadonlyArray<{
    name: string;
    preferredVersion?: { version: string };
    versions?: Array<{ version: string }>;
  }>;
}

type Raw = Pick<KubeClient, 'raw'>;

async function getJson<T>(ctx: Context, client: Raw, path: string): Promise<T> {
  const { status, body } = await client.raw(ctx, 'GET', path);
  if (status !== 200) throw new StatusError(status, 'ServiceUnavailable', `discovery at ${path} answered ${status}`);
  return JSON.parse(body) as T;
}

async function ofVersion(ctx: Context, client: Raw, group: string, version: string): Promise<DiscoveredResource[]> {
  const path = group ? `/apis/${group}/${version}` : `/api/${version}`;
  const { resources = [] } = await getJson<ApiResourceList>(ctx, client, path);
  return resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced, verbs }) => ({ group, version, plural: name, kind, namespaced, verbs }));
}

/** Every resource in its preferred version. Rejects when any group cannot be read: half a picture is dangerous here. */
export async function discover(ctx: Context, client: Raw): Promise<DiscoveredResource[]> {
  const { groups = [] } = await getJson<ApiGroupList>(ctx, client, '/apis');
  const versions = groups.flatMap(({ name, preferredVersion, versions: all }) => {
    const version = preferredVersion?.version ?? all?.[0]?.version;
    return version ? [{ group: name, version }] : [];
  });
  const lists = await Promise.all(
    [{ group: '', version: 'v1' }, ...versions].map(({ group, version }) => ofVersion(ctx, client, group, version)),
  );
  return lists.flat();
}

export function supports(resource: DiscoveredResource, ...verbs: string[]): boolean {
  return verbs.every((verb) => resource.verbs.includes(verb));
}
