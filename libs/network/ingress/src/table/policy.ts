import type { BlockList } from 'node:net';
import type { PathChange } from './route.js';

export interface Timeouts {
  /** Milliseconds. */
  readonly connect: number;
  /** Between two pieces of an answer, and until the first. */
  readonly read: number;
  /** Between two pieces of a request. */
  readonly send: number;
  /** Of a whole request, and of one endpoint's part in it; 0 for as long as it takes. */
  readonly whole: number;
  readonly attempt: number;
}

export interface CorsPolicy {
  /** `*` alone, origins, or origins with a star in front. */
  readonly origins: readonly string[];
  /** Of how many labels that star is. */
  readonly depth: 'one' | 'any';
  /** Whether what a browser asks for is said in the place of a star where credentials are allowed: with a star it would send none. */
  readonly echoes: boolean;
  readonly methods: string;
  readonly headers: string;
  readonly exposed?: string;
  readonly credentials: boolean;
  /** Seconds. */
  readonly maxAge: number;
}

/** A cookie by which a client stays with its endpoint. */
export interface CookieAffinity {
  readonly name: string;
  readonly path: string;
  readonly domain?: string;
  /** Seconds; undefined for as long as the browser is open. */
  readonly maxAge?: number;
  readonly sameSite?: string;
  readonly secure?: boolean;
  /** Another endpoint is given where the one of the cookie does not answer. */
  readonly changesOnFailure: boolean;
}

export interface HeaderChanges {
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly add: readonly (readonly [name: string, value: string])[];
  readonly remove: readonly string[];
}

/** A copy of each request, whose answer nobody waits for. */
export interface Mirror {
  readonly backend: string;
  /** So many of `of`. */
  readonly part: number;
  readonly of: number;
}

/** What is done with a request besides being sent on. */
export interface RoutePolicy {
  /** Who may ask; everybody without it. */
  readonly sources?: BlockList;
  readonly deniedSources?: BlockList;
  /** The status of a redirect to https, where plain requests are not answered. */
  readonly httpsRedirect?: number;
  /** Where `/` is sent. */
  readonly appRoot?: string;
  readonly cors?: CorsPolicy;
  /** Bytes of a request's body; 0 for any. */
  readonly bodyLimit: number;
  readonly timeouts: Timeouts;
  readonly rewrite?: PathChange;
  /** The host that the backend is told; the client's without it. */
  readonly upstreamHost?: string;
  /** One after the other. */
  readonly requestHeaders?: readonly HeaderChanges[];
  readonly responseHeaders?: readonly HeaderChanges[];
  readonly affinity?: CookieAffinity;
  readonly mirrors?: readonly Mirror[];
  /** Endpoints that are tried for one request. */
  readonly tries: number;
}

export const DEFAULT_POLICY: RoutePolicy = {
  bodyLimit: 1 << 20,
  timeouts: { connect: 5_000, read: 60_000, send: 60_000, whole: 0, attempt: 0 },
  tries: 3,
};
