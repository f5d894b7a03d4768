/** What a program of ours needs of the shell that `binnacle` was typed in; keys and passwords that stand there are none of it. */
const ALLOWED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'BINNACLE_LOG_LEVEL'];

export function allowedEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(ALLOWED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
