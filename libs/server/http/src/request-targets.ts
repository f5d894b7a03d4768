import { newBadRequest } from '@binnacle/machinery-meta';
import { parseRequestInfo, type RequestInfo } from './request-info.js';

/** What a request line is about. Shared between requests: not to be changed. */
export interface RequestTarget {
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
}

const REMEMBERED = 2_000;

function parse(method: string, url: string): RequestTarget {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  try {
    return { info: parseRequestInfo(method, path, query), query };
  } catch (error) {
    throw error instanceof URIError ? newBadRequest(`invalid path ${path}: ${error.message}`) : error;
  }
}

/** Parses request lines, and remembers them: clients send few different ones again and again. */
export class RequestTargets {
  private readonly known = new Map<string, RequestTarget>();

  get(method: string, url: string): RequestTarget {
    const key = `${method} ${url}`;
    const known = this.known.get(key);
    if (known) return known;
    const target = parse(method, url);
    if (this.known.size >= REMEMBERED) this.known.clear();
    this.known.set(key, target);
    return target;
  }
}
