export default (machine) => {
  const built = machine.checkout('/srv/built', { readOnly: true });
  const bare = machine.checkout('/srv/bare', { readOnly: true, without: ['/srv/bare/node_modules'] });
  const uid = machine.uid('ann');
  return [
    { title: 'a read-only checkout, installed and built', expect: 'up', uid, cwd: built },
    { title: 'a read-only checkout, not yet installed', expect: /cannot be written.*npm ci/, uid, cwd: bare },
  ];
};
