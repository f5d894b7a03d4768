import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** Shown in place of the browser's own error where a page is loaded and nothing answers: it goes on by itself. */
const PAGE_PATH = '/offline';
const WORKER_PATH = '/offline-worker.js';

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; text-align: center;
  background: light-dark(#f8f9fb, #0e1117); color: light-dark(#16181d, #e8eaee); }
main { padding: 1.5rem; } h1 { margin: 0 0 .25rem; font-size: 1rem; }
p { margin: 0; color: light-dark(#59606b, #9aa1ad); }`;

const SCRIPT = `
if (navigator.language.startsWith('zh')) {
  document.documentElement.lang = 'zh-CN';
  document.querySelector('h1').textContent = '无法访问控制台';
  document.querySelector('p').textContent = '它的服务器没有答复。服务器一有答复，本页会自动继续。';
}
setInterval(async () => {
  const answer = await fetch('/healthz/web', { cache: 'no-store' }).catch(() => undefined);
  if (answer?.ok) location.reload();
}, 1500);`;

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Binnacle</title><style>${STYLE}</style></head>
<body><main><div role="status"><h1>The dashboard cannot be reached</h1>
<p>Its server does not answer. This page goes on by itself as soon as it does.</p></div></main>
<script>${SCRIPT}</script></body></html>
`;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');

/** Keeps the page at hand, and shows it where a navigation finds nobody. The hash makes a new worker of a new page. */
const WORKER = `// ${hashOf(PAGE)}
const KEPT = 'binnacle-offline';
addEventListener('install', (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.add('${PAGE_PATH}')).then(() => skipWaiting()));
});
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  if (event.request.mode !== 'navigate') return;
  event.respondWith(fetch(event.request).catch(() => caches.match('${PAGE_PATH}')));
});
`;

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hashOf(STYLE)}'`,
  `script-src 'sha256-${hashOf(SCRIPT)}'`,
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const FILES: Readonly<Record<string, { readonly type: string; readonly text: string }>> = {
  [PAGE_PATH]: { type: 'text/html; charset=utf-8', text: PAGE },
  [WORKER_PATH]: { type: 'text/javascript; charset=utf-8', text: WORKER },
};

/** Sends the page for when nobody answers, or the worker that keeps it. Answers false for every other path. */
export function sendOffline(path: string, response: ServerResponse): boolean {
  const file = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  if (!file) return false;
  const headers = { 'content-type': file.type, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
  response.writeHead(200, { ...headers, 'content-security-policy': POLICY }).end(file.text);
  return true;
}
