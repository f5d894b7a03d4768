import { expect, test } from 'vitest';
import type { ApiRequest } from '../request/api-request.js';
import { OpenIdHandler } from './openid-handler.js';

const key = { use: 'sig', kty: 'EC', kid: 'k', crv: 'P-256', alg: 'ES256', x: 'x', y: 'y' };
const handler = new OpenIdHandler(
  { issuer: 'https://kubernetes.default.svc.cluster.local', jsonWebKeys: [key] },
  '10.0.0.1:6443',
);
const ask = (path: string, method = 'GET') => handler.handle({ info: { path }, method } as ApiRequest);
const json = (path: string) => {
  const answer = ask(path);
  return answer && 'body' in answer ? JSON.parse(String([...(answer.body as string[])])) : undefined;
};

test('the issuer is discovered', () => {
  expect(json('/.well-known/openid-configuration')).toEqual({
    issuer: 'https://kubernetes.default.svc.cluster.local',
    jwks_uri: 'https://10.0.0.1:6443/openid/v1/jwks',
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  });
});

test('the key is published for an hour', () => {
  expect(json('/openid/v1/jwks/')).toEqual({ keys: [key] });
  expect(ask('/openid/v1/jwks')).toMatchObject({
    contentType: 'application/jwk-set+json',
    headers: { 'cache-control': 'public, max-age=3600' },
  });
});

test('is read and nothing else', () => {
  expect(() => ask('/openid/v1/jwks', 'POST')).toThrow(expect.objectContaining({ code: 405 }));
  expect(ask('/openid/v1/keys')).toBeUndefined();
});
