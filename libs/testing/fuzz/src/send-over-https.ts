import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { FuzzAnswer } from './judge.js';
import type { FuzzRequest } from './requests.js';
import type { Send } from './drive.js';

export interface Peer {
  readonly server: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
}

const PATIENCE_MILLISECONDS = 20_000;

function answerOf({ statusCode, headers }: IncomingMessage, text: string): FuzzAnswer {
  const { warning } = headers;
  return {
    status: statusCode ?? 0,
    contentType: headers['content-type'] ?? '',
    text,
    ...(warning !== undefined && { warnings: String(warning) }),
  };
}

/** Sends as the peer's user over HTTP/1.1. A path is sent as it is written, escapes that are none included. */
export function sendOverHttps({ server, ca, cert, key, token }: Peer): Send & { close(): void } {
  const { hostname, port } = new URL(server);
  const agent = new Agent({ ca, cert, key, keepAlive: true, maxSockets: 64 });
  const send = ({ method, path, headers, body }: FuzzRequest) =>
    new Promise<FuzzAnswer>((resolve, reject) => {
      const sent = {
        ...(body && { 'content-length': String(body.length) }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      };
      const call = httpsRequest({ hostname, port, method, path, headers: sent, agent }, (message) => {
        let text = '';
        message.setEncoding('utf8');
        message.on('data', (chunk: string) => {
          if (text.length < 1 << 20) text += chunk;
        });
        message.on('error', reject);
        message.on('end', () => resolve(answerOf(message, text)));
      });
      call.setTimeout(PATIENCE_MILLISECONDS, () => call.destroy(new Error(`nothing for ${PATIENCE_MILLISECONDS} ms`)));
      call.on('error', reject);
      call.end(body);
    });
  return Object.assign(send, { close: () => agent.destroy() });
}
