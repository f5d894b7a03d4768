// What is asked, each by one client again and again. `place` says for whom: { kind, number, round, made }, where `made` holds
// the names of what a client has created. `state` is what its last call returned; STOP ends it.
import { expectStatus } from '../store/http.mjs';
import { KINDS, LISTED, LISTED_NAMESPACE, NAMESPACE } from './kinds.mjs';

export const STOP = Symbol('stop');

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const APPLY = 'application/apply-patch+yaml';
const STRATEGIC = 'application/strategic-merge-patch+json';

export const collectionOf = ({ kind }) => KINDS[kind].collection(NAMESPACE);
/** Every client has an object of its own to write, and one to apply. */
const pathOf = (place, which) => `${collectionOf(place)}/${which}-${place.number}`;
export const listPath = ({ kind }) => `${KINDS[kind].collection(LISTED_NAMESPACE)}?limit=${LISTED}`;

/** As client-go, which asks again a second later where too much of what it has asked for waits to be read. */
async function patiently(ask) {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 429) return answer;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

export const OPERATIONS = {
  get: async (client, place) => expectStatus(200, await client.call('GET', pathOf(place, 'own'))),
  list: async (client, place) => expectStatus(200, await patiently(() => client.call('GET', listPath(place)))),
  table: async (client, place) =>
    expectStatus(200, await patiently(() => client.call('GET', listPath(place), undefined, undefined, TABLE))),
  create: async (client, place, turn) => {
    const name = `c${place.number}-${place.round}-${turn}`;
    const body = JSON.stringify(KINDS[place.kind].manifest(name, {}));
    expectStatus(201, await client.call('POST', collectionOf(place), body));
    place.made.push(name);
  },
  update: async (client, place, turn, state) => {
    const path = pathOf(place, 'own');
    const object = state ?? JSON.parse((await client.call('GET', path)).text());
    object.metadata.labels.turn = String(turn);
    return JSON.parse(expectStatus(200, await client.call('PUT', path, JSON.stringify(object))).text());
  },
  patch: async (client, place, turn) => {
    const body = `{"metadata":{"labels":{"turn":"p${place.round}-${turn}"}}}`;
    expectStatus(200, await client.call('PATCH', pathOf(place, 'own'), body, STRATEGIC));
  },
  apply: async (client, place, turn) => {
    const body = JSON.stringify(KINDS[place.kind].manifest(`applied-${place.number}`, { turn: `a${turn}` }));
    const path = `${pathOf(place, 'applied')}?fieldManager=bench&force=true`;
    const answer = await client.call('PATCH', path, body, APPLY);
    expectStatus(answer.status === 201 ? 201 : 200, answer);
  },
  /** Of what has been created before, as long as there is any. */
  delete: async (client, place) => {
    const name = place.made.pop();
    if (name === undefined) return STOP;
    expectStatus(200, await client.call('DELETE', `${collectionOf(place)}/${name}`));
  },
};
