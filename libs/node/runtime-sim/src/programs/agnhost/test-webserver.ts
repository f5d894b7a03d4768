import { SharedHttpServer } from '../http.js';
import { readMounted } from '../mounted-file.js';
import type { Process } from '../program.js';
import { endsAtOnce, type Subcommand } from './process.js';

const HEADERS = {
  'cache-control': 'private',
  'access-control-allow-origin': '*',
  'access-control-allow-credentials': 'true',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
};
const NOT_FOUND = '404 page not found\n';

/** What stands in the image at a path. */
function ownFile({ files }: Process, path: string): string | undefined {
  const names = Object.keys(files).map((name) => name.slice(1));
  if (path === '/') return `<pre>\n${names.map((name) => `<a href="${name}">${name}</a>\n`).join('')}</pre>\n`;
  return Object.hasOwn(files, path) ? files[path] : undefined;
}

const server = new SharedHttpServer((process, request, response) => {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://pod').pathname);
  const answer = async () => {
    const file = ownFile(process, path) ?? (await readMounted(process.config.mounts, path));
    response.writeHead(file === undefined ? 404 : 200, HEADERS).end(file ?? NOT_FOUND);
  };
  answer().catch(() => response.destroy());
});

/** Serves the files of its container: those of its volumes, and the few of its image. */
export const testWebserver: Subcommand = async (process, flags) => {
  await process.listenTcp(flags.number('port', 80), (socket) => server.accept(process, socket));
  return endsAtOnce(process);
};
