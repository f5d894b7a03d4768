export const PROGRAM = 'web';

export const optionSpecs = {
  'bind-address': { type: 'string', description: 'address to listen on', default: '127.0.0.1' },
  port: { type: 'number', description: 'port to listen on, 0 for any free one', default: 7080 },
  kubeconfig: {
    type: 'string',
    description: 'says where the API server is and by which CA to know it',
    required: true,
  },
} as const;
