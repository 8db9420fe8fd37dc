import { chownSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** For servers that refuse plain connections, as managed ones do: PEM files, and the one user. */
export type Secured = { ca: string; cert: string; key: string; user: string; password: string };

const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'];

/** Listeners of a broker that demands TLS, with SASL on `port` and with client certificates on
 * `mutualPort`. Tokens of `oauthbearer` are accepted unsigned: a broker for tests only. */
export const securedBroker = (
  of: Secured & { dataDir: string; port: number; mutualPort: number; controllerPort: number },
): { properties: string; formatArguments: string[] } => {
  const keystore = join(of.dataDir, 'server.pem');
  writeFileSync(keystore, readFileSync(of.key, 'utf8') + readFileSync(of.cert, 'utf8'), { mode: 0o600 });
  const modules = 'org.apache.kafka.common.security';
  const jaas = (mechanism: string, module: string) =>
    `listener.name.sasl_ssl.${mechanism}.sasl.jaas.config=${modules}.${module}`;
  const properties = `listeners=SASL_SSL://127.0.0.1:${of.port},SSL://127.0.0.1:${of.mutualPort},CONTROLLER://127.0.0.1:${of.controllerPort}
advertised.listeners=SASL_SSL://127.0.0.1:${of.port},SSL://127.0.0.1:${of.mutualPort}
listener.security.protocol.map=SASL_SSL:SASL_SSL,SSL:SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=SSL
listener.name.ssl.ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location=${keystore}
ssl.truststore.type=PEM
ssl.truststore.location=${of.ca}
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER
${jaas('plain', `plain.PlainLoginModule required user_${of.user}="${of.password}";`)}
${jaas('scram-sha-256', 'scram.ScramLoginModule required;')}
${jaas('scram-sha-512', 'scram.ScramLoginModule required;')}
${jaas('oauthbearer', 'oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";')}
`;
  const users = scram.map((mechanism) => `${mechanism}=[name=${of.user},password=${of.password}]`);
  return { properties, formatArguments: users.flatMap((user) => ['--add-scram', user]) };
};

/** Settings of a Postgres that accepts TLS only; the key must belong to its user. */
export const securedPostgres = (of: Secured, data: string, owner?: { uid: number; gid: number }): string[] => {
  const [cert, key] = [join(data, 'server.crt'), join(data, 'server.key')];
  copyFileSync(of.cert, cert);
  writeFileSync(key, readFileSync(of.key), { mode: 0o600 });
  if (owner) for (const file of [cert, key]) chownSync(file, owner.uid, owner.gid);
  writeFileSync(join(data, 'pg_hba.conf'), 'hostssl all all all scram-sha-256\n');
  return ['ssl=on', `ssl_cert_file=${cert}`, `ssl_key_file=${key}`];
};

/** Arguments of a Redis that accepts TLS and its one user only. */
export const securedRedis = (of: Secured, port: number): string[] => [
  ...['--port', '0', '--tls-port', `${port}`, '--tls-auth-clients', 'no'],
  ...['--tls-cert-file', of.cert, '--tls-key-file', of.key, '--tls-ca-cert-file', of.ca],
  ...['--user', 'default', 'off', '--user', of.user, 'on', `>${of.password}`, '~*', '&*', '+@all'],
];
