import { baseRequest } from '@binnacle/apis-kubernetes/devices';
import type {
  DeviceAllocationConfiguration,
  DeviceRequestAllocationResult,
  ResourceClaim,
} from '@binnacle/apis-kubernetes/resource/v1';

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const MAX_VALUE = 1024;
const MOST_VARIABLES = 64;

/** `gpu-0` as a part of a variable's name: `GPU_0`. */
const upper = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '_');

function isFor({ requests = [] }: DeviceAllocationConfiguration, request: string): boolean {
  return requests.length === 0 || requests.includes(request) || requests.includes(baseRequest(request));
}

/** What the configuration for this driver says the containers are to see: `{"env": {"MODE": "fast"}}`. */
function configured(config: DeviceAllocationConfiguration, driver: string): Array<[string, string]> {
  const { opaque } = config;
  const parameters = opaque?.driver === driver ? opaque.parameters : undefined;
  const env = typeof parameters === 'object' && parameters !== null && 'env' in parameters ? parameters.env : undefined;
  if (typeof env !== 'object' || env === null) return [];
  return Object.entries(env)
    .slice(0, MOST_VARIABLES)
    .flatMap(([name, value]): Array<[string, string]> => {
      const right = NAME.test(name) && typeof value === 'string' && value.length <= MAX_VALUE;
      return right ? [[name, value]] : [];
    });
}

/**
 * The variables of a container that uses a device: `SIMULATED_DEVICE_GPU_0=worker-1/gpu-0` for each, what of a shared one is its own
 * (`SIMULATED_DEVICE_GPU_0_MEMORY=10Gi`), and what the configuration says.
 */
export function deviceEnvironment(
  { status }: ResourceClaim,
  { request, driver, pool, device, consumedCapacity = {} }: DeviceRequestAllocationResult,
): Record<string, string> {
  const name = `SIMULATED_DEVICE_${upper(device)}`;
  const shares = Object.entries(consumedCapacity).map(([capacity, amount]) => [
    `${name}_${upper(capacity)}`,
    String(amount),
  ]);
  const configs = (status?.allocation?.devices?.config ?? []).filter((config) => isFor(config, request));
  const said = configs.flatMap((config) => configured(config, driver));
  return Object.fromEntries([...said, [name, `${pool}/${device}`], ...shares]) as Record<string, string>;
}
