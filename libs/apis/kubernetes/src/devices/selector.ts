import {
  CelMap,
  formatType,
  HashMap,
  isError,
  noSuchOverload,
  type Program,
  Ready,
  toQuantity,
  toSemver,
  type Value,
} from '@binnacle/machinery-cel';
import { finished } from '@binnacle/machinery-context';
import { compilingSelector, MAX_SELECTOR_COST } from '../resource/v1/device-environment.js';
import type { Device, DeviceAttribute } from '../resource/v1/index.js';

/** Whether a device is meant, or why that cannot be told: `compile` whatever the device, `runtime` of this one. */
export type SelectorMatch =
  | { readonly matches: boolean }
  | { readonly reason: 'compile' | 'runtime'; readonly message: string };

/** Attributes or capacities of a domain by name. One of which a device says nothing is empty. */
class Domains extends CelMap {
  constructor(private readonly domains: ReadonlyMap<string, HashMap>) {
    super();
  }

  get size(): number {
    return this.domains.size;
  }

  keys(): Value[] {
    return [...this.domains.keys()];
  }

  find(key: Value): Value | undefined {
    return typeof key === 'string' ? (this.domains.get(key) ?? HashMap.empty) : noSuchOverload(key);
  }

  override holds(key: Value): Value | undefined {
    return typeof key === 'string' ? this.domains.get(key) : noSuchOverload(key);
  }
}

/** The domain and the name of an attribute; one without a domain is its driver's. */
function split(name: string, driver: string): [domain: string, id: string] {
  const at = name.indexOf('/');
  return at < 0 ? [driver, name] : [name.slice(0, at), name.slice(at + 1)];
}

function byDomain(entries: ReadonlyArray<readonly [name: string, value: Value]>, driver: string): Ready {
  const domains = new Map<string, [string, Value][]>();
  for (const [name, value] of entries) {
    const [domain, id] = split(name, driver);
    domains.set(domain, [...(domains.get(domain) ?? []), [id, value]]);
  }
  return new Ready(new Domains(new Map([...domains].map(([domain, values]) => [domain, HashMap.from(values)]))));
}

/** Lists of values are off at 1.36 (DRAListTypeAttributes): they have no value. */
function valueOf({ int, bool, string, version }: DeviceAttribute): Value | undefined {
  if (int !== undefined) return BigInt(int);
  return bool ?? string ?? (version === undefined ? undefined : toSemver(version, false));
}

class AttributeError extends Error {}

function attributeValue(name: string, attribute: DeviceAttribute): Value {
  const value = valueOf(attribute);
  if (value === undefined) throw new AttributeError(`attribute ${name}: unsupported attribute value`);
  if (isError(value)) throw new AttributeError(`attribute ${name}: parse semantic version: ${value.message}`);
  return value;
}

function bindingOf(device: Device, driver: string) {
  const attributes = Object.entries(device.attributes ?? {}).map(
    ([name, attribute]) => [name, attributeValue(name, attribute)] as const,
  );
  const capacity = Object.entries(device.capacity ?? {}).map(
    ([name, { value }]) => [name, toQuantity(String(value))] as const,
  );
  return {
    driver,
    allowMultipleAllocations: device.allowMultipleAllocations ?? false,
    attributes: byDomain(attributes, driver),
    capacity: byDomain(capacity, driver),
  };
}

type Judge = Program | { readonly reason: 'compile'; readonly message: string };

/** As many as upstream's scheduler keeps and more: a cluster has few classes. */
const MOST_PROGRAMS = 256;
/** Of one device. What was told of a device stays true for as long as the object is the same. */
const MOST_VERDICTS = 64;

const programs = new Map<string, Judge>();
const verdicts = new WeakMap<Device, Map<string, SelectorMatch>>();

function compiledJudge(expression: string): Judge {
  const compiled = finished(compilingSelector(expression));
  if (!compiled.ok) return { reason: 'compile', message: `compilation failed: ${compiled.message}` };
  const { type } = compiled.program;
  if (type.kind === 'bool' || type.kind === 'dyn') return compiled.program;
  return { reason: 'compile', message: `must evaluate to bool or the unknown type, not ${formatType(type)}` };
}

function judgeOf(expression: string): Judge {
  const known = programs.get(expression);
  if (known) return known;
  const judge = compiledJudge(expression);
  if (programs.size >= MOST_PROGRAMS) programs.clear();
  programs.set(expression, judge);
  return judge;
}

function evaluate(program: Program, device: Device, driver: string): SelectorMatch {
  try {
    const result = program.evaluate({ device: bindingOf(device, driver) }, { budget: MAX_SELECTOR_COST });
    if (!result.ok) return { reason: 'runtime', message: result.message };
    if (typeof result.value === 'boolean') return { matches: result.value };
    return { reason: 'runtime', message: 'CEL result could not be converted to bool' };
  } catch (error) {
    if (error instanceof AttributeError) return { reason: 'runtime', message: error.message };
    throw error;
  }
}

/**
 * Whether an expression means a device, which must not be changed afterwards: what was told of it is remembered.
 * Behaves as kubernetes dynamic-resource-allocation/cel DeviceMatches.
 */
export function deviceMatches(expression: string, device: Device, driver: string): SelectorMatch {
  const judge = judgeOf(expression);
  if ('reason' in judge) return judge;
  const known = verdicts.get(device) ?? new Map<string, SelectorMatch>();
  const key = `${driver} ${expression}`;
  const verdict = known.get(key) ?? evaluate(judge, device, driver);
  if (known.size >= MOST_VERDICTS) known.clear();
  verdicts.set(device, known.set(key, verdict));
  return verdict;
}
