/** How a request of `curl` failed. */
export interface CurlFailure {
  readonly code: number;
  readonly text: string;
}

/** What was asked, and for how long it could have gone on. */
export interface Asked {
  readonly url: string;
  readonly timeoutMilliseconds: number;
}

function hostAndPort(url: string): { readonly host: string; readonly port: string } {
  const { hostname: host, port, protocol } = new URL(url);
  return { host, port: port || (protocol === 'https:' ? '443' : '80') };
}

const noConnection = ({ url }: Asked): string => {
  const { host, port } = hostAndPort(url);
  return `Failed to connect to ${host} port ${port} after 0 ms: Could not connect to server`;
};

/** What network errors say, and what curl makes of them. */
const FAILURES: ReadonlyArray<
  readonly [pattern: RegExp, code: number, text: (asked: Asked, message: string) => string]
> = [
  [/^bad address|ENOTFOUND|no such host/, 6, ({ url }) => `Could not resolve host: ${hostAndPort(url).host}`],
  [/ECONNREFUSED|no route to host/, 7, noConnection],
  [/resolving timed out/, 28, ({ timeoutMilliseconds: time }) => `Resolving timed out after ${time} milliseconds`],
  [/connection timed out/, 28, ({ timeoutMilliseconds: time }) => `Connection timed out after ${time} milliseconds`],
  [
    /download timed out/,
    28,
    ({ timeoutMilliseconds: time }) => `Operation timed out after ${time} milliseconds with 0 bytes received`,
  ],
  [/ECONNRESET/, 56, () => 'Recv failure: Connection reset by peer'],
  [/socket hang up/, 52, () => 'Empty reply from server'],
  [/certificate|altnames/i, 60, (_, message) => `SSL certificate problem: ${message}`],
];

/** What curl says and how it ends where a request failed so; undefined for what it has no words for. */
export function curlFailure(message: string, asked: Asked): CurlFailure | undefined {
  const [, code, text] = FAILURES.find(([pattern]) => pattern.test(message)) ?? [];
  return code !== undefined && text ? { code, text: `curl: (${code}) ${text(asked, message)}\n` } : undefined;
}
