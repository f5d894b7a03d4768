// What anybody can try who reaches the port.
import { callOnce, rawConnection, Session } from '../connection.mjs';
import { flood } from './flood.mjs';

const LOGIN = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', 'x-binnacle-csrf': '1' };
const login = (user, password) => JSON.stringify({ user, password });
const MEGABYTE = 1024 * 1024;

const token = (header, payload = { sub: 'x' }) =>
  [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
const TOKENS = [
  `${token({ alg: 'none' })}.`,
  `${token({ alg: 'RS256' })}.AAAA`,
  `${token({ alg: 'HS256', kid: 'x'.repeat(1000) })}.AAAA`,
  `${token({ alg: 'ES512', jku: 'http://127.0.0.1:1/' })}.AAAA`,
  `${token({ alg: 'EdDSA', crit: ['b64'], b64: false })}.AAAA`,
  'x.y.z',
  'a'.repeat(8000),
];

/** Keeps `count` raw connections, each of which writes with `write` every so often. */
async function holdConnections(attack, count, opening, every, write) {
  const sockets = (await Promise.all(Array.from({ length: count }, () => rawConnection(attack.who)))).filter(Boolean);
  attack.count(`${sockets.length} connections`);
  for (const socket of sockets) socket.write(opening);
  while (attack.goOn()) {
    await attack.pause(every);
    for (const socket of sockets) if (!socket.destroyed) write(socket);
  }
  attack.count(`${sockets.filter(({ destroyed }) => destroyed).length} were hung up on`);
  for (const socket of sockets) socket.destroy();
}

export const attacks = {
  'login names of megabytes': (attack) =>
    flood(attack, 16, (session, at) =>
      session.call('POST', '/auth/login', { headers: LOGIN, body: login(`${at}${'n'.repeat(2.5 * MEGABYTE)}`, 'x') }),
    ),
  'password guesses in parallel': (attack) =>
    flood(attack, 64, (session, at) =>
      session.call('POST', '/auth/login', { headers: LOGIN, body: login('admin', `${at}`) }),
    ),
  'guesses for ever new names': (attack) =>
    flood(attack, 32, (session, at) =>
      session.call('POST', '/auth/login', { headers: LOGIN, body: login(`u${at}`, 'x') }),
    ),
  'bodies of 2.9 MB without credentials': (attack) => {
    const body = Buffer.alloc(2.9 * MEGABYTE, 'x');
    return flood(attack, 200, () => callOnce(attack.who, 'POST', '/api/v1/namespaces/default/pods', { body }), {
      sessions: 0,
    });
  },
  'bodies that come a byte a second': (attack) => {
    const opening =
      'POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{';
    return holdConnections(attack, 300, opening, 1000, (socket) => socket.write(' '));
  },
  'headers that come a byte a second': (attack) =>
    holdConnections(attack, 300, 'GET / HTTP/1.1\r\nHost: x\r\nX-A: ', 1000, (socket) => socket.write('a')),
  'headers without end': (attack) =>
    holdConnections(attack, 100, 'GET / HTTP/1.1\r\nHost: x\r\n', 50, (socket) =>
      socket.write(`X-${'b'.repeat(900)}: c\r\n`),
    ),
  'connections opened and closed': (attack) =>
    flood(
      attack,
      32,
      async () => {
        const socket = await rawConnection(attack.who);
        socket?.destroy();
        return { status: socket ? 'opened' : 'refused' };
      },
      { sessions: 0 },
    ),
  'tokens that are none': (attack) =>
    flood(attack, 32, (session, at) =>
      session.call('GET', '/api/v1/pods', { headers: { authorization: `Bearer ${TOKENS[at % TOKENS.length]}` } }),
    ),
  'streams reset as soon as they are opened': (attack) =>
    flood(attack, 128, (session) => session.call('GET', '/api/v1/pods', { leaveAfter: 0 })),
  'paths that are none': (attack) => {
    const paths = [
      '/%zz',
      `/${'a/'.repeat(4000)}`,
      '/api/v1/namespaces/%00/pods',
      '/clusters/x/api/v1/pods',
      `/?${'a=b&'.repeat(3000)}`,
    ];
    return flood(attack, 32, (session, at) => session.call('GET', paths[at % paths.length]));
  },
  'GraphQL without credentials': (attack) => {
    const body = JSON.stringify({ query: `{ ${'a:__typename '.repeat(50_000)} }` });
    return flood(attack, 16, (session) =>
      session.call('POST', '/graphql', { headers: { 'content-type': 'application/json' }, body }),
    );
  },
  'sockets that never say who they are': (attack) => {
    const opening = (path, protocol) =>
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${protocol}\r\n`;
    return Promise.all([
      holdConnections(
        attack,
        150,
        opening('/graphql', 'Sec-WebSocket-Protocol: graphql-transport-ws\r\n'),
        1000,
        () => undefined,
      ),
      holdConnections(attack, 150, opening('/socket.io/?EIO=4&transport=websocket', ''), 1000, () => undefined),
    ]);
  },
};
export const identity = 'anonymous';
export { Session };
