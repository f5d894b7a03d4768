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

const READ_SECONDS = 10;

function listing({ files }: Process): string {
  const names = Object.keys(files).map((name) => name.slice(1));
  return `<pre>\n${names.map((name) => `<a href="${name}">${name}</a>\n`).join('')}</pre>\n`;
}

/** A file that is in no volume, as the commands see it that run beside: they may have moved it. */
async function ownFile(process: Process, path: string): Promise<Buffer | undefined> {
  const { exitCode, stdout } = await process.run(['cat', path], READ_SECONDS);
  return exitCode === 0 ? Buffer.from(stdout) : undefined;
}

async function fileAt(process: Process, path: string): Promise<Buffer | string | undefined> {
  if (path === '/') return listing(process);
  return (await readMounted(process.config.mounts, path)) ?? (await ownFile(process, path));
}

const server = new SharedHttpServer((process, request, response) => {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://pod').pathname);
  const answer = async () => {
    const file = await fileAt(process, path);
    response.writeHead(file === undefined ? 404 : 200, HEADERS).end(file ?? NOT_FOUND);
  };
  answer().catch(() => response.destroy());
});

/** Serves the files of its container: those of its volumes, and its own. */
export const testWebserver: Subcommand = async (process, flags) => {
  await process.listenTcp(flags.number('port', 80), (socket) => server.accept(process, socket));
  return endsAtOnce(process);
};
