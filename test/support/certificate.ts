/** A self-signed test certificate for `localhost` and `127.0.0.1`: what a receiver
 * shows in tests, and what a client shows in tests of mutual TLS. Good for a hundred years and for
 * nothing else. */
export const testCertificate = {
  key: `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIE2ZAPgWquSUWT6Yw9TRFkEyyCJPgC1isLLtacsCrWT4oAoGCCqGSM49
AwEHoUQDQgAEKLnmo/ssZcu1BxB4c8iQKxYgHpVcXIe4t/mNmagO897UnUgBX83L
pZjBE6SYjFBOGbFh39FmMw0jIVaHmOR+Cw==
-----END EC PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUI2XhB8zJxlRV3OyDZlhdQJ3pLwswCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIyMjgzMVoYDzIxMjYxMDI5
MjIyODMxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQoueaj+yxly7UHEHhzyJArFiAelVxch7i3+Y2ZqA7z3tSdSAFfzcul
mMETpJiMUE4ZsWHf0WYzDSMhVoeY5H4Lo28wbTAdBgNVHQ4EFgQUUDhTn4mY74/N
l6XO6V7mPlfs5WwwHwYDVR0jBBgwFoAUUDhTn4mY74/Nl6XO6V7mPlfs5WwwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgZlkF7nIGVk19gRfaebLTrNFggWYYpgfhc5YJHPCRfCwCIQCW
iQkKp7RkHKmeHPm9SzaWgug0qrwW+f/aDSWDHsePqg==
-----END CERTIFICATE-----
`,
};
