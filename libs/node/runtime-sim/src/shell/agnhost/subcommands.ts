/** Programs of the test image that run in the shell's thread. */
export const AGNHOST_SUBCOMMANDS: ReadonlySet<string> = new Set([
  'connect',
  'dns-server-list',
  'dns-suffix',
  'entrypoint-tester',
  'etc-hosts',
  'mounttest',
]);
