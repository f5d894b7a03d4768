import { impersonationProtocols, viewedAs } from '../view-as.js';

/** The address of a WebSocket on this page's own server. */
export function socketUrl(path: string): string {
  const { protocol, host } = window.location;
  return `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}${path}`;
}

/** What a WebSocket offers: the protocols it speaks and, since it takes no headers of ours, as whom this page looks. */
export function offeredProtocols(spoken: readonly string[]): string[] {
  return [...spoken, ...impersonationProtocols(viewedAs())];
}
