// What a person can try who may read: everything they ask is permitted.
import http2 from 'node:http2';
import { flood } from './flood.mjs';

const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
const get =
  (path, headers = {}) =>
  (session) =>
    session.call('GET', path, { headers });
const query = (text) => (session) =>
  session.call('POST', '/graphql', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: text }),
  });
const EVERYTHING =
  '{ pods(first: 1000) { nodes { metadata { name namespace labels } status { phase } node { metadata { name } } } } }';
const operands = Array.from({ length: 3000 }, (_, at) => `v${at}`).join(',');

export const identity = 'viewer';
export const attacks = {
  'all Pods as a Table, eight at a time': (attack) => flood(attack, 8, get('/api/v1/pods', TABLE)),
  'all Pods as YAML, eight at a time': (attack) =>
    flood(attack, 8, get('/api/v1/pods', { accept: 'application/yaml' })),
  'all Pods, compressed, eight at a time': (attack) =>
    flood(attack, 8, get('/api/v1/pods', { 'accept-encoding': 'gzip' })),
  'all Pods as metadata, eight at a time': (attack) =>
    flood(
      attack,
      8,
      get('/api/v1/pods', { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' }),
    ),
  'lists whose askers have left': (attack) =>
    flood(attack, 32, (session) => session.call('GET', '/api/v1/pods', { headers: TABLE, leaveAfter: 2 })),
  'selectors of 3,000 values': (attack) =>
    flood(attack, 8, get(`/api/v1/pods?labelSelector=${encodeURIComponent(`app in (${operands})`)}`)),
  'pages at past moments': (attack) =>
    flood(attack, 8, get('/api/v1/pods?limit=1&resourceVersion=2&resourceVersionMatch=Exact')),
  'permitted GraphQL queries, eight clients': (attack) => flood(attack, 8, query(EVERYTHING)),
  '2,000 watches of everything': async (attack) => {
    const { server, ca, cert, key } = attack.who;
    const sessions = Array.from({ length: 20 }, () =>
      http2.connect(server, { ca, cert, key }).on('error', () => undefined),
    );
    let opened = 0;
    for (const session of sessions) {
      for (let at = 0; at < 100; at += 1) {
        const stream = session.request({ ':path': '/api/v1/pods?watch=1&resourceVersion=0' });
        stream.on('response', ({ ':status': status }) => attack.count(status)).on('error', () => undefined);
        // Nobody reads: what is sent stays in the server's hands.
        stream.pause();
        opened += 1;
      }
    }
    while (attack.goOn()) await attack.pause(200);
    attack.count(`${opened} asked for`);
    for (const session of sessions) session.destroy();
  },
};
