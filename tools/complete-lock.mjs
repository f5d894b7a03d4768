// Adds to the lock file the packages of other platforms that the registry at hand did not offer when it was written
// (`npm ci` refuses a lock file without them, though it never installs them here), and asks the registry for the digest of
// every package that has none. `--check` only reports: a package without a digest is installed whatever it holds.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'package-lock.json');
const PLATFORM = /-(android|darwin|freebsd|linux|openbsd|win32)-([a-z0-9]+)(?:-(musl|gnu))?$/;
const DIGEST = /^sha(256|384|512)-/;

/** What is missing: path in the lock file and entry. Versions must be exact, as platform packages' are. */
export function missingEntries({ packages }) {
  const missing = {};
  for (const owner of Object.values(packages)) {
    for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
      const known = Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`));
      const [, os, cpu, libc] = PLATFORM.exec(name) ?? [];
      if (known || !os || !/^\d/.test(version)) continue;
      missing[`node_modules/${name}`] = {
        version,
        cpu: [cpu],
        ...(owner.dev && { dev: true }),
        ...(libc === 'musl' && { libc: ['musl'] }),
        optional: true,
        os: [os],
      };
    }
  }
  return missing;
}

/** The paths of the packages that come from a registry and have no digest of the SHA-2 family. */
export function withoutDigest({ packages }) {
  return Object.entries(packages)
    .filter(
      ([path, { link, inBundle, integrity = '' }]) =>
        path.includes('node_modules/') && !link && !inBundle && !DIGEST.test(integrity),
    )
    .map(([path]) => path);
}

const nameOf = (path, entry) => entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

function digestOf(path, entry) {
  const wanted = `${nameOf(path, entry)}@${entry.version}`;
  const integrity = execFileSync('npm', ['view', wanted, 'dist.integrity'], { encoding: 'utf8' }).trim();
  if (!DIGEST.test(integrity)) throw new Error(`the registry has no digest of ${wanted}`);
  return integrity;
}

function complete(lock) {
  const packages = { ...lock.packages, ...missingEntries(lock) };
  for (const path of withoutDigest({ packages })) {
    const { version, ...rest } = packages[path];
    packages[path] = { version, integrity: digestOf(path, packages[path]), ...rest };
  }
  return {
    ...lock,
    packages: Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'))),
  };
}

function report(lock) {
  const missing = Object.keys(missingEntries(lock));
  const bare = withoutDigest(lock);
  const mend = 'run: node tools/complete-lock.mjs';
  if (missing.length) process.stderr.write(`package-lock.json lacks ${missing.join(', ')}; ${mend}\n`);
  if (bare.length) process.stderr.write(`package-lock.json has no digest of ${bare.join(', ')}; ${mend}\n`);
  if (missing.length || bare.length) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  if (process.argv.includes('--check')) report(lock);
  else writeFileSync(file, `${JSON.stringify(complete(lock), null, 2)}\n`);
}
