// Adds to the lock file the packages of other platforms that the registry at hand did not offer when it was written:
// `npm ci` refuses a lock file without them, though it never installs them here. `--check` only reports.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'package-lock.json');
const PLATFORM = /-(android|darwin|freebsd|linux|openbsd|win32)-([a-z0-9]+)(?:-(musl|gnu))?$/;

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

const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = missingEntries(lock);
const names = Object.keys(missing);
if (process.argv[1] === fileURLToPath(import.meta.url) && names.length > 0) {
  if (process.argv.includes('--check')) {
    process.stderr.write(`package-lock.json lacks ${names.join(', ')}; run: node tools/complete-lock.mjs\n`);
    process.exitCode = 1;
  } else {
    const packages = Object.fromEntries(
      Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en')),
    );
    writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
    process.stdout.write(`added ${names.join(', ')}\n`);
  }
}
