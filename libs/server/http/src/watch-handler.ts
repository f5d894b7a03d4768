import { isExpired, newInternalError, StatusError } from '@binnacle/machinery-meta';
import { type RequestContext, type ResourceStore, type Selection, selectionOf } from '@binnacle/server-registry';
import { isStorageError, type Watch, type WatchItem, type WatchOptions } from '@binnacle/server-storage';
import type { AnswerSink, ApiRequest, StreamAnswer } from './api-request.js';
import { JoinedWriter } from './joined-writer.js';
import { checkListOptions, type ListOptionsQuery, parseResourceVersion, readListOptions } from './list-options.js';
import type { Encoding } from './media-types.js';
import { contentTypeOf, encodingOf, tableOptions } from './object-answer.js';
import { errorFrame, type FrameEncoder, partialEncoder, plainEncoder, tableEncoder } from './watch-frames.js';

const SHORTEST_SECONDS = 1800;
const SPREAD_SECONDS = 1800;

function encoderFor(request: ApiRequest, store: ResourceStore, encoding: Encoding): FrameEncoder {
  if (encoding.transform === 'partialMetadata') return partialEncoder(encoding.metaVersion);
  if (encoding.transform === 'none') return plainEncoder(store.definition);
  const { clock } = request.ctx;
  return tableEncoder(store.definition, tableOptions(request, encoding), () => clock.now());
}

function watchOptions(query: ListOptionsQuery): WatchOptions {
  const revision = parseResourceVersion(query.resourceVersion);
  const bookmarks = query.allowWatchBookmarks;
  const fromPresent = query.sendInitialEvents ?? revision === 0;
  if (fromPresent) return { bookmarks };
  return { bookmarks, ...(revision > 0 && { after: revision }) };
}

/** A client hears of a bookmark only if it asked for them, and of the end of the initial state only with WatchList. */
function isWanted(item: WatchItem, query: ListOptionsQuery): boolean {
  if (item.kind === 'change') return true;
  return query.allowWatchBookmarks && (!item.initial || query.sendInitialEvents === true);
}

interface Opened {
  readonly watch: Watch;
  readonly query: ListOptionsQuery;
  readonly encode: FrameEncoder;
}

async function deliver({ watch, query, encode }: Opened, sink: AnswerSink): Promise<void> {
  const writer = new JoinedWriter(sink);
  try {
    for await (const batch of watch) {
      const frames: (Buffer | string)[] = [];
      for (const item of batch) if (isWanted(item, query)) frames.push(encode(item));
      if (frames.length > 0) await writer.push(frames);
    }
  } finally {
    await writer.end();
  }
}

function endStatus(error: unknown): StatusError | undefined {
  if (isStorageError(error, 'overloaded')) return undefined;
  if (isStorageError(error, 'expired')) return new StatusError(410, 'Expired', error.message);
  if (error instanceof StatusError) return error;
  return newInternalError(error);
}

/** Where a watch cannot start from its revision any more, upstream says so in the stream. */
async function openWatch(
  store: ResourceStore,
  ctx: RequestContext,
  selection: Selection,
  options: WatchOptions,
): Promise<Watch | StatusError> {
  try {
    return await store.watch(ctx, selection, options);
  } catch (error) {
    if (isExpired(error)) {
      return new StatusError(410, 'Expired', `too old resource version: ${options.after ?? 0}`);
    }
    throw error;
  }
}

function lifetime(query: ListOptionsQuery): number {
  const seconds = query.timeoutSeconds;
  return (seconds && seconds > 0 ? seconds : SHORTEST_SECONDS + Math.random() * SPREAD_SECONDS) * 1000;
}

async function stream(opened: Opened, ctx: RequestContext, sink: AnswerSink, signal: AbortSignal): Promise<void> {
  const { watch, query } = opened;
  const close = () => watch.close();
  const cancel = ctx.clock.after(lifetime(query), close);
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  try {
    await deliver(opened, sink);
  } catch (error) {
    const status = signal.aborted ? undefined : endStatus(error);
    if (status) await sink.write(errorFrame(status.toStatus()));
  } finally {
    cancel();
    signal.removeEventListener('abort', close);
    close();
  }
}

/** Answers a watch: one JSON frame an event, several joined in one write when one commit made them. */
export async function handleWatch(request: ApiRequest, store: ResourceStore): Promise<StreamAnswer> {
  const query = readListOptions(request.query);
  checkListOptions(query, true);
  const encoding = encodingOf(request);
  const { ctx, info } = request;
  const named = info.resource?.name ?? '';
  const selection = selectionOf(store.definition, { namespace: info.resource?.namespace ?? '', ...query });
  const narrowed = named ? { ...selection, name: named } : selection;
  const opened = await openWatch(store, ctx, narrowed, watchOptions(query));
  const encode = encoderFor(request, store, encoding);
  return {
    status: 200,
    contentType: contentTypeOf(encoding, false),
    stream: async (sink, signal) =>
      opened instanceof StatusError
        ? sink.write(errorFrame(opened.toStatus()))
        : stream({ watch: opened, query, encode }, ctx, sink, signal),
  };
}
