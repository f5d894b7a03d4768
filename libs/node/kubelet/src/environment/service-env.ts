import type { Service } from '@binnacle/apis-kubernetes/core/v1';

const envName = (name: string) => name.toUpperCase().replaceAll('-', '_');

function portVariables(service: Service, prefix: string): Record<string, string> {
  const ip = service.spec?.clusterIP ?? '';
  const variables: Record<string, string> = {};
  for (const { port, protocol = 'TCP' } of service.spec?.ports ?? []) {
    const name = `${prefix}_PORT_${port}_${protocol}`;
    const kind = protocol.toLowerCase();
    Object.assign(variables, {
      [name]: `${kind}://${ip}:${port}`,
      [`${name}_PROTO`]: kind,
      [`${name}_PORT`]: String(port),
      [`${name}_ADDR`]: ip,
    });
  }
  return variables;
}

function variablesOf(service: Service): Record<string, string> {
  const prefix = envName(service.metadata?.name ?? '');
  const { ports = [], clusterIP: ip = '' } = service.spec ?? {};
  const [first] = ports;
  if (!first) return {};
  const named = ports.filter(({ name }) => name);
  return {
    [`${prefix}_SERVICE_HOST`]: ip,
    [`${prefix}_SERVICE_PORT`]: String(first.port),
    ...Object.fromEntries(
      named.map(({ name, port }) => [`${prefix}_SERVICE_PORT_${envName(name ?? '')}`, String(port)]),
    ),
    [`${prefix}_PORT`]: `${(first.protocol ?? 'TCP').toLowerCase()}://${ip}:${first.port}`,
    ...portVariables(service, prefix),
  };
}

/** The variables by which Pods find Services without DNS. Behaves as kubernetes pkg/kubelet/envvars. */
export function serviceEnvironment(
  services: readonly Service[],
  namespace: string,
  links: boolean,
): Record<string, string> {
  const has = ({ spec }: Service) => spec?.clusterIP && spec.clusterIP !== 'None' && spec.ports?.length;
  const isMaster = ({ metadata }: Service) => metadata?.namespace === 'default' && metadata.name === 'kubernetes';
  const own = links ? services.filter((service) => service.metadata?.namespace === namespace) : [];
  return Object.assign({}, ...[...services.filter(isMaster), ...own].filter(has).map(variablesOf));
}
