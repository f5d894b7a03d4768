import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { protectPage } from './page-headers.js';
import { sendStatic, staticFile } from './static-files.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

interface NextServer {
  getRequestHandler(): Handler;
  close(): Promise<void>;
}

export interface Pages {
  readonly handle: Handler;
  close(): Promise<void>;
}

/**
 * Next's own server without the router around it, which is for many sites and for development: 75 MB resident instead of
 * 125. What the router would do for us is to send the built files, and that is ten lines.
 */
function createNextServer(dir: string): NextServer {
  const require = createRequire(join(dir, 'package.json'));
  const built = JSON.parse(readFileSync(join(dir, '.next', 'required-server-files.json'), 'utf8')) as {
    config: object;
  };
  const { default: Server } = require('next/dist/server/next-server.js') as {
    default: new (options: object) => NextServer;
  };
  return new Server({ dir, dev: false, conf: built.config, hostname: 'localhost', port: 0 });
}

/** The dashboard's pages, as `next build` made them in `dir`. */
export function createPages(dir: string): Pages {
  const next = createNextServer(dir);
  const handler = next.getRequestHandler();
  const folder = join(dir, '.next', 'static');
  return {
    handle: async (request, response) => {
      const file = staticFile(folder, request.url ?? '');
      if (file && (await sendStatic(file, request, response))) return;
      protectPage(request, response);
      await handler(request, response);
    },
    close: () => next.close(),
  };
}
