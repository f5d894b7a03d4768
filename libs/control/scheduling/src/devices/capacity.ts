import type {
  CapacityRequestPolicy,
  CapacityRequestPolicyRange,
  CapacityRequirements,
  Device,
  DeviceCapacity,
} from '@binnacle/apis-kubernetes/resource/v1';
import { type Amount, parseQuantity } from '@binnacle/machinery-quantity';

/** Amounts by the names of capacities, in billionths. */
export type Capacities = ReadonlyMap<string, bigint>;

const NANO = 1_000_000_000n;

/** Whole units, rounded up, as apimachinery Quantity.Value. */
const wholeOf = (amount: Amount): bigint => (amount.nano <= 0n ? amount.nano / NANO : (amount.nano + NANO - 1n) / NANO);

/** Up to the next step, counted from the least. */
function roundUpToRange(asked: Amount, { min, step }: CapacityRequestPolicyRange): Amount {
  const least = parseQuantity(min);
  if (asked.nano < least.nano) return least;
  if (step === undefined) return asked;
  const [from, by] = [wholeOf(least), wholeOf(parseQuantity(step))];
  if (by <= 0n) return asked;
  const steps = (wholeOf(asked) - from + by - 1n) / by;
  return { nano: (from + by * steps) * NANO, format: 'BinarySI' };
}

function roundUp(asked: Amount, { validRange, validValues }: CapacityRequestPolicy): Amount {
  if (validRange) return roundUpToRange(asked, validRange);
  return (validValues ?? []).map(parseQuantity).find(({ nano }) => asked.nano <= nano) ?? asked;
}

/** What a request really takes of a capacity: all of it, or its default, where the request says nothing. */
function taken(asked: Amount | undefined, { value, requestPolicy: policy }: DeviceCapacity): Amount {
  if (asked === undefined) return parseQuantity(policy?.default ?? value);
  return policy ? roundUp(asked, policy) : asked;
}

function isOutsideRange({ nano }: Amount, { min, max, step }: CapacityRequestPolicyRange): boolean {
  if (max !== undefined && nano > parseQuantity(max).nano) return true;
  const by = step === undefined ? 0n : wholeOf(parseQuantity(step));
  return by > 0n && (wholeOf({ nano, format: 'BinarySI' }) - wholeOf(parseQuantity(min))) % by !== 0n;
}

function violates(amount: Amount, policy: CapacityRequestPolicy | undefined): boolean {
  if (!policy) return false;
  const { validRange, validValues = [] } = policy;
  if (policy.default !== undefined && parseQuantity(policy.default).nano === amount.nano) return false;
  if (validRange) return isOutsideRange(amount, validRange);
  return validValues.length > 0 && !validValues.some((value) => parseQuantity(value).nano === amount.nano);
}

/** What a request takes of each capacity of a device. */
export function takenCapacity({ capacity = {} }: Device, asked: CapacityRequirements | undefined): Map<string, Amount> {
  const requests = asked?.requests ?? {};
  return new Map(
    Object.entries(capacity).map(([name, offered]) => {
      const request = Object.hasOwn(requests, name) ? requests[name] : undefined;
      return [name, taken(request === undefined ? undefined : parseQuantity(request), offered)];
    }),
  );
}

/**
 * Whether a device has what is asked for beside what others have of it.
 * Behaves as kubernetes dynamic-resource-allocation/structured CmpRequestOverCapacity.
 */
export function hasCapacity(
  device: Device,
  asked: CapacityRequirements | undefined,
  ...used: ReadonlyArray<Capacities | undefined>
): boolean {
  const { capacity = {} } = device;
  if (Object.keys(asked?.requests ?? {}).some((name) => !Object.hasOwn(capacity, name))) return false;
  return [...takenCapacity(device, asked)].every(([name, amount]) => {
    const offered = capacity[name] as DeviceCapacity;
    if (violates(amount, offered.requestPolicy)) return false;
    const others = used.reduce((sum, one) => sum + (one?.get(name) ?? 0n), 0n);
    return others + amount.nano <= parseQuantity(offered.value).nano;
  });
}
