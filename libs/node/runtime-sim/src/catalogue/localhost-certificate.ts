/** What upstream's test image has at its root, and its suite asks for to see whether a server answers: a certificate of nobody. */
export const LOCALHOST_CERTIFICATE = [
  '-----BEGIN CERTIFICATE-----',
  'MIIB3zCCAYSgAwIBAgIUAhgaEPRPc+npsMkBULlvXZB5+McwCgYIKoZIzj0EAwIw',
  'JTEjMCEGA1UECgwaQmlubmFjbGUgc2ltdWxhdGVkIGFnbmhvc3QwIBcNMjYxMTMw',
  'MDQzNTQ1WhgPMjEyNjExMDYwNDM1NDVaMCUxIzAhBgNVBAoMGkJpbm5hY2xlIHNp',
  'bXVsYXRlZCBhZ25ob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEWJPCvDzo',
  'gvKsJmIZl7Gw0ohNPebdOncIkhrBPC8idybs/g/bUzK/Nue/YPIuh2xYKh+mAnCg',
  'Bu+tVurXMVyllqOBjzCBjDAdBgNVHQ4EFgQUJI9hP3uz0o0Q2LIkF8HvIkSkJXUw',
  'HwYDVR0jBBgwFoAUJI9hP3uz0o0Q2LIkF8HvIkSkJXUwDwYDVR0TAQH/BAUwAwEB',
  '/zA5BgNVHREEMjAwgglsb2NhbGhvc3SCC2V4YW1wbGUuY29thwR/AAABhxAAAAAA',
  'AAAAAAAAAAAAAAABMAoGCCqGSM49BAMCA0kAMEYCIQCeqFWLw7K/r2xmuAKnDeJL',
  'xln2o8cvoMqEjdRQT6NP3gIhANwEB6IoIm+/wco0fh5RTnJzhoOL73MyVhTHwWwf',
  'X8Rp',
  '-----END CERTIFICATE-----',
  '',
].join('\n');
