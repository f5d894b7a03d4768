import type { Device, DeviceAttribute, DeviceConstraint } from '@binnacle/apis-kubernetes/resource/v1';

/** A device that was chosen for a request, or for one alternative of it. */
export interface Chosen {
  readonly request: string;
  readonly alternative: string | undefined;
  readonly device: Device;
  readonly driver: string;
}

/**
 * What must hold of all devices of a claim together. It never comes to hold again by adding more: what it refuses once need not be
 * tried further.
 */
export interface Constraint {
  /** Whether the device may be one of them; then it counts until it is removed. */
  add(chosen: Chosen): boolean;
  remove(chosen: Chosen): void;
}

/** A value with its type: 1 is not "1". Lists are off at 1.36. */
function valueOf({ string, int, bool, version }: DeviceAttribute): string | undefined {
  if (string !== undefined) return `s${string}`;
  if (int !== undefined) return `i${int}`;
  if (bool !== undefined) return `b${bool}`;
  return version === undefined ? undefined : `v${version}`;
}

function attributeOf({ device, driver }: Chosen, name: string): DeviceAttribute | undefined {
  const { attributes = {} } = device;
  if (Object.hasOwn(attributes, name)) return attributes[name];
  const at = name.indexOf('/');
  const own = name.slice(at + 1);
  return at >= 0 && name.slice(0, at) === driver && Object.hasOwn(attributes, own) ? attributes[own] : undefined;
}

abstract class AttributeConstraint implements Constraint {
  protected readonly values: string[] = [];
  private readonly requests: ReadonlySet<string>;

  constructor(
    { requests = [] }: DeviceConstraint,
    private readonly attribute: string,
  ) {
    this.requests = new Set(requests);
  }

  add(chosen: Chosen): boolean {
    if (!this.concerns(chosen)) return true;
    const attribute = attributeOf(chosen, this.attribute);
    const value = attribute && valueOf(attribute);
    if (value === undefined || !this.allows(value)) return false;
    this.values.push(value);
    return true;
  }

  /** Devices leave in the reverse of the order in which they came. */
  remove(chosen: Chosen): void {
    if (this.concerns(chosen)) this.values.pop();
  }

  protected abstract allows(value: string): boolean;

  private concerns({ request, alternative }: Chosen): boolean {
    if (this.requests.size === 0 || this.requests.has(request)) return true;
    return alternative !== undefined && this.requests.has(`${request}/${alternative}`);
  }
}

class MatchAttribute extends AttributeConstraint {
  protected allows(value: string): boolean {
    return this.values.length === 0 || this.values[0] === value;
  }
}

class DistinctAttribute extends AttributeConstraint {
  protected allows(value: string): boolean {
    return !this.values.includes(value);
  }
}

/** Undefined where it is of a form that is not known. */
export function constraintOf(constraint: DeviceConstraint): Constraint | undefined {
  const { matchAttribute, distinctAttribute } = constraint;
  if (matchAttribute !== undefined) return new MatchAttribute(constraint, matchAttribute);
  return distinctAttribute === undefined ? undefined : new DistinctAttribute(constraint, distinctAttribute);
}
