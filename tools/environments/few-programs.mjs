export default (machine) => [
  {
    title: 'no `git`, `curl` or `ps`',
    expect: 'up',
    uid: machine.uid('ann'),
    cwd: machine.checkout('/srv/binnacle'),
    env: { PATH: machine.pathWithout('git', 'curl', 'ps') },
  },
];
