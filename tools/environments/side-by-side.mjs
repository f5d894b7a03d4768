const APART = [
  '--port-offset=1000',
  '--pod-cidr=10.245.0.0/16',
  '--service-cidr=10.97.0.0/16',
  '--node-address-prefix=127.0.1',
];

export default (machine) => {
  const cwd = machine.checkout('/srv/binnacle');
  const uid = machine.uid('bob');
  return [
    { title: 'a first installation', expect: 'up', uid: machine.uid('ann'), cwd, keep: true },
    { title: "a second one of another user beside it, with the first one's ports", expect: /is taken/, uid, cwd },
    { title: 'a second one of another user beside it, as `docs/cli.md` says', expect: 'up', uid, cwd, flags: APART },
    {
      title: 'a second start of the same installation by another user',
      expect: /belongs to ann \(uid \d+\), and this is bob/,
      uid,
      cwd,
      flags: ['--data-dir=/home/ann/.local/state/binnacle'],
    },
    {
      title: '`binnacle down` by another user',
      expect: /belongs to ann/,
      uid,
      cwd,
      program: 'node apps/cli/bin/binnacle.js down --data-dir=/home/ann/.local/state/binnacle #',
    },
  ];
};
