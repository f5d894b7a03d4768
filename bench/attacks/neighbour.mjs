// The neighbour, in a process of its own: writes, watches what it writes and leads by a Lease, and times all three.
// Its parent asks for `figures` at the end of each stretch.
import http2 from 'node:http2';
import { Session } from './connection.mjs';
import { figuresOf } from './figures.mjs';

const WRITE_EVERY = 25;
const LEASE_EVERY = 500;
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
const JSON_BODY = { 'content-type': 'application/json' };
const MERGE = { 'content-type': 'application/merge-patch+json' };

let stretch = fresh();
const written = new Map();

function fresh() {
  return { writes: [], events: [], leases: [], failed: 0 };
}

function watch({ server, ca, cert, key }, from) {
  const session = http2.connect(server, { ca, cert, key });
  session.on('error', () => undefined);
  const query = `watch=1&resourceVersion=${from}&fieldSelector=metadata.name%3Dneighbour`;
  const stream = session.request({ ':path': `${CONFIG_MAPS}?${query}` });
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('error', () => undefined);
  stream.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const { data } = JSON.parse(line).object;
      const at = written.get(data?.turn);
      written.delete(data?.turn);
      if (at !== undefined) stretch.events.push(performance.now() - at);
    }
  });
}

/** Since when each call that has no answer yet waits, by the list its time belongs to. */
const waiting = { writes: new Set(), leases: new Set() };

async function timed(what, call) {
  const begun = performance.now();
  waiting[what].add(begun);
  const { status, milliseconds } = await call;
  waiting[what].delete(begun);
  if (status >= 200 && status < 300) stretch[what].push(milliseconds);
  else stretch.failed += 1;
}

/** Who still waits has waited at least so long. */
const withWaiting = (what) => [...stretch[what], ...[...waiting[what]].map((begun) => performance.now() - begun)];

/** At even times, whether or not the one before was answered: who waits before it asks again measures only its own patience. */
function everyFew(milliseconds, act) {
  setInterval(() => void act(), milliseconds);
}

process.once('message', async ({ neighbour, leader }) => {
  const own = new Session(neighbour);
  const leading = new Session(leader);
  const body = JSON.stringify({ metadata: { name: 'neighbour' }, data: { turn: '0' } });
  const made = await own.call('POST', CONFIG_MAPS, { headers: JSON_BODY, body });
  const { metadata } = JSON.parse(made.text);
  const lease = {
    metadata: { name: 'kube-scheduler' },
    spec: { holderIdentity: 'neighbour', leaseDurationSeconds: 15 },
  };
  await leading.call('POST', LEASES, { headers: JSON_BODY, body: JSON.stringify(lease) });
  watch(neighbour, metadata.resourceVersion ?? '0');
  let turn = 0;
  everyFew(WRITE_EVERY, () => {
    turn += 1;
    written.set(String(turn), performance.now());
    const patch = JSON.stringify({ data: { turn: String(turn) } });
    return timed('writes', own.call('PATCH', `${CONFIG_MAPS}/neighbour`, { headers: MERGE, body: patch }));
  });
  everyFew(LEASE_EVERY, () => {
    const renewTime = `${new Date().toISOString().slice(0, 23)}000Z`;
    const patch = JSON.stringify({ spec: { renewTime } });
    return timed('leases', leading.call('PATCH', `${LEASES}/kube-scheduler`, { headers: MERGE, body: patch }));
  });
  process.on('message', () => {
    const { events, failed } = stretch;
    const [writes, leases] = [withWaiting('writes'), withWaiting('leases')].map(figuresOf);
    stretch = fresh();
    process.send({ writes, events: figuresOf(events), leases, failed });
  });
  process.send('ready');
});
process.on('disconnect', () => process.exit(0));
