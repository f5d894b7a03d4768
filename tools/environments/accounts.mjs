export default (machine) => {
  const cwd = machine.checkout('/srv/binnacle');
  const stranger = { cwd, uid: 54_321, env: { HOME: machine.homeOf(54_321) } };
  const only =
    (...names) =>
    () =>
      machine.accounts(names);
  return [
    {
      title: 'root, no `postgres` account (`nobody` runs Postgres)',
      expect: 'up',
      cwd,
      before: only('root', 'nobody'),
    },
    {
      title: 'root, neither a `postgres` nor a `nobody` account',
      expect: /neither a "postgres" nor a "nobody" account.*useradd/,
      cwd,
      before: only('root'),
      flags: ['--data-dir=/srv/other'],
    },
    { title: 'a user without an entry in `/etc/passwd`', expect: /\/etc\/passwd/, ...stranger },
  ];
};
