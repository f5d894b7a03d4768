import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { createGzip } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
};
const PREFIX = '/_next/static/';

/** The file a path stands for; undefined for what is not below the folder of built files. */
export function staticFile(folder: string, url: string): string | undefined {
  const [path = ''] = url.split('?');
  if (!path.startsWith(PREFIX)) return undefined;
  let name: string;
  try {
    name = decodeURIComponent(path.slice(PREFIX.length));
  } catch {
    return undefined;
  }
  const file = normalize(join(folder, name));
  return file.startsWith(`${folder}/`) && !name.includes('\0') ? file : undefined;
}

/** Sends a built file. Their names carry a hash of their contents, so they never change. Answers whether there is one. */
export async function sendStatic(file: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return false;
  const zip =
    /\.(js|css|svg|json|map)$/.test(file) && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  response.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    ...(zip ? { 'content-encoding': 'gzip' } : { 'content-length': found.size }),
  });
  if (request.method === 'HEAD') {
    response.end();
    return true;
  }
  const stream = createReadStream(file);
  stream.on('error', () => response.destroy());
  if (zip) stream.pipe(createGzip()).pipe(response);
  else stream.pipe(response);
  return true;
}
