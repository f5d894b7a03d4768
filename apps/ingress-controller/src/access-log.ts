import type { Logger } from '@binnacle/machinery-context';
import type { Report } from '@binnacle/network-ingress';

const LONGEST = 1_024;

/** As much of what a client says as a line takes. */
const shortened = (text: string | undefined): string | undefined => text?.slice(0, LONGEST);

function whoAsked({ arrival, request }: Report) {
  if (!arrival) return { client: request.socket?.remoteAddress ?? '' };
  const { client, host, header } = arrival;
  return { client, host, referer: shortened(header('referer')), userAgent: shortened(header('user-agent')) };
}

/** What is written of a request: who asked for what, who answered, and how. */
export function accessLine(report: Report) {
  const { request, match, answer, trace, id, milliseconds } = report;
  const { origin } = match?.route ?? {};
  return {
    ...whoAsked(report),
    method: shortened(request.method),
    path: shortened(request.url),
    protocol: `HTTP/${request.httpVersion}`,
    status: answer.status,
    bytes: answer.bytes,
    milliseconds: Math.round(milliseconds * 10) / 10,
    ...(origin && { route: `${origin.kind} ${origin.namespace}/${origin.name}` }),
    ...(trace.service && { service: trace.service, endpoint: trace.endpoint, tries: trace.tries }),
    requestId: id,
  };
}

export function accessLog(logger: Logger): (report: Report) => void {
  return (report) => logger.info('request', accessLine(report));
}
