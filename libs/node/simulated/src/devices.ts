import type { Device, DeviceAttribute, DeviceTaint } from '@binnacle/apis-kubernetes/resource/v1';
import { isQuantity } from '@binnacle/machinery-quantity';
import { isDns1123Label, isLabelValue, isQualifiedName } from '@binnacle/machinery-validation';

/** Devices of one kind that a simulated node has: `gpu-0`, `gpu-1` and so on. */
export interface SimulatedDevices {
  readonly type: string;
  readonly count: number;
  /** What selectors may look at, beside `type` and `index`. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** Amounts, such as `{"memory": "80Gi"}`. */
  readonly capacity: Readonly<Record<string, string>>;
  /** Whether several claims may share one, as far as its capacity goes. */
  readonly shared: boolean;
  /** Of all of them, or of one. */
  readonly taints: readonly SimulatedTaint[];
}

/** A taint of all devices of a kind, or of one of them. */
export interface SimulatedTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'NoExecute' | 'None';
  /** Counted from 0; absent: all. */
  readonly index?: number;
}

/** Of one node. */
const MOST_DEVICES = 256;
const MOST_ENTRIES = 16;
const MAX_TYPE = 40;
const MAX_VALUE = 64;
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,31}$/;
const EFFECTS = new Set<unknown>(['NoSchedule', 'NoExecute', 'None']);
const OWN_ATTRIBUTES = new Set(['type', 'index']);

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isValue = (value: unknown): boolean =>
  typeof value === 'boolean' || (typeof value === 'string' && value.length <= MAX_VALUE) || Number.isSafeInteger(value);

function areEntries(entries: unknown, isRight: (value: unknown) => boolean): boolean {
  if (!isObject(entries)) return false;
  const all = Object.entries(entries);
  return all.length <= MOST_ENTRIES && all.every(([name, value]) => NAME.test(name) && isRight(value));
}

function isTaint(taint: unknown, count: number): boolean {
  if (!isObject(taint)) return false;
  const { key, value = '', effect, index = 0 } = taint;
  const named = typeof key === 'string' && isQualifiedName(key).length === 0;
  const valued = typeof value === 'string' && isLabelValue(value).length === 0;
  return (
    named && valued && EFFECTS.has(effect) && Number.isInteger(index) && Number(index) >= 0 && Number(index) < count
  );
}

const CHECKS: ReadonlyArray<readonly [rule: string, holds: (devices: Json) => boolean]> = [
  [
    `"type" must be a lower case name of at most ${MAX_TYPE} characters, such as gpu`,
    ({ type }) => typeof type === 'string' && type.length <= MAX_TYPE && isDns1123Label(type).length === 0,
  ],
  ['"count" must be a whole number above 0', ({ count }) => Number.isInteger(count) && Number(count) > 0],
  [
    `"attributes" must be at most ${MOST_ENTRIES} texts, whole numbers or booleans by names other than type and index`,
    ({ attributes }) =>
      areEntries(attributes, isValue) && Object.keys(attributes as Json).every((name) => !OWN_ATTRIBUTES.has(name)),
  ],
  [
    `"capacity" must be at most ${MOST_ENTRIES} quantities by name`,
    ({ capacity }) => areEntries(capacity, (value) => typeof value === 'string' && isQuantity(value)),
  ],
  ['"shared" must be true or false', ({ shared }) => typeof shared === 'boolean'],
  [
    `"taints" must be at most ${MOST_ENTRIES} taints with key and effect`,
    ({ taints, count }) =>
      Array.isArray(taints) && taints.length <= MOST_ENTRIES && taints.every((taint) => isTaint(taint, Number(count))),
  ],
];

const DEFAULTS = { count: 1, attributes: {}, capacity: {}, shared: false, taints: [] };

/** Reads a list of devices; throws an Error that says what is wrong with it. */
export function readDevices(value: unknown): SimulatedDevices[] {
  if (!Array.isArray(value) || value.length > MOST_DEVICES) throw new Error('"devices" must be a list');
  const devices = value.map((given: unknown) => {
    if (!isObject(given)) throw new Error('"devices" must be a list of objects');
    const one = { ...DEFAULTS, ...given };
    const broken = CHECKS.find(([, holds]) => !holds(one));
    if (broken) throw new Error(`"devices": ${broken[0]}`);
    return one as unknown as SimulatedDevices;
  });
  if (devices.reduce((sum, { count }) => sum + count, 0) > MOST_DEVICES)
    throw new Error(`"devices" must be no more than ${MOST_DEVICES} in all`);
  if (new Set(devices.map(({ type }) => type)).size < devices.length)
    throw new Error('"devices" must each have a "type" of their own');
  return devices;
}

function attributeOf(value: string | number | boolean): DeviceAttribute {
  if (typeof value === 'string') return { string: value };
  return typeof value === 'number' ? { int: value } : { bool: value };
}

const isFor = ({ index }: SimulatedTaint, of: number): boolean => index === undefined || index === of;

const taintOf = ({ key, value, effect }: SimulatedTaint): DeviceTaint => ({ key, effect, ...(value && { value }) });

function deviceOf(kind: SimulatedDevices, index: number): Device {
  const attributes = { ...kind.attributes, type: kind.type, index };
  const capacity = Object.entries(kind.capacity).map(([name, value]) => [name, { value }] as const);
  const taints = kind.taints.filter((taint) => isFor(taint, index)).map(taintOf);
  return {
    name: `${kind.type}-${index}`,
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributeOf(value)])),
    ...(capacity.length > 0 && { capacity: Object.fromEntries(capacity) }),
    ...(kind.shared && { allowMultipleAllocations: true }),
    ...(taints.length > 0 && { taints }),
  };
}

/** The devices as a driver tells of them. */
export function devicesOf(kinds: readonly SimulatedDevices[]): Device[] {
  return kinds.flatMap((kind) => Array.from({ length: kind.count }, (_, index) => deviceOf(kind, index)));
}
