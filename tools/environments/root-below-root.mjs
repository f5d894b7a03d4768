export default (machine) => [
  {
    title: 'root, in a checkout below `/root` (mode 0700)',
    expect: 'up',
    always: true,
    cwd: machine.checkout('/root/binnacle'),
  },
];
