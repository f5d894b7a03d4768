import type { Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import { describe, expect, test } from 'vitest';
import { brokenAt, known, type Lane, lanePassage, stagePassage } from './index.js';
import { type AroundService, serviceLanes } from './service-lanes.js';
import { around, podNamed, policyOf, serviceOf, sliceOf, texts, told, unready } from './testing/builders.js';

const web = podNamed('web-1', ['http 8080/TCP']);
const other = podNamed('web-22', ['http 8080/TCP']);

function laneOf(service: Service, behind: AroundService): Lane {
  const [lane] = serviceLanes({ service, ...behind });
  if (!lane) throw new Error('no way');
  return lane;
}
const broken = (lane: Lane) => lane.stages[brokenAt(lane)]?.kind;

describe('a way that is open', () => {
  test('leads from an address over the ports to Pods and their containers', () => {
    const lane = laneOf(
      serviceOf({ name: 'http', nodePort: 30080 }, { externalIPs: ['10.97.0.7'] }),
      around([web, other]),
    );
    expect(lane.stages.map(({ kind }) => kind)).toEqual(['address', 'port', 'service', 'target', 'pods']);
    expect(texts(lane)).toEqual([
      ['10.96.0.9:80', '*:30080', '10.97.0.7:80'],
      ['80/TCP'],
      ['web'],
      ['8080'],
      ['web-1', 'web-22'],
    ]);
    expect(lane.stages.at(-1)?.stops[0]?.then).toMatchObject({ kind: 'container', text: '8080/TCP', more: 'main' });
    expect([lanePassage(lane), told(lane)]).toEqual(['open', []]);
  });

  test('is one for each port, with an id of its own', () => {
    const ports = [
      { port: 80, protocol: 'TCP' },
      { port: 53, protocol: 'UDP' },
    ];
    expect(serviceLanes({ service: serviceOf({}, { ports }), ...around([web]) }).map(({ id }) => id)).toEqual([
      '80/TCP',
      '53/UDP',
    ]);
  });

  test('has an address of each family, IPv6 in brackets', () => {
    expect(texts(laneOf(serviceOf({}, { clusterIPs: ['10.96.0.9', 'fd00::9'] }), around([web])))[0]).toEqual([
      '10.96.0.9:80',
      '[fd00::9]:80',
    ]);
  });

  test('finds a port by its name, also in a container that was started before', () => {
    const { spec, ...rest } = podNamed('web-1', []);
    const sidecar = {
      name: 'proxy',
      image: 'i',
      restartPolicy: 'Always',
      ports: [{ name: 'in', containerPort: 15001 }],
    };
    const pod: Pod = { ...rest, spec: { containers: [], ...spec, initContainers: [sidecar] } };
    const lane = laneOf(serviceOf({ targetPort: 'in' }), around([pod]));
    expect(lane.stages[3]?.stops).toMatchObject([{ text: 'in', more: '15001' }]);
    expect(lane.stages[4]?.stops[0]?.then).toMatchObject({ text: '15001/TCP', more: 'proxy' });
  });
});

describe('where a way breaks', () => {
  test.each<[string, Service, AroundService, string, string[]]>([
    ['at a selector that selects nothing', serviceOf(), around([]), 'service', ['selectsNothing selector=app=web']],
    [
      'at a selector that one letter keeps from a Pod',
      serviceOf({}, { selector: { app: 'wbe' } }),
      around([web]),
      'service',
      ['selectsAlmost pod=web-1 key=app wants=wbe has=web'],
    ],
    [
      'at a label that a Pod lacks beside others that it has',
      serviceOf({}, { selector: { app: 'web', tier: 'front' } }),
      around([web]),
      'service',
      ['selectsAlmost pod=web-1 key=tier wants=front has='],
    ],
    [
      'at Pods none of which is ready',
      serviceOf(),
      around([unready(web), { ...other, spec: { containers: [] } }]),
      'pods',
      ['noPodReady total=2', 'podNotReady containers=main', 'podUnscheduled'],
    ],
    [
      'at a name that no port of a Pod has',
      serviceOf({ targetPort: 'web' }),
      around([web]),
      'target',
      ['noPortOfThatName port=web has=http 8080/TCP protocol=TCP'],
    ],
    [
      'at a name that a port of another protocol has',
      serviceOf({ targetPort: 'http', protocol: 'UDP' }),
      around([web]),
      'target',
      ['portOtherProtocol port=http has=http 8080/TCP protocol=UDP'],
    ],
    [
      'at a policy that lets nobody in',
      serviceOf(),
      around([web], { policies: known([policyOf('deny', { podSelector: {}, policyTypes: ['Ingress'] })]) }),
      'pods',
      ['policyRefuses policies=deny port=8080/TCP'],
    ],
    [
      'at endpoints that nobody has written',
      serviceOf({}, { selector: {} }),
      around([], { slices: known([]) }),
      'service',
      ['noSelectorNoEndpoints'],
    ],
    [
      'at endpoints that no controller has made',
      serviceOf(),
      around([web], { slices: known([]) }),
      'pods',
      ['noPodReady total=1', 'podHasNoEndpoint'],
    ],
    [
      'at an endpoint whose Pod is gone',
      serviceOf({}, { selector: {} }),
      around([], { slices: known([sliceOf([web])]) }),
      'pods',
      ['noSelector', 'noPodReady total=1', 'podIsGone'],
    ],
  ])('%s', (_, service, behind, at, faults) => {
    const lane = laneOf(service, behind);
    expect([broken(lane), told(lane), lanePassage(lane)]).toEqual([at, faults, 'broken']);
  });
});

describe('what of a way does not work', () => {
  test('is told, and the rest is open', () => {
    const lane = laneOf(serviceOf(), around([web, unready(other)]));
    expect(told(lane)).toEqual(['someNotReady ready=1 total=2', 'podNotReady containers=main']);
    expect([lanePassage(lane), brokenAt(lane)]).toEqual(['part', -1]);
    // What is wrong stands first.
    expect(texts(lane).at(-1)).toEqual(['web-22', 'web-1']);
  });

  test('may be a load balancer that has no address yet', () => {
    const service = serviceOf({}, { type: 'LoadBalancer', loadBalancerClass: 'example.com/lb' });
    const lane = laneOf(service, around([web]));
    expect(told(lane)).toEqual(['noLoadBalancer class=example.com/lb']);
    expect([stagePassage(lane.stages[0] as never), lanePassage(lane)]).toEqual(['part', 'part']);
    const ingress = [{ ip: '10.97.0.1', ports: [{ port: 80, protocol: 'TCP', error: 'InUse' }] }];
    const given = { ...service, status: { loadBalancer: { ingress } } };
    expect(told(laneOf(given, around([web])))).toEqual(['loadBalancerError error=InUse']);
    expect(texts(laneOf(given, around([web])))[0]).toContain('10.97.0.1:80');
  });

  test('may be a port of another number than the containers say', () => {
    const lane = laneOf(serviceOf({ targetPort: 80 }), around([web]));
    expect(told(lane)).toEqual(['undeclaredPort port=80/TCP has=http 8080/TCP']);
    expect([lanePassage(lane), brokenAt(lane)]).toEqual(['doubt', -1]);
    // Nothing need be declared.
    expect(told(laneOf(serviceOf({ targetPort: 80 }), around([podNamed('web-1', [])])))).toEqual([]);
  });

  test('may be a Pod of an older template, whose port has another name', () => {
    const lane = laneOf(serviceOf({ targetPort: 'http' }), around([web, podNamed('web-22', ['web 8080'])]));
    expect(told(lane)).toEqual([
      'someHaveNoPortOfThatName port=http has=http 8080/TCP, web 8080/TCP protocol=TCP count=1 total=2',
    ]);
  });

  test('of Pods is said by what each of them waits for', () => {
    const waiting = {
      name: 'main',
      ready: false,
      restartCount: 3,
      image: 'i',
      imageID: '',
      state: { waiting: { reason: 'CrashLoopBackOff' } },
    };
    const crashing = { ...web, status: { phase: 'Running', podIP: '10.244.0.5', containerStatuses: [waiting] } };
    const going = { ...other, metadata: { ...other.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    const done = { ...podNamed('web-333'), status: { phase: 'Succeeded' } };
    expect(told(laneOf(serviceOf(), around([crashing, going, done])))).toEqual([
      'noPodReady total=3',
      'podWaiting status=CrashLoopBackOff',
      'podTerminating',
      'podEnded status=Succeeded',
    ]);
  });
});

describe('what is worth knowing', () => {
  test('of policies is whom they let in, where that is not everybody', () => {
    const from = (peers: object[]) =>
      policyOf('some', {
        podSelector: {},
        policyTypes: ['Ingress'],
        ingress: [{ from: peers, ports: [{ port: 'http' }] }],
      });
    const some = around([web], { policies: known([from([{ podSelector: { matchLabels: { app: 'front' } } }])]) });
    expect(told(laneOf(serviceOf(), some))).toEqual(['policyLimits policies=some port=8080/TCP']);
    expect(lanePassage(laneOf(serviceOf(), some))).toBe('open');
    expect(told(laneOf(serviceOf(), around([web], { policies: known([from([])]) })))).toEqual([]);
    const elsewhere = policyOf('far', { podSelector: {}, ingress: [{ ports: [{ port: 9090 }] }] });
    expect(told(laneOf(serviceOf(), around([web], { policies: known([elsewhere]) })))).toEqual([
      'policyRefuses policies=far port=8080/TCP',
    ]);
    const egress = policyOf('out', { podSelector: {}, policyTypes: ['Egress'] });
    expect(told(laneOf(serviceOf(), around([web], { policies: known([egress]) })))).toEqual([]);
  });

  test('of a headless Service is that its port is the Pods’ own', () => {
    const lane = laneOf(serviceOf({}, { clusterIP: 'None' }), around([web]));
    expect(texts(lane)[0]).toEqual(['web.shop.svc.cluster.local']);
    expect(told(lane)).toEqual(['headlessPort port=80 target=8080']);
    expect(
      told(laneOf(serviceOf({ targetPort: 80, port: 80 }, { clusterIP: 'None' }), around([podNamed('w', ['80'])]))),
    ).toEqual([]);
  });

  test('of one without ports is the way by names alone', () => {
    const lane = laneOf(serviceOf({}, { clusterIP: 'None', ports: [] }), around([web]));
    expect(texts(lane)).toEqual([['web.shop.svc.cluster.local'], ['web'], ['web-1']]);
  });

  test('of an external name is that it is one', () => {
    const external = (externalName: string, ports: object[] = []) =>
      laneOf(serviceOf({}, { type: 'ExternalName', externalName, ports: ports as never, clusterIP: '' }), around([]));
    expect(texts(external('db.example.com'))).toEqual([['web.shop.svc.cluster.local'], ['db.example.com']]);
    expect(told(external('10.0.0.1'))).toEqual(['externalNameAddress name=10.0.0.1']);
    expect(told(external('db.example.com', [{ port: 80, targetPort: 8080 }]))).toEqual(['externalNamePort']);
  });

  test('of traffic that stays local is that other nodes refuse it', () => {
    const local = serviceOf({ nodePort: 30080 }, { type: 'NodePort', externalTrafficPolicy: 'Local' });
    expect(told(laneOf(local, around([web])))).toEqual(['localNodes']);
    const bounded = { ...serviceOf({}, { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8'] }) };
    const status = { loadBalancer: { ingress: [{ hostname: 'lb.example.com' }] } };
    expect(told(laneOf({ ...bounded, status }, around([web])))).toEqual(['sourceRanges ranges=10.0.0.0/8']);
  });

  test('of Pods that are published before they are ready is nothing', () => {
    const lane = laneOf(serviceOf({}, { publishNotReadyAddresses: true }), around([unready(web)]));
    expect([told(lane), lanePassage(lane)]).toEqual([[], 'open']);
  });
});

describe('what may not be seen', () => {
  test('is not said to be missing', () => {
    const hidden = around([], { pods: { state: 'refused' }, near: { state: 'refused' }, slices: { state: 'refused' } });
    const lane = laneOf(serviceOf(), hidden);
    expect([told(lane), lanePassage(lane), lane.stages.at(-1)?.unseen]).toEqual([[], 'unknown', 'refused']);
    expect(
      lanePassage(laneOf(serviceOf(), around([], { pods: { state: 'loading' }, slices: { state: 'loading' } }))),
    ).toBe('unknown');
  });

  test('leaves endpoints, where those may be', () => {
    const lane = laneOf(serviceOf(), around([], { pods: { state: 'refused' }, slices: known([sliceOf([web])]) }));
    expect(lane.stages.at(-1)).toMatchObject({
      unseen: 'refused',
      stops: [{ kind: 'endpoint', text: '10.244.0.5', faults: [] }],
    });
    expect(lanePassage(lane)).toBe('open');
  });

  test('of policies is told, and nothing claimed of them', () => {
    expect(told(laneOf(serviceOf(), around([web], { policies: { state: 'refused' } })))).toEqual(['policiesUnseen']);
    expect(told(laneOf(serviceOf(), around([web], { policies: { state: 'loading' } })))).toEqual([]);
  });

  test('of Pods makes no endpoint a dead one', () => {
    const behind = around([], { pods: { state: 'refused' }, slices: known([sliceOf([web])]) });
    expect(told(laneOf(serviceOf({}, { selector: {} }), behind))).toEqual(['noSelector']);
  });
});
