import { newBadRequest } from '@binnacle/machinery-meta';
import { isStorageError } from '@binnacle/server-storage';
import { parseRequestInfo, type RequestInfo } from './request-info.js';

/** What a request line is about. Shared between requests: not to be changed. */
export interface RequestTarget {
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
}

const REMEMBERED = 2_000;
/** Characters. Longer ones are made up, or not asked again, and would fill the memory. */
const LONGEST_REMEMBERED = 1_024;

/** A request line may name the server as well, as those to a proxy do. */
const ABSOLUTE = /^https?:\/\/[^/?]*/i;

function parse(method: string, line: string): RequestTarget {
  const url = line.replace(ABSOLUTE, '');
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  try {
    return { info: parseRequestInfo(method, path, query), query };
  } catch (error) {
    if (error instanceof URIError) throw newBadRequest(`invalid path ${path}: ${error.message}`);
    throw isStorageError(error, 'invalid') ? newBadRequest(error.message) : error;
  }
}

/** Parses request lines, and remembers them: clients send few different ones again and again. */
export class RequestTargets {
  /** By method and line. */
  private readonly known = new Map<string, Map<string, RequestTarget>>();
  private size = 0;

  get(method: string, url: string): RequestTarget {
    const known = this.known.get(method)?.get(url);
    if (known) return known;
    const target = parse(method, url);
    if (url.length <= LONGEST_REMEMBERED) this.keep(method, url, target);
    return target;
  }

  private keep(method: string, url: string, target: RequestTarget): void {
    if (this.size >= REMEMBERED) {
      this.known.clear();
      this.size = 0;
    }
    let ofMethod = this.known.get(method);
    if (!ofMethod) this.known.set(method, (ofMethod = new Map()));
    ofMethod.set(url, target);
    this.size += 1;
  }
}
