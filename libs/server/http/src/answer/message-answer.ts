import {
  isUpgradeTo,
  type MessageWriter,
  openMessageWriter,
  protocolsOf,
  type Upgrade,
} from '@binnacle/process-streams';
import type { AnswerSink, ApiAnswer, ApiRequest, StreamAnswer } from '../request/api-request.js';

const BYTES = 'binary.k8s.io';
const BASE64 = 'base64.binary.k8s.io';
/** As a browser shows a token; it is no protocol. */
const TOKEN = /^base64url\.bearer\.authorization\.k8s\.io\./;

/** Each line of JSON is a message, its end included. */
function* linesOf(chunk: string | Buffer): Generator<string> {
  const text = chunk.toString();
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at) + 1 || text.length;
    yield text.slice(at, end);
    at = end;
  }
}

function eventSink(writer: MessageWriter): AnswerSink {
  return {
    async write(chunk) {
      for (const line of linesOf(chunk)) await writer.write(line);
    },
  };
}

/** Bytes as they come, after an empty message that tells that the connection stands. */
async function byteSink(writer: MessageWriter, isText: boolean): Promise<AnswerSink> {
  const write = (bytes: Buffer) => writer.write(isText ? bytes.toString('base64') : bytes);
  await write(Buffer.alloc(0));
  return { write: (chunk) => write(Buffer.from(chunk as Buffer)) };
}

const isLog = ({ info }: ApiRequest): boolean => info.resource?.subresource === 'log';

function protocolOf(request: ApiRequest, { request: raw }: Upgrade): string {
  const offered = protocolsOf(raw).filter((protocol) => !TOKEN.test(protocol));
  const known = isLog(request) ? offered.find((protocol) => protocol === BYTES || protocol === BASE64) : offered[0];
  return known ?? '';
}

async function speak(request: ApiRequest, upgrade: Upgrade, answer: StreamAnswer, signal: AbortSignal): Promise<void> {
  const protocol = protocolOf(request, upgrade);
  const writer = await openMessageWriter(upgrade, protocol);
  try {
    const sink = writer && (isLog(request) ? await byteSink(writer, protocol === BASE64) : eventSink(writer));
    await answer.stream(sink ?? { write: () => undefined }, writer ? signal : AbortSignal.abort());
  } finally {
    writer?.close();
  }
}

/**
 * An answer that goes on, to who asked for it over a WebSocket: events of watches as texts, logs as bytes. Behaves as kubernetes
 * apiserver WatchServer.HandleWS and wsstream.Reader. Any other answer is what it is.
 */
export function overWebSocket(request: ApiRequest, answer: ApiAnswer): ApiAnswer {
  const { connection, headers } = request;
  if (!connection || !('stream' in answer) || !isUpgradeTo({ headers }, 'websocket')) return answer;
  return { status: 101, contentType: '', upgrade: (signal) => speak(request, connection, answer, signal) };
}
