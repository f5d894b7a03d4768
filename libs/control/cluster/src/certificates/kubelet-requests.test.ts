import { describe, expect, test } from 'vitest';
import { recognized } from './approval-plan.js';
import { type KubeletRequest, notKubeletClient, notKubeletServing } from './kubelet-requests.js';

const CLIENT = ['digital signature', 'key encipherment', 'client auth'];
const SERVING = ['digital signature', 'key encipherment', 'server auth'];
const NODE: KubeletRequest = { commonName: 'system:node:a', organizations: ['system:nodes'], names: [] };
const dns = { type: 'dns', value: 'a.example' } as const;
const ip = { type: 'ip', value: '10.0.0.1' } as const;
const email = { type: 'email', value: 'a@example' } as const;
const url = { type: 'url', value: 'https://example' } as const;

describe('a kubelet that calls', () => {
  test.each<[string, Partial<KubeletRequest>, string[], string | undefined]>([
    ['is as it must be', {}, CLIENT, undefined],
    ['need not encipher', {}, ['client auth', 'digital signature'], undefined],
    [
      'is of no other organization',
      { organizations: ['system:masters'] },
      CLIENT,
      'subject organization is not system:nodes',
    ],
    [
      'is of one organization only',
      { organizations: ['system:nodes', 'b'] },
      CLIENT,
      'subject organization is not system:nodes',
    ],
    ['is of one', { organizations: [] }, CLIENT, 'subject organization is not system:nodes'],
    ['has no name', { names: [dns] }, CLIENT, 'DNS subjectAltNames are not allowed'],
    ['has no address', { names: [ip] }, CLIENT, 'IP subjectAltNames are not allowed'],
    ['has no mailbox', { names: [email] }, CLIENT, 'Email subjectAltNames are not allowed'],
    ['has no URI', { names: [url] }, CLIENT, 'URI subjectAltNames are not allowed'],
    ['is a node', { commonName: 'mike' }, CLIENT, 'subject common name does not begin with system:node:'],
    ['does not serve', {}, SERVING, 'usages did not match [client auth digital signature key encipherment]'],
    [
      'does nothing more',
      {},
      [...CLIENT, 'server auth'],
      'usages did not match [client auth digital signature key encipherment]',
    ],
  ])('%s', (_, more, usages, why) => expect(notKubeletClient({ ...NODE, ...more }, usages)).toBe(why));
});

describe('a kubelet that is called', () => {
  test.each<[string, Partial<KubeletRequest>, string[], string | undefined]>([
    ['has a name', { names: [dns] }, SERVING, undefined],
    ['has an address', { names: [ip] }, ['server auth', 'digital signature'], undefined],
    ['has either', {}, SERVING, 'DNS or IP subjectAltName is required'],
    ['has no mailbox', { names: [dns, email] }, SERVING, 'Email subjectAltNames are not allowed'],
    ['has no URI', { names: [ip, url] }, SERVING, 'URI subjectAltNames are not allowed'],
    ['is of nodes', { names: [ip], organizations: ['x'] }, SERVING, 'subject organization is not system:nodes'],
    ['is a node', { names: [ip], commonName: 'x' }, SERVING, 'subject common name does not begin with system:node:'],
    ['does not call', { names: [ip] }, CLIENT, 'usages did not match [digital signature key encipherment server auth]'],
  ])('%s', (_, more, usages, why) => expect(notKubeletServing({ ...NODE, ...more }, usages)).toBe(why));
});

describe('what is recognized', () => {
  const spec = {
    signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
    request: '',
    usages: CLIENT,
    username: 'system:node:a',
  };
  test.each([
    ['of oneself', {}, {}, ['selfnodeclient', 'nodeclient']],
    ['of another', { username: 'joe' }, {}, ['nodeclient']],
    ['for another signer', { signerName: 'kubernetes.io/kubelet-serving' }, {}, []],
    ['for another purpose', { usages: SERVING }, {}, []],
    ['of nobody’s node', {}, { commonName: 'mike' }, []],
  ])('%s', (_, more, subject, expected) => {
    const found = recognized({ ...spec, ...more }, { ...NODE, ...subject });
    expect(found.map(({ subresource }) => subresource)).toEqual(expected);
  });
});
