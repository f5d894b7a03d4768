import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { isIP } from 'node:net';
import type { Context } from '@binnacle/machinery-context';
import { guardedLookup } from '@binnacle/server-egress';
import type { WebhookAddress } from './address.js';

/** How long a webhook may take, as upstream. */
const DEADLINE_MILLISECONDS = 30_000;

/** Connections are kept for the next conversion, a few to each webhook. */
const agent = new Agent({ keepAlive: true, maxSockets: 8, maxTotalSockets: 64, maxFreeSockets: 4 });

export interface Question {
  readonly address: WebhookAddress;
  /** PEM; the system's authorities without it. */
  readonly ca: string | undefined;
  readonly body: string;
  /** Bytes. */
  readonly maxAnswer: number;
}

async function readJson(answer: IncomingMessage, most: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString());
}

async function exchange({ address, ca, body, maxAnswer }: Question, signal: AbortSignal): Promise<unknown> {
  const { host, port, path, serverName } = address;
  const bytes = Buffer.from(body);
  const headers = { 'content-type': 'application/json', accept: 'application/json', 'content-length': bytes.length };
  const named = isIP(serverName) === 0 ? { servername: serverName } : {};
  const options = { host, port, path, method: 'POST', headers, agent, signal, lookup: guardedLookup, ...named };
  const call = request({ ...options, ...(ca !== undefined && { ca }) });
  call.end(bytes);
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  if (answer.statusCode === 200) return readJson(answer, maxAnswer);
  answer.destroy();
  throw new Error(`the server answered ${answer.statusCode}`);
}

/** Posts JSON to a webhook: over TLS only, following no redirect, showing no credentials, in bounded time and size. */
export async function askWebhook(ctx: Context, question: Question): Promise<unknown> {
  const late = new AbortController();
  const error = new Error('context deadline exceeded');
  const cancel = ctx.clock.after(DEADLINE_MILLISECONDS, () => late.abort(error));
  try {
    return await exchange(question, AbortSignal.any([ctx.signal, late.signal]));
  } catch (failure) {
    ctx.signal.throwIfAborted();
    throw late.signal.aborted ? error : failure;
  } finally {
    cancel();
  }
}
