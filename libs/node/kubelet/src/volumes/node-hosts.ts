/** Where every container finds it. */
export const HOSTS_PATH = '/etc/hosts';

/** What a node's own file says. */
export const nodeHosts = (nodeName: string, address: string): string =>
  `127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n${address}\t${nodeName}\n`;
