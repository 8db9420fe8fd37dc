import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** PEM files of an authority made for one run, of a server at `localhost` and 127.0.0.1, and of a
 * client. */
export type TestCertificates = {
  ca: string;
  serverCert: string;
  serverKey: string;
  clientCert: string;
  clientKey: string;
};

const pemOfKey = async (key: webcrypto.CryptoKey): Promise<string> => {
  const body = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${body.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
};

/** Makes the certificates and writes them into `folder`. */
export const makeCertificates = async (folder: string): Promise<TestCertificates> => {
  x509.cryptoProvider.set(webcrypto as never);
  mkdirSync(folder, { recursive: true });
  const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const valid = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 86_400_000) };
  const authority = await newKeys();
  const issuer = 'CN=carom test authority';
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: issuer,
    keys: authority as never,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
    ...valid,
  });
  const write = (name: string, text: string, mode = 0o644): string => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode });
    return file;
  };
  const issue = async (name: string): Promise<{ cert: string; key: string }> => {
    const keys = await newKeys();
    const names = new x509.SubjectAlternativeNameExtension([
      { type: 'dns', value: 'localhost' },
      { type: 'ip', value: '127.0.0.1' },
    ]);
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${name}`,
      issuer,
      publicKey: keys.publicKey as never,
      signingKey: authority.privateKey as never,
      signingAlgorithm: algorithm,
      extensions: [names],
      ...valid,
    });
    return {
      cert: write(`${name}.crt`, `${certificate.toString('pem')}\n`),
      key: write(`${name}.key`, await pemOfKey(keys.privateKey), 0o600),
    };
  };
  const [server, client] = [await issue('server'), await issue('client')];
  return {
    ca: write('ca.crt', `${root.toString('pem')}\n`),
    serverCert: server.cert,
    serverKey: server.key,
    clientCert: client.cert,
    clientKey: client.key,
  };
};
