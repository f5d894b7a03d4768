// Documents that cost more to answer than to send; each function of graphql-documents.mjs is one, `nobody` may ask them all.
import * as documents from '../graphql-documents.mjs';
import { flood } from './flood.mjs';

const HEADERS = { 'content-type': 'application/json' };
const ask = (body) => (attack) =>
  flood(attack, 4, (session) => session.call('POST', '/graphql', { headers: HEADERS, body }));
/** `manyOperands` is "many operands". */
const words = (name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

export const identity = 'nobody';
export const attacks = Object.fromEntries(
  Object.entries(documents)
    .filter(([, make]) => typeof make === 'function')
    .map(([name, make]) => [`GraphQL: ${words(name)}`, ask(JSON.stringify(make()))]),
);
