export default (machine) => {
  const built = machine.checkout('/srv/built', { owner: 'bob' });
  const bare = machine.checkout('/srv/bare', { owner: 'bob', without: ['/srv/bare/node_modules'] });
  const stale = machine.checkout('/srv/stale', { owner: 'bob', without: ['/srv/stale/apps/cli/dist'] });
  const uid = machine.uid('ann');
  return [
    { title: "another user's checkout, installed and built", expect: 'up', uid, cwd: built },
    { title: "another user's checkout, not yet installed", expect: /belongs to bob/, uid, cwd: bare },
    { title: "another user's checkout, not yet built", expect: /belongs to bob/, uid, cwd: stale },
  ];
};
