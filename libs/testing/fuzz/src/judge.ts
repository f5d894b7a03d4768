import type { FuzzRequest } from './requests.js';

export interface FuzzAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  /** The Warning header, where there is one. */
  readonly warnings?: string;
}

/** What upstream answers with these codes too, though a client erred. */
const UPSTREAMS_OWN: readonly RegExp[] = [
  /^resourceVersion should not be set on objects to be created$/,
  /^Timeout: Too large resource version/,
  /^Too large resource version/,
  /^This pod has more than one PodDisruptionBudget/,
  /^failed to create typed patch object \([^[]*\): /,
  // A watch's, and a patch's that is none.
  /^resourceVersion: Invalid value: /,
  /^unknown patch type: /,
  /^map: .* does not contain declared merge key: /,
  /^list element types are not identical$/,
  /^no endpoints available for service /,
  // Of a Binding.
  /^\[?target\.(name|kind): /,
];

const PROXY = /\/proxy(\/|\?|$)/;

interface StatusLike {
  readonly kind?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly reason?: unknown;
}

function statusIn({ contentType, text }: FuzzAnswer): StatusLike | undefined {
  if (contentType.includes('yaml')) return { message: /^message: (.*)$/m.exec(text)?.[1] };
  if (!contentType.includes('json')) return undefined;
  try {
    return JSON.parse(text) as StatusLike;
  } catch {
    return undefined;
  }
}

function isTolerated(said: StatusLike | undefined): boolean {
  return UPSTREAMS_OWN.some((known) => known.test(String(said?.message)));
}

/** What is wrong with the words of a refusal. */
function complaintAboutWords(
  { status, contentType, text }: FuzzAnswer,
  said: StatusLike | undefined,
): string | undefined {
  if (contentType.includes('yaml')) return /^kind: Status$/m.test(text) ? undefined : `${status} without a Status`;
  if (said?.kind !== 'Status') return `answered ${status} without a Status: ${text.slice(0, 200)}`;
  if (said.code !== status) return `answered ${status} with a Status of ${String(said.code)}`;
  return typeof said.message === 'string' && said.message !== '' ? undefined : `answered ${status} without words`;
}

/** What is wrong with an answer, whatever the request was; undefined where it is one a client can work with. */
export function complaintAbout({ method, path }: FuzzRequest, answer: FuzzAnswer): string | undefined {
  const { status, text } = answer;
  // Nothing says why a HEAD fails; what is behind a proxy may just not be there.
  if (method === 'HEAD') return status >= 500 && !PROXY.test(path) ? `answered ${status}` : undefined;
  if (status < 400) return undefined;
  const said = statusIn(answer);
  if (status >= 500 && !isTolerated(said)) return `answered ${status}: ${text.slice(0, 300)}`;
  return complaintAboutWords(answer, said);
}
