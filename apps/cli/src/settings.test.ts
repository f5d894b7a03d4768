import { describe, expect, test } from 'vitest';
import { readUpSettings, type UpFlags } from './settings.js';

const flags: UpFlags = {
  dataDir: '/data',
  portOffset: '0',
  nodes: '3',
  web: true,
  dns: true,
  podCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/16',
  nodeAddressPrefix: '127.0.0',
};

describe('readUpSettings', () => {
  test('uses the ports of upstream', () => {
    expect(readUpSettings(flags).ports).toMatchObject({ apiServer: 6443, kubelet: 10250, scheduler: 10259 });
  });

  test('moves every port by the offset, but not one that was given', () => {
    expect(readUpSettings({ ...flags, portOffset: '100', port: '7443' }).ports).toMatchObject({
      apiServer: 7443,
      web: 7180,
    });
  });

  test('gives load balancers a network that nothing else has', () => {
    const cidrs = (more: Partial<UpFlags> = {}) => readUpSettings({ ...flags, ...more }).loadBalancerCidrs;
    expect([cidrs(), cidrs({ serviceCidr: '10.97.0.0/16', podCidr: '10.98.0.0/16' })]).toEqual([
      ['127.97.0.0/24'],
      ['127.99.0.0/24'],
    ]);
    expect(cidrs({ cloudControllerManager: false })).toBeUndefined();
  });

  test('takes addresses of the dashboard', () => {
    expect(readUpSettings({ ...flags, publicUrl: ['https://lab.example/'] }).publicUrls).toEqual([
      'https://lab.example',
    ]);
  });

  test.each([
    ['a port out of range', { port: '70000' }, '--port must be a whole number from 1 to 65535'],
    ['one port for two things', { port: '8000', webPort: '8000' }, 'port 8000 is wanted for two things'],
    ["a port of a component's own", { webPort: '10250' }, 'port 10250 is wanted for two things'],
    ['too many nodes', { nodes: '9999' }, '--nodes must be a whole number'],
    ['a negative offset', { portOffset: '-1' }, '--port-offset'],
    ['a network that is not 10.N.0.0/16', { podCidr: '192.168.0.0/16' }, '--pod-cidr'],
    ['a network written oddly', { podCidr: '10.007.0.0/16' }, '--pod-cidr must be a network'],
    ['one network for Pods and Services', { serviceCidr: '10.244.0.0/16' }, '--pod-cidr and --service-cidr both want'],
    ["the nodes' network for Pods", { podCidr: '10.0.0.0/16' }, '--pod-cidr and --node-address-prefix both want'],
    [
      "the control plane's network for Services",
      { serviceCidr: '10.0.0.0/16', nodeAddressPrefix: '127.9.0' },
      '--service-cidr and the control plane both want',
    ],
    [
      'an address people would type passwords at over plain HTTP',
      { publicUrl: ['http://lab.example'] },
      '--public-url',
    ],
    ['an address that is more than one', { publicUrl: ['https://lab.example/x'] }, '--public-url'],
    [
      'a network of load balancers for Services',
      { loadBalancerCidr: ['127.96.7.0/24'] },
      'and --load-balancer-cidr both want',
    ],
    [
      'the control plane’s own for load balancers',
      { loadBalancerCidr: ['127.0.7.0/24'] },
      'and --load-balancer-cidr both want',
    ],
    ['that of other clusters', { loadBalancerCidr: ['127.1.0.0/24'] }, "are this machine's or other logical clusters'"],
    ['all of loopback', { loadBalancerCidr: ['127.0.0.0/8'] }, "are this machine's"],
    ['load balancers of no network', { loadBalancerCidr: ['127.97.0.1/24'] }, 'is no network such as 127.97.0.0/24'],
    ['load balancers of no class', { loadBalancerCidr: ['=127.97.0.0/24'] }, '"" is no class of load balancers'],
    ['node addresses outside loopback', { nodeAddressPrefix: '10.0.0' }, '--node-address-prefix'],
    ['node addresses that are none', { nodeAddressPrefix: '127.999.0' }, '--node-address-prefix'],
  ])('refuses %s', (_, change, message) => {
    expect(() => readUpSettings({ ...flags, ...change })).toThrow(message);
  });
});
