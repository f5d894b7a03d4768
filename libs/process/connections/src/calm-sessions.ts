import type { EventEmitter } from 'node:events';
import type { ServerHttp2Session } from 'node:http2';
import { whenNothingIsRead } from './break-off.js';

/** Who has not heard goodbye for so long does not read, and is cut off. */
const PATIENCE_MILLISECONDS = 10_000;
/** Until goodbye is on its way it is looked again so often. */
const LOOK_AGAIN_MILLISECONDS = 5;

/** How Node ends a session. */
interface Ends {
  close(): void;
  destroy(): void;
}

/**
 * Says goodbye, and closes the session once that is on its way: from then on the library below ignores streams that are opened. Of a
 * session that is closed before, Node resets them while it reads.
 */
function sayGoodbye(session: ServerHttp2Session, { close, destroy }: Ends): void {
  session.goaway();
  const late = setTimeout(() => destroy(), PATIENCE_MILLISECONDS);
  session.once('close', () => clearTimeout(late));
  const look = (): void => {
    if (session.destroyed) return;
    if (session.state.outboundQueueSize === 0) return close();
    setTimeout(look, LOOK_AGAIN_MILLISECONDS);
  };
  whenNothingIsRead(look);
}

/** Gives one session ways to end that can be used at any time. */
export function calm(session: ServerHttp2Session): void {
  const close = session.close.bind(session);
  const destroy = session.destroy.bind(session);
  let isLeaving = false;
  session.destroy = (...why) => whenNothingIsRead(() => destroy(...why));
  session.close = (callback) => {
    if (callback) session.once('close', callback);
    if (isLeaving || session.destroyed) return;
    isLeaving = true;
    sayGoodbye(session, { close, destroy });
  };
}

/**
 * Puts safe ways to end sessions in the place of Node's own, for whoever uses them: this server, Fastify, and Node itself, which
 * closes a session in the middle of reading where a client says goodbye, and reads on what that client opens after it. To be
 * called before anybody else listens for sessions.
 */
export function calmSessions(server: EventEmitter): void {
  server.prependListener('session', calm);
}
