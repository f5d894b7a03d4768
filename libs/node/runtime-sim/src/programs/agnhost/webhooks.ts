import { SharedHttpServer } from '../http.js';
import type { Flags } from './flags.js';
import { answerConversion } from './conversion.js';
import { endsAtOnce, logLine, type Subcommand } from './process.js';
import { bodyOf } from './request-body.js';
import { serverCredentials } from './tls.js';

/** What a review is answered with, by path. */
type Answers = Readonly<Record<string, (review: string) => object>>;

function serverOf(answers: Answers): SharedHttpServer {
  return new SharedHttpServer((process, request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path === '/readyz') return void response.end('ok');
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
    if (!answer) return void response.writeHead(404).end('404 page not found\n');
    const reply = async () => {
      const body = JSON.stringify(answer(await bodyOf(request)));
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    };
    reply().catch((error: unknown) => {
      logLine(process, String(error));
      response.writeHead(400).end(`${String(error)}\n`);
    });
  });
}

const conversions = serverOf({ '/crdconvert': answerConversion });

async function listen(server: SharedHttpServer, process: Parameters<Subcommand>[0], flags: Flags): Promise<void> {
  const credentials = await serverCredentials(process, flags);
  if (!credentials) throw new Error('tls: neither --tls-cert-file nor --tls-private-key-file is set');
  await process.listenTcp(flags.number('port', 443), (socket) => server.accept(process, socket, credentials));
}

/** Converts the custom objects of the suite, by HTTPS. */
export const crdConversionWebhook: Subcommand = async (process, flags) => {
  await listen(conversions, process, flags);
  return endsAtOnce(process);
};
