import { newBadRequest, newInvalid, quote } from '@binnacle/machinery-meta';
import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type FieldError, fieldPath, forbidden, invalid } from '@binnacle/machinery-validation';
import { booleanParameter, integerParameter } from '../request/parameters.js';

const SWITCHES = ['follow', 'previous', 'timestamps', 'insecureSkipTLSVerifyBackend'];
const NUMBERS = ['sinceSeconds', 'tailLines', 'limitBytes'];
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.,]\d+)?(Z|[+-]\d\d:\d\d)$/;
const GO_LAYOUT = '2006-01-02T15:04:05Z07:00';

/** As text; undefined where there is none. An empty one is the beginning of all times. */
function sinceTime(query: URLSearchParams): string | undefined {
  const text = query.get('sinceTime');
  if (text === null) return undefined;
  if (text === '' || text === 'null') return '0001-01-01T00:00:00Z';
  if (TIME.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw newBadRequest(`parsing time ${quote(text)} as ${quote(GO_LAYOUT)}: cannot parse ${quote(text)} as "2006"`);
}

interface LogOptions {
  readonly numbers: Readonly<Record<string, number>>;
  readonly since: string | undefined;
  readonly stream: string | undefined;
}

function readOptions(query: URLSearchParams): LogOptions {
  const numbers: Record<string, number> = {};
  for (const name of NUMBERS) {
    const value = integerParameter(query, name);
    if (value !== undefined) numbers[name] = value;
  }
  return { numbers, since: sinceTime(query), stream: query.get('stream') ?? undefined };
}

function atLeast(value: number | undefined, field: string, least: number, why: string): FieldError[] {
  return value === undefined || value >= least ? [] : [invalid(fieldPath(field), value, why)];
}

/** How upstream writes the path of no field. */
const NOWHERE = fieldPath('[]');

/** Behaves as kubernetes pkg/apis/core/validation ValidatePodLogOptions; to choose a stream is alpha in 1.36. */
function check({ numbers, since, stream }: LogOptions): FieldError[] {
  const { tailLines, limitBytes, sinceSeconds } = numbers;
  const both = sinceSeconds !== undefined && since !== undefined;
  const why = 'at most one of `sinceTime` or `sinceSeconds` may be specified';
  return [
    ...atLeast(tailLines, 'tailLines', 0, 'must be greater than or equal to 0'),
    ...atLeast(limitBytes, 'limitBytes', 1, 'must be greater than 0'),
    ...(both ? [forbidden(NOWHERE, why)] : atLeast(sinceSeconds, 'sinceSeconds', 1, 'must be greater than 0')),
    ...(stream === undefined ? [] : [forbidden(fieldPath('stream'), 'may not be specified')]),
  ];
}

/** The options a kubelet is asked with for the logs of that Pod. Throws Invalid, or BadRequest for what cannot be read. */
export function kubeletLogQuery(query: URLSearchParams, pod: string): URLSearchParams {
  const options = readOptions(query);
  const errors = check(options);
  if (errors.length > 0) throw newInvalid({ group: '', kind: 'PodLogOptions' }, pod, errors);
  const passed = new URLSearchParams();
  for (const name of SWITCHES) if (booleanParameter(query, name)) passed.set(name, 'true');
  for (const [name, value] of Object.entries(options.numbers)) passed.set(name, String(value));
  if (options.since) passed.set('sinceTime', options.since);
  return passed;
}

const namesOf = (containers: readonly Pick<Container, 'name'>[] | undefined): string[] =>
  (containers ?? []).map(({ name }) => name);

/** Which container is meant. Throws BadRequest that names the choices where it cannot be told. */
export function chooseContainer({ metadata, spec }: Pod, asked: string): string {
  const containers = namesOf(spec?.containers);
  const init = namesOf(spec?.initContainers);
  const ephemeral = namesOf(spec?.ephemeralContainers);
  const name = metadata.name ?? '';
  if (asked) {
    if ([...containers, ...init, ...ephemeral].includes(asked)) return asked;
    throw newBadRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [only] = containers;
  if (only !== undefined && containers.length === 1) return only;
  const others = [
    ...(init.length > 0 ? [`one of the init containers: [${init.join(' ')}]`] : []),
    ...(ephemeral.length > 0 ? [`one of the ephemeral containers: [${ephemeral.join(' ')}]`] : []),
  ];
  const choices = [`choose one of: [${containers.join(' ')}]`, ...others].join(' or ');
  throw newBadRequest(`a container name must be specified for pod ${name}, ${choices}`);
}
