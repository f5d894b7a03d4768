import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gatewayRefs } from '../libs/apis/gateway/src/index.js';

const folder = join(import.meta.dirname, '..', 'libs', 'apis', 'gateway', 'crds');
const digest = (file: string) =>
  createHash('sha256')
    .update(readFileSync(join(folder, file)))
    .digest('hex');

test('the definitions of the Gateway API are those that it publishes as v1.6.1', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  expect(Object.fromEntries(files.map((file) => [file, digest(file)]))).toEqual({
    'gatewayclasses.yaml': '53710048ba26f8620eed59d5e51b157ecf040daf5c6eef31a4b991e0808c4be5',
    'gateways.yaml': '25b885f5870b8fff1ae82efa2628b2761cef3745900c2aecf8fb76629a01255a',
    'grpcroutes.yaml': '53a8d029da8f07e55d3fa58a5cf6de5950dab19fbb8d6a8082fb5e51ca5ef6fc',
    'httproutes.yaml': 'a424a0d6c953b162e71d1d97bb7e75012d8f1ac264e7274f2763d1b96ab39852',
    'referencegrants.yaml': '8c645e9333cfa67790cc2a53e0c00076f88b2bd4230d2b49688c78bc34f9b2c3',
  });
});

test('there is one of each kind that is followed', () => {
  const kinds = Object.values(gatewayRefs).map(({ plural }) => `${plural}.yaml`);
  expect(readdirSync(folder).filter((name) => name.endsWith('.yaml'))).toEqual(kinds.sort());
});
