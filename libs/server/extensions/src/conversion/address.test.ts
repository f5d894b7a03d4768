import type { StoredObject } from '@binnacle/server-storage';
import { describe, expect, it } from 'vitest';
import { NoAddress } from '@binnacle/server-egress';
import { type Services, webhookAddress } from './address.js';

const service = (spec: object): Services => ({
  peek: ({ name }) =>
    name === 'hook' ? ({ body: Buffer.from(JSON.stringify({ metadata: {}, spec })) } as StoredObject) : undefined,
});
const none: Services = { peek: () => undefined };
const ofUrl = (url: string) => webhookAddress({ url }, 'main', none);

describe('where a webhook is asked', () => {
  it.each([
    '0.0.0.0',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
  ])('is never %s', (address) => {
    const host = address.includes(':') ? `[${address}]` : address;
    expect(() => ofUrl(`https://${host}/`)).toThrow(NoAddress);
  });

  it.each([
    'https://2852039166/',
    'https://0xa9fea9fe/',
    'https://0251.0376.0251.0376/',
    'https://[::ffff:169.254.169.254]/',
  ])('is never what %s is another spelling of', (url) => {
    expect(() => ofUrl(url)).toThrow(NoAddress);
  });

  it('is a URL’s host, port and path', () => {
    expect(ofUrl('https://hooks.example.com:8443/convert')).toEqual({
      host: 'hooks.example.com',
      port: 8443,
      path: '/convert',
      serverName: 'hooks.example.com',
    });
    expect(ofUrl('https://hooks.example.com')).toMatchObject({ port: 443, path: '/' });
  });

  it('is a Service’s address and port, by the name its certificate is for', () => {
    const services = service({ clusterIP: '10.96.3.4', ports: [{ port: 8443 }] });
    const asked = { service: { namespace: 'ops', name: 'hook', path: '/c', port: 8443 } };
    expect(webhookAddress(asked, 'main', services)).toMatchObject({ path: '/c', serverName: 'hook.ops.svc' });
  });

  it('is nowhere where the Service is not, has no such port or no address', () => {
    const ask = (services: Services, name = 'hook') =>
      webhookAddress({ service: { namespace: 'ops', name } }, 'main', services);
    expect(() => ask(none)).toThrow('service "hook" not found');
    expect(() => ask(service({ clusterIP: 'None', ports: [] }))).toThrow('service "hook" has no address');
    expect(() => ask(service({ clusterIP: '10.96.3.4', ports: [{ port: 80 }] }))).toThrow(
      'no service port 443 found for service "hook"',
    );
  });
});
