import { newBadRequest, newInvalid } from '@binnacle/machinery-meta';
import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type FieldError, fieldPath, forbidden, invalid } from '@binnacle/machinery-validation';

/** Query parameters that a kubelet understands. */
const PASSED = [
  'follow',
  'previous',
  'sinceSeconds',
  'sinceTime',
  'timestamps',
  'tailLines',
  'limitBytes',
  'stream',
  'insecureSkipTLSVerifyBackend',
];

function checkNumber(query: URLSearchParams, name: string, lowest: number): FieldError[] {
  const text = query.get(name);
  if (text === null || text === '') return [];
  if (!/^-?\d+$/.test(text)) throw newBadRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = Number(text);
  return value >= lowest ? [] : [invalid(fieldPath(name), value, `must be greater than or equal to ${lowest}`)];
}

/** The options a kubelet is asked with. Throws Invalid as upstream's ValidatePodLogOptions. */
export function kubeletLogQuery(query: URLSearchParams): URLSearchParams {
  const errors = [
    ...checkNumber(query, 'tailLines', 0),
    ...checkNumber(query, 'limitBytes', 1),
    ...checkNumber(query, 'sinceSeconds', 1),
  ];
  if (query.get('sinceSeconds') && query.get('sinceTime')) {
    errors.push(forbidden(fieldPath(), 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  }
  if (errors.length > 0) throw newInvalid({ group: '', kind: 'PodLogOptions' }, '', errors);
  const passed = new URLSearchParams();
  for (const name of PASSED) {
    const value = query.get(name);
    if (value !== null && value !== '') passed.set(name, value);
  }
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
