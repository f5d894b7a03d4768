import type { KubeClient, ListWatcher, ResourceClient, ResourceRef } from '@binnacle/client-rest';
import { type Context, withSignal } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';

/** A request that hangs, as one to a server that is just starting may, must not hold a node up. */
const PATIENCE_MILLISECONDS = 10_000;

async function soon<T>(ctx: Context, request: (ctx: Context) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const end = () => abort.abort(ctx.signal.reason);
  const late = () => abort.abort(new Error(`no answer within ${PATIENCE_MILLISECONDS / 1000} s`));
  const cancel = ctx.clock.after(PATIENCE_MILLISECONDS, late);
  ctx.signal.addEventListener('abort', end, { once: true });
  try {
    ctx.signal.throwIfAborted();
    return await request(withSignal(ctx, abort.signal));
  } finally {
    cancel();
    ctx.signal.removeEventListener('abort', end);
  }
}

const impatientReader = <T extends KubeObject>(client: ListWatcher<T>): ListWatcher<T> => ({
  watch: (ctx, query) => client.watch(ctx, query),
  list: (ctx, query) => soon(ctx, (own) => client.list(own, query)),
});

const impatientResource = <T extends KubeObject>(client: ResourceClient<T>): ResourceClient<T> => ({
  ...impatientReader(client),
  ref: client.ref,
  get: (ctx, name) => soon(ctx, (own) => client.get(own, name)),
  create: (ctx, object) => soon(ctx, (own) => client.create(own, object)),
  update: (ctx, object) => soon(ctx, (own) => client.update(own, object)),
  updateStatus: (ctx, object) => soon(ctx, (own) => client.updateStatus(own, object)),
  patch: (ctx, name, ...rest) => soon(ctx, (own) => client.patch(own, name, ...rest)),
  delete: (ctx, name, options) => soon(ctx, (own) => client.delete(own, name, options)),
  deleteCollection: (ctx, query, options) => soon(ctx, (own) => client.deleteCollection(own, query, options)),
  createSubresource: (ctx, name, ...rest) => soon(ctx, (own) => client.createSubresource(own, name, ...rest)),
  updateSubresource: (ctx, object, name) => soon(ctx, (own) => client.updateSubresource(own, object, name)),
});

/** The same client, which gives up on what is not answered within ten seconds; watches go on as long as they like. */
export function impatient(client: KubeClient): KubeClient {
  return {
    watchClusters: (ctx) => client.watchClusters(ctx),
    inCluster: (name) => impatient(client.inCluster(name)),
    resource: <T extends KubeObject>(ref: ResourceRef) => impatientResource(client.resource<T>(ref)),
    metadata: (ref) => impatientReader(client.metadata(ref)),
    raw: (ctx, method, path, body) => soon(ctx, (own) => client.raw(own, method, path, body)),
    close: () => client.close(),
  };
}
