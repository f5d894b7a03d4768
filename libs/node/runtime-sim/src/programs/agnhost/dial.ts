import type { Process } from '../program.js';

const TIMEOUT_MILLISECONDS = 5000;
/** Of requests one dial makes. */
const MOST_TRIES = 1000;
/** Of all answers together, in characters: containers share one process. */
const MOST_TEXT = 8 * 1024 * 1024;

/** What `/dial` of netexec is asked to do. */
export interface Dial {
  readonly host: string;
  readonly port: number;
  readonly request: string;
  readonly protocol: string;
  readonly tries: number;
}

/** Takes a dial from its query; a text says what is wrong with it. */
export function dialOf(query: URLSearchParams): Dial | string {
  const text = (name: string) => query.get(name) ?? '';
  const tries = Number(text('tries') || '1');
  const protocol = text('protocol').toLowerCase() || 'http';
  const port = Number(text('port'));
  if (!Number.isInteger(tries) || tries > MOST_TRIES) return `tries parameter is invalid. ${text('tries')}`;
  if (text('request') === '') return 'request parameter not specified. <nil>';
  if (protocol !== 'http' && protocol !== 'udp') return `unsupported protocol. ${text('protocol')}`;
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return `host and/or port param are invalid. ${text('port')}`;
  return { host: text('host'), port, request: text('request'), protocol, tries };
}

async function once({ network }: Process, { host, port, request, protocol }: Dial): Promise<string> {
  if (protocol === 'udp')
    return (
      await network.datagram({ host, port, timeoutMilliseconds: TIMEOUT_MILLISECONDS }, Buffer.from(request))
    ).toString();
  const url = `http://${host}:${port}/${request}`;
  const answer = await network.http({ url, method: 'GET', headers: {}, timeoutMilliseconds: TIMEOUT_MILLISECONDS });
  return answer.body.toString();
}

/** Asks as often as it is told to, and collects what came back; no more of it once that is too much. */
export async function dial(process: Process, wanted: Dial): Promise<{ responses?: string[]; errors?: string[] }> {
  const responses: string[] = [];
  const errors: string[] = [];
  let left = MOST_TEXT;
  for (let tried = 0; tried < wanted.tries && left > 0; tried += 1) {
    try {
      const response = await once(process, wanted);
      responses.push(response);
      left -= response.length;
    } catch (error) {
      errors.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { ...(responses.length > 0 && { responses }), ...(errors.length > 0 && { errors }) };
}
