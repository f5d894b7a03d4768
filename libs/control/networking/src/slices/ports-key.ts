import type { EndpointPort } from '@binnacle/apis-kubernetes/discovery/v1';

/** Equal for ports that are the same once defaults are filled in. */
export const portsKey = (ports: readonly EndpointPort[] | undefined): string =>
  JSON.stringify(
    (ports ?? []).map(({ name = '', protocol = 'TCP', port, appProtocol }) => [name, protocol, port, appProtocol]),
  );
