import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import type { DataDir } from '../data-dir/layout.js';

export interface ProbeAnswer {
  readonly status: number;
  readonly body: string;
}

const TIMEOUT_MILLISECONDS = 3000;

interface ListAnswer<T> {
  readonly items: readonly T[];
}

/** Asks the API server as the administrator. Anything short of an answer is `undefined`: it is not up yet. */
export class ApiProbe {
  private readonly credentials: { ca: Buffer; cert: Buffer; key: Buffer };

  constructor(
    dir: DataDir,
    private readonly port: number,
  ) {
    const read = (name: string) => readFileSync(join(dir.pki, name));
    this.credentials = { ca: read('ca.crt'), cert: read('admin.crt'), key: read('admin.key') };
  }

  get(path: string): Promise<ProbeAnswer | undefined> {
    return new Promise((resolve) => {
      const options = {
        host: '127.0.0.1',
        port: this.port,
        path,
        timeout: TIMEOUT_MILLISECONDS,
        agent: false,
        ...this.credentials,
      };
      const outgoing = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', () => resolve(undefined));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      });
      outgoing.on('timeout', () => outgoing.destroy());
      outgoing.on('error', () => resolve(undefined));
      outgoing.end();
    });
  }

  /** The items of a list, or undefined while it cannot be had. */
  async list<T>(path: string): Promise<readonly T[] | undefined> {
    const answer = await this.get(path);
    return answer?.status === 200 ? (JSON.parse(answer.body) as ListAnswer<T>).items : undefined;
  }
}
