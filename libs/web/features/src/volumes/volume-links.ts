/** A storage class by its name; the server's column says the same. */
export const classLink = (name: string | undefined) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  name,
  column: 'StorageClass',
});
