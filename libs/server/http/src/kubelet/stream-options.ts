import { newBadRequest } from '@binnacle/machinery-meta';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';

/** What of a Pod is connected to. */
export type StreamKind = 'exec' | 'attach' | 'portforward';

/** As upstream reads a boolean of a query: whatever is said but `0` and `false`. */
function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  return text !== null && text !== '0' && text.toLowerCase() !== 'false';
}

/** By which names the kubelet knows the options of a command. */
const COMMAND_FLAGS = { stdin: 'input', stdout: 'output', stderr: 'error', tty: 'tty' } as const;

/** The query a kubelet is asked with. Throws BadRequest for ports that are none. */
export function kubeletStreamQuery(kind: StreamKind, query: URLSearchParams): URLSearchParams {
  const passed = new URLSearchParams();
  if (kind === 'portforward') {
    const ports = query.getAll('ports').flatMap((text) => text.split(','));
    for (const port of ports)
      if (!/^-?\d+$/.test(port))
        throw newBadRequest(`strconv.ParseInt: parsing ${JSON.stringify(port)}: invalid syntax`);
    if (ports.length > 0) passed.set('port', ports.join(','));
    return passed;
  }
  for (const [name, known] of Object.entries(COMMAND_FLAGS)) if (flag(query, name)) passed.set(known, '1');
  if (kind === 'exec') for (const word of query.getAll('command')) passed.append('command', word);
  return passed;
}

const namesOf = (containers: readonly { readonly name: string }[] | undefined): string[] =>
  (containers ?? []).map(({ name }) => name);

/** The only container that is always there, where there is only one. */
function onlyOne({ spec }: Pod): string | undefined {
  const [only, ...others] = namesOf(spec?.containers);
  return others.length === 0 ? only : undefined;
}

/** Which container is meant. Throws BadRequest where it cannot be told; as upstream, all are then named in one list. */
export function streamContainer(pod: Pod, asked: string): string {
  const { initContainers, containers, ephemeralContainers } = pod.spec ?? {};
  const all = [initContainers, containers, ephemeralContainers].flatMap(namesOf);
  const name = pod.metadata.name ?? '';
  if (asked && !all.includes(asked)) throw newBadRequest(`container ${asked} is not valid for pod ${name}`);
  const chosen = asked || onlyOne(pod);
  if (chosen) return chosen;
  throw newBadRequest(`a container name must be specified for pod ${name}, choose one of: [${all.join(' ')}]`);
}
