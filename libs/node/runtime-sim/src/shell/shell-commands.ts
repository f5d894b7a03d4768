/** What the shell's own library brings; a test holds this list to it. */
export const SHELL_PROGRAMS =
  'alias awk base64 basename bash cat chmod clear column comm cp curl cut date diff dirname du echo egrep env expand expr ' +
  'false fgrep file find fold grep gunzip gzip head help history hostname html-to-markdown join jq ln ls md5sum mkdir mv ' +
  'nl od paste printenv printf pwd readlink rev rg rm rmdir sed seq sh sha1sum sha256sum sleep sort split sqlite3 stat ' +
  'strings tac tail tar tee time timeout touch tr tree true unalias unexpand uniq wc which whoami xan xargs yq zcat';
const OWN_PROGRAMS = [
  'hexdump',
  'wget',
  'nc',
  'nslookup',
  'dig',
  'getent',
  'id',
  'ip',
  'ps',
  'sysctl',
  'uname',
  'top',
  'test',
  '[',
];

/** Programs that a container finds in its path, wherever they stand in that. */
export const SHELL_COMMANDS: readonly string[] = [...SHELL_PROGRAMS.split(' '), ...OWN_PROGRAMS];
