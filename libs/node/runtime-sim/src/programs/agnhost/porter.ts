import type { IncomingMessage, ServerResponse } from 'node:http';
import { SharedHttpServer } from '../http.js';
import type { Process } from '../program.js';
import { endsAtOnce, type Subcommand } from './process.js';

const VARIABLE = /^SERVE_(?:(TCP|UDP|TLS)_)?PORT_(\d+)$/;

interface Served {
  readonly process: Process;
  readonly value: string;
  readonly asJson: boolean;
}

/** As Go tells from how an answer begins what it is. */
const typeOf = (value: string): string =>
  `text/${/^\s*<(a|html|!doctype html)\b/i.test(value) ? 'html' : 'plain'}; charset=utf-8`;

function answer({ value, asJson }: Served, { method }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('content-type', asJson ? 'application/json' : typeOf(value));
  response.end(asJson ? JSON.stringify({ Method: method, Body: value }) : value);
}

async function serve(served: Served, kind: string, port: number): Promise<void> {
  const { process, value } = served;
  if (kind === 'UDP') return await process.listenUdp(port, (_, __, reply) => reply(Buffer.from(value)));
  const server = new SharedHttpServer((_, request, response) => answer(served, request, response));
  await process.listenTcp(port, (socket) => server.accept(process, socket));
}

/** Answers with the values of variables such as `SERVE_PORT_9001`, at the ports they name. */
export const porter: Subcommand = async (process, flags) => {
  const asJson = flags.isSet('json-response');
  for (const [name, value] of Object.entries(process.config.env)) {
    const [, kind = 'TCP', port] = VARIABLE.exec(name) ?? [];
    if (port !== undefined) await serve({ process, value, asJson }, kind, Number(port));
  }
  return endsAtOnce(process);
};
