import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, ServerHttp2Stream } from 'node:http2';
import { FairRounds } from './fair-rounds.js';

const nothing = (): void => undefined;

/** Of what is left of a round of the event loop others are answered. */
const ROUND = { most: 100, slice: 8 };

/**
 * Begins requests by turns of their connections where many come at once: under HTTP/2 as soon as there is a stream, since all
 * that is made for a request, for a thousand in one packet, is what takes the time. To be called when everybody listens.
 */
export function guardArrivals(server: EventEmitter): void {
  const rounds = new FairRounds<object>(ROUND);
  const ofStreams = server.listeners('stream');
  server.removeAllListeners('stream');
  server.on('stream', (stream: ServerHttp2Stream, ...more: unknown[]) => {
    // Nobody else listens before its turn.
    stream.on('error', nothing);
    rounds.begin(stream.session ?? stream, () => {
      // Of who has left already nobody is answered.
      if (stream.destroyed) return;
      for (const serve of ofStreams) serve.call(server, stream, ...more);
    });
  });
  const ofRequests = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request: Http2ServerRequest | IncomingMessage, response: ServerResponse) => {
    const serve = (): void => {
      for (const listener of ofRequests) listener.call(server, request, response);
    };
    if (request.httpVersionMajor === 1) rounds.begin(request.socket, serve);
    else serve();
  });
}
