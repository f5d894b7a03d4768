import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';

/** As many as two cores can serve: more would only wait. */
const AT_ONCE = 32;

export interface Made {
  readonly path: string;
  readonly body: object;
}

/** A request that has to be answered with success. */
export async function request(
  ctx: Context,
  client: KubeClient,
  method: string,
  path: string,
  body?: object,
): Promise<string> {
  const answer = await client.raw(ctx, method, path, body && JSON.stringify(body));
  if (answer.status >= 300)
    throw new Error(`${method} ${path} was answered ${answer.status}: ${answer.body.slice(0, 300)}`);
  return answer.body;
}

/** Does something for each, many at a time. */
export async function atOnce<T>(items: Iterable<T>, act: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const lane = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await act(next.value);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

export const makeAll = (ctx: Context, client: KubeClient, objects: Iterable<Made>): Promise<void> =>
  atOnce(objects, ({ path, body }) => request(ctx, client, 'POST', path, body));

export const makeNamespace = (ctx: Context, client: KubeClient, name: string): Promise<string> =>
  request(ctx, client, 'POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

/** Makes a fresh logical cluster, lets `act` work in it, and removes it. */
export async function inFreshCluster<T>(
  ctx: Context,
  client: KubeClient,
  name: string,
  act: (client: KubeClient) => Promise<T>,
): Promise<T> {
  await request(ctx, client, 'POST', '/clusters', { metadata: { name } });
  try {
    return await act(client.inCluster(name));
  } finally {
    await request(ctx, client, 'DELETE', `/clusters/${name}`);
  }
}
