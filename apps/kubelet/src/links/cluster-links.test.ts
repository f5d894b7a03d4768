import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { ANNOTATION_LINK } from '@binnacle/apis-kubernetes/links';
import type { InformerHandler } from '@binnacle/client-informers';
import { type Inhabitant, Meter } from '@binnacle/node-runtime-sim';
import { beforeEach, describe, expect, it } from 'vitest';
import { ClusterLinks } from './cluster-links.js';

const node = (name: string, link?: string): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, ...(link !== undefined && { annotations: { [ANNOTATION_LINK]: link } }) },
});
const pod = (uid: string, at: string, annotations: Record<string, string> = {}): Inhabitant => ({
  ...{ namespace: 'ns', name: uid, uid, ip: `10.0.0.${uid.length}`, hostNetwork: false, node: at },
  ...{ hostIp: '127.0.0.11', labels: {}, annotations },
});
const from = (inhabitant: Inhabitant) => ({ host: '127.0.0.9', ip: inhabitant.ip, inhabitant });
const MACHINE = { host: '127.0.0.1', ip: '127.0.0.1' };

const handlers: Array<InformerHandler<Node>> = [];
let links: ClusterLinks;

beforeEach(() => {
  handlers.length = 0;
  links = new ClusterLinks((ip) => (ip === '127.0.0.12' ? 'n2' : undefined));
  links.follow({ addHandler: (handler) => void handlers.push(handler) });
  for (const one of [node('n1', 'delay=10ms loss=10%'), node('n2', 'delay=20ms rate=1mbit'), node('n3')])
    handlers[0]?.added?.(one);
});

describe('the way between two', () => {
  it('leads over the links of both nodes, and of none within one', () => {
    expect(links.between(from(pod('a', 'n1')), pod('bb', 'n2'))).toMatchObject({
      delay: 30,
      in: [new Meter(1e6)],
      out: [new Meter(1e6)],
    });
    expect(links.between(from(pod('a', 'n1')), pod('bb', 'n1'))).toBeUndefined();
    expect(links.between(from(pod('a', 'n3')), pod('bb', 'n1'))).toMatchObject({
      delay: 10,
      loss: expect.closeTo(0.1),
    });
  });

  it('leads over the node’s where the machine asks, and over both where another node does', () => {
    expect(links.between(MACHINE, pod('a', 'n1'))).toMatchObject({ delay: 10 });
    expect(links.between({ host: '127.0.0.12', ip: '10.0.0.12' }, pod('a', 'n1'))).toMatchObject({ delay: 30 });
    expect(links.between({ host: '127.0.0.12', ip: '10.0.0.12' }, pod('a', 'n2'))).toBeUndefined();
  });

  it('leads over those of Pods wherever they are, and over none to oneself', () => {
    const far = { [ANNOTATION_LINK]: 'delay=5ms seed=x' };
    expect(links.between(from(pod('a', 'n1', far)), pod('bb', 'n1', far))).toMatchObject({ delay: 10, seed: 'x/x' });
    expect(links.between(from(pod('a', 'n1', far)), pod('a', 'n1', far))).toBeUndefined();
  });

  it('is as wide as Pods may receive and send', () => {
    const bound = { 'kubernetes.io/ingress-bandwidth': '1M', 'kubernetes.io/egress-bandwidth': '2M' };
    expect(links.between(MACHINE, pod('a', 'n3', bound))).toMatchObject({
      in: [new Meter(1e6)],
      out: [new Meter(2e6)],
    });
    expect(links.between(from(pod('bb', 'n3', bound)), pod('a', 'n3'))).toMatchObject({
      in: [new Meter(2e6)],
      out: [new Meter(1e6)],
    });
    for (const wrong of ['1', 'fast', '10P'])
      expect(links.between(MACHINE, pod('a', 'n3', { 'kubernetes.io/ingress-bandwidth': wrong }))).toBeUndefined();
  });

  it('shares the rate of a link among all that go over it, also when the node says something else anew', () => {
    const meterOf = (uid: string) => links.between(MACHINE, pod(uid, 'n2'))?.in[0];
    const before = meterOf('a');
    expect(meterOf('bb')).toBe(before);
    handlers[0]?.updated?.(node('n2', 'delay=20ms rate=1mbit'), node('n2'));
    expect(meterOf('a')).toBe(before);
    handlers[0]?.updated?.(node('n2', 'rate=2mbit'), node('n2'));
    expect(meterOf('a')).not.toBe(before);
    const self = pod('a', 'n3', { 'kubernetes.io/ingress-bandwidth': '1M' });
    expect(links.between(MACHINE, self)?.in[0]).toBe(links.between(from(pod('bb', 'n3')), self)?.in[0]);
  });

  it('follows what is said of a node, and takes nothing from what cannot be read', () => {
    handlers[0]?.updated?.(node('n1', 'delay=1ms'), node('n1'));
    expect(links.between(MACHINE, pod('a', 'n1'))).toMatchObject({ delay: 1, loss: 0 });
    handlers[0]?.updated?.(node('n1', 'slow'), node('n1'));
    expect(links.between(MACHINE, pod('a', 'n1'))).toBeUndefined();
    handlers[0]?.deleted?.(node('n2'));
    expect(links.between(MACHINE, pod('a', 'n2'))).toBeUndefined();
    expect(links.between(MACHINE, pod('a', 'n1', { [ANNOTATION_LINK]: '?' }))).toBeUndefined();
  });
});
