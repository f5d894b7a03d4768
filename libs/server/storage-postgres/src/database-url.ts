import { DatabaseUrlError } from './errors.js';

export interface DatabaseHost {
  /** A host name, or the directory of a unix socket. */
  readonly host: string;
  readonly port: number;
}

export interface DatabaseAddress {
  readonly hosts: readonly DatabaseHost[];
  readonly user?: string;
  readonly password?: string;
  readonly database: string;
  /** Only a server that takes writes will do, whichever of the hosts it is. */
  readonly readWrite: boolean;
  readonly ssl?: { readonly rejectUnauthorized: boolean };
}

const DEFAULT_PORT = 5432;
const SESSIONS = ['any', 'primary', 'read-write'] as const;
const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

/**
 * Reads a libpq URL: `postgres://user:secret@host1:5432,host2/db?target_session_attrs=read-write`, or a unix socket with
 * `postgres://user@/db?host=/run/postgresql`. Several hosts are tried in order. Throws
 * `DatabaseUrlError` on anything else, and on values of these parameters that it does not know.
 */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  const match = /^postgres(?:ql)?:\/\/(?:([^@/?]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(text);
  if (!match) throw new DatabaseUrlError('the database URL is not of the form postgres://user@host:port/database');
  const [, credentials = '', authority = '', database = '', query = ''] = match;
  const parameters = new URLSearchParams(query);
  const [user, ...password] = credentials.split(':').map(decodeURIComponent);
  const hosts = parseHosts(parameters.get('host') ?? decodeURIComponent(authority), parameters.get('port'));
  return {
    hosts,
    database: decodeURIComponent(database) || user || 'postgres',
    readWrite: oneOf('target_session_attrs', SESSIONS, parameters) !== 'any',
    ...(user && { user }),
    ...(password.length > 0 && { password: password.join(':') }),
    ...sslOf(oneOf('sslmode', SSL_MODES, parameters)),
  };
}

/** A misspelt value must not count as none: the connection would be less safe than was asked for. */
function oneOf<T extends string>(name: string, known: readonly T[], parameters: URLSearchParams): T | undefined {
  const value = parameters.get(name);
  if (value === null) return undefined;
  const found = known.find((each) => each === value);
  const list = `${known.slice(0, -1).join(', ')} or ${known.at(-1)}`;
  if (!found) throw new DatabaseUrlError(`in the database URL ${name} is ${list}, not "${value}"`);
  return found;
}

function parseHosts(text: string, ports: string | null): DatabaseHost[] {
  const portList = ports?.split(',') ?? [];
  return text.split(',').map((part, index) => {
    const [, host = '', port] = /^(\[[^\]]*\]|\/.*|[^:]*)(?::(\d+))?$/.exec(part) ?? [undefined, part];
    const chosen = port ?? portList[index] ?? portList[0];
    return { host: host.replace(/^\[|\]$/g, '') || 'localhost', port: chosen ? Number(chosen) : DEFAULT_PORT };
  });
}

function sslOf(mode: (typeof SSL_MODES)[number] | undefined): Pick<DatabaseAddress, 'ssl'> {
  if (mode === 'require' || mode === 'prefer') return { ssl: { rejectUnauthorized: false } };
  if (mode === 'verify-ca' || mode === 'verify-full') return { ssl: { rejectUnauthorized: true } };
  return {};
}
