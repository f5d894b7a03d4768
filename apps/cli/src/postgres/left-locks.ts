/**
 * A shell's words that look at the locks of a database directory (`$0`) and of its socket (`$1`) and then become the program
 * given after them.
 *
 * Postgres refuses to start for as long as the process named in a lock can be signalled. That process may have ended and wait
 * for a parent who never asks (the first process of many a container), or its number may be another's by now. Postgres stands
 * in its own directory, which tells a live one; a lock that nobody holds is put in the name of the process that is about to be
 * Postgres, so that it takes the lock for its own and goes on to ask whether anybody is attached to the memory named there.
 * One that stands there still may be about to end: it is given seconds. Without /proc all is left to Postgres. In a manifest
 * a dollar is doubled by another, and followed by a parenthesis names a variable: neither may stand here. Postgres gets no
 * variable of the shell's.
 */
const TAKE_LEFT_LOCKS = `
for lock in "$0/postmaster.pid" "$1"; do
  for attempt in 1 2 3; do
    read -r self _ </proc/self/stat && read -r pid <"$lock" || break
    case $pid in '' | *[!0-9]*) break ;; esac
    if ! [ "/proc/$pid/cwd" -ef "$0" ]; then
      { read -r _ && echo "$self" && cat; } <"$lock" >"$lock.new" && mv -f "$lock.new" "$lock"
      break
    fi
    sleep 1
  done
done 2>/dev/null
shift
exec env -u PWD -u OLDPWD -u SHLVL -u _ "$@"
`;

/** The command that runs `command`, the Postgres of a directory and a socket, also where locks were left that nobody holds. */
export const pastLeftLocks = (directory: string, socketLock: string, command: readonly string[]): string[] => [
  '/bin/sh',
  '-c',
  TAKE_LEFT_LOCKS,
  directory,
  socketLock,
  ...command,
];
