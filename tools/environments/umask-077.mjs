export default (machine) => [
  {
    title: 'root with umask 077, everything installed under it',
    expect: 'up',
    umask: '077',
    cwd: machine.checkout('/srv/binnacle', { mode: 'go=' }),
  },
];
