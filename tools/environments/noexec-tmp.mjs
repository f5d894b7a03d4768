export default (machine) => {
  const cwd = machine.checkout('/srv/binnacle');
  for (const path of ['/tmp', '/var/tmp', '/dev/shm']) machine.empty(path, 'mode=1777,noexec');
  const uid = machine.uid('ann');
  const dir = '/srv/noexec';
  return [
    { title: '`/tmp`, `/var/tmp` and `/dev/shm` mounted noexec', expect: 'up', uid, cwd },
    {
      title: 'root, checkout below `/root`, data directory mounted noexec',
      expect: /noexec/,
      cwd: machine.checkout('/root/binnacle'),
      before: () => machine.mountAt(dir, 'mode=0755,noexec'),
      flags: [`--data-dir=${dir}/data`],
    },
  ];
};
