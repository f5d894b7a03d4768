import type { Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { Ingress, IngressBackend, IngressClass } from '@binnacle/apis-kubernetes/networking/v1';
import { ANNOTATION_DEFAULT_INGRESS_CLASS, ANNOTATION_INGRESS_CLASS } from '@binnacle/apis-kubernetes/well-known';
import type { CertificateSight } from './certificate-facts.js';
import { certificateStage, tlsOf } from './certificate-stage.js';
import { type Fault, fault } from './fault.js';
import { itemsOf, type Known } from './known.js';
import type { Lane, Stage, Stop } from './lane.js';
import { type AroundService, externalStages, portStage, stagesBehind } from './service-lanes.js';

/** What is known around an Ingress. */
export interface IngressSource {
  readonly ingress: Ingress;
  readonly classes: Known<IngressClass>;
  /** Of its namespace. */
  readonly services: Known<Service>;
  readonly around: AroundService;
  /** By the name of the Secret, in its namespace. */
  readonly certificate: (secretName: string) => CertificateSight;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** One path of one host. */
interface Rule {
  readonly id: string;
  /** Empty for all hosts. */
  readonly host: string;
  readonly path: string;
  readonly pathType: string;
  readonly backend: IngressBackend;
  /** Another rule says the same before it. */
  readonly isShadowed: boolean;
}

function rulesOf({ spec }: Ingress): readonly Rule[] {
  const seen = new Set<string>();
  const rules = (spec?.rules ?? []).flatMap(({ host = '', http }, at) =>
    (http?.paths ?? []).map(({ path = '/', pathType = '', backend }, index) => {
      const key = `${host} ${pathType} ${path}`;
      const isShadowed = seen.has(key);
      seen.add(key);
      return { id: `${at}/${index}`, host, path, pathType, backend, isShadowed };
    }),
  );
  const { defaultBackend } = spec ?? {};
  if (!defaultBackend) return rules;
  return [...rules, { id: 'default', host: '', path: '', pathType: '', backend: defaultBackend, isShadowed: false }];
}

function entryStage({ host, path, pathType, isShadowed }: Rule, isTls: boolean): Stage {
  const text = `${isTls ? 'https' : 'http'}://${host || '*'}${path || '/…'}`;
  const faults = isShadowed ? [fault('shadowed')] : [];
  return { kind: 'entry', stops: [{ kind: 'host', text, ...(pathType && { more: pathType }), faults }], faults: [] };
}

const isDefault = ({ metadata }: IngressClass): boolean =>
  metadata.annotations?.[ANNOTATION_DEFAULT_INGRESS_CLASS] === 'true';

function classFaults({ spec, metadata }: Ingress, classes: Known<IngressClass>): Fault[] {
  const name = spec?.ingressClassName;
  if (name === undefined) {
    if (metadata.annotations?.[ANNOTATION_INGRESS_CLASS] !== undefined) return [];
    return [fault('noClass', { default: itemsOf(classes).find(isDefault)?.metadata.name ?? '' })];
  }
  const isThere = itemsOf(classes).some(({ metadata: one }) => one.name === name);
  return classes.state === 'known' && !isThere ? [fault('classMissing', { class: name })] : [];
}

const classNameOf = ({ spec, metadata }: Ingress): string =>
  spec?.ingressClassName ?? metadata.annotations?.[ANNOTATION_INGRESS_CLASS] ?? '';

function classBox(name: string): Pick<Stop, 'kind' | 'more' | 'ref'> {
  if (!name) return { kind: 'ingressAddress' };
  return {
    kind: 'ingressAddress',
    more: name,
    ref: { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', name },
  };
}

/** Where whoever serves its class takes requests. */
function ingressStage(ingress: Ingress, classes: Known<IngressClass>): Stage {
  const name = classNameOf(ingress);
  const addresses = (ingress.status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? '');
  const own = classFaults(ingress, classes);
  const missing = own.length === 0 && addresses.length === 0 ? [fault('noIngressAddress', { class: name })] : [];
  const box = { ...classBox(name), faults: [...own, ...missing] };
  const stops = (addresses.length > 0 ? addresses : ['']).map((text) => ({ ...box, text }));
  return { kind: 'ingress', stops, faults: [] };
}

const portsText = ({ spec }: Service): string =>
  (spec?.ports ?? []).map(({ name, port }) => (name ? `${name} ${port}` : String(port))).join(', ');

type BackendService = NonNullable<IngressBackend['service']>;

function portOf({ spec }: Service, { port = {} }: BackendService): ServicePort | undefined {
  return spec?.ports?.find((each) => (port.name ? each.name === port.name : each.port === port.number));
}

const broken = (stop: Stop): Stage[] => [{ kind: 'port', stops: [stop], faults: [] }];

function serviceStages(source: IngressSource, backend: BackendService): Stage[] {
  const { name, port = {} } = backend;
  const asked = `${name}:${port.name ?? port.number ?? ''}`;
  const { services, around, ingress } = source;
  const service = itemsOf(services).find(({ metadata }) => metadata.name === name);
  const { namespace = '' } = ingress.metadata;
  const stop: Stop = { kind: 'port', text: asked, faults: [] };
  if (!service) {
    if (services.state === 'known') return broken({ ...stop, faults: [fault('serviceMissing', { name, namespace })] });
    const unseen = services.state === 'loading' ? 'loading' : 'refused';
    return [{ kind: 'port', stops: [stop], faults: [], unseen }];
  }
  const found = portOf(service, backend);
  if (!found) return broken({ ...stop, faults: [fault('servicePortMissing', { asked, has: portsText(service) })] });
  if (service.spec?.type === 'ExternalName') return [portStage(found), ...externalStages(service)];
  return [portStage(found), ...stagesBehind({ service, ...around }, found)];
}

function backendStages(source: IngressSource, { service, resource }: IngressBackend): Stage[] {
  if (service) return serviceStages(source, service);
  const text = resource ? `${resource.kind}/${resource.name}` : '';
  return [{ kind: 'external', stops: [{ kind: 'other', text, faults: [fault('notAService')] }], faults: [] }];
}

/** The ways of requests through an Ingress, one for each of its paths. */
export function ingressLanes(source: IngressSource): readonly Lane[] {
  const { ingress, classes, now } = source;
  const { namespace = '' } = ingress.metadata;
  return rulesOf(ingress).map((rule) => {
    const tls = tlsOf(ingress, rule.host);
    const sight = source.certificate(tls?.secretName ?? '');
    const certificate = tls ? [certificateStage(tls, sight, { namespace, host: rule.host, now })] : [];
    const stages = [
      entryStage(rule, tls !== undefined),
      ingressStage(ingress, classes),
      ...certificate,
      ...backendStages(source, rule.backend),
    ];
    return { id: rule.id, stages };
  });
}
