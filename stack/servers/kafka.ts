import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchJars, Prerequisite } from './jars.js';
import { securedBroker, type Secured } from './secured.js';
import { accepts, freePorts, isMissing, run, startServer, untilReady, type Server } from './process.js';

/** The place of a broker in its cluster. Node 1 is the one controller, and a broker too. */
export type Place = { id: number; brokers: number; controllerPort: number };

const plainListeners = (port: number, { id, controllerPort }: Place): string =>
  `listeners=PLAINTEXT://127.0.0.1:${port}${id === 1 ? `,CONTROLLER://127.0.0.1:${controllerPort}` : ''}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
`;

const properties = (dataDir: string, { id, brokers, controllerPort }: Place, listeners: string): string =>
  `# Written at every start. The quorum is named here (and not kept in the log), so that the ports may differ from start
# to start.
process.roles=${id === 1 ? 'broker,controller' : 'broker'}
node.id=${id}
controller.quorum.voters=1@127.0.0.1:${controllerPort}
controller.listener.names=CONTROLLER
${listeners}log.dirs=${dataDir}/logs
auto.create.topics.enable=false
default.replication.factor=${brokers}
offsets.topic.replication.factor=${brokers}
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=${brokers}
transaction.state.log.min.isr=1
# A group of one machine is complete at once; waiting three seconds for more members would slow every start.
group.initial.rebalance.delay.ms=0
# Tests of dead and frozen members wait for one session each; a broker's own limit is 6 s.
group.min.session.timeout.ms=1000
# Logs of a machine for trying things out; a segment of 1 GB per partition would never be cleaned.
log.segment.bytes=67108864
log.retention.check.interval.ms=60000
log.cleaner.dedupe.buffer.size=8388608
${brokers === 1 ? '' : noticedSooner}`;

/** A dead broker is noticed after 4 s instead of 9. */
const noticedSooner = 'broker.session.timeout.ms=4000\nbroker.heartbeat.interval.ms=500\n';

const logging = `status=error
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=[%d] %p %m (%c)%n
`;

const withoutJava = (thrown: unknown): never => {
  if (!isMissing(thrown)) throw thrown;
  throw new Prerequisite('Java is not on the PATH: install a JDK or JRE of version 17 or later, or set KAFKA_BROKERS.');
};

const format = async (dataDir: string, java: string[], config: string, more: string[]): Promise<void> => {
  const command = ['kafka.tools.StorageTool', 'format', '--cluster-id', 'carom-local-stack-0001', '--config', config];
  const args = [...command, ...more];
  const { status, output } = await run('java', ['-XX:TieredStopAtLevel=1', ...java, ...args]).catch(withoutJava);
  if (output.includes('UnsupportedClassVersionError'))
    throw new Prerequisite('The Java on the PATH is too old: install version 17 or later, or set KAFKA_BROKERS.');
  if (status !== 0) throw new Error(`Kafka could not format ${dataDir}:\n${output}`);
};

export type KafkaServer = Server & { brokers: string; port: number; mutualPort: number };

/** The quick compiler only: the thorough one (C2) takes a quarter of a core for minutes after each
 * start, see "The local broker" in docs/operating/speed.md. */
const jvm = ['-Xms128m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

type KafkaOptions = {
  dataDir: string;
  /** For a broker that comes back. */
  port?: number;
  /** Demands TLS and credentials, see `securedBroker`. */
  secured?: Secured;
  /** In a cluster of several; alone unless given. */
  place?: Place;
};

/** Starts one broker of Apache Kafka on free ports of 127.0.0.1, formatting `dataDir` at the first
 * start. About 3 s. Throws `Prerequisite` without Java. */
export const startKafka = async (of: KafkaOptions): Promise<KafkaServer> => {
  const jars = join(await fetchJars(), 'kafka', '*');
  mkdirSync(of.dataDir, { recursive: true });
  const [freePort, freeControllerPort, mutualPort] = (await freePorts(3)) as [number, number, number];
  const port = of.port ?? freePort;
  const place = of.place ?? { id: 1, brokers: 1, controllerPort: freeControllerPort };
  const { controllerPort } = place;
  const config = join(of.dataDir, 'server.properties');
  const secured = of.secured && securedBroker({ ...of.secured, dataDir: of.dataDir, port, mutualPort, controllerPort });
  const listeners = secured?.properties ?? plainListeners(port, place);
  writeFileSync(config, properties(of.dataDir, place, listeners), { mode: 0o600 });
  writeFileSync(join(of.dataDir, 'log4j2.properties'), logging);
  const java = [`-Dlog4j2.configurationFile=${join(of.dataDir, 'log4j2.properties')}`, '-cp', jars];
  if (!existsSync(join(of.dataDir, 'logs', 'meta.properties')))
    await format(of.dataDir, java, config, secured?.formatArguments ?? []);
  const name = 'kafka';
  const logFile = join(of.dataDir, 'kafka.log');
  const args = [...jvm, ...java, 'kafka.Kafka', config];
  const starting = startServer({
    name,
    command: 'java',
    args,
    cwd: of.dataDir,
    output: logFile,
    stopSignal: 'SIGTERM',
  });
  const server = await starting.catch(withoutJava);
  await untilReady({ name, logFile }, server, () => accepts(port));
  return { ...server, brokers: `127.0.0.1:${port}`, port, mutualPort };
};
