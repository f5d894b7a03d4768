/** What a field may hold; a record is an object with these fields and no others. */
export type Shape = Scalar | ListShape | RecordShape;

type Scalar = 'string' | 'integer' | 'number' | 'boolean' | 'duration' | 'anything';

interface ListShape {
  readonly list: Shape;
}

interface RecordShape {
  readonly fields: Readonly<Record<string, Shape>>;
}

const INTEGER_BOUND = 2 ** 31;
const DURATION = /^[+-]?(0|([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+$/;

const SCALARS: Readonly<Record<Exclude<Scalar, 'anything'>, { what: string; fits: (value: unknown) => boolean }>> = {
  string: { what: 'a string', fits: (value) => typeof value === 'string' },
  boolean: { what: 'true or false', fits: (value) => typeof value === 'boolean' },
  number: { what: 'a number', fits: (value) => typeof value === 'number' && Number.isFinite(value) },
  integer: {
    what: 'an integer',
    fits: (value) => Number.isInteger(value) && Math.abs(value as number) < INTEGER_BOUND,
  },
  duration: {
    what: 'a duration such as "15s"',
    fits: (value) => typeof value === 'string' && DURATION.test(value),
  },
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function recordFaults(value: unknown, { fields }: RecordShape, path: string): string[] {
  if (!isRecord(value)) return [`field "${path}" must be an object`];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = path ? `${path}.${name}` : name;
    if (!Object.hasOwn(fields, name)) return [`unknown field "${at}"`];
    return shapeFaults(inner, fields[name] as Shape, at);
  });
}

/** What is null in a list is no item, though a field that is null is one that is not given. */
function itemFaults(item: unknown, shape: Shape, path: string): string[] {
  return item === null ? [`field "${path}" must not be null`] : shapeFaults(item, shape, path);
}

/** What of a value is not of its shape, with the path of each fault. What is null is taken as not given. */
export function shapeFaults(value: unknown, shape: Shape, path: string): string[] {
  if (value === null || value === undefined || shape === 'anything') return [];
  if (typeof shape === 'string') {
    const { what, fits } = SCALARS[shape];
    return fits(value) ? [] : [`field "${path}" must be ${what}`];
  }
  if ('fields' in shape) return recordFaults(value, shape, path);
  if (!Array.isArray(value)) return [`field "${path}" must be a list`];
  return value.flatMap((item: unknown, index) => itemFaults(item, shape.list, `${path}[${index}]`));
}
