import { turns } from '@binnacle/server-flow-control';
import { isExpired, isForbidden, isUnauthorized, newInternalError, StatusError } from '@binnacle/machinery-meta';
import {
  fromStorage,
  KindLeft,
  type RequestContext,
  type ResourceStore,
  type Selection,
  selectionOf,
} from '@binnacle/server-registry';
import { isStorageError, type Watch, type WatchItem, type WatchOptions } from '@binnacle/server-storage';
import type { AnswerSink, ApiRequest, StreamAnswer } from '../request/api-request.js';
import { JoinedWriter, LONGEST_PIECE } from '../answer/joined-writer.js';
import {
  checkListOptions,
  type ListOptionsQuery,
  parseResourceVersion,
  readListOptions,
} from '../request/list-options.js';
import type { Encoding } from '../request/media-types.js';
import { contentTypeOf, encodingOf, tableOptions } from '../answer/object-answer.js';
import { errorFrame, type FrameEncoder, partialEncoder, plainEncoder, tableEncoder } from '../answer/watch-frames.js';

/** So many are encoded without a look at the time. */
const FEW = 20;
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
  readonly store: ResourceStore;
  /** Called when the present state has been told, or the reader is behind. */
  readonly initialized: () => void;
  readonly watch: Watch;
  readonly query: ListOptionsQuery;
  readonly encode: FrameEncoder;
}

/** A reader that is behind keeps its seat no longer than the server has something to do for it. */
function noticing(sink: AnswerSink, behind: () => void): AnswerSink {
  return {
    unjoined: sink.unjoined,
    write: (chunk) => {
      const pending = sink.write(chunk);
      if (pending) behind();
      return pending;
    },
  };
}

function endsInitialState(item: WatchItem): boolean {
  return item.kind === 'bookmark' && item.initial === true;
}

/** Frames are made as the reader takes them: the present state of a large collection is not held for each who is slow. */
async function* piecesOf(
  items: readonly WatchItem[],
  encode: FrameEncoder,
  signal: AbortSignal,
): AsyncGenerator<readonly (Buffer | string)[]> {
  const pace = items.length < FEW ? undefined : turns.begin({ signal });
  let frames: (Buffer | string)[] = [];
  let size = 0;
  for (const item of items) {
    if (pace?.isDue) await pace.rest();
    const frame = encode(item);
    frames.push(frame);
    size += frame.length;
    if (size < LONGEST_PIECE) continue;
    yield frames;
    [frames, size] = [[], 0];
  }
  if (frames.length > 0) yield frames;
}

async function deliver(
  { watch, query, encode, initialized }: Opened,
  sink: AnswerSink,
  signal: AbortSignal,
): Promise<void> {
  const writer = new JoinedWriter(noticing(sink, initialized));
  try {
    for await (const batch of watch) {
      const wanted = batch.filter((item) => isWanted(item, query));
      for await (const frames of piecesOf(wanted, encode, signal)) await writer.push(frames);
      if (batch.some(endsInitialState)) initialized();
    }
  } finally {
    await writer.end();
  }
}

function endStatus({ definition }: ResourceStore, error: unknown): StatusError | undefined {
  // As upstream, which closes what it watches with: who watches begins anew, and is told then.
  if (isStorageError(error, 'overloaded') || error instanceof KindLeft) return undefined;
  if (isForbidden(error) || isUnauthorized(error)) return undefined;
  if (isStorageError(error, 'expired')) return new StatusError(410, 'Expired', error.message);
  const told = fromStorage(definition, '', error);
  return told instanceof StatusError ? told : newInternalError(error);
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
    if (isExpired(error) && options.after !== undefined) {
      return new StatusError(410, 'Expired', `too old resource version: ${options.after}`);
    }
    throw error;
  }
}

function lifetime(query: ListOptionsQuery): number {
  const seconds = query.timeoutSeconds;
  return (seconds && seconds > 0 ? seconds : SHORTEST_SECONDS + Math.random() * SPREAD_SECONDS) * 1000;
}

async function stream(opened: Opened, ctx: RequestContext, sink: AnswerSink, signal: AbortSignal): Promise<void> {
  const { store, watch, query } = opened;
  const close = () => watch.close();
  const cancel = ctx.clock.after(lifetime(query), close);
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  try {
    await deliver(opened, sink, signal);
  } catch (error) {
    const status = signal.aborted ? undefined : endStatus(store, error);
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
  const options = watchOptions(query);
  const opened = await openWatch(store, ctx, narrowed, options);
  const encode = encoderFor(request, store, encoding);
  const { initialized = () => undefined } = request;
  if (opened instanceof StatusError || options.after !== undefined) initialized();
  return {
    status: 200,
    contentType: contentTypeOf(encoding),
    stream: async (sink, signal) =>
      opened instanceof StatusError
        ? sink.write(errorFrame(opened.toStatus()))
        : stream({ store, watch: opened, query, encode, initialized }, ctx, sink, signal),
  };
}
