/** What a message means to a person, and what helps. The first that fits is told. */
const MENDS: ReadonlyArray<readonly [pattern: RegExp, mend: string]> = [
  [/No space left on device|Disk quota exceeded/, 'the disk is full: free space on it and start again'],
  [/Read-only file system/, 'the file system can only be read: mount it for writing, or choose another --data-dir'],
  [
    /could not look up effective user ID|does not exist in \/etc\/passwd/,
    'Postgres needs an account in /etc/passwd: add a line for this one there, or set DATABASE_URL',
  ],
  [
    /wrong ownership|must be started by the user that owns/,
    'give the directory back to the account that runs Postgres with chown -R',
  ],
  [/invalid permissions/, 'take the rights of others away with chmod 0700'],
  [/Permission denied/, 'let the account that runs Postgres read and write it'],
  [
    /another (postmaster|server)|lock file .* already exists|pre-existing shared memory block|Address already in use/,
    'another Postgres uses these files: stop it first',
  ],
  [
    /Cannot allocate memory|could not (create|map|resize) .*shared memory/,
    'there is too little memory or room in /dev/shm: give more, or stop what uses it',
  ],
  [/Too many open files/, 'raise the limit of open files (ulimit -n)'],
  [
    /could not (create|fork)[^\n]* process|Resource temporarily unavailable/,
    'raise the limit of processes (ulimit -u)',
  ],
];

/** Texts by which Postgres tells that its files are not as it left them. */
const DAMAGE =
  /not a valid data directory|could not find the database system|incompatible with (the )?server|incorrect checksum|invalid checksum|could not locate a valid checkpoint|could not read (from )?(WAL|file)|invalid (checkpoint|record|page)|PANIC|could not (open|access|stat) (file|directory)|contains? invalid data|does not contain valid data|catalog version/;

/** What is said of processes of an earlier server, which may be about to be gone. */
const OF_ONE_BEFORE = /pre-existing shared memory block|lock file .* already exists/;

const LINE = /^(?:\S+ (?:stdout|stderr) [FP] )?(?:\d{4}-\d\d-\d\d \S+ \S+ \[\d+\] )?(.*)$/;
const GRAVE = /^(FATAL|PANIC): +(.*)$|^initdb: (?:error: )?(.*)$|^(postgres: .*|could not .*)$/;
const MORE = /^DETAIL: +(.*)$|^but (could not .*)$/;
/** Of a connection, not of the server. */
const OF_A_CLIENT =
  /the database system is (starting up|shutting down|not yet accepting|in recovery)|role ".*" does not exist|terminating connection/;

const wordsOf = (match: RegExpExecArray | null): string | undefined =>
  match?.slice(1).filter((part) => part && !/^(FATAL|PANIC)$/.test(part))[0];

/** The last grave message of a log with its detail: the one the process ended by. */
function gravest(log: string): string | undefined {
  let found: string | undefined;
  for (const line of log.split('\n')) {
    const [, said = ''] = LINE.exec(line.trimEnd()) ?? [];
    const grave = wordsOf(GRAVE.exec(said));
    if (grave && !OF_A_CLIENT.test(grave)) found = said.startsWith('PANIC') ? `PANIC: ${grave}` : grave;
    const more = wordsOf(MORE.exec(said));
    if (more && found) found = `${found}: ${more}`;
  }
  return found;
}

/**
 * What a log of Postgres or initdb says in one sentence, and what helps; undefined where it says nothing grave. `damage` is
 * what helps where the files are broken.
 */
export function explain(log: string, damage = 'restore a backup'): string | undefined {
  const words = gravest(log);
  if (!words) return undefined;
  const mend =
    MENDS.find(([pattern]) => pattern.test(words))?.[1] ??
    (DAMAGE.test(words) ? `the files are damaged: ${damage}` : undefined);
  return mend ? `${words} (${mend})` : words;
}

/** Whether what a log says to be grave may be otherwise in a moment, with nobody's help. */
export const mayPass = (log: string): boolean => OF_ONE_BEFORE.test(gravest(log) ?? '');
