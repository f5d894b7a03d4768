import { viewedAs } from '../view-as.js';

/** The address of a WebSocket on this page's own server. */
export function socketUrl(path: string): string {
  const { protocol, host } = window.location;
  return `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}${path}`;
}

const AS_PROTOCOL = 'base64url.impersonate.binnacle.dev.';

function base64url(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** What a WebSocket offers: the protocols it speaks and, since it takes no headers of ours, as whom this page looks. */
export function offeredProtocols(spoken: readonly string[]): string[] {
  const as = viewedAs();
  return as ? [...spoken, AS_PROTOCOL + base64url(JSON.stringify(as))] : [...spoken];
}
