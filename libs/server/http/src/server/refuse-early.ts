import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2SecureServer, Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { newBadRequest, newMethodNotSupported, StatusError } from '@binnacle/machinery-meta';
import { statusBytes } from './status-answer.js';

/** What still comes is read for so long: a connection closed over it would be reset, and the answer lost. */
const LINGER_MILLISECONDS = 1_000;
const NOT_HTTP = 'the request is not valid HTTP';

/** Answers on a connection that has no request, or no more than the head of one. */
function refuse(socket: Duplex, status: StatusError): void {
  const { headers, body } = statusBytes(status);
  const lines = Object.entries({ ...headers, 'content-length': body.length, connection: 'close' });
  const head = [
    `HTTP/1.1 ${status.code} ${STATUS_CODES[status.code]}`,
    ...lines.map(([name, text]) => `${name}: ${text}`),
  ];
  socket.on('error', () => undefined);
  socket.end(`${head.join('\r\n')}\r\n\r\n${body.toString()}`);
}

/** What the parser could not read, as the Status a client is told. */
function statusOf({ code = '', message }: NodeJS.ErrnoException): StatusError {
  if (code === 'HPE_HEADER_OVERFLOW') return new StatusError(431, '', 'the request line and headers are too large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new StatusError(408, 'Timeout', 'Timeout: the request did not arrive in time');
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
    return new StatusError(413, 'RequestEntityTooLarge', 'Request entity too large');
  return newBadRequest(code.startsWith('HPE_') ? `${NOT_HTTP}: ${message}` : NOT_HTTP);
}

/** Answers what is no HTTP at all; a connection that is gone hears nothing. */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  // Told already; this is more of the same.
  if (socket.writableEnded && !socket.errored) return;
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  refuse(socket, statusOf(error));
  const late = setTimeout(() => socket.destroy(), LINGER_MILLISECONDS);
  socket.once('close', () => clearTimeout(late));
}

type Response = ServerResponse<IncomingMessage> | Http2ServerResponse;

function answer(response: Response, status: StatusError): void {
  const { headers, body } = statusBytes(status);
  (response as ServerResponse).writeHead(status.code, { ...headers, 'content-length': body.length });
  (response as ServerResponse).end(body);
}

/** There is no proxy here. */
function refuseConnect(server: Http2SecureServer): void {
  const status = newMethodNotSupported({ group: '', resource: '' }, 'CONNECT');
  server.on('connect', (request: IncomingMessage | Http2ServerRequest, other: Duplex | Response) => {
    if (request.httpVersionMajor === 1) refuse(other as Duplex, status);
    else answer(other as Response, status);
  });
}

/** Who waits for a 100 is told when its body is wanted: not before it is known who asks. */
function answerExpectations(server: Http2SecureServer): void {
  server.on('checkContinue', (request, response) => void server.emit('request', request, response));
  server.on('checkExpectation', (_request: unknown, response: Response) =>
    answer(response, new StatusError(417, '', 'only 100-continue can be expected')),
  );
}

/** Answers with a Status what never becomes a request of the API. */
export function refuseEarly(server: Http2SecureServer): void {
  refuseConnect(server);
  answerExpectations(server);
}
