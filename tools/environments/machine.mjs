// A machine of one's own for one environment: mounts, processes and network are private (unshare, see run.mjs), so that
// accounts, ports and directories can be as the environment wants them and all is gone when it ends.
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const ACCOUNTS = [
  'root:x:0:0:root:/root:/bin/sh',
  'daemon:x:1:1:daemon:/usr/sbin:/bin/false',
  'postgres:x:4100:4100:PostgreSQL:/var/lib/postgresql:/bin/false',
  'nobody:x:65534:65534:nobody:/nonexistent:/bin/false',
  'ann:x:4001:4001:Ann:/home/ann:/bin/sh',
  'bob:x:4002:4002:Bob:/home/bob:/bin/sh',
];

export const run = (command, ...args) =>
  execFileSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });

export class Machine {
  constructor(checkout, scratch) {
    this.checkoutOfOrigin = checkout;
    this.original = join(scratch, 'original');
    this.scratch = scratch;
  }

  /** Nothing of the real machine's changing directories is seen. */
  prepare() {
    run('ip', 'link', 'set', 'lo', 'up');
    // It may be below one of the directories that are hidden next.
    mkdirSync(this.original);
    run('mount', '--bind', this.checkoutOfOrigin, this.original);
    for (const path of ['/root', '/home', '/srv', '/tmp', '/var/lib', '/var/tmp']) this.empty(path);
    chmodSync('/root', 0o700);
    for (const path of ['/tmp', '/var/tmp']) chmodSync(path, 0o1777);
    this.accounts(['root', 'daemon', 'postgres', 'nobody', 'ann', 'bob']);
    this.home('ann', 0o755);
    this.home('bob', 0o755);
  }

  /** A home for an account without a name. */
  homeOf(uid) {
    const path = join('/home', String(uid));
    mkdirSync(path);
    chownSync(path, uid, uid);
    return path;
  }

  mountAt(path, options) {
    mkdirSync(path, { recursive: true });
    this.empty(path, options);
  }

  empty(path, options = 'mode=0755') {
    run('mount', '-t', 'tmpfs', '-o', options, 'tmpfs', path);
  }

  accounts(names) {
    const lines = ACCOUNTS.filter((line) => names.includes(line.split(':')[0]));
    const passwd = join(this.scratch, 'passwd');
    writeFileSync(passwd, `${lines.join('\n')}\n`);
    run('mount', '--bind', passwd, '/etc/passwd');
  }

  uid(name) {
    return Number(ACCOUNTS.find((line) => line.startsWith(`${name}:`)).split(':')[2]);
  }

  home(name, mode) {
    const path = join('/home', name);
    mkdirSync(path, { recursive: true });
    chownSync(path, this.uid(name), this.uid(name));
    chmodSync(path, mode);
    return path;
  }

  /** The checkout at another place: a view that can be changed without changing the original. Answers the place. */
  checkout(place, { owner, mode, readOnly = false, without = [] } = {}) {
    const [upper, work] = ['upper', 'work'].map((name) => join(this.scratch, 'view', name));
    this.overlays ??= 0;
    if (this.overlays++ === 0) {
      mkdirSync(join(this.scratch, 'view'));
      this.empty(join(this.scratch, 'view'));
    }
    const view = (path) => `${path}${this.overlays}`;
    for (const path of [view(upper), view(work)]) mkdirSync(path);
    mkdirSync(place, { recursive: true });
    const layers = `lowerdir=${this.original},upperdir=${view(upper)},workdir=${view(work)},metacopy=on`;
    run('mount', '-t', 'overlay', '-o', layers, 'overlay', place);
    for (const path of without)
      run('rm', '-rf', ...run('sh', '-c', `ls -d ${path}`).trim().split('\n').filter(Boolean), '--');
    if (owner) run('chown', '-R', `${this.uid(owner)}:${this.uid(owner)}`, place);
    if (mode) run('chmod', '-R', mode, place);
    if (readOnly) run('mount', '-o', 'remount,ro', place);
    return place;
  }

  parentsOf(place, owner) {
    for (let path = dirname(place); path !== '/' && path !== '/home'; path = dirname(path))
      chownSync(path, this.uid(owner), this.uid(owner));
  }

  /** A PATH with everything but some programs. */
  pathWithout(...missing) {
    const folder = '/srv/bin';
    mkdirSync(folder, { recursive: true });
    const link = 'for f in /usr/bin/* /bin/* /usr/sbin/*; do [ -e "$1/${f##*/}" ] || ln -s "$f" "$1/${f##*/}"; done';
    run('sh', '-c', link, 'sh', folder);
    run('rm', '-f', ...missing.map((name) => join(folder, name)));
    return folder;
  }

  /** Lets this process and what it starts use so much memory and no more. Throws where the machine does not let us. */
  limitMemory(bytes) {
    const [group] = groupsOf(this.scratch).filter((path) => existsSync(dirname(path)));
    // Not recursively: where the file system has no groups, node would try for ever.
    mkdirSync(group);
    const limit = ['memory.max', 'memory.limit_in_bytes'].find((name) => existsSync(join(group, name)));
    if (!limit) throw new Error('there is no control group for memory');
    writeFileSync(join(group, limit), String(bytes));
    appendFileSync(join(group, 'cgroup.procs'), String(process.pid));
  }
}

/** Where a control group of ours may stand: by the first version of control groups, by the second. */
const groupsOf = (scratch) =>
  ['/sys/fs/cgroup/memory', '/sys/fs/cgroup'].map((root) => join(root, `binnacle-${basename(scratch)}`));

/** The control groups that an environment has left. */
export const memoryGroups = (scratch) => groupsOf(scratch).filter((path) => existsSync(path));
