import type { Dispatcher } from 'undici';
import type { Mirror } from '../table/policy.js';
import { isMultiplexed } from '../upstream/backend.js';
import type { Wanted } from '../upstream/connections.js';
import type { Dice } from './choose.js';
import type { Delivery } from './delivery.js';
import type { Backends } from './forward.js';

const nothing = (): void => undefined;

/** Reads an answer to its end, and thinks nothing of it. */
const FORGET: Dispatcher.DispatchHandler = {
  onRequestStart: nothing,
  onResponseStart: nothing,
  onResponseData: nothing,
  onResponseEnd: nothing,
  onResponseError: nothing,
};

/** Sends copies of requests to who is to see them, and waits for nothing. */
export class Mirrors {
  constructor(
    private readonly backends: Backends,
    private readonly dice: Dice,
  ) {}

  send(delivery: Delivery, mirrors: readonly Mirror[] = []): void {
    for (const mirror of mirrors) {
      if (this.dice() * mirror.of >= mirror.part) continue;
      const pool = this.backends.pool(mirror.backend);
      const endpoint = pool?.next();
      // Calls go both ways, and are answered by one.
      if (!pool || !endpoint || isMultiplexed(pool.spec.protocol)) continue;
      this.copyTo(delivery, { backend: pool.spec, endpoint, connectTimeout: delivery.timeouts.connect });
    }
  }

  private copyTo({ errand, target, headers, timeouts, body }: Delivery, wanted: Wanted): void {
    this.backends.connections.toHttp1(wanted).send(
      {
        method: errand.arrival.method as Dispatcher.HttpMethod,
        path: target,
        headers: [...headers],
        body: body?.copy() ?? null,
        headersTimeout: timeouts.read,
        bodyTimeout: timeouts.read,
        reset: false,
        servername: `${wanted.backend.service}.${wanted.backend.namespace}.svc`,
      } as Dispatcher.DispatchOptions,
      FORGET,
    );
  }
}
