import { call } from '../http.js';
import { type ApiTarget, apiPath } from '../paths.js';

export interface DebugWish {
  readonly name: string;
  readonly image: string;
  /** The container whose processes are to be seen; empty for none. */
  readonly target: string;
}

/** Adds a container with a terminal to a Pod that runs, as `kubectl debug -it` does. */
export function addEphemeralContainer(pod: ApiTarget, { name, image, target }: DebugWish): Promise<unknown> {
  const container = { name, image, stdin: true, tty: true, ...(target && { targetContainerName: target }) };
  return call(apiPath({ ...pod, subresource: 'ephemeralcontainers' }, { fieldManager: 'binnacle-web' }), {
    method: 'PATCH',
    body: { spec: { ephemeralContainers: [container] } },
    contentType: 'application/strategic-merge-patch+json',
  });
}
