import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Ingress } from '@binnacle/apis-kubernetes/networking/v1';
import { describe, expect, test } from 'vitest';
import type { CertificateFacts, CertificateSight } from './certificate-facts.js';
import { brokenAt, known, type Lane, lanePassage } from './index.js';
import { ingressLanes, type IngressSource } from './ingress-lanes.js';
import { around, podNamed, serviceOf, texts, told, unready } from './testing/builders.js';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const web = podNamed('web-1');
const name = 'binnacle';
const aClass = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name },
  spec: { controller: 'x' },
};
const status = { loadBalancer: { ingress: [{ ip: '127.97.0.1' }] } };
const to = (service: string, port: object = { number: 80 }) => ({ service: { name: service, port } });
const path = (backend: object, at = '/', pathType = 'Prefix') => ({ path: at, pathType, backend });

function ingressOf(spec: NonNullable<Ingress['spec']>, more: Partial<Ingress> = {}): Ingress {
  const metadata = { name: 'shop', namespace: 'shop' };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata,
    spec: { ingressClassName: name, ...spec },
    status,
    ...more,
  };
}
const rule = (host: string, ...paths: object[]) => ({ ...(host && { host }), http: { paths: paths as never } });
const plain = ingressOf({ rules: [rule('shop.example', path(to('web')))] });
const secure = (tls: object = { hosts: ['shop.example'], secretName: 'cert' }) =>
  ingressOf({ tls: [tls], rules: [rule('shop.example', path(to('web')))] });

const good: CertificateFacts = {
  names: ['shop.example', '*.shop.example'],
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2027-01-01T00:00:00Z',
  keyFits: true,
};
const sight = (facts: Partial<CertificateFacts> = {}): CertificateSight => ({
  state: 'known',
  facts: { ...good, ...facts },
});

function lanesOf(ingress: Ingress, more: Partial<IngressSource> = {}): readonly Lane[] {
  const certificate = () => sight();
  const services = known<Service>([serviceOf({ name: 'http' })]);
  return ingressLanes({
    ingress,
    classes: known([aClass]),
    services,
    around: around([web]),
    certificate,
    now: NOW,
    ...more,
  });
}
const first = (ingress: Ingress, more: Partial<IngressSource> = {}) => lanesOf(ingress, more)[0];
const broken = (lane: Lane | undefined) => lane?.stages[brokenAt(lane)]?.kind;

describe('the way through an Ingress', () => {
  test('leads from a host and path to the Pods of the Service behind', () => {
    const lane = first(plain);
    expect(lane?.stages.map(({ kind }) => kind)).toEqual(['entry', 'ingress', 'port', 'service', 'target', 'pods']);
    expect(texts(lane)).toEqual([['http://shop.example/'], ['127.97.0.1'], ['80/TCP'], ['web'], ['8080'], ['web-1']]);
    expect([told(lane), lane && lanePassage(lane)]).toEqual([[], 'open']);
  });

  test('goes by a certificate where its host has one', () => {
    const lane = first(secure());
    expect(lane?.stages.map(({ kind }) => kind).slice(0, 3)).toEqual(['entry', 'ingress', 'certificate']);
    expect(texts(lane)[0]).toEqual(['https://shop.example/']);
    expect(told(lane)).toEqual([]);
  });

  test('is one for each path, and for what no rule is about', () => {
    const rules = [rule('a.example', path(to('web'), '/x', 'Exact'), path(to('web'), '/y')), rule('', path(to('web')))];
    const lanes = lanesOf(ingressOf({ rules, defaultBackend: to('web', { name: 'http' }) }));
    expect(lanes.map(({ id }) => id)).toEqual(['0/0', '0/1', '1/0', 'default']);
    expect(lanes.map((lane) => texts(lane)[0]?.[0])).toEqual([
      'http://a.example/x',
      'http://a.example/y',
      'http://*/',
      'http://*/…',
    ]);
    expect(lanes.map(lanePassage)).toEqual(['open', 'open', 'open', 'open']);
  });

  test.each<[string, Ingress, Partial<IngressSource>, string, string[]]>([
    [
      'without a class',
      { ...plain, spec: { rules: plain.spec?.rules ?? [] } },
      {
        classes: known([
          { ...aClass, metadata: { name, annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } } },
        ]),
      },
      'ingress',
      ['noClass default=binnacle'],
    ],
    ['of a class that is not there', plain, { classes: known([]) }, 'ingress', ['classMissing class=binnacle']],
    ['that nobody has given an address', { ...plain, status: {} }, {}, 'ingress', ['noIngressAddress class=binnacle']],
    [
      'to a Service that is not there',
      plain,
      { services: known([]) },
      'port',
      ['serviceMissing name=web namespace=shop'],
    ],
    [
      'to a port that the Service has not',
      ingressOf({ rules: [rule('', path(to('web', { number: 8080 })))] }),
      {},
      'port',
      ['servicePortMissing asked=web:8080 has=http 80'],
    ],
    [
      'to Pods that are not ready',
      plain,
      { around: around([unready(web)]) },
      'pods',
      ['noPodReady total=1', 'podNotReady containers=main'],
    ],
  ])('breaks %s', (_, ingress, more, at, faults) => {
    const lane = first(ingress, more);
    expect([broken(lane), told(lane)]).toEqual([at, faults]);
  });

  test('that another one takes first is never gone', () => {
    const lanes = lanesOf(ingressOf({ rules: [rule('', path(to('web'))), rule('', path(to('web')))] }));
    expect(lanes.map(told)).toEqual([[], ['shadowed']]);
  });

  test('to something that is no Service is told to be unknown to us', () => {
    const resource = { apiGroup: 'example.com', kind: 'Bucket', name: 'files' };
    expect(told(first(ingressOf({ rules: [rule('', path({ resource }))] })))).toEqual(['notAService']);
  });

  test('to another name leads there', () => {
    const external = serviceOf({}, { type: 'ExternalName', externalName: 'db.example.com' });
    expect(texts(first(plain, { services: known([external]) })).at(-1)).toEqual(['db.example.com']);
  });

  test('of the class that an annotation names is not without one', () => {
    const annotations = { 'kubernetes.io/ingress.class': 'binnacle' };
    const old = ingressOf(
      {},
      { metadata: { name: 'shop', namespace: 'shop', annotations }, spec: { rules: plain.spec?.rules ?? [] } },
    );
    expect(told(first(old))).toEqual([]);
  });
});

describe('a certificate', () => {
  const day = (count: number) => new Date(NOW + count * 86_400_000).toISOString();

  test.each<[string, CertificateSight, string[]]>([
    ['that is not there', { state: 'missing' }, ['secretMissing']],
    ['without its key', sight({ problem: 'NoKey' }), ['secretIncomplete key=tls.key']],
    ['of which there is only a key', sight({ problem: 'NoCertificate' }), ['secretIncomplete key=tls.crt']],
    ['that cannot be read', sight({ problem: 'Unreadable' }), ['certificateUnreadable']],
    ['beside another’s key', sight({ keyFits: false }), ['certificateKey']],
    ['that has ended', sight({ notAfter: day(-1) }), [`certificateExpired time=${day(-1)}`]],
    ['that has not begun', sight({ notBefore: day(1) }), [`certificateNotYet time=${day(1)}`]],
    [
      'of another host',
      sight({ names: ['other.example'] }),
      ['certificateOtherHost host=shop.example names=other.example'],
    ],
  ])('%s breaks the way', (_, certificate, faults) => {
    const lane = first(secure(), { certificate: () => certificate });
    expect([broken(lane), told(lane)]).toEqual(['certificate', faults]);
  });

  test('that ends soon is told of, and works', () => {
    const lane = first(secure(), { certificate: () => sight({ notAfter: day(3) }) });
    expect([broken(lane), told(lane)]).toEqual([undefined, ['certificateSoon days=3']]);
  });

  test('is for one more label by a star, and for no more than one', () => {
    const covers = (names: string[], host: string) => {
      const ingress = ingressOf({ tls: [{ secretName: 'cert' }], rules: [rule(host, path(to('web')))] });
      return told(first(ingress, { certificate: () => sight({ names }) })).length === 0;
    };
    expect(covers(['*.example'], 'a.example')).toBe(true);
    expect(covers(['*.example'], 'a.b.example')).toBe(false);
    expect(covers(['*.example'], 'example')).toBe(false);
    expect(covers([], '')).toBe(true);
  });

  test('that may not be seen leaves open whether it works', () => {
    const lane = first(secure(), { certificate: () => ({ state: 'refused' }) });
    expect([told(lane), lane && lanePassage(lane)]).toEqual([[], 'unknown']);
    expect(lane?.stages[2]).toMatchObject({ unseen: 'refused' });
  });

  test('of no Secret is whatever whoever serves it has', () => {
    expect(told(first(secure({ hosts: ['shop.example'] })))).toEqual(['secretUnnamed']);
  });

  test('is not shown for hosts that no part of it names', () => {
    expect(texts(first(secure({ hosts: ['other.example'], secretName: 'cert' })))[0]).toEqual(['http://shop.example/']);
  });
});
