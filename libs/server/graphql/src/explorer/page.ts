import { createHash } from 'node:crypto';

/**
 * The explorer: write an operation, run it (queries, mutations and subscriptions alike), read the schema beside it.
 * One page without any file from elsewhere, so that it works on a machine with no network.
 */
const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d5d9e0, #2c323c); --soft: light-dark(#f5f6f8, #14171c); --text: light-dark(#1b1f27, #e4e7ec); --dim: light-dark(#5a6270, #98a1b0); --accent: light-dark(#0b62d6, #6ea8ff); }
* { box-sizing: border-box; }
body { margin: 0; height: 100vh; display: grid; grid-template-rows: auto 1fr; font: 14px/1.5 system-ui, sans-serif; color: var(--text); background: light-dark(#fff, #0d0f13); }
header { display: flex; gap: 12px; align-items: center; padding: 8px 16px; border-bottom: 1px solid var(--line); }
header h1 { font-size: 14px; margin: 0; font-weight: 600; }
header output { color: var(--dim); margin-left: auto; }
button { font: inherit; padding: 4px 14px; border-radius: 6px; border: 1px solid var(--accent); background: var(--accent); color: light-dark(#fff, #0d0f13); cursor: pointer; }
button:focus-visible, textarea:focus-visible, input:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
main { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) 280px; min-height: 0; }
main > section { min-height: 0; display: grid; border-right: 1px solid var(--line); }
.write { grid-template-rows: 1fr auto 110px; }
textarea, pre, code { font: 13px/1.55 ui-monospace, SFMono-Regular, Menlo, monospace; }
textarea { width: 100%; border: 0; resize: none; padding: 12px 16px; background: transparent; color: inherit; }
label { padding: 4px 16px; color: var(--dim); font-size: 12px; border-block: 1px solid var(--line); background: var(--soft); }
pre { margin: 0; padding: 12px 16px; overflow: auto; background: var(--soft); }
aside { overflow: auto; padding: 12px 16px; }
aside input { width: 100%; font: inherit; padding: 4px 8px; border: 1px solid var(--line); border-radius: 6px; background: transparent; color: inherit; margin-bottom: 8px; }
aside summary { cursor: pointer; font-weight: 600; }
aside summary, aside li { overflow-wrap: anywhere; }
aside li { list-style: none; } aside ul { margin: 2px 0 8px; padding-left: 12px; } aside small { color: var(--dim); }
aside button { font: inherit; font-size: smaller; padding: 0; border: 0; background: none; color: var(--accent); overflow-wrap: anywhere; text-align: left; }
@media (max-width: 900px) { main { grid-template-columns: 1fr; grid-auto-rows: minmax(260px, auto); overflow: auto; } }
`;

const EXAMPLE = `query Overview {
  deployments(namespace: "default", sort: [{ path: "metadata.name" }]) {
    totalCount
    resourceVersion
    nodes {
      metadata { name }
      status { replicas readyReplicas }
      pods { metadata { name } status { phase } node { metadata { name } } }
      events { reason message }
    }
  }
}`;

const SCRIPT = `
const $ = (id) => document.getElementById(id);
const operation = $('operation'), variables = $('variables'), result = $('result'), state = $('state');
let socket;
const readVariables = () => (variables.value.trim() ? JSON.parse(variables.value) : {});
async function ask(query, values) {
  const response = await fetch(location.pathname, { method: 'POST', credentials: 'same-origin',
    headers: { 'content-type': 'application/json', 'x-binnacle-csrf': '1' }, body: JSON.stringify({ query, variables: values }) });
  return response.json();
}
function stop() { if (socket) { socket.close(); socket = undefined; } $('run').textContent = 'Run'; }
function subscribe(query, values) {
  socket = new WebSocket(location.href.replace(/^http/, 'ws').split('#')[0], 'graphql-transport-ws');
  $('run').textContent = 'Stop'; result.textContent = ''; let count = 0;
  socket.onopen = () => socket.send(JSON.stringify({ type: 'connection_init' }));
  const opened = socket;
  socket.onclose = (event) => { if (socket !== opened) return; state.textContent = event.reason || 'closed'; stop(); };
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: values } }));
    if (message.type === 'ping') socket.send(JSON.stringify({ type: 'pong' }));
    if (message.type === 'next' || message.type === 'error') {
      state.textContent = (count += 1) + ' received';
      result.textContent = JSON.stringify(message.payload, null, 2) + '\\n\\n' + result.textContent.slice(0, 100000);
    }
    if (message.type === 'error') { stop(); state.textContent = 'failed'; }
    if (message.type === 'complete') stop();
  };
}
async function run() {
  if (socket) return stop();
  state.textContent = 'running';
  const begun = performance.now();
  try {
    if (/^\\s*subscription\\b/m.test(operation.value)) return subscribe(operation.value, readVariables());
    const answer = await ask(operation.value, readVariables());
    result.textContent = JSON.stringify(answer, null, 2);
    state.textContent = (performance.now() - begun).toFixed(0) + ' ms';
  } catch (error) { result.textContent = String(error); state.textContent = 'failed'; }
}
const nameOf = (type) => (type.kind === 'NON_NULL' ? nameOf(type.ofType) + '!' : type.kind === 'LIST' ? '[' + nameOf(type.ofType) + ']' : type.name);
const innermost = (type) => (type.ofType ? innermost(type.ofType) : type.name);
const element = (name, text, ...children) => { const made = document.createElement(name); made.textContent = text; made.append(...children); return made; };
let types = [];
function typeLink(type) {
  if (!types.some(({ name }) => name === innermost(type))) return element('small', nameOf(type));
  const link = element('button', nameOf(type)); link.type = 'button';
  link.onclick = () => { $('search').value = innermost(type); show(); };
  return link;
}
function fieldItem(field) {
  const given = (field.args || []).map((argument) => argument.name + ': ' + nameOf(argument.type)).join(', ');
  const item = element('li', field.name, element('small', given ? '(' + given + ') ' : ' '), typeLink(field.type));
  item.title = field.description || '';
  return item;
}
function show() {
  const wanted = $('search').value.trim().toLowerCase();
  const found = types.filter(({ name }) => name.toLowerCase().includes(wanted));
  found.sort((a, b) => (b.name.toLowerCase() === wanted) - (a.name.toLowerCase() === wanted));
  $('schema').replaceChildren(...found.map((type) => {
    const details = element('details', '', element('summary', type.name));
    details.open = wanted ? type.name.toLowerCase() === wanted : type.name === 'Query';
    const fill = () => { if (details.open && details.children.length === 1) details.append(element('ul', '', ...(type.fields || type.inputFields).map(fieldItem))); };
    details.ontoggle = fill; fill();
    return details;
  }));
}
const FIELD_TYPE = 'kind name ofType { kind name ofType { kind name ofType { kind name } } }';
const FIELD = 'name description type { ' + FIELD_TYPE + ' }';
const ROOTS = ['Query', 'Mutation', 'Subscription'];
const rank = ({ name }) => (ROOTS.includes(name) ? ROOTS.indexOf(name) : ROOTS.length);
ask('{ __schema { types { name kind fields { ' + FIELD + ' args { ' + FIELD + ' } } inputFields { ' + FIELD + ' } } } }')
  .then(({ data, errors, code, message }) => {
    if (code === 401) return $('schema').replaceChildren(Object.assign(element('a', 'Sign in first'), { href: '/' }));
    if (!data) { $('schema').textContent = (errors && errors[0].message) || message; return; }
    types = data.__schema.types.filter((type) => !type.name.startsWith('__') && (type.fields || type.inputFields));
    types.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
    show(); $('search').oninput = show;
  });
$('run').onclick = run;
document.addEventListener('keydown', (event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); } });
`;

export const explorerPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>GraphQL · Binnacle</title><style>${STYLE}</style></head>
<body>
<header><h1>Binnacle GraphQL</h1><button id="run" type="button">Run</button><small>Ctrl/⌘ + Enter</small><output id="state" aria-live="polite"></output></header>
<main>
<section class="write"><textarea id="operation" aria-label="Operation" spellcheck="false" autofocus>${EXAMPLE}</textarea><label for="variables">Variables (JSON)</label><textarea id="variables" spellcheck="false"></textarea></section>
<section><pre id="result" tabindex="0" role="region" aria-label="Result"></pre></section>
<aside aria-label="Schema"><input id="search" type="search" aria-label="Find a type" placeholder="Find a type"><div id="schema"></div></aside>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page runs its own script and nothing else, and speaks with nobody but this server. */
const POLICY = [
  "default-src 'none'",
  `script-src ${hashOf(SCRIPT)}`,
  `style-src ${hashOf(STYLE)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

export const explorerHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': POLICY.join('; '),
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
